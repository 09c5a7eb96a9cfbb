import Basics

/// Fills the columns of one batch after the other.
final class BatchBuilder {
  private let names: [String]
  private let number: Int64
  /// Empty until the batch's first row.
  private var columns: [ColumnBuffer] = []
  private var makeColumns: () -> [ColumnBuffer]
  private(set) var rows = 0
  /// Bytes that the batch's rows took in the file, and those of what was rescued.
  private(set) var bytes = 0

  init(number: Int64, fields: [LandingField]) {
    names = LandingColumns.all(for: fields).map(\.name)
    self.number = number
    makeColumns = { LandingColumns.all(for: fields).map { ColumnBuffer($0.kind) } }
  }

  /// Copies the rows that a scanner has split.
  /// - Parameter taken: bytes that they take in the text.
  func append(_ scanner: any RecordScanner, _ base: UnsafePointer<UInt8>, taken: Int) {
    let block = scanner.block
    guard block.rows > 0 else { return }
    if columns.isEmpty { columns = makeColumns() }
    let fields = columns.count - 3
    for (column, source) in zip(columns[..<fields], scanner.sources) {
      if let source {
        append(block, slot: source, base, scanner, to: column)
      } else {
        column.appendNullTexts(rows: block.rows)
      }
    }
    let rescued = columns[fields].values.count
    scanner.appendRescued(base, to: columns[fields])
    columns[fields + 1].append(repeating: number, rows: block.rows)
    columns[fields + 2].append(UnsafeBufferPointer(start: block.lines, count: block.rows))
    rows += block.rows
    bytes += taken + columns[fields].values.count - rescued
  }

  private func append(
    _ block: RowBlock, slot: Int, _ base: UnsafePointer<UInt8>, _ scanner: any RecordScanner,
    to column: ColumnBuffer
  ) {
    let width = block.width
    let unescape = scanner.unescape
    let slots = UnsafePointer(block.slots) + slot
    var total = 0
    for row in 0..<block.rows {
      let length = slots[row * width].length
      total += length == Slot.null.length ? 0 : Int(length & ~Slot.escaped)
    }
    column.appendTexts(rows: block.rows, bytes: total) { row, place in
      let slot = slots[row * width]
      let text = base + Int(slot.start)
      if slot.length < Slot.escaped {
        TextCopy.copy(text, count: Int(slot.length), to: place)
        return Int(slot.length)
      }
      if slot.length == Slot.null.length { return -1 }
      return unescape(text, slot.count, place.assumingMemoryBound(to: UInt8.self))
    }
  }

  /// Hands out the batch and begins the next with as much room as this one took.
  func finish() -> ColumnBatch {
    let batch = ColumnBatch(names: names, columns: columns)
    let sizes = columns.map { ($0.kind, $0.rows, $0.values.count + GrowableBytes.slack) }
    makeColumns = { sizes.map { ColumnBuffer($0, rows: $1, bytes: $2) } }
    columns = []
    rows = 0
    bytes = 0
    return batch
  }
}

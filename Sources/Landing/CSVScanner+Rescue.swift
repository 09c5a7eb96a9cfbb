import Basics

extension CSVScanner {
  /// Copies the text of a quoted field and leaves out the second of doubled quotes.
  static func undouble(
    _ text: UnsafePointer<UInt8>, _ count: Int, _ place: UnsafeMutablePointer<UInt8>
  ) -> Int {
    var from = 0
    var to = 0
    while from < count {
      let byte = text[from]
      place[to] = byte
      from += byte == ASCII.quote ? 2 : 1
      to += 1
    }
    return to
  }

  func appendRescued(_ base: UnsafePointer<UInt8>, to column: ColumnBuffer) {
    guard let header, !header.unknown.isEmpty else {
      column.appendNullTexts(rows: block.rows)
      return
    }
    let (slots, width, rows) = (block.slots, block.width, block.rows)
    let (places, unknown) = (rescue.places, header.unknown)
    var most = rows * (rescue.keyBytes + 1)
    rescue.values.withUnsafeMutableBufferPointer { values in
      for row in 0..<rows {
        for (index, position) in unknown.enumerated() {
          let slot = slots[row * width + position]
          guard slot.length != Slot.null.length else { continue }
          most += 6 * slot.count + 2
          values[index] += 1
        }
      }
    }
    rescue.keys.withUnsafeBufferPointer { keys in
      guard let keys = keys.baseAddress else { return }
      column.appendTexts(rows: rows, bytes: most) { row, place in
        let start = place.assumingMemoryBound(to: UInt8.self)
        var to = start
        for (key, position) in zip(places, unknown) {
          let slot = slots[row * width + position]
          guard slot.length != Slot.null.length else { continue }
          to.pointee = to == start ? ASCII.openBrace : ASCII.comma
          TextCopy.copy(keys + key.start, count: key.count, to: to + 1)
          to = TextCopy.writeString(
            base + Int(slot.start), count: slot.count,
            isDoubled: slot.length & Slot.escaped != 0, to: to + 1 + key.count)
        }
        guard to > start else { return -1 }
        to.pointee = ASCII.closeBrace
        return to - start + 1
      }
    }
  }

  /// The header was compared before the first record.
  func checkNames(_ file: String, _ fields: [LandingField]) {}

  func notes(_ fields: [LandingField]) -> [LandingNote] {
    guard let header else { return [] }
    var notes: [LandingNote] = []
    if separator != ASCII.comma {
      notes.append(.delimiter(Character(Unicode.Scalar(separator))))
    }
    notes += header.notes
    notes += LandingNote.columns(
      missing: zip(fields, header.sources).filter { $1 == nil }.map(\.0.source),
      unknown: zip(header.unknown, rescue.values).map { (header.names[$0], $1) })
    if unended { notes.append(.noFinalNewline) }
    return notes
  }
}

/// The columns of a CSV file that no field declares.
struct CSVRescue {
  /// All names as JSON strings with the colon, one after the other, and some bytes to spare.
  private(set) var keys: [UInt8] = []
  /// Where each name stands in `keys`.
  private(set) var places: [(start: Int, count: Int)] = []
  /// For each column the rows with a value.
  var values: [Int64]
  /// The bytes that the names take in a row, with the commas.
  private(set) var keyBytes = 0

  init(names: [String]) {
    values = [Int64](repeating: 0, count: names.count)
    for name in names {
      let start = keys.count
      JSON.write(string: name, to: &keys)
      keys.append(ASCII.colon)
      places.append((start, keys.count - start))
    }
    keyBytes = keys.count + names.count
    keys += [UInt8](repeating: 0, count: WordScan.overrun)
  }

  /// Rows of a block for which the names take no more than a few megabytes.
  var rowLimit: Int { max(1, (4 << 20) / max(1, keyBytes)) }
}

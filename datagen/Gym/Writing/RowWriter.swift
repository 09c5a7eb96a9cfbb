import Basics

/// Puts the rows of one source into the bytes of its files.
///
/// Values are appended in the order of the source's fields. Some rows are written twice (the fault
/// that any source may have): at the end of the same day's file, or at the beginning of the next.
final class RowWriter: @unchecked Sendable {
  /// A file is closed after the row that makes it this large, before compression.
  static let partBytes = 64 << 20

  let source: GymSource
  let isCSV: Bool
  private let isArray: Bool
  private let partLimit: Int

  private(set) var bytes: UnsafeMutablePointer<UInt8>
  var count = 0
  private var capacity = 1 << 16
  /// What stands before each value: the name and its punctuation.
  private var prefixes: [[UInt8]]
  private var column = 0
  private var rowStart = 0
  private let header: [UInt8]

  private var repeats: QuirkSampler
  private var sameDay: [[UInt8]] = []
  private var nextDay: [[UInt8]] = []
  private var parts: [[UInt8]] = []
  private var partRows = 0
  private(set) var rows = 0
  private(set) var repeated = 0

  init(_ source: GymSource, _ settings: GymSettings, partLimit: Int = RowWriter.partBytes) {
    self.source = source
    self.partLimit = partLimit
    isCSV = source == .dailyActivity || settings.format == .csv
    isArray = !isCSV && settings.format == .json
    if isCSV {
      prefixes = source.fields.indices.map { $0 == 0 ? [] : [0x2C] }
      header = Array((source.fields.joined(separator: ",") + "\n").utf8)
    } else {
      prefixes = source.fields.enumerated().map { index, name in
        Array("\(index == 0 ? "{" : ",")\"\(name)\":".utf8)
      }
      header = isArray ? Array("[\n".utf8) : []
    }
    repeats = QuirkSampler(
      seed: settings.seed, source: source, quirk: "repeat", share: settings.quirks)
    bytes = .allocate(capacity: capacity)
  }

  deinit { bytes.deallocate() }

  /// Makes room for further bytes.
  @inline(__always)
  func reserve(_ more: Int) {
    if count &+ more > capacity { grow(more) }
  }

  @inline(never)
  private func grow(_ more: Int) {
    capacity = max(capacity * 2, count + more)
    let moved = UnsafeMutablePointer<UInt8>.allocate(capacity: capacity)
    moved.update(from: bytes, count: count)
    bytes.deallocate()
    bytes = moved
  }

  /// Begins a day's file with the rows that yesterday left over.
  func beginDay() {
    parts = []
    partRows = 0
    count = 0
    write(header)
    let carried = nextDay
    nextDay = []
    for row in carried { writeRepeat(row) }
  }

  /// Ends the day.
  /// - Returns: the files' bytes, before compression; empty for a day without rows.
  func endDay() -> [[UInt8]] {
    let again = sameDay
    sameDay = []
    for row in again { writeRepeat(row) }
    if partRows > 0 { closePart() }
    defer { parts = [] }
    return parts
  }

  private func writeRepeat(_ row: [UInt8]) {
    write(row)
    repeated += 1
    closeRow()
  }

  private func write(_ some: [UInt8]) {
    reserve(some.count)
    some.withUnsafeBufferPointer { source in
      guard let from = source.baseAddress else { return }
      (bytes + count).update(from: from, count: source.count)
    }
    count += some.count
  }

  private func closePart() {
    if isArray {
      // The last object is followed by a comma, which becomes the newline before the bracket.
      count -= 2
      write(Array("\n]\n".utf8))
    }
    parts.append(Array(UnsafeBufferPointer(start: bytes, count: count)))
    count = 0
    partRows = 0
  }

  @inline(__always)
  private func closeRow() {
    rows &+= 1
    partRows &+= 1
    if count >= partLimit {
      closePart()
      write(header)
    }
  }

  /// Ends a row whose bytes begin at `start` and lack only what separates rows.
  @inline(__always)
  func endRow(from start: Int) {
    reserve(2)
    if isArray {
      bytes[count] = 0x2C
      count &+= 1
    }
    bytes[count] = 0x0A
    count &+= 1
    if repeats.hits() { keepForRepeat(from: start) }
    closeRow()
  }

  @inline(never)
  private func keepForRepeat(from start: Int) {
    let row = Array(UnsafeBufferPointer(start: bytes + start, count: count - start))
    if repeats.detail() & 1 == 0 { sameDay.append(row) } else { nextDay.append(row) }
  }

  // MARK: Rows of single values

  /// Begins a row.
  @inline(__always)
  func beginRow() {
    rowStart = count
    column = 0
  }

  /// Ends the row that `beginRow` began.
  @inline(__always)
  func endRow() {
    if !isCSV { put(0x7D) }
    endRow(from: rowStart)
  }

  /// Adds what stands before the next value, and makes room for 64 bytes of it.
  @inline(__always)
  func field() {
    prefixes[column].withUnsafeBufferPointer { prefix in
      reserve(prefix.count &+ 64)
      if let from = prefix.baseAddress { (bytes + count).update(from: from, count: prefix.count) }
      count &+= prefix.count
    }
    column &+= 1
  }

  @inline(__always)
  func put(_ byte: UInt8) {
    reserve(1)
    bytes[count] = byte
    count &+= 1
  }

  /// Adds a quote in JSON, nothing in CSV.
  @inline(__always)
  func quote() {
    if !isCSV { put(0x22) }
  }
}

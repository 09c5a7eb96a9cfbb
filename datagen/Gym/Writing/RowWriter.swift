import Basics

/// Puts the rows of one source into the bytes of its files.
///
/// Values are appended in the order of the source's fields. Some rows are written twice (the fault
/// that any source may have): at the end of the same day's file, or at the beginning of the next.
struct RowWriter: Sendable {
  /// A file is closed after the row that makes it this large, before compression.
  static let partBytes = 64 << 20

  /// The source of the rows, or for an export the one that tells of the same things.
  let source: GymSource
  let isCSV: Bool
  /// Where the next row goes.
  var cursor: RowCursor
  private let header: [UInt8]
  /// What stands before each value: the name and its punctuation.
  private let prefixes: [[UInt8]]
  private var column = 0
  private var rowStart = 0
  private var sameDay: [[UInt8]] = []
  private var nextDay: [[UInt8]] = []
  private var parts: [[UInt8]] = []
  /// True where no next file will come.
  private var hasOneFile = false
  /// Rows written a second time, of all days.
  private(set) var repeated = 0

  /// Rows of all days, those written a second time included.
  var rows: Int { cursor.rows }

  /// The rows of a source, of which some are repeated in the next day's file.
  init(_ source: GymSource, _ settings: GymSettings, partLimit: Int = RowWriter.partBytes) {
    let format = source == .dailyActivity ? .csv : settings.format
    self.init(
      source, fields: source.fields, format,
      repeats: QuirkSampler(settings, source, "repeat"), partLimit: partLimit)
  }

  /// The rows of an export, which is one file of any size.
  init(export: GymExport, _ settings: GymSettings) {
    self.init(
      export.source, fields: export.fields, export == .attendance ? .json : .csv,
      repeats: QuirkSampler(settings, stream: "export/\(export.rawValue)/repeat"),
      partLimit: .max)
    hasOneFile = true
  }

  private init(
    _ source: GymSource, fields: [String], _ format: GymFormat, repeats: QuirkSampler,
    partLimit: Int
  ) {
    self.source = source
    isCSV = format == .csv
    let isArray = format == .json
    if isCSV {
      prefixes = fields.indices.map { $0 == 0 ? [] : [0x2C] }
      header = Array((fields.joined(separator: ",") + "\n").utf8)
    } else {
      prefixes = fields.enumerated().map { index, name in
        Array("\(index == 0 ? "{" : ",")\"\(name)\":".utf8)
      }
      header = isArray ? Array("[\n".utf8) : []
    }
    cursor = RowCursor(
      capacity: 1 << 16, repeats: repeats, partLimit: partLimit, isArray: isArray)
  }

  /// A file without rows.
  var emptyFile: [UInt8] { isCSV ? header : header.isEmpty ? [] : Array("[]\n".utf8) }

  /// Begins a day's file with the rows that yesterday left over.
  mutating func beginDay() {
    parts = []
    cursor.clear()
    cursor.write(header)
    let carried = nextDay
    nextDay = []
    for row in carried { writeRepeat(row) }
  }

  /// Ends the day.
  /// - Returns: the files' bytes, before compression; empty for a day without rows.
  mutating func endDay() -> [[UInt8]] {
    let again = sameDay
    sameDay = []
    for row in again { writeRepeat(row) }
    if cursor.partRows > 0 { parts.append(cursor.takePart()) }
    defer { parts = [] }
    return parts
  }

  private mutating func writeRepeat(_ row: [UInt8]) {
    cursor.write(row)
    cursor.countRow()
    repeated += 1
    if cursor.isFull { closePart() }
  }

  private mutating func closePart() {
    parts.append(cursor.takePart())
    cursor.write(header)
  }

  /// Does what the row that began at `start` and has just ended asks for.
  @inline(never)
  mutating func finishRow(from start: Int) {
    if cursor.repeatsRow {
      let row = Array(
        UnsafeBufferPointer(start: cursor.bytes + start, count: cursor.count - start))
      if cursor.repeatDetail() & 1 == 0 || hasOneFile {
        sameDay.append(row)
      } else {
        nextDay.append(row)
      }
    }
    if cursor.isFull { closePart() }
  }

  // MARK: Rows of single values

  /// Begins a row.
  @inline(__always)
  mutating func beginRow() {
    rowStart = cursor.count
    column = 0
  }

  /// Ends the row that `beginRow` began.
  @inline(__always)
  mutating func endRow() {
    cursor.reserve(3)
    if !isCSV {
      cursor.bytes[cursor.count] = 0x7D
      cursor.count &+= 1
    }
    if cursor.endRow() { finishRow(from: rowStart) }
  }

  /// Adds what stands before the next value, and makes room for 64 bytes of it.
  @inline(__always)
  mutating func field() {
    let prefix = prefixes[column]
    column &+= 1
    cursor.reserve(prefix.count &+ 64)
    prefix.withUnsafeBufferPointer { prefix in
      guard let from = prefix.baseAddress else { return }
      (cursor.bytes + cursor.count).update(from: from, count: prefix.count)
    }
    cursor.count &+= prefix.count
  }

  @inline(__always)
  mutating func put(_ byte: UInt8) {
    cursor.reserve(1)
    cursor.bytes[cursor.count] = byte
    cursor.count &+= 1
  }

  /// Adds a quote in JSON, nothing in CSV.
  @inline(__always)
  mutating func quote() {
    if !isCSV { put(0x22) }
  }
}

import Basics

/// Splits CSV text: a header, then records of as many fields.
final class CSVScanner: RecordScanner {
  private(set) var block = RowBlock(width: 0)
  var sources: [Int?] { header?.sources ?? [] }
  var names: [String] { header?.names ?? [] }
  let unescape = CSVScanner.undouble

  private let fields: [LandingField]
  private(set) var separator = ASCII.comma
  private(set) var header: CSVHeader?
  /// Blank lines that no record has followed yet, and the line of the first.
  private var blankLines: Int64 = 0
  private var firstBlank: Int64 = 0
  private(set) var unended = false
  var rescue = CSVRescue(names: [])

  init(fields: [LandingField]) {
    self.fields = fields
  }

  func scan(_ window: TextWindow, most: Int) throws(LandingError) -> ScanStop {
    block.rows = 0
    if header == nil, let stop = try readHeader(window) { return stop }
    return try scanRecords(window, most: most)
  }

  private func scanRecords(
    _ window: TextWindow, most: Int
  ) throws(LandingError) -> ScanStop {
    let base = UnsafePointer(window.base)
    let most = min(most, block.capacity, rescue.rowLimit)
    let (width, slots, lines) = (block.width, block.slots, block.lines)
    var record = CSVRecord(separator: separator, endsWell: window.endsWell)
    var at = base + window.start
    var line = window.line
    var row = 0
    var stop = ScanStop.full
    while row < most {
      if at.pointee <= ASCII.carriageReturn {
        switch try blankEnd(at, window) {
        case .blank(let next):
          if blankLines == 0 { firstBlank = line }
          blankLines += 1
          line += 1
          at = next
          continue
        case .stop(let found): stop = found
        case .record: break
        }
        if stop != .full { break }
      }
      if blankLines > 0 {
        addBlankRows(&row, most)
        if row == most { break }
      }
      lines[row] = line
      guard let next = record.split(at, base: base, slots: slots + row * width, width: width)
      else {
        stop = try explain(record.problem, window, at)
        break
      }
      guard record.fields == width else {
        throw LandingError(
          window.file, .ragged(line: line, expected: width, found: record.fields))
      }
      try window.checkLength(at, next, line: line)
      line &+= 1 &+ record.quotedNewlines
      at = next
      row &+= 1
    }
    block.rows = row
    if record.unended { unended = true }
    window.use(to: at, line: line)
    return stop
  }

  private enum LineStart {
    case record
    /// An empty line, and the place after it.
    case blank(UnsafePointer<UInt8>)
    case stop(ScanStop)
  }

  /// What begins at the start of a line with a byte that may end it.
  private func blankEnd(
    _ at: UnsafePointer<UInt8>, _ window: TextWindow
  ) throws(LandingError) -> LineStart {
    switch at.pointee {
    case ASCII.newline: return .blank(at + 1)
    case ASCII.carriageReturn where at[1] == ASCII.newline: return .blank(at + 2)
    case ASCII.carriageReturn:
      let isEnd = at[1] == 0 && !window.endsWell
      return .stop(try explain(isEnd ? .end : .strayCarriageReturn(at), window, at))
    case 0: return .stop(window.endsWell ? .end : try explain(.end, window, at))
    default: return .record
    }
  }

  /// What stops the scan where the record at `start` could not be split.
  private func explain(
    _ problem: CSVRecord.Problem, _ window: TextWindow, _ start: UnsafePointer<UInt8>
  ) throws(LandingError) -> ScanStop {
    let reason: LandingError.Reason
    switch problem {
    case .end:
      guard window.isFinal else { return .needsMore }
      throw window.endError(of: start) { .cut($0) }
    case .openQuote(let place):
      throw window.endError(of: start) { _ in .unterminatedQuote(window.place(place)) }
    case .strayAfterQuote(let place): reason = .strayAfterQuote(window.place(place))
    case .strayCarriageReturn(let place): reason = .strayCarriageReturn(window.place(place))
    }
    throw LandingError(window.file, reason)
  }

  /// Blank lines between records are records of one empty field; where a record has several, they
  /// are none.
  private func addBlankRows(_ row: inout Int, _ most: Int) {
    guard block.width == 1 else {
      blankLines = 0
      return
    }
    while blankLines > 0, row < most {
      block.slots[row] = .null
      block.lines[row] = firstBlank
      firstBlank += 1
      blankLines -= 1
      row += 1
    }
  }

  /// Reads the header where it is whole; otherwise answers why the scan must come back.
  private func readHeader(_ window: TextWindow) throws(LandingError) -> ScanStop? {
    blank: while true {
      let at = UnsafePointer(window.base) + window.start
      guard at.pointee <= ASCII.carriageReturn else { break }
      switch try blankEnd(at, window) {
      case .blank(let next): window.use(to: next, line: window.line + 1)
      case .stop(let stop): return stop
      case .record: break blank
      }
    }
    let base = UnsafePointer(window.base)
    let at = base + window.start
    guard let guess = CSVSeparator.guess(at, endsWell: window.endsWell) else {
      return try explain(.end, window, at)
    }
    var record = CSVRecord(separator: guess, endsWell: window.endsWell)
    var slots = [Slot](repeating: .null, count: 256)
    var next: UnsafePointer<UInt8>?
    repeat {
      if record.fields > slots.count {
        guard record.fields <= CSVHeader.columnLimit else {
          throw LandingError(window.file, .tooManyColumns(limit: CSVHeader.columnLimit))
        }
        slots = [Slot](repeating: .null, count: record.fields)
      }
      next = slots.withUnsafeMutableBufferPointer { buffer in
        buffer.baseAddress.flatMap {
          record.split(at, base: base, slots: $0, width: buffer.count)
        }
      }
    } while next != nil && record.fields > slots.count
    guard let next else { return try explain(record.problem, window, at) }
    try window.checkLength(at, next, line: window.line)
    let names = slots[..<record.fields].map { CSVHeader.name($0, base) }
    let header = try CSVHeader(file: window.file, names: names, fields: fields)
    self.header = header
    separator = guess
    rescue = CSVRescue(names: header.unknown.map { names[$0] })
    block = RowBlock(width: names.count)
    unended = record.unended
    window.use(to: next, line: window.line + 1 + record.quotedNewlines)
    return nil
  }
}

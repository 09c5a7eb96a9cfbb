/// A part of a file's text that moves forward over it, checked to be UTF-8 without NUL.
///
/// A scanner looks at `base[start..<limit]`. After the text stands one zero byte, which checked
/// text never holds, so that a scanner needs no other test for the end; `WordScan.overrun` further
/// bytes may be looked at. What a scanner leaves unused moves to the front when more is read.
final class TextWindow {
  let file: String
  /// The most bytes that a record may have, its line end included.
  let recordLimit: Int
  private let source: ByteSource
  private(set) var base: UnsafeMutablePointer<UInt8>
  private var capacity: Int
  /// The first byte that was not used yet.
  private(set) var start = 0
  /// The end of the checked text.
  private(set) var limit = 0
  private var end = 0
  /// The byte that the zero after the text stands in for.
  private var covered: UInt8 = 0
  /// True where nothing follows the text, because the file ends or is wrong there.
  private(set) var isFinal = false
  private var wrong: TextCheck.Stop?
  /// True where the text ends with the file.
  var endsWell: Bool { isFinal && wrong == nil }

  /// The line of `start`, from 1.
  private(set) var line: Int64 = 1
  /// Where in the whole text `base[0]` lies.
  private var origin: Int64 = 0
  /// Where in the whole text the line of `start` begins.
  private var lineOrigin: Int64 = 0

  init(file: String, source: ByteSource, bytes: Int, recordLimit: Int) {
    self.file = file
    self.recordLimit = recordLimit
    self.source = source
    capacity = bytes
    base = TextWindow.allocate(bytes)
  }

  deinit { base.deallocate() }

  /// Bytes of text before `start`.
  var position: Int64 { origin + Int64(start) }
  /// True where the text that was not used yet is longer than a record may be.
  var isTooLong: Bool { limit - start > recordLimit }

  /// Throws where a record with its line end is longer than it may be.
  @inline(__always)
  func checkLength(
    _ record: UnsafePointer<UInt8>, _ end: UnsafePointer<UInt8>, line: Int64
  ) throws(LandingError) {
    guard end - record <= recordLimit else {
      throw LandingError(file, .recordTooLong(line: line, limit: recordLimit))
    }
  }

  /// Says that the text before `place` is done with, and that `place` is the start of a line.
  func use(to place: UnsafePointer<UInt8>, line: Int64) {
    start = place - UnsafePointer(base)
    self.line = line
    lineOrigin = position
  }

  /// Says that the text before `place` is done with, and counts its newlines.
  func use(to place: UnsafePointer<UInt8>) {
    let count = place - UnsafePointer(base) - start
    let newlines = WordScan.newlines(base + start, count: count)
    if newlines.count > 0 {
      line += newlines.count
      lineOrigin = position + Int64(newlines.afterLast)
    }
    start += count
  }

  /// Line and column of a byte that was not used yet.
  func place(_ place: UnsafePointer<UInt8>) -> LandingError.Place {
    let count = place - UnsafePointer(base) - start
    let newlines = WordScan.newlines(base + start, count: count)
    let lineOrigin = newlines.count > 0 ? position + Int64(newlines.afterLast) : self.lineOrigin
    return LandingError.Place(
      line: line + newlines.count, column: position + Int64(count) - lineOrigin + 1)
  }

  /// The error of a scanner that needs more text where there is none: that the record is too long,
  /// the bytes that are no text, or else what the scanner makes of the end.
  func endError(
    of record: UnsafePointer<UInt8>, _ reason: (LandingError.Place) -> LandingError.Reason
  ) -> LandingError {
    if UnsafePointer(base) + limit - record > recordLimit {
      return LandingError(file, .recordTooLong(line: self.place(record).line, limit: recordLimit))
    }
    let place = place(base + limit)
    return switch wrong {
    case .nul: LandingError(file, .nulCharacter(place))
    case nil: LandingError(file, reason(place))
    default: LandingError(file, .invalidUTF8(place))
    }
  }

  /// Reads on; where more than half of the window is unused it grows first.
  func more() throws(LandingError) {
    guard !isFinal else { return }
    let isFirst = origin == 0 && end == 0
    base[limit] = covered
    if start > 0 {
      base.update(from: base + start, count: end - start)
      origin += Int64(start)
      end -= start
      limit -= start
      start = 0
    }
    if end > capacity / 2 { grow() }
    var ended = false
    while end < capacity, !ended {
      let made = try source.read(into: base + end, room: capacity - end)
      end += made
      ended = made == 0
    }
    if isFirst { skipMark() }
    check(ended: ended)
    covered = base[limit]
    base[limit] = 0
  }

  private func check(ended: Bool) {
    let (at, stop) = TextCheck.scan(base, from: limit, to: end)
    limit = at
    switch stop {
    case .end: break
    case .incomplete: if ended { wrong = .invalid }
    case .invalid, .nul: wrong = stop
    }
    isFinal = ended || wrong != nil
  }

  /// Skips the byte order mark that some programs put before UTF-8.
  private func skipMark() {
    guard end >= 3, base[0] == 0xEF, base[1] == 0xBB, base[2] == 0xBF else { return }
    start = 3
    limit = 3
    lineOrigin = 3
  }

  private func grow() {
    let grown = TextWindow.allocate(capacity * 2)
    grown.update(from: base, count: end)
    base.deallocate()
    base = grown
    capacity *= 2
  }

  private static func allocate(_ bytes: Int) -> UnsafeMutablePointer<UInt8> {
    let count = bytes + WordScan.overrun
    let place = UnsafeMutablePointer<UInt8>.allocate(capacity: count)
    // The words that a scan loads past the text need not be zero, but they must be something.
    place.initialize(repeating: 0, count: count)
    return place
  }
}

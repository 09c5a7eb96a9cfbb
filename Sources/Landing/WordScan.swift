/// Eight bytes at a time, the first in the lowest bits.
///
/// The comparisons mark bytes by their upper bit. A subtraction borrows only out of a byte that is
/// marked itself, so the lowest mark is always right; marks above it may be false.
enum WordScan {
  static let ones: UInt64 = 0x0101_0101_0101_0101
  static let highs: UInt64 = 0x8080_8080_8080_8080
  /// Bytes that may be looked at after the end of the text.
  static let overrun = 64

  @inline(__always)
  static func load(_ place: UnsafePointer<UInt8>) -> UInt64 {
    UInt64(littleEndian: UnsafeRawPointer(place).loadUnaligned(as: UInt64.self))
  }

  /// Marks quotes, backslashes and control characters.
  @inline(__always)
  static func stringMarks(_ word: UInt64) -> UInt64 {
    // With bit 1 flipped, the quote (0x22) joins the control characters below 0x21.
    let quoteOrControl = (word ^ (ones &* 0x02)) &- (ones &* 0x21)
    let backslash = (word ^ (ones &* 0x5C)) &- ones
    return (quoteOrControl | backslash) & ~word & highs
  }

  /// The first quote, backslash or control character.
  @inline(__always)
  static func stringEnd(_ place: UnsafePointer<UInt8>) -> UnsafePointer<UInt8> {
    var at = place
    while true {
      let marks = stringMarks(load(at))
      if marks != 0 { return at + marks.trailingZeroBitCount >> 3 }
      at += 8
    }
  }

  /// The first quote, backslash or control character before `end`, or else `end`.
  @inline(__always)
  static func stringEnd(
    _ place: UnsafePointer<UInt8>, before end: UnsafePointer<UInt8>
  ) -> UnsafePointer<UInt8> {
    var at = place
    while at < end {
      let marks = stringMarks(load(at))
      if marks != 0 { return min(end, at + marks.trailingZeroBitCount >> 3) }
      at += 8
    }
    return end
  }

  /// The first quote or control character.
  @inline(__always)
  static func quoteOrControl(_ place: UnsafePointer<UInt8>) -> UnsafePointer<UInt8> {
    var at = place
    while true {
      let word = load(at)
      let marks = ((word ^ (ones &* 0x02)) &- (ones &* 0x21)) & ~word & highs
      if marks != 0 { return at + marks.trailingZeroBitCount >> 3 }
      at += 8
    }
  }

  /// The first separator, or control character below 0x0E, which LF and CR are.
  /// - Parameter separators: the separator's byte, eight times; below 0x80.
  @inline(__always)
  static func fieldEnd(
    _ place: UnsafePointer<UInt8>, _ separators: UInt64
  ) -> UnsafePointer<UInt8> {
    var at = place
    while true {
      let word = load(at)
      let marks =
        (((word ^ separators) &- ones) | (word &- (ones &* 0x0E))) & ~word & highs
      if marks != 0 { return at + marks.trailingZeroBitCount >> 3 }
      at += 8
    }
  }

  /// Newlines in some bytes, and the place after the last.
  static func newlines(
    _ start: UnsafePointer<UInt8>, count: Int
  ) -> (count: Int64, afterLast: Int) {
    var found: Int64 = 0
    var afterLast = 0
    var at = 0
    while at + 8 <= count {
      let word = load(start + at) ^ (ones &* 0x0A)
      // Exact in every byte: no carry leaves the lower seven bits.
      let marks = ~(((word & ~highs) &+ ~highs) | word) & highs
      if marks != 0 {
        found += Int64(marks.nonzeroBitCount)
        afterLast = at + 8 - marks.leadingZeroBitCount >> 3
      }
      at += 8
    }
    while at < count {
      if start[at] == 0x0A {
        found += 1
        afterLast = at + 1
      }
      at += 1
    }
    return (found, afterLast)
  }
}

/// Finds the end of the good text at the beginning of some bytes: UTF-8 without NUL.
enum TextCheck {
  enum Stop: Hashable {
    /// All bytes are good.
    case end
    /// The last character is not complete.
    case incomplete
    case invalid
    case nul
  }

  /// Checks `bytes[from..<to]` and answers where it stopped, and why.
  static func scan(
    _ bytes: UnsafePointer<UInt8>, from: Int, to: Int
  ) -> (at: Int, stop: Stop) {
    var at = from
    while true {
      at = plainEnd(bytes, from: at, to: to)
      guard at < to else { return (to, .end) }
      if bytes[at] == 0 { return (at, .nul) }
      repeat {
        let length = characterLength(bytes + at, room: to - at)
        guard length > 0 else { return (at, length == 0 ? .incomplete : .invalid) }
        at += length
      } while at < to && bytes[at] >= 0x80
    }
  }

  /// The first byte that is NUL or above 0x7F.
  private static func plainEnd(
    _ bytes: UnsafePointer<UInt8>, from: Int, to: Int
  ) -> Int {
    var at = from
    while at + 32 <= to {
      let marks =
        marks(bytes + at) | marks(bytes + at + 8) | marks(bytes + at + 16) | marks(bytes + at + 24)
      if marks & WordScan.highs != 0 { break }
      at += 32
    }
    while at < to {
      let marks = marks(bytes + at) & WordScan.highs
      if marks != 0 { return min(to, at + marks.trailingZeroBitCount >> 3) }
      at += 8
    }
    return to
  }

  @inline(__always)
  private static func marks(_ place: UnsafePointer<UInt8>) -> UInt64 {
    let word = WordScan.load(place)
    return (word &- WordScan.ones) | word
  }

  /// Bytes of the character (above 0x7F) that begins here, by the table of well-formed sequences
  /// in the Unicode standard, chapter 3.9; 0 where `room` ends inside it, -1 where it is wrong.
  @inline(__always)
  private static func characterLength(_ bytes: UnsafePointer<UInt8>, room: Int) -> Int {
    let length: Int
    var second: ClosedRange<UInt8> = 0x80...0xBF
    switch bytes[0] {
    case 0xC2...0xDF: length = 2
    case 0xE0: (length, second) = (3, 0xA0...0xBF)
    case 0xED: (length, second) = (3, 0x80...0x9F)
    case 0xE1...0xEF: length = 3
    case 0xF0: (length, second) = (4, 0x90...0xBF)
    case 0xF1...0xF3: length = 4
    case 0xF4: (length, second) = (4, 0x80...0x8F)
    default: return -1
    }
    guard room > 1 else { return 0 }
    guard second.contains(bytes[1]) else { return -1 }
    for index in 2..<max(2, length) {
      guard room > index else { return 0 }
      guard bytes[index] & 0xC0 == 0x80 else { return -1 }
    }
    return length
  }
}

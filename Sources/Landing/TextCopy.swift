/// Copies texts in words.
///
/// All of these may read `WordScan.overrun` bytes, and write `GrowableBytes.slack` bytes, past the
/// end of the text.
enum TextCopy {
  /// Copies a text as it is.
  @inline(__always)
  static func copy(
    _ text: UnsafePointer<UInt8>, count: Int, to place: UnsafeMutableRawPointer
  ) {
    let source = UnsafeRawPointer(text)
    copyWord(source, place)
    copyWord(source + 8, place + 8)
    if count > 16 {
      if count <= 32 {
        copyWord(source + 16, place + 16)
        copyWord(source + 24, place + 24)
      } else {
        (place + 16).copyMemory(from: source + 16, byteCount: count - 16)
      }
    }
  }

  @inline(__always)
  private static func copyWord(_ source: UnsafeRawPointer, _ place: UnsafeMutableRawPointer) {
    place.storeBytes(of: source.loadUnaligned(as: UInt64.self), as: UInt64.self)
  }

  /// Writes a text as a JSON string with its quotes and answers the place after it, at most
  /// `6 * count + 2` bytes on.
  /// - Parameter isDoubled: whether each quote stands there twice, as in a quoted CSV field.
  @inline(__always)
  static func writeString(
    _ text: UnsafePointer<UInt8>, count: Int, isDoubled: Bool,
    to place: UnsafeMutablePointer<UInt8>
  ) -> UnsafeMutablePointer<UInt8> {
    var to = place
    to.pointee = ASCII.quote
    to += 1
    var at = text
    let end = text + count
    while at < end {
      copyWord(at, to)
      let marks = WordScan.stringMarks(WordScan.load(at))
      let plain = min(end - at, marks.trailingZeroBitCount >> 3)
      at += plain
      to += plain
      if plain < 8, at < end {
        to += writeEscape(at.pointee, to)
        at += isDoubled && at.pointee == ASCII.quote ? 2 : 1
      }
    }
    to.pointee = ASCII.quote
    return to + 1
  }

  private static func writeEscape(_ byte: UInt8, _ place: UnsafeMutablePointer<UInt8>) -> Int {
    place[0] = ASCII.backslash
    switch byte {
    case ASCII.quote, ASCII.backslash: place[1] = byte
    case ASCII.newline: place[1] = UInt8(ascii: "n")
    case ASCII.carriageReturn: place[1] = UInt8(ascii: "r")
    case ASCII.tab: place[1] = UInt8(ascii: "t")
    default:
      let high: UInt8 = byte < 0x10 ? 0 : 1
      let low = byte & 0x0F
      place[1] = UInt8(ascii: "u")
      place[2] = ASCII.zero
      place[3] = ASCII.zero
      place[4] = ASCII.zero + high
      place[5] = low < 10 ? ASCII.zero + low : UInt8(ascii: "a") + low - 10
      return 6
    }
    return 2
  }
}

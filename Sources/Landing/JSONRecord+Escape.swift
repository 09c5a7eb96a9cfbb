import Basics

extension JSONRecord {
  /// The closing quote of a string whose first escape, or byte that does not fit, stands at `start`.
  ///
  /// Half of a surrogate pair is replaced in the text by the escape of U+FFFD, which is as long,
  /// so that values kept as JSON text stay JSON that every engine reads.
  func skipEscapes(_ start: UnsafePointer<UInt8>) -> UnsafePointer<UInt8>? {
    var at = start
    while true {
      if at.pointee == ASCII.quote { return at }
      guard at.pointee == ASCII.backslash else { return fail(at) }
      switch at[1] {
      case ASCII.quote, ASCII.backslash, UInt8(ascii: "/"), UInt8(ascii: "b"),
        UInt8(ascii: "f"), UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
        at += 2
      case UInt8(ascii: "u"):
        guard let after = skipUnicode(at) else { return nil }
        at = after
      default: return fail(at + 1, .invalidEscape)
      }
      at = WordScan.stringEnd(at)
    }
  }

  /// The place after the escape of a character, which are two for a surrogate pair.
  private func skipUnicode(_ at: UnsafePointer<UInt8>) -> UnsafePointer<UInt8>? {
    guard let code = JSONText.hexadecimal(at + 2) else {
      return fail(firstOther(at + 2), .invalidEscape)
    }
    if code == 0 {
      place = at
      problem = .nul
      return nil
    }
    guard code & 0xF800 == 0xD800 else { return at + 6 }
    if code & 0xFC00 == 0xD800 {
      if at[6] == 0 { return fail(at + 6) }
      if at[6] == ASCII.backslash, at[7] == 0 { return fail(at + 7) }
      if at[6] == ASCII.backslash, at[7] == UInt8(ascii: "u") {
        if let low = JSONText.hexadecimal(at + 8) {
          if low & 0xFC00 == 0xDC00 { return at + 12 }
        } else {
          return fail(firstOther(at + 8), .invalidEscape)
        }
      }
    }
    for (index, byte) in "fffd".utf8.enumerated() {
      UnsafeMutablePointer(mutating: at)[2 + index] = byte
    }
    return at + 6
  }

  /// The first byte that is no hexadecimal digit.
  private func firstOther(_ start: UnsafePointer<UInt8>) -> UnsafePointer<UInt8> {
    var at = start
    while hexadecimalValue(at.pointee) != nil { at += 1 }
    return at
  }
}

/// The text of JSON strings.
enum JSONText {
  /// The number of four hexadecimal digits; nil where there are fewer.
  static func hexadecimal(_ at: UnsafePointer<UInt8>) -> UInt32? {
    var value: UInt32 = 0
    for index in 0..<4 {
      guard let digit = hexadecimalValue(at[index]) else { return nil }
      value = value << 4 | UInt32(digit)
    }
    return value
  }

  /// Copies a string whose escapes are known to be right and undoes them; answers its bytes.
  static func unescape(
    _ text: UnsafePointer<UInt8>, _ count: Int, _ place: UnsafeMutablePointer<UInt8>
  ) -> Int {
    let end = text + count
    var at = text
    var to = place
    while at < end {
      let stop = WordScan.stringEnd(at, before: end)
      to.update(from: at, count: stop - at)
      to += stop - at
      at = stop
      guard at < end else { break }
      switch at[1] {
      case UInt8(ascii: "u"):
        let (scalar, bytes) = character(at)
        to += write(scalar, to)
        at += bytes
        continue
      case UInt8(ascii: "b"): to.pointee = 0x08
      case UInt8(ascii: "f"): to.pointee = 0x0C
      case UInt8(ascii: "n"): to.pointee = ASCII.newline
      case UInt8(ascii: "r"): to.pointee = ASCII.carriageReturn
      case UInt8(ascii: "t"): to.pointee = ASCII.tab
      default: to.pointee = at[1]
      }
      to += 1
      at += 2
    }
    return to - place
  }

  /// The character of an escape that was checked, and the bytes of the escape.
  private static func character(_ at: UnsafePointer<UInt8>) -> (UInt32, Int) {
    let code = hexadecimal(at + 2) ?? 0xFFFD
    guard code & 0xFC00 == 0xD800 else { return (code, 6) }
    let low = hexadecimal(at + 8) ?? 0
    return (0x10000 + ((code & 0x3FF) << 10) + (low & 0x3FF), 12)
  }

  private static func write(_ scalar: UInt32, _ place: UnsafeMutablePointer<UInt8>) -> Int {
    let encoded = UTF8.encode(Unicode.Scalar(scalar) ?? "\u{FFFD}")
    var count = 0
    for byte in encoded ?? UTF8.encodedReplacementCharacter {
      place[count] = byte
      count += 1
    }
    return count
  }
}

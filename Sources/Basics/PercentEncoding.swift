import Glibc

/// Percent-encoding of paths (RFC 3986), as Spark writes and reads those in a log.
public enum PercentEncoding {
  /// Encodes a relative path; letters, digits, `/` and the characters that a path may hold stay.
  public static func encode(path: String) -> String {
    var out: [UInt8] = []
    out.reserveCapacity(path.utf8.count)
    for byte in path.utf8 {
      if isPlain(byte) {
        out.append(byte)
      } else {
        out.append(UInt8(ascii: "%"))
        out.append(uppercase[Int(byte >> 4)])
        out.append(uppercase[Int(byte & 15)])
      }
    }
    return String(decoding: out, as: UTF8.self)
  }

  /// Decodes once; a percent sign without two digits behind it stays as it is.
  public static func decode(_ text: String) -> String {
    guard text.hasByte(UInt8(ascii: "%")) else { return text }
    let bytes = Array(text.utf8)
    var out: [UInt8] = []
    out.reserveCapacity(bytes.count)
    var at = 0
    while at < bytes.count {
      if bytes[at] == UInt8(ascii: "%"), at + 2 < bytes.count,
        let high = hexadecimalValue(bytes[at + 1]), let low = hexadecimalValue(bytes[at + 2])
      {
        out.append(high << 4 | low)
        at += 3
      } else {
        out.append(bytes[at])
        at += 1
      }
    }
    return String(decoding: out, as: UTF8.self)
  }

  private static let uppercase = Array("0123456789ABCDEF".utf8)
  private static let marks = Set("-._~/!$&'()*+,;=:@".utf8)

  private static func isPlain(_ byte: UInt8) -> Bool {
    (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
      || marks.contains(byte)
  }
}

extension String {
  /// True if some byte of the text in UTF-8 is this one.
  public func hasByte(_ byte: UInt8) -> Bool {
    var text = self
    return text.withUTF8 { bytes in
      bytes.baseAddress.map { memchr($0, Int32(byte), bytes.count) != nil } ?? false
    }
  }
}

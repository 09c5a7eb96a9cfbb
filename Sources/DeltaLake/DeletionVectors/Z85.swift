/// ZeroMQ's text form of bytes (RFC 32/Z85): five characters for each four bytes.
enum Z85 {
  private static let digits = Array(
    "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.-:+=^!/*?&<>()[]{}@%$#".utf8)

  private static let values: [UInt8] = {
    var values = [UInt8](repeating: 0xFF, count: 256)
    for (value, digit) in digits.enumerated() { values[Int(digit)] = UInt8(value) }
    return values
  }()

  /// The text of bytes, with zeros behind them to a multiple of four.
  static func encode(_ bytes: [UInt8]) -> String {
    var out: [UInt8] = []
    out.reserveCapacity((bytes.count + 3) / 4 * 5)
    for start in stride(from: 0, to: bytes.count, by: 4) {
      var value: UInt32 = 0
      for index in start..<start + 4 {
        value = value << 8 | UInt32(index < bytes.count ? bytes[index] : 0)
      }
      for power: UInt32 in [52_200_625, 614_125, 7225, 85, 1] {
        out.append(digits[Int(value / power % 85)])
      }
    }
    return String(decoding: out, as: UTF8.self)
  }

  /// The bytes of a text; nil where it is none.
  static func decode(_ text: some StringProtocol) -> [UInt8]? {
    let characters = Array(text.utf8)
    guard characters.count % 5 == 0 else { return nil }
    var out: [UInt8] = []
    out.reserveCapacity(characters.count / 5 * 4)
    for start in stride(from: 0, to: characters.count, by: 5) {
      var value: UInt64 = 0
      for index in start..<start + 5 {
        let digit = values[Int(characters[index])]
        guard digit != 0xFF else { return nil }
        value = value * 85 + UInt64(digit)
      }
      guard value <= UInt64(UInt32.max) else { return nil }
      for shift: UInt64 in [24, 16, 8, 0] { out.append(UInt8(value >> shift & 0xFF)) }
    }
    return out
  }
}

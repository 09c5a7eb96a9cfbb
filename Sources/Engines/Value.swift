import Basics

/// One value of a result.
public indirect enum Value: Hashable, Sendable {
  case null
  case bool(Bool)
  case int(Int64)
  case unsigned(UInt64)
  case float(Float)
  case double(Double)
  /// A whole number and how many of its last digits are decimals.
  case decimal(Int128, scale: Int)
  case text(String)
  case binary([UInt8])
  case date(CivilDate)
  /// An instant (`zoned`) or a local date and time, in microseconds since 1970.
  case timestamp(Timestamp, zoned: Bool)
  /// Microseconds since midnight.
  case time(Int64)
  case interval(months: Int32, days: Int32, nanoseconds: Int64)
  case list([Value])
  case structure([(name: String, value: Value)])
  case map([(key: Value, value: Value)])

  public static func == (a: Value, b: Value) -> Bool { a.json == b.json }
  public func hash(into hasher: inout Hasher) { hasher.combine(json) }
}

extension Value {
  /// The whole number of an integer value; nil for other kinds and where 64 bits do not hold it.
  public var int: Int64? {
    switch self {
    case .int(let value): value
    case .unsigned(let value): Int64(exactly: value)
    case .decimal(let digits, scale: 0): Int64(exactly: digits)
    default: nil
    }
  }

  /// True for the boolean value TRUE, false for any other value.
  public var isTrue: Bool {
    if case .bool(true) = self { return true }
    return false
  }

  /// The text of a text value.
  public var string: String? {
    if case .text(let text) = self { return text }
    return nil
  }

  /// The value as plain text, as a table or a CSV shows it; NULL is empty.
  public var plain: String {
    switch self {
    case .null: ""
    case .bool(let flag): flag ? "true" : "false"
    case .int(let value): String(value)
    case .unsigned(let value): String(value)
    case .float(let value): Value.text(of: Double(value), short: "\(value)")
    case .double(let value): Value.text(of: value, short: "\(value)")
    case .decimal(let digits, let scale): Value.text(of: digits, scale: scale)
    case .text(let text): text
    case .binary(let bytes): Value.hexadecimal(bytes)
    case .date(let date): date.description
    case .timestamp(let instant, let zoned):
      instant.text(
        decimals: instant.microseconds % 1_000_000 == 0 ? 0 : 6, separator: zoned ? "T" : " ",
        zone: zoned ? "Z" : "")
    case .time(let micros):
      String(
        Timestamp(microseconds: micros)
          .text(decimals: micros % 1_000_000 == 0 ? 0 : 6, zone: "").dropFirst(11))
    case .interval(let months, let days, let nanoseconds):
      "\(months) months \(days) days \(nanoseconds / 1000) us"
    case .list, .structure, .map: json.text
    }
  }

  /// The value as JSON: decimals with all their digits, NaN and infinities as text.
  public var json: JSON {
    switch self {
    case .null: .null
    case .bool(let flag): .bool(flag)
    case .int, .unsigned, .decimal: .number(plain)
    case .float(let value): value.isFinite ? .number(plain) : .string(plain)
    case .double(let value): value.isFinite ? .number(plain) : .string(plain)
    case .text, .binary, .date, .timestamp, .time, .interval: .string(plain)
    case .list(let elements): .array(elements.map(\.json))
    case .structure(let members): .object(members.map { JSON.Member($0.name, $0.value.json) })
    case .map(let entries): .object(entries.map { JSON.Member($0.key.plain, $0.value.json) })
    }
  }

  private static func text(of value: Double, short: String) -> String {
    if value.isNaN { return "NaN" }
    if value.isInfinite { return value < 0 ? "-Infinity" : "Infinity" }
    return short
  }

  /// `12345` with scale 2 is `123.45`.
  public static func text(of digits: Int128, scale: Int) -> String {
    guard scale > 0 else { return String(digits) }
    var text = String(digits.magnitude)
    if text.utf8.count <= scale {
      text = String(repeating: "0", count: scale + 1 - text.utf8.count) + text
    }
    let point = text.index(text.endIndex, offsetBy: -scale)
    return (digits < 0 ? "-" : "") + text[..<point] + "." + text[point...]
  }

  private static func hexadecimal(_ bytes: [UInt8]) -> String {
    var text: [UInt8] = []
    for byte in bytes {
      text.append(lowercaseHexadecimal[Int(byte >> 4)])
      text.append(lowercaseHexadecimal[Int(byte & 15)])
    }
    return String(decoding: text, as: UTF8.self)
  }
}

/// One JSON value, with numbers kept as the text they were written in.
///
/// Delta's statistics hold decimals that a `Double` would change, and landing records may hold
/// integers of any length; text keeps both exact. Object members keep their order, and a name
/// that occurs twice is kept twice (`subscript` answers the last, as most readers do).
public enum JSON: Hashable, Sendable {
  case null
  case bool(Bool)
  /// The digits as they stood in the text, for example `"1.50"` or `"1e3"`.
  case number(String)
  case string(String)
  case array([JSON])
  case object([Member])

  /// A name and its value inside an object.
  public struct Member: Hashable, Sendable {
    public var name: String
    public var value: JSON

    public init(_ name: String, _ value: JSON) {
      self.name = name
      self.value = value
    }
  }
}

extension JSON {
  /// The value of a member by name; nil for a missing name and for anything but an object.
  public subscript(name: String) -> JSON? {
    guard case .object(let members) = self else { return nil }
    var index = members.count
    while index > 0 {
      index -= 1
      if members[index].name == name { return members[index].value }
    }
    return nil
  }

  /// True for the literal `null`.
  public var isNull: Bool {
    if case .null = self { return true }
    return false
  }

  /// The text of a string value; nil for any other kind.
  public var string: String? {
    if case .string(let text) = self { return text }
    return nil
  }

  /// The value of `true` or `false`; nil for any other kind.
  public var bool: Bool? {
    if case .bool(let flag) = self { return flag }
    return nil
  }

  /// A number that fits 64 bits without loss, also one written as `12.0`; nil otherwise.
  public var int: Int64? {
    guard case .number(let text) = self else { return nil }
    if let exact = wholeNumber(text) { return exact }
    guard let double = Double(text), double.rounded() == double else { return nil }
    return Int64(exactly: double)
  }

  /// A number as a double, rounded to the nearest; nil for any other kind.
  public var double: Double? {
    guard case .number(let text) = self else { return nil }
    return Double(text)
  }

  /// The elements of an array; nil for any other kind.
  public var array: [JSON]? {
    if case .array(let elements) = self { return elements }
    return nil
  }

  /// The members of an object; nil for any other kind.
  public var object: [Member]? {
    if case .object(let members) = self { return members }
    return nil
  }

  /// An object of strings, such as Delta's `partitionValues`; nulls answer nil values.
  public var stringMap: [String: String?]? {
    guard case .object(let members) = self else { return nil }
    var map = [String: String?](minimumCapacity: members.count)
    for member in members {
      switch member.value {
      case .string(let text): map[member.name] = .some(text)
      case .null: map[member.name] = .some(nil)
      case .number(let text): map[member.name] = .some(text)
      case .bool(let flag): map[member.name] = .some(flag ? "true" : "false")
      default: return nil
      }
    }
    return map
  }
}

extension JSON: ExpressibleByStringLiteral, ExpressibleByBooleanLiteral,
  ExpressibleByIntegerLiteral, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
  public init(stringLiteral value: String) { self = .string(value) }
  public init(booleanLiteral value: Bool) { self = .bool(value) }
  public init(integerLiteral value: Int64) { self = .number(String(value)) }
  public init(arrayLiteral elements: JSON...) { self = .array(elements) }
  public init(dictionaryLiteral elements: (String, JSON)...) {
    self = .object(elements.map { Member($0.0, $0.1) })
  }

  /// A whole number of any width.
  public static func int(_ value: some BinaryInteger) -> JSON { .number(String(value)) }

  /// A string, or null for nil.
  public static func optional(_ text: String?) -> JSON { text.map(JSON.string) ?? .null }

  /// A whole number, or null for nil.
  public static func optional(_ value: (some BinaryInteger)?) -> JSON {
    value.map { .int($0) } ?? .null
  }

  /// An object of strings, its names in order so that the same map gives the same bytes.
  public static func map(_ map: [String: String]) -> JSON {
    .object(map.sorted { $0.key < $1.key }.map { Member($0.key, .string($0.value)) })
  }
}

/// A number of up to 18 digits that is written without point or exponent, or any that `Int64` reads.
private func wholeNumber(_ text: String) -> Int64? {
  var text = text
  let short: Int64? = text.withUTF8 { bytes in
    guard let base = bytes.baseAddress, bytes.count < 19 else { return nil }
    let isNegative = bytes.count > 1 && base[0] == UInt8(ascii: "-")
    var at = isNegative ? 1 : 0
    var value: Int64 = 0
    while at < bytes.count {
      guard base[at] &- 0x30 < 10 else { return nil }
      value = value * 10 + Int64(base[at] &- 0x30)
      at += 1
    }
    return bytes.isEmpty ? nil : isNegative ? -value : value
  }
  return short ?? Int64(text)
}

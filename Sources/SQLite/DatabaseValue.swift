/// A value as SQLite stores it.
public enum DatabaseValue: Hashable, Sendable {
  case null
  case integer(Int64)
  /// NaN is stored as NULL.
  case real(Double)
  case text(String)
  case blob([UInt8])

  /// A whole number; NULL for nil.
  public static func int(_ value: Int?) -> DatabaseValue {
    value.map { .integer(Int64($0)) } ?? .null
  }

  /// 1 or 0; NULL for nil.
  public static func bool(_ value: Bool?) -> DatabaseValue {
    value.map { .integer($0 ? 1 : 0) } ?? .null
  }

  /// A number; NULL for nil.
  public static func double(_ value: Double?) -> DatabaseValue {
    value.map(DatabaseValue.real) ?? .null
  }

  /// A text; NULL for nil.
  public static func string(_ value: String?) -> DatabaseValue {
    value.map(DatabaseValue.text) ?? .null
  }

  /// What the value is, without the value itself.
  public var kind: Kind {
    switch self {
    case .null: .null
    case .integer: .integer
    case .real: .real
    case .text: .text
    case .blob: .blob
    }
  }

  /// SQLite's storage classes.
  public enum Kind: String, Hashable, Sendable {
    case null = "NULL"
    case integer = "a whole number"
    case real = "a number"
    case text = "text"
    case blob = "bytes"
  }
}

extension DatabaseValue: ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral,
  ExpressibleByStringLiteral, ExpressibleByBooleanLiteral, ExpressibleByNilLiteral
{
  public init(integerLiteral value: Int64) { self = .integer(value) }
  public init(floatLiteral value: Double) { self = .real(value) }
  public init(stringLiteral value: String) { self = .text(value) }
  public init(booleanLiteral value: Bool) { self = .integer(value ? 1 : 0) }
  public init(nilLiteral: ()) { self = .null }
}

/// The values of a statement's parameters: `[1, "a"]` for `?`, `["id": 1]` for `:id`.
public enum Bindings: Hashable, Sendable, ExpressibleByArrayLiteral,
  ExpressibleByDictionaryLiteral
{
  /// One for each `?`, in order.
  case positional([DatabaseValue])
  /// One for each name, written without the `:`, `@` or `$` in front.
  case named([String: DatabaseValue])

  public init(arrayLiteral elements: DatabaseValue...) { self = .positional(elements) }

  /// The last of two values of the same name holds.
  public init(dictionaryLiteral elements: (String, DatabaseValue)...) {
    self = .named(Dictionary(elements) { $1 })
  }

  /// True where a text or bytes are bound, which a message of SQLite's might quote.
  var holdText: Bool {
    let values =
      switch self {
      case .positional(let values): values
      case .named(let values): Array(values.values)
      }
    return values.contains { $0.kind == .text || $0.kind == .blob }
  }
}

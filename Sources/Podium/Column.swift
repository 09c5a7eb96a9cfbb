/// The type of a column's values, by the name SQL gives it.
public enum ColumnType: Hashable, Sendable {
  case string
  /// 64-bit whole numbers.
  case int
  case double
  /// Exact decimals of up to 38 digits, `scale` of them after the point.
  case decimal(precision: Int, scale: Int)
  case bool
  /// A day without a time zone.
  case date
  /// An instant, stored in UTC with microseconds.
  case timestamp

  /// The type in portable SQL, for a CAST.
  public var sql: String {
    switch self {
    case .string: "STRING"
    case .int: "BIGINT"
    case .double: "DOUBLE"
    case .decimal(let precision, let scale): "DECIMAL(\(precision), \(scale))"
    case .bool: "BOOLEAN"
    case .date: "DATE"
    case .timestamp: "TIMESTAMP"
    }
  }
}

/// A column of a table: its name, type and meaning.
public struct Column: Hashable, Sendable {
  public let name: String
  public let type: ColumnType
  /// What the column means, in one sentence; unit and time zone where it has one.
  public let about: String
  /// True if a row may have no value here.
  ///
  /// A row that breaks a promised value fails the rule `<name> is required`.
  public let nullable: Bool
  /// True for names, e-mails, phones and free text of a person.
  public let personal: Bool
  /// The header or member a source calls it by, where that differs from `name`.
  public let source: String?
  /// What its values identify, where that is a person or something that belongs to one.
  public let identifies: Identity?

  public init(
    _ name: String, _ type: ColumnType, _ about: String, nullable: Bool = false,
    personal: Bool = false, source: String? = nil, identifies: Identity? = nil
  ) {
    self.name = name
    self.type = type
    self.about = about
    self.nullable = nullable
    self.personal = personal
    self.source = source
    self.identifies = identifies
  }

  /// A text column.
  /// - Parameters:
  ///   - source: what a landing file calls it, where that differs.
  ///   - identifies: the person, or what of a person, that a value stands for.
  public static func string(
    _ name: String, _ about: String, nullable: Bool = false, personal: Bool = false,
    source: String? = nil, identifies: Identity? = nil
  ) -> Column {
    Column(
      name, .string, about, nullable: nullable, personal: personal, source: source,
      identifies: identifies)
  }

  /// A column of 64-bit whole numbers.
  public static func int(_ name: String, _ about: String, nullable: Bool = false) -> Column {
    Column(name, .int, about, nullable: nullable)
  }

  /// A column of floating-point numbers; money is `decimal`.
  public static func double(_ name: String, _ about: String, nullable: Bool = false) -> Column {
    Column(name, .double, about, nullable: nullable)
  }

  /// A column of exact decimals, 18 digits with 2 after the point unless said otherwise.
  public static func decimal(
    _ name: String, _ about: String, precision: Int = 18, scale: Int = 2, nullable: Bool = false
  ) -> Column {
    Column(name, .decimal(precision: precision, scale: scale), about, nullable: nullable)
  }

  /// A column of true and false.
  public static func bool(_ name: String, _ about: String, nullable: Bool = false) -> Column {
    Column(name, .bool, about, nullable: nullable)
  }

  /// A column of days.
  public static func date(
    _ name: String, _ about: String, nullable: Bool = false, personal: Bool = false
  ) -> Column {
    Column(name, .date, about, nullable: nullable, personal: personal)
  }

  /// A column of instants in UTC.
  public static func timestamp(_ name: String, _ about: String, nullable: Bool = false) -> Column {
    Column(name, .timestamp, about, nullable: nullable)
  }
}

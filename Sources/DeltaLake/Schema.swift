import Basics

/// A type of the Delta protocol.
public indirect enum DeltaType: Hashable, Sendable {
  case string, long, integer, short, byte, float, double, boolean, binary, date
  /// An instant, in UTC.
  case timestamp
  /// A local date and time.
  case timestampNtz
  case decimal(precision: Int, scale: Int)
  /// The type of a column that only ever was NULL; it is in no file.
  case void
  case array(DeltaType, containsNull: Bool)
  case map(key: DeltaType, value: DeltaType, valueContainsNull: Bool)
  case structure([StructField])
  /// A type of the protocol that Podium does not read.
  case unsupported(String)
}

/// A named field of a struct, such as a column of a table.
public struct StructField: Hashable, Sendable {
  public var name: String
  public var type: DeltaType
  public var nullable: Bool
  /// Comments, column-mapping ids, generation expressions and the like, kept as they stand.
  public var metadata: [JSON.Member]

  public init(
    _ name: String, _ type: DeltaType, nullable: Bool = true, metadata: [JSON.Member] = []
  ) {
    self.name = name
    self.type = type
    self.nullable = nullable
    self.metadata = metadata
  }

  /// The key, in a field's metadata, that marks it as personal with the value true.
  public static let personalKey = "podium.personal"

  /// Whether the field may tell who somebody is: its values never go into the log.
  public var isPersonal: Bool {
    metadata.last { $0.name == StructField.personalKey }?.value == .bool(true)
  }

  /// The field's own words about itself.
  public var comment: String? { metadata.last { $0.name == "comment" }?.value.string }
}

/// The columns of a table.
public struct Schema: Hashable, Sendable {
  public var fields: [StructField]

  public init(_ fields: [StructField]) { self.fields = fields }

  /// The column of that name, in any case.
  public subscript(name: String) -> StructField? {
    fields.first { $0.name == name } ?? fields.first { $0.name.lowercased() == name.lowercased() }
  }

  /// The columns' names, in order.
  public var names: [String] { fields.map(\.name) }
}

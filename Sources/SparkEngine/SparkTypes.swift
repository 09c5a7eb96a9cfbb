import DeltaLake

extension DeltaType {
  /// The type as Spark calls it; nil where an engine elsewhere could not read its columns.
  var spark: String? {
    switch self {
    case .string: return "STRING"
    case .long: return "BIGINT"
    case .integer: return "INT"
    case .short: return "SMALLINT"
    case .byte: return "TINYINT"
    case .float: return "FLOAT"
    case .double: return "DOUBLE"
    case .boolean: return "BOOLEAN"
    case .binary: return "BINARY"
    case .date: return "DATE"
    case .timestamp: return "TIMESTAMP"
    case .timestampNtz: return "TIMESTAMP_NTZ"
    case .decimal(let precision, let scale): return "DECIMAL(\(precision), \(scale))"
    case .void: return "INT"
    case .unsupported: return nil
    case .array(let element, _): return element.spark.map { "ARRAY<\($0)>" }
    case .map(let key, let value, _):
      guard let key = key.spark, let value = value.spark else { return nil }
      return "MAP<\(key), \(value)>"
    case .structure(let fields):
      let parts = fields.compactMap { field in
        field.type.spark.map { "\(SparkSQL.name(field.name)): \($0)" }
      }
      return parts.count == fields.count ? "STRUCT<\(parts.joined(separator: ", "))>" : nil
    }
  }

  /// True for types whose values stand in the names of partitions' folders as they are.
  var namesFolders: Bool {
    switch self {
    case .date, .long, .integer, .short, .byte: true
    default: false
    }
  }

  /// True if every value of another type is one of this type, spelled the same by every engine.
  func holds(_ other: DeltaType) -> Bool {
    if self == other { return true }
    switch (other, self) {
    case (.byte, .short), (.byte, .integer), (.byte, .long), (.short, .integer), (.short, .long),
      (.integer, .long), (.float, .double):
      return true
    case (.decimal(let precision, let scale), .decimal(let wide, let fine)):
      return fine >= scale && wide - fine >= precision - scale
    default: return false
    }
  }
}

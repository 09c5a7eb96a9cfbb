import DeltaLake
import Engines
import Lakehouse

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

  /// True if a column of the engine's type, written to Parquet, is one of this type.
  func isWritten(as type: EngineType) -> Bool {
    switch (self, type) {
    case (.string, .text), (.binary, .binary), (.boolean, .bool), (.date, .date), (.float, .float),
      (.double, .double):
      true
    case (.long, .int(64, true)), (.integer, .int(32, true)), (.short, .int(16, true)),
      (.byte, .int(8, true)):
      true
    case (.timestamp, .timestamp(1_000_000, true)), (.timestampNtz, .timestamp(1_000_000, false)):
      true
    case (.decimal(let precision, let scale), .decimal(let own, let digits, _)):
      precision == own && scale == digits
    default: false
    }
  }
}

extension EngineType {
  /// The type as DuckDB calls it, for columns without a row.
  var duckDB: String {
    switch self {
    case .null: return "INTEGER"
    case .bool: return "BOOLEAN"
    case .int(let bits, let signed):
      let name = [8: "TINYINT", 16: "SMALLINT", 32: "INTEGER"][bits] ?? "BIGINT"
      return signed ? name : "U" + name
    case .float: return "FLOAT"
    case .double: return "DOUBLE"
    case .decimal(let precision, let scale, _): return "DECIMAL(\(precision), \(scale))"
    case .text: return "VARCHAR"
    case .binary, .fixedBinary: return "BLOB"
    case .date: return "DATE"
    case .timestamp(_, let zoned): return zoned ? "TIMESTAMPTZ" : "TIMESTAMP"
    case .time: return "TIME"
    case .interval: return "INTERVAL"
    case .list(let element, _), .fixedList(let element, _): return element.type.duckDB + "[]"
    case .structure(let fields):
      let parts = fields.map { "\(sqlName($0.name)) \($0.type.duckDB)" }
      return "STRUCT(\(parts.joined(separator: ", ")))"
    case .map(let key, let value): return "MAP(\(key.type.duckDB), \(value.type.duckDB))"
    case .dictionary(_, let values): return values.type.duckDB
    }
  }
}

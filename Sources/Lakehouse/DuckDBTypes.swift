import DeltaLake
import Engines

extension DeltaType {
  /// The type as DuckDB calls it; instants are TIMESTAMP WITH TIME ZONE, which DuckDB writes to
  /// Parquet as adjusted to UTC.
  public var duckDB: String {
    switch self {
    case .string: "VARCHAR"
    case .long: "BIGINT"
    case .integer: "INTEGER"
    case .short: "SMALLINT"
    case .byte: "TINYINT"
    case .float: "FLOAT"
    case .double: "DOUBLE"
    case .boolean: "BOOLEAN"
    case .binary: "BLOB"
    case .date: "DATE"
    case .timestamp: "TIMESTAMPTZ"
    case .timestampNtz: "TIMESTAMP"
    case .decimal(let precision, let scale): "DECIMAL(\(precision), \(scale))"
    case .void, .unsupported: "INTEGER"
    case .array(let element, _): element.duckDB + "[]"
    case .map(let key, let value, _): "MAP(\(key.duckDB), \(value.duckDB))"
    case .structure(let fields):
      "STRUCT("
        + fields.map { "\(sqlName($0.name)) \($0.type.duckDB)" }.joined(separator: ", ") + ")"
    }
  }
}

extension StructField {
  /// A column of this name and type without a value in any row.
  public var nullColumn: String { column("NULL") }

  fileprivate func column(_ value: String) -> String {
    "CAST(\(value) AS \(type.duckDB)) AS \(sqlName(name))"
  }
}

extension Schema {
  /// The columns, each cast to its type, separated by commas.
  public func casts(except left: Set<String> = []) -> String {
    fields.filter { !left.contains($0.name) }.map { $0.column(sqlName($0.name)) }
      .joined(separator: ", ")
  }

  /// A query with these columns and no row.
  public var emptyQuery: String {
    "SELECT \(fields.map(\.nullColumn).joined(separator: ", ")) WHERE false"
  }
}

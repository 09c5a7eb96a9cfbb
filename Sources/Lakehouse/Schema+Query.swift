import DeltaLake
import Engines

extension EngineSession {
  /// The columns that a query has, as a table's; an error names one whose type no table has.
  public func schema(of query: String) throws -> Schema {
    Schema(
      try connection.describe(query).map { column in
        StructField(
          column.name, try DeltaType(column.type, column: column.name, file: "the query"))
      })
  }
}

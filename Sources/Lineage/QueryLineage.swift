import Basics

/// On which columns of its inputs each column of a query's result depends.
///
/// A column that has no dependency on an input's column, neither its own nor one of all rows, has
/// the same values whatever stands in that column.
public struct QueryLineage: Sendable {
  /// A column of the result.
  public struct Column: Sendable {
    /// As the query spells it.
    public let name: String
    /// Where its value comes from, and what decides on it alone.
    public let dependencies: Set<Dependency>
    /// The byte of the query's text at which it stands, where the engine tells.
    public let offset: Int64?
    /// Its expression as the engine parses it; nil where it stands for several columns.
    let tree: JSON?
  }

  public let columns: [Column]
  /// What decides on which rows there are.
  public let rows: Set<Dependency>
  /// Dependencies of columns that are not in `columns`; nil where these are all.
  public let others: Set<Dependency>?

  /// Reads a query as the engine's `json_serialize_sql` gives it.
  ///
  /// A query that is not understood depends on all columns of all tables, none of it certain.
  /// - Parameters:
  ///   - tables: the columns of the tables that it may name, by the names that it uses.
  ///   - aggregates: the names of the engine's aggregate functions, in lower case.
  public init(_ serialized: JSON, tables: [String: [String]], aggregates: Set<String>) {
    let known = Dictionary(tables.map { ($0.key.lowercased(), $0.value) }) { first, _ in first }
    let reader = QueryReader(tables: known, aggregates: aggregates)
    let statements = serialized["statements"]?.array ?? []
    let node = statements.count == 1 ? statements[0]["node"] : nil
    let result = node.map { reader.relation($0, [:], []) } ?? reader.unknown()
    columns = result.columns.map {
      Column(name: $0.spelled, dependencies: $0.dependencies, offset: $0.offset, tree: $0.tree)
    }
    rows = result.rows
    others = result.open.isEmpty ? nil : result.open.reduce(into: []) { $0.formUnion($1.columns) }
  }

  /// On what a column of the result depends by itself, told by its name in any case; nil where there
  /// is none.
  public func dependencies(of name: String) -> Set<Dependency>? {
    columns.first { $0.name.lowercased() == name.lowercased() }?.dependencies ?? others
  }
}

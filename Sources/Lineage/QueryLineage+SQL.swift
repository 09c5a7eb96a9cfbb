import Basics
import Engines
import Lakehouse

/// Reads the lineage of queries with the engine's parser.
///
/// For one thread at a time.
public final class LineageParser {
  private let session: EngineSession
  private var aggregates: Set<String>?

  public init(_ session: EngineSession) { self.session = session }

  /// The lineage of a query's text.
  /// - Parameter tables: the columns of the tables that it may name, by the names that it uses.
  public func lineage(
    of text: String, tables: [String: [String]]
  ) throws(EngineError) -> QueryLineage {
    let row = try session.row("SELECT CAST(json_serialize_sql(\(sqlLiteral(text))) AS VARCHAR)")
    let tree = row.first?.string.flatMap { try? JSON(parsing: $0) }
    return QueryLineage(tree ?? .null, tables: tables, aggregates: try aggregateNames())
  }

  private func aggregateNames() throws(EngineError) -> Set<String> {
    if let aggregates { return aggregates }
    let rows = try session.connection.query(
      "SELECT DISTINCT lower(function_name) FROM duckdb_functions() WHERE function_type = 'aggregate'"
    ).rows()
    let names = Set(rows.compactMap { $0.first?.string })
    aggregates = names
    return names
  }

  /// The columns' expressions as the engine spells them; nil for one that is a bare column or that
  /// the engine cannot spell.
  func expressions(of columns: [QueryLineage.Column]) throws(EngineError) -> [String?] {
    let statements = columns.map { column -> String? in
      guard let tree = column.tree, tree["class"]?.string != "COLUMN_REF" else { return nil }
      return LineageParser.statement(of: tree).text
    }
    guard statements.contains(where: { $0 != nil }) else { return columns.map { _ in nil } }
    let parts = statements.map {
      $0.map { "json_deserialize_sql(\(sqlLiteral($0))::JSON)" } ?? "NULL"
    }
    guard let row = try? session.row("SELECT \(parts.joined(separator: ", "))") else {
      return columns.map { _ in nil }
    }
    return row.map { value in
      guard let text = value.string, text.hasPrefix("SELECT ") else { return nil }
      return String(text.dropFirst("SELECT ".count))
    }
  }

  /// `SELECT` with an expression, as the engine serializes it.
  private static func statement(of tree: JSON) -> JSON {
    let bare = JSON.object((tree.object ?? []).filter { $0.name != "alias" } + [.init("alias", "")])
    return [
      "error": false,
      "statements": [
        [
          "node": [
            "type": "SELECT_NODE", "modifiers": [], "cte_map": ["map": []],
            "select_list": [bare],
            "from_table": ["type": "EMPTY", "alias": "", "sample": .null],
            "where_clause": .null, "group_expressions": [], "group_sets": [],
            "aggregate_handling": "STANDARD_HANDLING", "having": .null, "sample": .null,
            "qualify": .null,
          ]
        ]
      ],
    ]
  }
}

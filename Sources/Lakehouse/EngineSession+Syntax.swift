import Basics
import Engines
import Synchronization

extension EngineSession {
  /// The syntax tree of a text as the engine's parser gives it (`json_serialize_sql`), with `error`
  /// where it takes the text for no SELECT; nil where it gives none.
  ///
  /// Tables ask for many conditions more than once; the process remembers the answers.
  public func syntaxTree(of text: String) throws(EngineError) -> JSON? {
    if let tree = EngineSession.trees.withLock({ $0[text] }) { return tree }
    let row = try constant("SELECT CAST(json_serialize_sql(\(sqlLiteral(text))) AS VARCHAR)")
    guard let tree = row.first?.string.flatMap({ try? JSON(parsing: $0) }) else { return nil }
    EngineSession.trees.withLock { trees in
      if trees.count >= EngineSession.treesKept { trees.removeAll() }
      trees[text] = tree
    }
    return tree
  }

  private static let trees = Mutex<[String: JSON]>([:])
  /// Enough for the conditions of a hundred tables.
  private static let treesKept = 1_000

  /// Expressions as the engine spells their syntax trees; nil for one that it cannot spell.
  public func spelled(_ expressions: [JSON?]) throws(EngineError) -> [String?] {
    guard expressions.contains(where: { $0 != nil }) else { return expressions.map { _ in nil } }
    let parts = expressions.map { tree in
      tree.map { "json_deserialize_sql(\(sqlLiteral(statement(of: $0).text))::JSON)" } ?? "NULL"
    }
    return try constant("SELECT \(parts.joined(separator: ", "))").map { value in
      guard let text = value.string, text.hasPrefix("SELECT ") else { return nil }
      return String(text.dropFirst("SELECT ".count))
    }
  }

  /// The names of the engine's aggregate functions, in lower case.
  public func aggregateFunctions() throws(EngineError) -> Set<String> {
    if let names = EngineSession.aggregates.withLock({ $0 }) { return names }
    let rows = try connection.query(
      "SELECT DISTINCT lower(function_name) FROM duckdb_functions() WHERE function_type = 'aggregate'"
    ).rows()
    let names = Set(rows.compactMap { $0.first?.string })
    EngineSession.aggregates.withLock { $0 = names }
    return names
  }

  /// Asked for once: the process has one engine.
  private static let aggregates = Mutex<Set<String>?>(nil)

  /// `SELECT` with an expression, as the engine serializes it.
  private func statement(of tree: JSON) -> JSON {
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

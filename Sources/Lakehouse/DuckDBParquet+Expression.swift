import Basics
import DeltaLake
import Engines

extension DuckDBParquet {
  /// A text that is one SQL expression, on lines of its own, so that it can stand within parentheses
  /// of any query; an error for any other text.
  ///
  /// Texts come from whoever typed them or, as a table's constraints, from whoever wrote its log: a
  /// parenthesis or a semicolon too many must not make another statement of the query around them.
  func expression(_ text: String) throws(EngineError) -> String {
    let query = "SELECT \n\(text)\n"
    guard let tree = try session.syntaxTree(of: query) else {
      throw EngineError(.statement, "Parser Error: it could not be read", sql: query)
    }
    if tree["error"]?.bool == true {
      throw EngineError(
        .statement, "Parser Error: \(tree["error_message"]?.string ?? "it could not be read")",
        sql: query)
    }
    let statements = tree["statements"]?.array ?? []
    guard statements.count == 1, let node = statements[0]["node"], node.isOneExpression else {
      throw EngineError(.statement, "Parser Error: it is not one expression", sql: query)
    }
    return "\n\(text)\n"
  }

  public func problems(
    in expressions: [String], of schema: Schema, source: Relation?
  ) throws -> [String?] {
    // Most often all can be used; then one question answers for all.
    let all = expressions.map { "(\($0)\n) IS NULL" }.joined(separator: " OR ")
    if expressions.count > 1, try expressions.allSatisfy(isExpression),
      try problem(in: all, of: schema, source: source) == nil
    {
      return expressions.map { _ in nil }
    }
    return try expressions.map { try problem(in: $0, of: schema, source: source) }
  }

  private func isExpression(_ text: String) throws(EngineError) -> Bool {
    do { _ = try expression(text) } catch {
      guard error.code == .statement else { throw error }
      return false
    }
    return true
  }

  private func problem(
    in expression: String, of schema: Schema, source: Relation?
  ) throws -> String? {
    var tables = schema.fields.isEmpty ? [] : ["(\(schema.emptyQuery)) AS target"]
    if let source { tables.append("(FROM \(source.name) LIMIT 0) AS source") }
    do throws(EngineError) {
      let text = try self.expression(expression)
      _ = try session.connection.describe(
        "SELECT 1 FROM \(tables.joined(separator: ", ")) WHERE (\(text)) IS NULL")
    } catch {
      guard error.code == .statement else { throw error }
      let lines = expression.split(separator: "\n", omittingEmptySubsequences: false).count
      return EngineMessage(error).text(linesBefore: 1, lines: lines)
    }
    return nil
  }

  public func predicate(_ condition: String) throws -> Predicate {
    let query = "SELECT 1 FROM main.target AS target WHERE (\(try expression(condition)))"
    return try QueryPredicates(of: query, in: session).predicate(for: "main.target")
  }
}

extension JSON {
  /// True for a SELECT that is nothing but one expression without a name.
  fileprivate var isOneExpression: Bool {
    let parts = ["where_clause", "having", "qualify", "sample"]
    let lists = ["group_expressions", "modifiers"]
    guard self["type"]?.string == "SELECT_NODE", let items = self["select_list"]?.array,
      items.count == 1, items[0]["class"]?.string != "STAR",
      items[0]["alias"]?.string ?? "" == "",
      ["EMPTY", nil].contains(self["from_table"]?["type"]?.string),
      parts.allSatisfy({ self[$0]?.isNull ?? true }),
      lists.allSatisfy({ self[$0]?.array?.isEmpty ?? true }),
      self["cte_map"]?["map"]?.array?.isEmpty ?? true
    else { return false }
    return true
  }
}

import Basics
import Engines
import Lakehouse
import Podium
import Synchronization

extension KeyLineage {
  /// Traces the columns of a table's query; nil where the engine or Podium does not understand it.
  ///
  /// - Parameters:
  ///   - asOf: the business date, which may be a value of the key.
  ///   - looksBack: true to trace a column through windows that are ordered by it.
  init?(
    _ query: SQL, asOf: String, _ session: EngineSession, looksBack: Bool = false
  ) throws(EngineError) {
    var tables: [String: [String]] = [:]
    for input in query.inputs {
      tables[input.alias] =
        input.onlyNew ? input.table.storedSchema.names : input.table.declaredSchema.names
    }
    try self.init(query.text(asOf: asOf), tables: tables, session, looksBack: looksBack)
  }

  /// - Parameter tables: the columns of the tables that the text names, by the names that it uses.
  init?(
    _ text: String, tables: [String: [String]], _ session: EngineSession, looksBack: Bool = false
  ) throws(EngineError) {
    let row = try session.constant(
      "SELECT CAST(json_serialize_sql(\(sqlLiteral(text))) AS VARCHAR)")
    guard let parsed = row.first?.string, let tree = try? JSON(parsing: parsed) else { return nil }
    let aggregates = try EngineFacts.aggregates(session)
    self.init(tree, tables: tables, aggregates: aggregates, looksBack: looksBack)
  }
}

extension KeyLineage.Expression {
  /// The expression as the engine spells it, over bare names of columns.
  func sql(_ session: EngineSession) throws -> String {
    let template = try EngineFacts.selectOne(session)
    let statement = template.replacing("select_list", by: .array([tree])).text
    let spelled = try session.constant(
      "SELECT json_deserialize_sql(\(sqlLiteral(statement))::JSON)")
    guard let query = spelled.first?.string, query.hasPrefix("SELECT ") else {
      throw RunError.other("the engine cannot spell \(statement)")
    }
    return String(query.dropFirst("SELECT ".count))
  }
}

/// What the engine says of itself, asked for once: the process has one engine.
enum EngineFacts {
  private static let known = Mutex<(aggregates: Set<String>?, selectOne: JSON?)>((nil, nil))

  /// The names of the aggregate functions, in lower case.
  static func aggregates(_ session: EngineSession) throws(EngineError) -> Set<String> {
    if let names = known.withLock({ $0.aggregates }) { return names }
    let rows = try session.connection.query(
      "SELECT DISTINCT lower(function_name) FROM duckdb_functions() WHERE function_type = 'aggregate'"
    ).rows()
    let names = Set(rows.compactMap { $0[0].string })
    known.withLock { $0.aggregates = names }
    return names
  }

  /// `SELECT 1` as the engine parses it.
  static func selectOne(_ session: EngineSession) throws -> JSON {
    if let tree = known.withLock({ $0.selectOne }) { return tree }
    let row = try session.row("SELECT CAST(json_serialize_sql('SELECT 1') AS VARCHAR)")
    guard let text = row.first?.string, let tree = try? JSON(parsing: text) else {
      throw RunError.other("the engine gave no parse of SELECT 1")
    }
    known.withLock { $0.selectOne = tree }
    return tree
  }
}

extension JSON {
  /// The same with another value under a name, wherever it stands.
  fileprivate func replacing(_ name: String, by value: JSON) -> JSON {
    if let array { return .array(array.map { $0.replacing(name, by: value) }) }
    guard let object else { return self }
    return .object(
      object.map { member in
        JSON.Member(
          member.name, member.name == name ? value : member.value.replacing(name, by: value))
      })
  }
}

import Basics
import Engines
import Lakehouse
import Podium

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
    guard let tree = try session.syntaxTree(of: text) else { return nil }
    let aggregates = try session.aggregateFunctions()
    self.init(tree, tables: tables, aggregates: aggregates, looksBack: looksBack)
  }
}

extension KeyLineage.Expression {
  /// The expression as the engine spells it, over bare names of columns.
  func sql(_ session: EngineSession) throws -> String {
    guard let text = try session.spelled([tree]).first ?? nil else {
      throw RunError.other("the engine cannot spell \(tree.text)")
    }
    return text
  }
}

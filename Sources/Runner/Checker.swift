import Basics
import Basics
import DeltaLake
import Engines
import Lakehouse
import Podium

/// Examines a project's declarations and SQL without any data.
public struct Checker: Sendable {
  public let tables: [Table]
  public let engine: EngineProvider

  public init(tables: [Table], engine: EngineProvider) {
    self.tables = tables
    self.engine = engine
  }

  /// All problems, in the order of their places in the source.
  ///
  /// The queries are described by the engine over empty tables of the declared columns, so a
  /// misspelt column is found here.
  public func problems() throws -> [Problem] {
    let graph = try Graph(tables)
    var problems = graph.ordered.flatMap { $0.problems() } + unregistered(graph)
    problems += unidentified(graph)
    let session = try engine.session()
    for table in graph.ordered {
      guard let query = table.query else { continue }
      problems += try check(table, query, session)
    }
    return problems.sorted()
  }

  private func unregistered(_ graph: Graph) -> [Problem] {
    let known = Set(tables.map(\.name))
    return graph.ordered.filter { !known.contains($0.name) }.map {
      Problem(
        .registered, $0.name, $0.declaredAt,
        "another table reads it, but it is not in the project's list of tables.")
    }
  }

  /// Bronze tables with personal values that do not say whose these are, in a project where others do.
  private func unidentified(_ graph: Graph) -> [Problem] {
    let landed = graph.ordered.filter { $0.landing != nil }
    guard landed.contains(where: { !$0.namingPersons.isEmpty }) else {
      return []
    }
    return landed.compactMap { table in
      guard table.identifying.isEmpty, let column = table.columns.first(where: \.personal) else {
        return nil
      }
      return Problem(
        .identifiedPersons, table.name, table.declaredAt,
        "column '\(column.name)' is personal, and no column says whose: mark the one that names a "
          + "person `identifies: .person`, or what belongs to one, such as `identifies: \"booking\"`."
      )
    }
  }

  private func check(
    _ table: Table, _ query: SQL, _ session: EngineSession
  ) throws -> [Problem] {
    for input in query.inputs {
      let schema = input.onlyNew ? input.table.storedSchema : input.table.declaredSchema
      try bind(input.alias, schema, session)
    }
    for other in table.referred + table.compared {
      let input = SQL.Input(table: other, onlyNew: false)
      try bind(input.alias, other.declaredSchema, session)
    }
    for alias in [SQL.resultAlias, SQL.stagedAlias] {
      try bind(alias, table.declaredSchema, session)
    }
    let text = query.anyText
    let given: [EngineField]
    do { given = try session.connection.describe(text) } catch {
      let line = EngineMessage(error).line ?? 1
      return [
        Problem(
          .queryRuns, table.name, query.location(ofLine: line) ?? table.declaredAt, error.message)
      ]
    }
    let columns = columnProblems(table, query, given.map(\.name))
    guard columns.isEmpty else { return columns }
    return try ruleProblems(table, text, session)
      + personalProblems(table, query, text, session)
      + portabilityProblems(table, query, session)
  }

  private func bind(_ alias: String, _ schema: Schema, _ session: EngineSession) throws {
    try session.connection.execute(
      "CREATE OR REPLACE TEMP VIEW \(alias) AS \(schema.emptyQuery)")
  }

  private func columnProblems(_ table: Table, _ query: SQL, _ given: [String]) -> [Problem] {
    let (missing, unexpected) = table.differences(of: given)
    guard !missing.isEmpty || !unexpected.isEmpty else { return [] }
    let location = query.location(ofLine: 1) ?? table.declaredAt
    let words = RunError.sentence(missing: missing, unexpected: unexpected)
    return [Problem(.queryColumns, table.name, location, words)]
  }

  /// Describes each rule: over the query's columns, or its own query.
  private func ruleProblems(
    _ table: Table, _ text: String, _ session: EngineSession
  ) throws -> [Problem] {
    var problems: [Problem] = []
    let broken = Set(table.problems().map(\.location))
    for expectation in table.expectations where !broken.contains(expectation.declaredAt) {
      let sql: String
      if let condition = expectation.condition(in: table) {
        sql = "SELECT (\(condition)) IS TRUE FROM (\n\(text)\n) AS q"
      } else if let query = expectation.query {
        sql = query.anyText
      } else {
        continue
      }
      do {
        let given = try session.connection.describe(sql).map(\.name)
        problems += sourceProblems(expectation, table, given)
      } catch {
        let line = expectation.query?.location(ofLine: EngineMessage(error).line ?? 1)
        problems.append(
          Problem(
            .queryRuns, table.name, line ?? expectation.declaredAt,
            "rule '\(expectation.name)': \(error.message)"))
      }
    }
    return problems
  }

  /// Columns that the source of a reconciliation lacks.
  private func sourceProblems(
    _ rule: Podium.Expectation, _ table: Table, _ given: [String]
  ) -> [Problem] {
    var needed: [String]
    switch rule.test {
    case .rows: needed = []
    case .sum(let column, _): needed = [column]
    default: return []
    }
    if case .derived(let derivation) = table.write {
      switch derivation {
      case .partition(let column, _): needed.append(column)
      case .key(let columns): needed += columns
      case .whole: break
      }
    }
    let known = Set(given.map { $0.lowercased() })
    return needed.filter { !known.contains($0.lowercased()) }.map {
      Problem(
        .queryColumns, table.name, rule.declaredAt,
        "the rule '\(rule.name)': its query does not give '\($0)', by which it is compared."
          + didYouMean($0, in: given))
    }
  }
}

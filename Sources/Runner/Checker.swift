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

  private func check(
    _ table: Table, _ query: SQL, _ session: EngineSession
  ) throws -> [Problem] {
    for input in query.inputs {
      let schema = input.onlyNew ? input.table.storedSchema : input.table.declaredSchema
      try bind(input.alias, schema, session)
    }
    for expectation in table.expectations {
      guard case .reference(_, let reference) = expectation.test else { continue }
      let input = SQL.Input(table: reference.table, onlyNew: false)
      try bind(input.alias, reference.table.declaredSchema, session)
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

  /// Describes each rule over the query's columns.
  private func ruleProblems(
    _ table: Table, _ text: String, _ session: EngineSession
  ) throws -> [Problem] {
    var problems: [Problem] = []
    for expectation in table.expectations {
      guard case .condition(let condition) = expectation.test else { continue }
      do {
        _ = try session.connection.describe("SELECT (\(condition)) IS TRUE FROM (\n\(text)\n) AS q")
      } catch {
        problems.append(
          Problem(
            .queryRuns, table.name, expectation.declaredAt,
            "rule '\(expectation.name)': \(error.message)"))
      }
    }
    return problems
  }
}

import Basics
import Engines
import Lakehouse
import Podium
import Portability

extension Checker {
  /// What a table's query and rules say in a way that other engines read otherwise.
  func portabilityProblems(
    _ table: Table, _ query: SQL, _ session: EngineSession
  ) throws -> [Problem] {
    var problems = try starProblems(table, query, session)
    problems += try findings(query, table, session).map { finding, line in
      Problem(
        .portableSQL, table.name, line.flatMap(query.location) ?? table.declaredAt,
        "\(finding.description)")
    }
    for rule in table.expectations {
      if case .condition(let condition) = rule.test {
        let text = "SELECT (\n\(condition)\n) AS fits"
        let found = try PortableSQL(text).findings(session.syntaxTree(of: text))
        problems += found.map {
          Problem(
            .portableSQL, table.name, rule.declaredAt, "the rule '\(rule.name)': \($0.description)")
        }
      } else if let own = rule.query {
        problems += try findings(own, table, session).map { finding, line in
          Problem(
            .portableSQL, table.name, line.flatMap(own.location) ?? rule.declaredAt,
            "the rule '\(rule.name)': \(finding.description)")
        }
      }
    }
    return problems
  }

  /// `SELECT *` at the outside: a column that an input gains would come in unseen.
  private func starProblems(
    _ table: Table, _ query: SQL, _ session: EngineSession
  ) throws -> [Problem] {
    let tree = try session.syntaxTree(of: query.anyText)
    let items = tree?["statements"]?.array?.first?["node"]?["select_list"]?.array ?? []
    guard items.contains(where: { $0["class"]?.string == "STAR" }) else { return [] }
    return [
      Problem(
        .namedColumns, table.name, query.location(ofLine: 1) ?? table.declaredAt,
        "SELECT * at the outside: name the columns, so that one which an input gains does not come "
          + "in unseen.")
    ]
  }

  private func findings(
    _ query: SQL, _ table: Table, _ session: EngineSession
  ) throws -> [(PortabilityFinding, line: Int?)] {
    var tables: [String: [String]] = [:]
    for input in query.inputs {
      let schema = input.onlyNew ? input.table.storedSchema : input.table.declaredSchema
      tables[input.alias.lowercased()] = schema.names
    }
    let text = query.anyText
    return try PortableSQL(text, tables: tables).findings(session.syntaxTree(of: text)).map {
      ($0, line: $0.offset.map { offset in 1 + text.utf8.prefix(offset).count { $0 == 0x0A } })
    }
  }
}

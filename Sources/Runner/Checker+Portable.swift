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
    problems += try findings(query, table, session).map { finding, place in
      Problem(.portableSQL, table.name, place ?? table.declaredAt, finding.description)
    }
    for rule in table.expectations {
      var found: [(PortabilityFinding, place: SourceLocation?)] = []
      if case .condition(let condition) = rule.test {
        let text = "SELECT (\n\(condition)\n) AS fits"
        found = try PortableSQL(text).findings(session.syntaxTree(of: text)).map { ($0, nil) }
      } else if let own = rule.query {
        found = try findings(own, table, session)
      }
      problems += found.map { finding, place in
        Problem(
          .portableSQL, table.name, place ?? rule.declaredAt,
          "the rule '\(rule.name)': \(finding.description)")
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

  /// What is found in a query, with its line of the declaration.
  private func findings(
    _ query: SQL, _ table: Table, _ session: EngineSession
  ) throws -> [(PortabilityFinding, place: SourceLocation?)] {
    var tables: [String: [String]] = [:]
    var fractions: [String: [String: PortableSQL.Fraction]] = [:]
    for input in query.inputs {
      let schema = input.onlyNew ? input.table.storedSchema : input.table.declaredSchema
      let alias = input.alias.lowercased()
      tables[alias] = schema.names
      fractions[alias] = schema.fields.reduce(into: [:]) { found, field in
        switch field.type {
        case .double, .float: found[field.name.lowercased()] = .double
        case .decimal: found[field.name.lowercased()] = .decimal
        default: break
        }
      }
    }
    let text = query.anyText
    return try PortableSQL(text, tables: tables, fractions: fractions)
      .findings(session.syntaxTree(of: text)).map {
        ($0, place: $0.offset.flatMap { query.location(ofByte: $0, in: text) })
      }
  }
}

extension SQL {
  /// The line of the declaration that a byte of the query's text stands on.
  func location(ofByte offset: Int, in text: String) -> SourceLocation? {
    location(ofLine: 1 + text.utf8.prefix(offset).count { $0 == 0x0A })
  }
}

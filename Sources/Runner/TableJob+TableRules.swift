import Basics
import DeltaLake
import Engines
import Lakehouse
import Podium

/// What a rule about a whole table found wrong.
struct TableFinding {
  /// Rows that it is about; 0 where it is about none in particular.
  let rows: Int64
  /// What was found, without values of rows.
  let words: String
}

extension TableJob {
  /// Judges the rules about the whole table or run, on what the table would hold after the commit.
  ///
  /// A rule that stops throws.
  /// - Returns: what the others found.
  func judgeTable(
    _ rowsAfter: @autoclosure () throws -> RowsAfter, _ candidates: Candidates, _ batch: Batch
  ) throws -> [RuleCount] {
    let rules = table.expectations.filter { !$0.judgesRows }
    guard !rules.isEmpty else { return [] }
    let rows = try rowsAfter()
    return try rules.compactMap { rule in
      try finding(rule, rows, candidates, batch).map { try accept($0, of: rule) }
    }
  }

  /// What a rule that only warns found, to be told; a rule that stops throws.
  func accept(
    _ finding: TableFinding, of rule: Podium.Expectation
  ) throws(RunError) -> RuleCount {
    guard rule.action != .stop else {
      throw .tableStopped(rule: rule.name, finding: finding.words, location: rule.declaredAt)
    }
    return RuleCount(
      rule: rule.name, action: rule.action, rows: finding.rows, finding: finding.words)
  }

  private func finding(
    _ rule: Podium.Expectation, _ rows: RowsAfter, _ candidates: Candidates, _ batch: Batch
  ) throws -> TableFinding? {
    switch rule.test {
    case .unique(let columns): return try repeated(columns, rows)
    case .rowCount(let bounds): return try rowCountFinding(bounds, rows, candidates, batch)
    case .freshness(let column, let age):
      let (staged, result) = try queries(rows)
      // The rows of the run are nearly always the newest; only then the others are looked at.
      let stale = try staleness(column, age, in: staged)
      return stale == nil ? nil : try staleness(column, age, in: result)
    case .query(let query): return try failures(of: query.sql, rule, rows, batch)
    case .factor, .rows, .sum, .condition, .reference, .required, .readable, .type, .oneOf, .range,
      .pattern:
      return nil
    }
  }

  /// Rows with the same values as another one, among those that have values of the run's rows.
  private func repeated(_ columns: [String], _ rows: RowsAfter) throws -> TableFinding? {
    let fields = columns.compactMap { table.storedSchema[$0] }
    let ranges = try DuckDBParquet(session).ranges(
      fields, of: Relation("(\(try queries(rows).staged))"))
    let predicate = Predicate.all(
      zip(fields, ranges).map { field, range in range.map { Predicate(field, $0) } ?? .unknown })
    let (staged, result) = try queries(rows, matching: predicate)
    let names = columns.map(sqlName)
    let present = names.map { "r.\($0) IS NOT NULL" }.joined(separator: " AND ")
    let same = names.map { "s.\($0) = r.\($0)" }.joined(separator: " AND ")
    let list = names.map { "r.\($0)" }.joined(separator: ", ")
    let row = try session.row(
      """
      SELECT count(*), coalesce(sum(n), 0)::BIGINT FROM (SELECT count(*) AS n FROM (\(result)) AS r \
      SEMI JOIN (\(staged)) AS s ON \(same) WHERE \(present) GROUP BY \(list) HAVING count(*) > 1)
      """)
    guard let values = row[0].int, values > 0, let rows = row[1].int else { return nil }
    return TableFinding(
      rows: rows,
      words: "\(counted(values, "value")) of \(columns.joined(separator: ", ")) "
        + "\(values == 1 ? "is" : "are") in \(counted(rows, "row"))")
  }

  /// Rows of a rule's query.
  private func failures(
    of sql: SQL, _ rule: Podium.Expectation, _ rows: RowsAfter, _ batch: Batch
  ) throws -> TableFinding? {
    for input in sql.inputs {
      // The table's own inputs are those of the batch; another one is read as it is now.
      if batch.inputs.contains(where: { $0.name == input.table.name }) {
        try bindPinned(input.table, batch)
      } else {
        try bindWhole(input.table, snapshot(input.table))
      }
    }
    let names = sqlNames(table.declaredSchema.names)
    let (staged, result) = try queries(rows)
    for (alias, query) in [(SQL.stagedAlias, staged), (SQL.resultAlias, result)] {
      try session.connection.execute(
        "CREATE OR REPLACE TEMP VIEW \(alias) AS SELECT \(names) FROM (\(query)) AS rows")
    }
    let failed: Int64
    do {
      failed = try session.count("SELECT count(*) FROM (\n\(sql.text(asOf: batch.asOf))\n) AS f")
    } catch {
      guard error.code == .statement else { throw error }
      let message = EngineMessage(error)
      let line = message.line.flatMap { sql.location(ofLine: $0 - 1) }
      throw RunError.query(
        location: line ?? rule.declaredAt, message: message.text(linesBefore: 1))
    }
    try rebindReferences(batch)
    guard failed > 0 else { return nil }
    return TableFinding(rows: failed, words: "its query gives \(counted(failed, "row"))")
  }
}

import Basics
import DeltaLake
import Engines
import Lakehouse
import Podium

/// Two numbers for each part of a table that must be the same.
private struct Reconciliation {
  /// A number of the table in words.
  let words: (String) -> String
  /// SQL over the query's rows, and over the source's.
  let own: String
  let source: String
  /// True where sums vary by the order of the rows.
  let isApproximate: Bool
}

extension TableJob {
  /// Compares a derived table's rows with the queries that its rules name as its source, for each part
  /// that was computed.
  ///
  /// All rows that the query gives count, those included that rules keep from the table. Both sides
  /// are cut down to the touched values, so the cost follows what changed.
  func reconcile(
    _ candidates: Candidates, _ batch: Batch, _ touched: TouchedRows? = nil
  ) throws {
    for rule in table.expectations {
      switch rule.test {
      case .rows(let factor, let query):
        try compare(
          Reconciliation(
            words: { "\($0) rows" }, own: "CAST(1 AS HUGEINT)",
            source: "CAST(\(factor) AS HUGEINT)",
            isApproximate: false), query.sql, rule, candidates, batch, touched)
      case .sum(let column, let query):
        let type = table.storedSchema[column]?.type ?? .double
        let number: String =
          switch type {
          case .long: "HUGEINT"
          case .decimal(_, let scale): "DECIMAL(38, \(scale))"
          default: "DOUBLE"
          }
        let value = "CAST(coalesce(\(sqlName(column)), 0) AS \(number))"
        try compare(
          Reconciliation(
            words: { "a sum of \(column) of \($0)" }, own: value, source: value,
            isApproximate: type == .double
          ),
          query.sql, rule, candidates, batch, touched)
      default: continue
      }
    }
  }

  private func compare(
    _ numbers: Reconciliation, _ source: SQL, _ rule: Podium.Expectation,
    _ candidates: Candidates, _ batch: Batch, _ touched: TouchedRows?
  ) throws {
    let columns =
      touched?.columns ?? derivationKey.compactMap { table.storedSchema[$0] }
    try bindSource(source, batch, touched)
    let keys = columns.enumerated().map {
      "CAST(\(sqlName($1.name)) AS \($1.type.duckDB)) AS \(TouchedValues.column($0))"
    }
    let filter = touched.map {
      " WHERE \($0.values.contains($0.columns.indices.map { "c.\(TouchedValues.column($0))" }))"
    }
    func list(_ last: [String]) -> String { (keys + last).joined(separator: ", ") }
    let groups = columns.indices.map(TouchedValues.column)
    let zero = numbers.isApproximate ? "0.0::DOUBLE" : "0"
    let differs =
      numbers.isApproximate
      ? "sum(own) IS DISTINCT FROM sum(source) AND abs(sum(own) - sum(source)) > "
        + "1e-9 * greatest(sum(abs(own)), sum(abs(source)))"
      : "sum(own) <> sum(source)"
    let row: [Value]
    do {
      row = try session.row(
        """
        SELECT count(*), CAST(sum(o) AS VARCHAR), CAST(sum(s) AS VARCHAR) FROM (\
        SELECT sum(own) AS o, sum(source) AS s FROM (\
        SELECT \(list(["\(numbers.own) AS own", "\(zero) AS source"])) FROM \(candidates.name) \
        UNION ALL SELECT * FROM (SELECT \(list(["\(zero) AS own", "\(numbers.source) AS source"])) \
        FROM (
        \(source.text(asOf: batch.asOf))
        ) AS q) AS c\(filter ?? "")) AS b\(groups.isEmpty ? "" : " GROUP BY ")\
        \(groups.joined(separator: ", ")) HAVING \(differs)) AS d
        """)
    } catch {
      guard error.code == .statement else { throw error }
      let message = EngineMessage(error)
      let line = message.line.flatMap { source.location(ofLine: $0 - 1) }
      throw RunError.query(
        location: line ?? rule.declaredAt, message: message.text(linesBefore: 1))
    }
    try rebindReferences(batch)
    guard let parts = row.first?.int, parts > 0, row.count == 3 else { return }
    throw RunError.reconciliation(
      Difference(
        rule: rule.name, table: numbers.words(row[1].string ?? "0"),
        source: row[2].string ?? "0", parts: parts, columns: columns.map(\.name),
        location: rule.declaredAt))
  }

  /// Binds what a source reads at the versions of the batch, without rows that the touched ones do not
  /// depend on, as far as that is known of this query.
  private func bindSource(_ source: SQL, _ batch: Batch, _ touched: TouchedRows?) throws {
    guard let touched, let lineage = try KeyLineage(source, asOf: batch.asOf, session) else {
      for input in source.inputs { try bindPinned(input.table, batch) }
      return
    }
    let own = TouchedRows(
      values: touched.values, read: touched.values, changes: touched.changes, lineage: lineage)
    for input in source.inputs { try bindTouched(input, own, batch) }
  }
}

import Engines
import Lakehouse
import Podium

/// A row for which a table's query or one of its rules ends with an error.
struct UncomputableRow {
  let origin: RowOrigin
  /// The engine's words, without values.
  let reason: String
}

/// Rows of a batch that are looked through, and what was found.
private struct RowSearch {
  let input: SQL.Input
  /// The temporary table of the rows.
  let rows: String
  /// The statement that fails while any such row is among them.
  let statement: String
  var found: [(row: Int64, reason: String)] = []
}

extension TableJob {
  /// A batch with more such rows than this is not a matter of single rows; the error is told as it
  /// is.
  private static let mostUncomputable = 1_000

  /// Finds the new rows that make a statement fail, and binds the inputs anew without them.
  ///
  /// The rows are halved until single ones are left, so a few bad rows cost about two more passes
  /// over the batch. A query that fails for every row is more likely wrong itself.
  /// - Parameter failure: thrown where single rows are not the reason.
  func setAsideUncomputable(
    _ query: SQL, _ statement: String, _ failure: RunError
  ) throws -> [UncomputableRow] {
    var uncomputable: [UncomputableRow] = []
    for input in query.inputs where input.onlyNew && input.table.carriesOrigin {
      let rows = try session.stage("suspects", as: "SELECT * FROM \(input.alias)")
      let total = try session.count("SELECT count(*) FROM \(rows)")
      var search = RowSearch(input: input, rows: rows, statement: statement)
      guard try self.failure(of: 0..<0, in: search) == nil else {
        try bind(input, to: "SELECT * FROM \(rows)")
        continue
      }
      try find(0..<total, &search, failure)
      guard search.found.count < total else { throw failure }
      let numbers = search.found.map { String($0.row) }.joined(separator: ", ")
      let origins = try session.connection.query(
        """
        SELECT \(TechnicalColumn.file), \(TechnicalColumn.line) FROM \(rows) \
        WHERE rowid IN (\(numbers.isEmpty ? "NULL" : numbers)) ORDER BY rowid
        """
      ).rows()
      for (row, found) in zip(origins, search.found) {
        uncomputable.append(
          UncomputableRow(
            origin: RowOrigin(file: row[0].string ?? "", line: row[1].int ?? 0),
            reason: found.reason))
      }
      try bind(
        input,
        to: numbers.isEmpty
          ? "SELECT * FROM \(rows)" : "SELECT * FROM \(rows) WHERE rowid NOT IN (\(numbers))")
    }
    guard !uncomputable.isEmpty else { throw failure }
    return uncomputable
  }

  private func find(
    _ range: Range<Int64>, _ search: inout RowSearch, _ failure: RunError
  ) throws {
    guard let reason = try self.failure(of: range, in: search) else { return }
    guard range.count > 1 else {
      search.found.append((range.lowerBound, reason))
      guard search.found.count <= TableJob.mostUncomputable else { throw failure }
      return
    }
    let middle = range.lowerBound + Int64(range.count / 2)
    try find(range.lowerBound..<middle, &search, failure)
    try find(middle..<range.upperBound, &search, failure)
  }

  /// What the engine says to a part of the rows; nil where the statement succeeds.
  private func failure(of range: Range<Int64>, in search: RowSearch) throws -> String? {
    try bind(
      search.input,
      to: """
        SELECT * FROM \(search.rows) \
        WHERE rowid >= \(range.lowerBound) AND rowid < \(range.upperBound)
        """)
    let probe: String
    do { probe = try session.stage("probe", as: search.statement) } catch {
      guard error.code == .statement else { throw error }
      return EngineMessage(error).what
    }
    session.drop(table: probe)
    return nil
  }

  /// Adds the rows to the candidates, for the quarantine: where they came from and why.
  /// - Parameter again: tells those that an earlier run judged too.
  func add(_ rows: [UncomputableRow], to candidates: String, again: RowsAgain?) throws {
    let values = rows.map { row in
      "(\(sqlLiteral(row.origin.file)), \(row.origin.line), \(sqlLiteral(row.reason)))"
    }
    try session.connection.execute(
      """
      INSERT INTO \(candidates) BY NAME SELECT \(TechnicalColumn.file), \(TechnicalColumn.line), \
      \(sqlLiteral("\(Judgement.computable): ")) || reason AS \(Judgement.failureColumn), \
      false AS \(Judgement.deleteColumn), false AS \(Judgement.warnedColumn), \
      \(TableJob.isAgain(again)) AS \(Judgement.againColumn), \
      \(Judgement.Verdict.quarantined.rawValue) AS \(Judgement.verdictColumn) \
      FROM (VALUES \(values.joined(separator: ", "))) AS q(\(TechnicalColumn.file), \
      \(TechnicalColumn.line), reason)
      """)
  }
}

import Basics
import DeltaLake
import Engines
import Lakehouse
import Podium

extension TableJob {
  /// Computes a derived table whole and replaces its rows.
  ///
  /// A table that depends on the business date keeps the partitions of other dates.
  func rebuildDerived(_ query: SQL, _ batch: Batch) throws -> JobResult {
    var read: Int64 = 0
    for input in query.inputs {
      let delta = context.tables.table(.of(input.table), session)
      let pinned = batch.inputs.first { $0.name == input.table.name }
      let snapshot = try pinned.map { try newest(input.table, delta, version: $0.to) }
      try bindWhole(input.table, snapshot)
      read += snapshot?.rowCount ?? 0
    }
    for expectation in table.expectations {
      if case .reference(_, let reference) = expectation.test,
        !query.inputs.contains(where: { $0.table == reference.table })
      {
        let pinned = batch.inputs.first { $0.name == reference.table.name }
        let parent = context.tables.table(.of(reference.table), session)
        try bindWhole(
          reference.table, try pinned.map { try newest(reference.table, parent, version: $0.to) })
      }
    }
    let candidates = try stageCandidates(query, asOf: batch.asOf, read: read)
    try enforce(candidates, deduplicated: 0)
    try checkKey(candidates)
    try batch.store(table, in: context.lake.records)
    try quarantine(candidates, batch)
    var counts = RowCounts()
    counts.read = read
    counts.inserted = candidates.passed
    counts.filtered = candidates.filtered
    counts.quarantined = candidates.quarantined
    let rows = Relation("(\(passedRows(candidates.name)))")
    let after = try write(rows, batch, counts, replacing: true, keeping: otherDates(batch))
    try Batch.remove(table, from: context.lake.records)
    return JobResult(
      counts: counts, failures: candidates.failures, version: after.version, rows: after.rowCount)
  }

  /// Tells the files of other business dates, which stay; nil where the date does not matter.
  private func otherDates(_ batch: Batch) -> ((AddFile) -> Bool)? {
    guard table.query?.readsBusinessDate == true, let column = table.partitionedBy.first else {
      return nil
    }
    return { file in (file.partitionValues[column] ?? nil) != batch.asOf }
  }

  /// A key has one row; a query that gives more has grouped by the wrong columns.
  private func checkKey(_ candidates: Candidates) throws {
    let keys = table.key.map(sqlName).joined(separator: ", ")
    let repeated = try session.count(
      """
      SELECT count(*) FROM (SELECT 1 FROM \(candidates.name) \
      WHERE \(Judgement.verdictColumn) = 0 GROUP BY \(keys) HAVING count(*) > 1)
      """)
    guard repeated == 0 else {
      throw RunError.repeatedKey(columns: table.key, keys: repeated, location: table.declaredAt)
    }
  }
}

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
    for input in query.inputs { read += try bindPinned(input.table, batch)?.rowCount ?? 0 }
    try bindReferences(query, batch)
    let candidates = try stageCandidates(query, asOf: batch.asOf, read: read)
    try enforce(candidates, deduplicated: 0)
    try checkKey(candidates)
    try checkHistory(candidates, batch)
    if batch.recordsProgress { try batch.store(table, in: context.lake.records) }
    try quarantine(candidates, batch)
    var counts = RowCounts()
    counts.read = read
    counts.inserted = candidates.passed
    counts.filtered = candidates.filtered
    counts.quarantined = candidates.quarantined
    let rows = Relation("(\(passedRows(candidates.name)))")
    let after = try write(rows, batch, counts, replacing: true, keeping: otherDates(batch))
    try Batch.remove(table, from: context.lake.records)
    return JobResult(candidates, counts, after)
  }

  /// Stops a rebuild that would lose keys of a table that keeps its history.
  ///
  /// A key is lost if no good row has it; one that a row deletes is not.
  func checkHistory(_ candidates: Candidates, _ batch: Batch) throws {
    guard table.keepsHistory, batch.rebuild, !batch.followsInputs, !context.discardHistory,
      let base = try snapshot(table), !base.files.isEmpty
    else { return }
    let replaced = otherDates(batch).map { keeps in base.orderedFiles.filter { !keeps($0) } }
    let rows = try DuckDBParquet(session).scan(delta.scan(replaced ?? base.orderedFiles, base))
    let lost = try session.count(
      """
      SELECT count(*) FROM (SELECT DISTINCT \(sqlNames(table.key)) FROM \(rows.name)) AS h \
      WHERE NOT EXISTS (SELECT 1 FROM \(candidates.name) AS c \
      WHERE c.\(Judgement.verdictColumn) = 0 AND \(sameKey("c", "h")))
      """)
    guard lost == 0 else {
      throw RunError.losesHistory(keys: lost, table: table.name, location: table.declaredAt)
    }
  }

  /// Tells the files of other business dates, which stay; nil where the date does not matter.
  private func otherDates(_ batch: Batch) -> ((AddFile) -> Bool)? {
    guard let column = datePartition else { return nil }
    return { file in (file.partitionValues[column] ?? nil) != batch.asOf }
  }

  /// The partition column of a table that depends on the business date; nil for all others.
  var datePartition: String? {
    table.query?.readsBusinessDate == true ? table.partitionedBy.first : nil
  }

  /// A key has one row; a query that gives more has grouped by the wrong columns.
  func checkKey(_ candidates: Candidates) throws {
    let repeated = try session.count(
      """
      SELECT count(*) FROM (SELECT 1 FROM \(candidates.name) \
      WHERE \(Judgement.verdictColumn) = 0 GROUP BY \(sqlNames(table.key)) HAVING count(*) > 1)
      """)
    guard repeated == 0 else {
      throw RunError.repeatedKey(columns: table.key, keys: repeated, location: table.declaredAt)
    }
  }
}

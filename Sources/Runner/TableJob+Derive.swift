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
    let read = try step(.bind, rows: { (rows: Int64) in rows }) {
      var read: Int64 = 0
      for input in query.inputs { read += try bindPinned(input.table, batch)?.rowCount ?? 0 }
      try bindReferences(query, batch)
      return read
    }
    var candidates = try step(.stage, rows: \.total) {
      try stageCandidates(query, asOf: batch.asOf, read: read)
    }
    try enforce(candidates, deduplicated: 0)
    try checkKey(candidates)
    try checkHistory(candidates, batch)
    try reconcile(candidates, batch)
    candidates.failures += try judgeTable(
      replacedRows(candidates, batch), candidates, batch)
    if batch.recordsProgress { try batch.store(table, in: context.batches) }
    try step(.quarantine, rows: { candidates.quarantined }) { try quarantine(candidates, batch) }
    var counts = RowCounts()
    counts.read = read
    let stored = try snapshot(table)
    let keeping = otherDates(batch)
    try compare(candidates, stored?.orderedFiles.filter { keeping?($0) != true } ?? [], &counts)
    counts.filtered = candidates.filtered
    counts.quarantined = candidates.quarantined
    let rows = Relation("(\(passedRows(candidates.name)))")
    let after = try step(.write, rows: { _ in candidates.passed }) {
      try write(
        rows, batch, counts, replacing: true, in: candidates.files, keeping: keeping)
    }
    try Batch.remove(table, from: context.batches)
    return JobResult(candidates, counts, after)
  }

  /// Counts what becomes of the rows in files that are replaced, and of the good rows in their place.
  func compare(
    _ candidates: Candidates, _ replaced: [AddFile], _ counts: inout RowCounts
  ) throws {
    guard let base = try snapshot(table), !replaced.isEmpty else {
      counts.inserted = candidates.passed
      return
    }
    let rows = try DuckDBParquet(session).scan(delta.scan(replaced, base)).name
    let fields = table.storedSchema.fields
    guard fields.allSatisfy({ base.schema[$0.name]?.type == $0.type }) else {
      // Rows of another shape are all others.
      counts.inserted = candidates.passed
      counts.deleted = try session.count("SELECT count(*) FROM \(rows)")
      return
    }
    let values = fields.map(\.name).filter { !table.key.contains($0) }
    let content = values.isEmpty ? "true" : "hash(\(sqlNames(values)))"
    let columns = "\(sqlNames(table.key)), \(content) AS _content"
    let row = try session.row(
      """
      SELECT count(*) FILTER (WHERE o._content IS NULL), \
      count(*) FILTER (WHERE n._content IS NULL), \
      count(*) FILTER (WHERE n._content <> o._content), \
      count(*) FILTER (WHERE n._content = o._content) FROM (\
      SELECT \(columns) FROM \(candidates.name) WHERE \(Judgement.verdictColumn) = 0) AS n \
      FULL JOIN (SELECT \(columns) FROM \(rows)) AS o ON \(sameKey("n", "o"))
      """)
    let numbers = row.map { $0.int ?? 0 }
    counts.inserted = numbers[0]
    counts.deleted = numbers[1]
    counts.updated = numbers[2]
    counts.unchanged = numbers[3]
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
      ANTI JOIN (SELECT * FROM \(candidates.name) WHERE \(Judgement.verdictColumn) = 0) AS c \
      ON \(sameKey("c", "h"))
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

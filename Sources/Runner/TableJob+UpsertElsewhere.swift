import Basics
import DeltaLake
import Engines
import Lakehouse
import Podium
import SparkEngine

/// A batch of an upserted table whose rows a server resolves and merges.
///
/// It is meant for batches that are large and touch much of the table: the server writes the touched files
/// anew, with what stays of them and the rows of the batch (copy-on-write). A small batch is merged here,
/// where it costs a deletion vector and a small file.
private struct ServerUpsert {
  let job: TableJob
  let spark: SparkJob
  let newestBy: String
  /// The view of the good candidates.
  let candidates: String

  /// What a merge does with a row of the batch.
  enum Clause: Int64 {
    case insert = 0
    case update = 1
    /// The stored row gets the file and line of a newer one with the same values.
    case move = 2
    case keep = 3
    case older = 4
    /// Records of one line that came apart: which of them wins is told by the embedded engine.
    case unclear = 5

    var writes: Bool { self == .insert || self == .update || self == .move }
    var replaces: Bool { self == .update || self == .move }
  }

  var table: Table { job.table }
  private var key: String { SparkSQL.names(table.key) }
  private var stored: String { SparkSQL.names(table.storedSchema.names) }

  private func numbers(_ query: String) throws -> [Int64] {
    (try spark.rows(query).first ?? []).map { $0.int ?? 0 }
  }

  private func same(_ a: String, _ b: String, _ columns: [String]) -> String {
    columns.map { "\(a).\(SparkSQL.name($0)) = \(b).\(SparkSQL.name($0))" }
      .joined(separator: " AND ")
  }

  // MARK: One row of each key

  /// Leaves the newest good row of each key.
  /// - Returns: a view of them, how many they are and what became of the others; nil where records of one
  ///   line contend, whose order is told by the embedded engine.
  func resolve(
    _ passed: Int64
  ) throws -> (view: String, keys: Int64, deduplicated: Int64, superseded: Int64)? {
    // Mostly few keys occur more than once, and only their rows are sorted.
    let repeated = try spark.write(
      "SELECT \(key) FROM \(candidates) GROUP BY \(key) HAVING count(*) > 1")
    guard repeated.rows > 0 else { return (candidates, passed, 0, 0) }
    let place = [newestBy, TechnicalColumn.file, TechnicalColumn.line]
    let row = table.key + place.filter { !table.key.contains($0) }
    let order = place.map { "\(SparkSQL.name($0)) DESC NULLS LAST" }.joined(separator: ", ")
    let ranked = try spark.write(
      """
      SELECT \(SparkSQL.names(row)), \
      CAST(row_number() OVER (PARTITION BY \(key) ORDER BY \(order)) AS INT) AS _rank, \
      CAST(row_number() OVER (PARTITION BY \(SparkSQL.names(table.declaredSchema.names)) \
      ORDER BY \(order)) AS INT) AS _copy FROM \(candidates) AS c \
      LEFT SEMI JOIN \(spark.view(of: repeated)) AS r ON \(same("r", "c", table.key))
      """)
    let view = try spark.view(of: ranked)
    let contending = try numbers(
      """
      SELECT count(*) FROM (SELECT 1 FROM \(view) GROUP BY \(SparkSQL.names(row)) \
      HAVING count(*) > 1) AS r
      """)
    guard contending == [0] else { return nil }
    let counts = try numbers(
      "SELECT count(*) FILTER (WHERE _rank > 1), count(*) FILTER (WHERE _copy > 1) FROM \(view)")
    guard counts.count == 2 else { return nil }
    let resolved = """
      (SELECT \(stored) FROM \(candidates) AS c LEFT ANTI JOIN \
      (SELECT \(SparkSQL.names(row)) FROM \(view) WHERE _rank > 1) AS l ON \(same("l", "c", row)))
      """
    return (resolved, passed - counts[0], counts[1], counts[0] - counts[1])
  }

  // MARK: What becomes of stored rows

  /// Tells each resolved row what a merge does with it, and in which file the stored row of its key is.
  func match(_ resolved: String, _ target: String) throws -> SparkJob.Output {
    let values = table.columns.map(\.name).filter { !table.key.contains($0) }
    let differs = values.map {
      "NOT (s.\(SparkSQL.name($0)) <=> t.\(SparkSQL.name($0)))"
    }.joined(separator: " OR ")
    let by = SparkSQL.name(newestBy)
    let (file, line) = (TechnicalColumn.file, TechnicalColumn.line)
    let newer = """
      (s.\(by) > t.\(by) OR s.\(by) = t.\(by) AND (s.\(file) > t.\(file) \
      OR s.\(file) = t.\(file) AND s.\(line) > t.\(line)))
      """
    let place = "s.\(file) = t.\(file) AND s.\(line) = t.\(line)"
    let changed = differs.isEmpty ? "false" : "(\(differs))"
    let own = table.storedSchema.names.map { "s.\(SparkSQL.name($0))" }.joined(separator: ", ")
    return try spark.write(
      """
      SELECT \(own), CAST(CASE WHEN t.\(Scan.fileColumn) IS NULL THEN \(Clause.insert.rawValue) \
      WHEN \(newer) AND \(changed) THEN \(Clause.update.rawValue) \
      WHEN \(newer) THEN \(Clause.move.rawValue) \
      WHEN \(place) AND s.\(by) = t.\(by) AND \(changed) THEN \(Clause.unclear.rawValue) \
      WHEN \(place) THEN \(Clause.keep.rawValue) \
      ELSE \(Clause.older.rawValue) END AS INT) AS _clause, t.\(Scan.fileColumn) AS _stored_in \
      FROM \(resolved) AS s LEFT JOIN \(target) AS t ON \(same("s", "t", table.key))
      """)
  }

  func counts(_ matched: String) throws -> [Clause: Int64] {
    var counts: [Clause: Int64] = [:]
    for row in try spark.rows("SELECT _clause, count(*) FROM \(matched) GROUP BY _clause") {
      if let clause = row[0].int.flatMap(Clause.init) { counts[clause] = row[1].int }
    }
    return counts
  }

  /// The indexes of the files that hold rows which are replaced.
  func touchedFiles(_ matched: String) throws -> Set<Int> {
    let replacing = "_clause IN (\(Clause.update.rawValue), \(Clause.move.rawValue))"
    let rows = try spark.rows("SELECT DISTINCT _stored_in FROM \(matched) WHERE \(replacing)")
    return Set(rows.compactMap { $0[0].int.map { Int($0) } })
  }

  // MARK: New files

  /// Writes rows as files, for a table with partitions those of each apart.
  /// - Parameter parts: queries for all of them, each with all stored columns.
  /// - Returns: nil where the names of folders cannot tell the partitions.
  func write(_ parts: [String]) throws -> [DeltaTable.PartitionFiles]? {
    let columns = table.storedPartitions
    let fields = columns.compactMap { table.storedSchema[$0] }
    guard SparkJob.writes(partitions: fields) else { return nil }
    let all = "SELECT * FROM (\(parts.joined(separator: " UNION ALL "))) AS w"
    return try spark.write(all, SparkJob.Layout(partitionedBy: columns)).parts
  }

  /// A query for the matched rows that are written.
  func written(_ matched: String) -> String {
    let clauses = [Clause.insert, .update, .move].map { String($0.rawValue) }
    return "SELECT \(stored) FROM \(matched) WHERE _clause IN (\(clauses.joined(separator: ", ")))"
  }

  /// A query for the rows of touched files that stay.
  func staying(_ target: String, _ matched: String, _ touched: Set<Int>) -> String {
    let files = touched.sorted().map(String.init).joined(separator: ", ")
    let names = table.storedSchema.names.map { "t.\(SparkSQL.name($0))" }.joined(separator: ", ")
    return """
      SELECT \(names) FROM (SELECT * FROM \(target) WHERE \(Scan.fileColumn) IN (\(files))) AS t \
      LEFT ANTI JOIN (SELECT \(key) FROM \(matched) WHERE _clause IN \
      (\(Clause.update.rawValue), \(Clause.move.rawValue))) AS m ON \(same("m", "t", table.key))
      """
  }

  /// A query for all resolved rows.
  func everything(_ resolved: String) -> String { "SELECT \(stored) FROM \(resolved) AS r" }
}

extension TableJob {
  /// Has a server resolve a large batch and merge it into the table.
  /// - Returns: nil where the embedded engine has to, or had better; nothing was stored then.
  func upsertElsewhere(
    _ candidates: Candidates, _ newestBy: String, _ batch: Batch, _ counts: RowCounts
  ) throws -> JobResult? {
    guard let spark, let shared = candidates.shared, table.write.deleteWhen == nil,
      table.expectations.allSatisfy(\.judgesRows), !table.keepsHistory,
      table.key.allSatisfy({ name in !(table.columns.first { $0.name == name }?.nullable ?? true) })
    else { return nil }
    let existing = try snapshot(table)
    let base = try existing ?? create()
    var metadata = transaction("MERGE")
    let target = try withDeclaration(base, &metadata)
    let fields = target.schema.fields.map { StructField($0.name, $0.type) }
    guard fields == table.storedSchema.fields.map({ StructField($0.name, $0.type) }) else {
      return nil
    }
    let replacesAll = batch.rebuild || base.files.isEmpty
    // Where little of the table is touched, few bytes are written by deletion vectors.
    guard replacesAll || candidates.passed >= (base.rowCount ?? .max) / 10 else { return nil }
    let all = try spark.view(
      of: shared, fields + [StructField(Judgement.verdictColumn, .byte)])
    let work = ServerUpsert(
      job: self, spark: spark, newestBy: newestBy,
      candidates: "(SELECT * FROM \(all) WHERE \(Judgement.verdictColumn) = 0)")
    guard let resolved = try step(.resolve, { try work.resolve(candidates.passed) }) else {
      return nil
    }
    var counts = counts
    counts.deduplicated = resolved.deduplicated
    counts.superseded = resolved.superseded
    return replacesAll
      ? try replaceAll(work, resolved.view, resolved.keys, candidates, batch, counts, base)
      : try mergeElsewhere(work, resolved.view, candidates, batch, counts, base)
  }

  private func replaceAll(
    _ work: ServerUpsert, _ resolved: String, _ keys: Int64, _ candidates: Candidates,
    _ batch: Batch, _ counts: RowCounts, _ base: Snapshot
  ) throws -> JobResult? {
    var counts = counts
    counts.inserted = keys
    guard let parts = try step(.write, { try work.write([work.everything(resolved)]) }) else {
      return nil
    }
    var candidates = candidates
    candidates.failures += try admit(
      candidates, batch, counts, nil, addedRows(candidates, batch))
    return try replace(base.orderedFiles, parts, keys, "OVERWRITE", candidates, batch, counts, base)
  }

  /// What is certain of the keys of a batch.
  private func keys(in shared: SparkJob.Shared, _ base: Snapshot) throws -> Predicate {
    let columns = table.key.compactMap { base.schema[$0] }
    let ranges = try DuckDBParquet(session).ranges(columns, of: Relation(shared.relation))
    return .all(
      zip(columns, ranges).map { column, range in
        range.map { Predicate(column, $0) } ?? .unknown
      })
  }

  private func mergeElsewhere(
    _ work: ServerUpsert, _ resolved: String, _ candidates: Candidates, _ batch: Batch,
    _ counts: RowCounts, _ base: Snapshot
  ) throws -> JobResult? {
    guard let shared = candidates.shared else { return nil }
    let predicate = try keys(in: shared, base)
    let files = base.files(matching: predicate).files
    let scan = try delta.scan(files, base)
    guard !base.hasChangeFeed, !files.isEmpty, let stored = try work.spark.numbered(scan) else {
      return nil
    }
    let matched = try step(.write, { try work.spark.view(of: work.match(resolved, stored)) })
    let found = try work.counts(matched)
    guard found[.unclear] == nil else { return nil }
    let touched = try work.touchedFiles(matched)
    var queries = [work.written(matched)]
    if !touched.isEmpty { queries.append(work.staying(stored, matched, touched)) }
    guard let parts = try step(.write, { try work.write(queries) }) else { return nil }
    func rows(_ clauses: ServerUpsert.Clause...) -> Int64 {
      clauses.reduce(0) { $0 + (found[$1] ?? 0) }
    }
    var counts = counts
    counts.inserted = rows(.insert)
    counts.updated = rows(.update)
    counts.unchanged = rows(.move, .keep)
    counts.superseded += rows(.older)
    let live = touched.reduce(Int64(0)) { sum, index in
      sum + (scan.files[index].recordCount ?? 0) - Int64(scan.files[index].rows.bitmap?.count ?? 0)
    }
    var candidates = candidates
    candidates.failures += try admit(
      candidates, batch, counts, nil, addedRows(candidates, batch))
    return try replace(
      files.indices.filter(touched.contains).map { files[$0] }, parts, live + rows(.insert),
      "MERGE", candidates, batch, counts, base)
  }

  /// Commits what a server wrote.
  private func replace(
    _ replaced: [AddFile], _ parts: [DeltaTable.PartitionFiles], _ rows: Int64, _ operation: String,
    _ candidates: Candidates, _ batch: Batch, _ counts: RowCounts, _ base: Snapshot
  ) throws -> JobResult? {
    try checkAccounting(counts, candidates)
    var transaction = try progress(operation, batch, counts)
    let target = try withDeclaration(base, &transaction)
    let result = try step(.write, rows: { _ in counts.inserted + counts.updated }) {
      try delta.replace(replaced, by: parts, target, rows: rows) { transaction }
    }
    guard let result else {
      throw RunError.other(
        "the server wrote other rows for \(table.name) than its merge comes to. Nothing was committed. "
          + "Compute with --engine duckdb.")
    }
    context.tables.record(location, result.snapshot)
    return JobResult(candidates, counts, result.snapshot)
  }
}

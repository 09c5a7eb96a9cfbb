import Basics
import DeltaLake
import Engines
import Lakehouse
import Podium

/// The newest good row of each key among a run's candidates.
struct ResolvedRows {
  /// A query for the rows: the stored columns and `_delete`.
  let query: String
  let keys: Int64
  /// Exact repeats among the candidates.
  let deduplicated: Int64
  /// Candidates of a key that are older than its newest.
  let superseded: Int64
}

extension TableJob {
  private var stored: String { sqlNames(table.storedSchema.names) }
  private var keyColumns: String { sqlNames(table.key) }

  /// A condition that the rows of two aliases have the same key.
  func sameKey(_ a: String, _ b: String) -> String {
    table.key.map { "\(a).\(sqlName($0)) = \(b).\(sqlName($0))" }.joined(separator: " AND ")
  }

  /// A condition that a row of an alias has one of the keys of a table.
  func hasKey(_ alias: String, of keys: String) -> String {
    "EXISTS (SELECT 1 FROM \(keys) AS k WHERE \(sameKey("k", alias)))"
  }

  /// Leaves one row a key: the newest by `newestBy`, then by file, then by line; of several records of
  /// one line a deletion, then the one with the greatest hash.
  ///
  /// Only rows of keys that occur more than once are sorted, and of those only the columns that
  /// order them. Exact repeats are told by a 64-bit hash of the declared columns: it only decides
  /// under which name a row that loses is counted.
  func resolve(_ candidates: Candidates, newestBy: String) throws -> ResolvedRows {
    let passed = "\(Judgement.verdictColumn) = 0"
    let columns = "\(stored), \(Judgement.deleteColumn)"
    // A key's rows are all of one part.
    let parts = 1 + candidates.passed / session.rowsAtOnce
    let (repeatedKeys, repeatedCount) = try session.stageCounting(
      "repeated_keys", parts: parts
    ) { part in
      let ofPart = parts == 1 ? "" : " AND hash(\(keyColumns)) % \(parts) = \(part)"
      return """
        SELECT \(keyColumns) FROM \(candidates.name) WHERE \(passed)\(ofPart) \
        GROUP BY \(keyColumns) HAVING count(*) > 1
        """
    }
    guard repeatedCount > 0 else {
      return ResolvedRows(
        query: "SELECT \(columns) FROM \(candidates.name) WHERE \(passed)",
        keys: candidates.passed, deduplicated: 0, superseded: 0)
    }
    let declared = "\(sqlNames(table.declaredSchema.names)), \(Judgement.deleteColumn)"
    let (ranked, total) = try session.stageCounting(
      "ranked",
      as: """
        SELECT c.\(candidates.rowID) AS candidate, \(keyColumns), hash(\(declared)) AS _hash, row_number() OVER (\
        PARTITION BY \(keyColumns) ORDER BY \(sqlName(newestBy)) DESC, \
        \(TechnicalColumn.file) DESC, \(TechnicalColumn.line) DESC, \
        \(Judgement.deleteColumn) DESC, hash(\(declared)) DESC) AS _rank \
        FROM \(candidates.name) AS c SEMI JOIN \(repeatedKeys) AS r ON \(sameKey("r", "c")) \
        WHERE \(passed)
        """)
    let distinct = try session.count(
      "SELECT count(*) FROM (SELECT DISTINCT \(keyColumns), _hash FROM \(ranked))")
    return ResolvedRows(
      query: """
        SELECT \(columns) FROM \(candidates.name) AS c \
        ANTI JOIN (SELECT candidate FROM \(ranked) WHERE _rank > 1) AS r \
        ON r.candidate = c.\(candidates.rowID) WHERE \(passed)
        """, keys: candidates.passed - total + repeatedCount, deduplicated: total - distinct,
      superseded: distinct - repeatedCount)
  }

  /// Merges resolved rows into the table, older rows never replacing newer ones.
  func upsert(
    _ resolved: ResolvedRows, _ newestBy: String, deletes: Bool, _ candidates: Candidates,
    _ batch: Batch, _ counts: RowCounts, _ again: RowsAgain?
  ) throws -> JobResult {
    var counts = counts
    var source = Relation("(\(resolved.query))")
    if deletes {
      let staged = try session.stage("resolved", as: resolved.query)
      source = Relation(staged)
      counts.superseded += try applyTombstones(staged, newestBy, rebuild: batch.rebuild)
    }
    guard !batch.rebuild, let base = try snapshot(table), !base.files.isEmpty else {
      return try insertAll(source, candidates, batch, counts)
    }
    if !deletes { source = Relation(try session.stage("resolved", as: resolved.query)) }
    return try merge(source, base, newestBy, candidates, batch, counts, again)
  }

  private func insertAll(
    _ source: Relation, _ candidates: Candidates, _ batch: Batch, _ counts: RowCounts
  ) throws -> JobResult {
    var counts = counts
    let row = try session.row(
      """
      SELECT count(*) FILTER (WHERE \(Judgement.deleteColumn)), count(*) FROM \(source.name) AS s
      """)
    counts.deleted = row[0].int ?? 0
    counts.inserted = (row[1].int ?? 0) - counts.deleted
    try checkAccounting(counts, candidates)
    let rows = Relation(
      "(SELECT \(stored) FROM \(source.name) AS s WHERE NOT \(Judgement.deleteColumn))")
    let after = try write(rows, batch, counts, replacing: true)
    return JobResult(candidates, counts, after)
  }

  private func merge(
    _ source: Relation, _ base: Snapshot, _ newestBy: String, _ candidates: Candidates,
    _ batch: Batch, _ counts: RowCounts, _ again: RowsAgain?
  ) throws -> JobResult {
    // All rows of a replaced key were read, so what they come to is right, newer or not.
    func isReplaced(_ alias: String) -> String? {
      (again?.replacedKeys).map { hasKey(alias, of: $0) }
    }
    let newer = beats(newestBy, "source", "target")
    let values = table.columns.map(\.name).filter { !table.key.contains($0) }
    let differs = values.map {
      "source.\(sqlName($0)) IS DISTINCT FROM target.\(sqlName($0))"
    }.joined(separator: " OR ")
    let same = """
      source.\(TechnicalColumn.file) = target.\(TechnicalColumn.file) \
      AND source.\(TechnicalColumn.line) = target.\(TechnicalColumn.line)
      """
    let replaced = isReplaced("source")
    let wins = replaced.map { "(\(newer) OR \($0))" } ?? newer
    let moves = replaced.map { "(\(newer) OR \($0) AND NOT (\(same)))" } ?? newer
    var counts = counts
    var transaction = Transaction("MERGE", isBlindAppend: false)
    let target = try withDeclaration(base, &transaction)
    let declared = transaction.actions
    try searches(base.orderedFiles)
    let result = try delta.merge(
      source, target, keys: table.key,
      whenMatched: [
        .init(.delete, when: "\(wins) AND source.\(Judgement.deleteColumn)"),
        .init(.update, when: "\(wins) AND (\(differs.isEmpty ? "false" : differs))"),
        .init(.update, when: moves), .init(.keep, when: same), .init(.keep),
      ], insertWhen: "NOT source.\(Judgement.deleteColumn)",
      whenNotMatchedBySource: isReplaced("target").map { [.init(.delete, when: $0)] } ?? []
    ) { matches in
      counts.deleted += matches.matched[0] + matches.ignored
      counts.updated += matches.matched[1]
      counts.unchanged += matches.matched[2] + matches.matched[3]
      counts.superseded += matches.matched[4]
      counts.inserted += matches.inserted
      try checkAccounting(counts, candidates)
      var transaction = try progress("MERGE", batch, counts)
      transaction.actions += declared
      return transaction
    }
    context.tables.record(location, result.snapshot)
    return JobResult(candidates, counts, result.snapshot)
  }

  /// A condition that a candidate replaces a stored row: it comes after it or, where both are records of
  /// one line that came apart, deletes it or has the greater hash.
  func beats(_ newestBy: String, _ candidate: String, _ stored: String) -> String {
    func hash(_ alias: String) -> String {
      "hash(\(table.declaredSchema.names.map { "\(alias).\(sqlName($0))" }.joined(separator: ", ")))"
    }
    let place = [newestBy, TechnicalColumn.file, TechnicalColumn.line].map {
      "\(candidate).\(sqlName($0)) = \(stored).\(sqlName($0))"
    }.joined(separator: " AND ")
    return "(\(TableJob.newer(newestBy, candidate, than: stored)) OR \(place) AND "
      + "(\(candidate).\(Judgement.deleteColumn) OR \(hash(candidate)) > \(hash(stored))))"
  }

  /// A condition that the row of one alias comes after that of another: by `newestBy`, then by
  /// file, then by line.
  static func newer(_ newestBy: String, _ a: String, than b: String) -> String {
    let by = sqlName(newestBy)
    let file = TechnicalColumn.file
    let line = TechnicalColumn.line
    return """
      (\(a).\(by) > \(b).\(by) OR \(a).\(by) = \(b).\(by) AND (\
      \(a).\(file) > \(b).\(file) OR \(a).\(file) = \(b).\(file) \
      AND \(a).\(line) > \(b).\(line)))
      """
  }
}

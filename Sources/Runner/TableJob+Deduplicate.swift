import Basics
import DeltaLake
import Engines
import Lakehouse
import Podium

extension TableJob {
  /// Adds the good rows that repeat no other, and takes out those that an earlier one now precedes.
  ///
  /// A stored row knows how far its repeats reach, so that it and new rows alone tell what repeats
  /// what: two stored rows become one when a new one closes the gap.
  func refreshDistinct(
    _ columns: [String], _ window: Duration, _ time: String, _ candidates: Candidates,
    _ batch: Batch, _ counts: RowCounts, _ again: RowsAgain?
  ) throws -> JobResult {
    let base = batch.rebuild ? nil : try snapshot(table)
    // Rows of groups that are told anew are read again as far as they are still there.
    let groups = again?.replacesGroups == true ? again?.replacedKeys : nil
    let rows = try stageWithStored(candidates, columns, window, time, base, without: groups)
    let chains = try stageChains(rows, columns, window, time)
    var counts = counts
    let row = try session.row(
      """
      SELECT count(*) FILTER (WHERE _starts), count(*) FROM \(chains) WHERE _new
      """)
    counts.inserted = row[0].int ?? 0
    counts.deduplicated = (row[1].int ?? 0) - counts.inserted
    var candidates = candidates
    candidates.failures += try admit(
      candidates, batch, counts, again, distinctRows(chains, batch))
    let stored = sqlNames(table.storedSchema.names)
    guard let base, !base.files.isEmpty else {
      let rows = Relation("(SELECT \(stored) FROM \(chains) WHERE _starts)")
      return JobResult(candidates, counts, try write(rows, batch, counts, replacing: true))
    }
    let until = TechnicalColumn.until
    var transaction = try progress("MERGE", batch, counts)
    let target = try withDeclaration(base, &transaction)
    try searches(base.orderedFiles)
    let source = again == nil ? chains : try stageOnce(chains)
    let result = try delta.merge(
      Relation(source), target, keys: table.key + [TechnicalColumn.file, TechnicalColumn.line],
      whenMatched: [
        .init(.delete, when: "NOT source._starts"),
        .init(.update, when: "source.\(until) IS DISTINCT FROM target.\(until)"), .init(.keep),
      ], insertWhen: "source._starts",
      whenNotMatchedBySource: groups.map {
        [.init(.delete, when: isInGroup("target", columns, of: $0))]
      } ?? []
    ) { _ in transaction }
    context.tables.record(location, result.snapshot)
    return JobResult(candidates, counts, result.snapshot)
  }

  /// One row of each line of each file: it may hold a row that is stored, or read again, and a repeat
  /// of it.
  private func stageOnce(_ chains: String) throws -> String {
    let place = sqlNames(table.key + [TechnicalColumn.file, TechnicalColumn.line])
    return try session.stage(
      "lines",
      as: """
        SELECT * FROM \(chains) \
        QUALIFY row_number() OVER (PARTITION BY \(place) ORDER BY _starts DESC) = 1
        """)
  }

  /// A condition that a row of an alias is of one of some groups.
  private func isInGroup(_ alias: String, _ columns: [String], of groups: String) -> String {
    let same = columns.map { "g.\(sqlName($0)) IS NOT DISTINCT FROM \(alias).\(sqlName($0))" }
    return "EXISTS (SELECT 1 FROM \(groups) AS g WHERE \(same.joined(separator: " AND ")))"
  }

  /// A condition that a row can be a repeat.
  private func isComparable(_ columns: [String], _ time: String) -> String {
    (columns + [time]).map { "\(sqlName($0)) IS NOT NULL" }.joined(separator: " AND ")
  }

  /// The good rows, and the stored rows that may repeat one of them or be repeated.
  private func stageWithStored(
    _ candidates: Candidates, _ columns: [String], _ window: Duration, _ time: String,
    _ base: Snapshot?, without told: String?
  ) throws -> String {
    let names = sqlNames(table.querySchema.names)
    let new = try session.stage(
      "new_rows",
      as: """
        SELECT \(names), \(sqlName(time)) AS \(TechnicalColumn.until), true AS _new \
        FROM \(candidates.name) WHERE \(Judgement.verdictColumn) = 0
        """)
    guard let base, !base.files.isEmpty else { return new }
    let reach = TableJob.microseconds(window)
    let groups = sqlNames(columns)
    let spans = try session.stage(
      "spans",
      as: """
        SELECT \(groups), min(epoch_us(\(sqlName(time)))) - \(reach) AS _low, \
        max(epoch_us(\(sqlName(time)))) + \(reach) AS _high FROM \(new) \
        WHERE \(isComparable(columns, time)) GROUP BY \(groups)
        """)
    let files = try files(of: base, spans, time)
    let rows = try DuckDBParquet(session).scan(delta.scan(files, base))
    let same = columns.map { "s.\(sqlName($0)) = t.\(sqlName($0))" }.joined(separator: " AND ")
    let others = told.map { " AND NOT \(isInGroup("t", columns, of: $0))" } ?? ""
    return try session.stage(
      "new_and_stored",
      as: """
        SELECT * FROM \(new) UNION ALL BY NAME \
        SELECT \(sqlNames(table.storedSchema.names)), false AS _new FROM \(rows.name) AS t \
        SEMI JOIN \(spans) AS s ON \(same) AND epoch_us(t.\(TechnicalColumn.until)) >= s._low \
        AND epoch_us(t.\(sqlName(time))) <= s._high WHERE true\(others)
        """)
  }

  /// The files that may hold rows within reach of the new ones.
  private func files(of base: Snapshot, _ spans: String, _ time: String) throws -> [AddFile] {
    let row = try session.row("SELECT min(_low), max(_high) FROM \(spans)")
    guard let low = row[0].int, let high = row[1].int else { return [] }
    let first = PredicateValue.timestamp(Timestamp(microseconds: low))
    let last = PredicateValue.timestamp(Timestamp(microseconds: high))
    let predicate = Predicate.all([
      .compare(TechnicalColumn.until, .greaterOrEqual, first),
      .compare(time, .lessOrEqual, last),
    ])
    return base.files(matching: predicate).files
  }

  /// Rows that follow each other within the window, by the first of them: which it is, and how far
  /// they reach.
  private func stageChains(
    _ rows: String, _ columns: [String], _ window: Duration, _ time: String
  ) throws -> String {
    let order = sqlNames(
      [time] + table.key + [TechnicalColumn.file, TechnicalColumn.line])
    let groups = sqlNames(columns)
    let until = TechnicalColumn.until
    let comparable = isComparable(columns, time)
    let before = """
      max(epoch_us(\(until))) OVER (PARTITION BY \(groups) ORDER BY \(order) \
      ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)
      """
    return try session.stage(
      "chains",
      as: """
        SELECT * REPLACE (max(\(until)) OVER (PARTITION BY \(groups), _chain) AS \(until)) FROM (\
        SELECT *, sum(CASE WHEN _starts THEN 1 ELSE 0 END) OVER (PARTITION BY \(groups) \
        ORDER BY \(order) ROWS UNBOUNDED PRECEDING) AS _chain FROM (\
        SELECT *, coalesce(epoch_us(\(sqlName(time))) - \(before) > \
        \(TableJob.microseconds(window)), true) AS _starts FROM \(rows) WHERE \(comparable))) \
        UNION ALL BY NAME SELECT *, true AS _starts, CAST(0 AS HUGEINT) AS _chain FROM \(rows) \
        WHERE NOT (\(comparable))
        """)
  }

  /// The length of a window; the largest there is for those beyond.
  static func microseconds(_ window: Duration) -> Int64 {
    let (seconds, attoseconds) = window.components
    let (whole, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000)
    let limit: Int64 = 1 << 60
    guard !overflow, whole < limit else { return limit }
    return whole + attoseconds / 1_000_000_000_000
  }
}

import DeltaLake
import Engines
import Lakehouse
import Podium

extension TableJob {
  private typealias Added = Write.HistoryColumn

  /// Tells the states of keys from all rows of these, and puts them in the place of those that the
  /// table has.
  ///
  /// The rows that earlier runs consumed too are there to tell the states; they are not counted.
  func refreshHistory(
    _ changedAt: String, _ candidates: Candidates, _ batch: Batch, _ again: RowsAgain?
  ) throws -> JobResult {
    let ordered = try stageOrdered(candidates, changedAt)
    let states = try stageStates(ordered, changedAt)
    let counts = try counts(candidates, ordered, states)
    var candidates = candidates
    candidates.failures += try admit(
      candidates, batch, counts, again, historyRows(states, batch, again))
    let columns = sqlNames(table.storedSchema.names)
    guard !batch.rebuild, let keys = again?.replacedKeys, let base = try snapshot(table),
      !base.files.isEmpty
    else {
      let rows = Relation("(SELECT \(columns) FROM \(states) WHERE _opens)")
      return JobResult(candidates, counts, try write(rows, batch, counts, replacing: true))
    }
    let source = Relation(
      try session.stage("history", as: "SELECT \(columns) FROM \(states) WHERE _opens"))
    let same = table.storedSchema.names.map {
      "source.\(sqlName($0)) IS NOT DISTINCT FROM target.\(sqlName($0))"
    }.joined(separator: " AND ")
    let isTouched = hasKey("target", of: keys)
    var transaction = try progress("MERGE", batch, counts)
    let target = try withDeclaration(base, &transaction)
    try searches(base.orderedFiles)
    let result = try delta.merge(
      source, target, keys: table.key + [Added.validFrom],
      whenMatched: [.init(.keep, when: same), .init(.update)],
      whenNotMatchedBySource: [.init(.delete, when: isTouched)]
    ) { _ in transaction }
    context.tables.record(location, result.snapshot)
    return JobResult(candidates, counts, result.snapshot)
  }

  /// The good rows with their place among those of the same key and time, and among exact repeats.
  private func stageOrdered(_ candidates: Candidates, _ changedAt: String) throws -> String {
    let declared = "\(sqlNames(table.queriedSchema.names)), \(Judgement.deleteColumn)"
    let time = "\(sqlNames(table.key)), \(sqlName(changedAt))"
    // Records of one line have an order too, whatever it is: a deletion first, then by hash.
    let newest =
      "ORDER BY \(TechnicalColumn.file) DESC, \(TechnicalColumn.line) DESC, "
      + "\(Judgement.deleteColumn) DESC, hash(\(declared)) DESC"
    return try session.stage(
      "ordered",
      as: """
        SELECT \(sqlNames(table.querySchema.names)), \(Judgement.deleteColumn), \
        \(Judgement.againColumn), row_number() OVER (PARTITION BY \(time) \(newest)) AS _rank, \
        row_number() OVER (PARTITION BY \(time), hash(\(declared)) \(newest)) AS _repeat \
        FROM \(candidates.name) WHERE \(Judgement.verdictColumn) = 0
        """)
  }

  /// Of each key and time the row that counts: whether it begins a state, and when that ends.
  private func stageStates(_ ordered: String, _ changedAt: String) throws -> String {
    let time = sqlName(changedAt)
    let window = "(PARTITION BY \(sqlNames(table.key)) ORDER BY \(time))"
    let delete = Judgement.deleteColumn
    let values = table.queriedSchema.names.filter { !table.key.contains($0) && $0 != changedAt }
    let differs = values.map { "\(sqlName($0)) IS DISTINCT FROM lag(\(sqlName($0))) OVER w" }
    let begins = (["_ended IS NULL", "_ended"] + (differs.isEmpty ? [] : ["_differs"]))
      .joined(separator: " OR ")
    let marked = """
      SELECT *, lag(\(delete)) OVER w AS _ended, \
      \(differs.isEmpty ? "false" : differs.joined(separator: " OR ")) AS _differs \
      FROM \(ordered) WHERE _rank = 1 WINDOW w AS \(window)
      """
    let told = """
      SELECT *, NOT \(delete) AND (\(begins)) AS _opens, \
      \(delete) AND coalesce(NOT _ended, false) AS _closes FROM (\(marked)) AS m
      """
    // The next row that begins or ends a state is looked for among those that do.
    return try session.stage(
      "states",
      as: """
        WITH told AS (\(told)), bounds AS (\
        SELECT \(sqlNames(table.key)), \(time), lead(\(time)) OVER \(window) AS _next \
        FROM told WHERE _opens OR _closes) \
        SELECT t.*, t.\(time) AS \(Added.validFrom), b._next AS \(Added.validTo), \
        b._next IS NULL AS \(Added.isCurrent) FROM told AS t LEFT JOIN bounds AS b \
        ON \(sameKey("b", "t")) AND b.\(time) = t.\(time)
        """)
  }

  /// What became of the rows that this run reads for the first time.
  private func counts(
    _ candidates: Candidates, _ ordered: String, _ states: String
  ) throws -> RowCounts {
    let new = "NOT \(Judgement.againColumn)"
    let row = try session.row(
      """
      SELECT * FROM (SELECT count(*) FILTER (WHERE _repeat = 1), count(*) FILTER (WHERE _repeat > 1) \
      FROM \(ordered) WHERE \(new) AND _rank > 1) AS o, (\
      SELECT count(*) FILTER (WHERE _opens), count(*) FILTER (WHERE \(Judgement.deleteColumn)), \
      count(*) FROM \(states) WHERE \(new)) AS s
      """)
    let numbers = row.map { $0.int ?? 0 }
    var counts = RowCounts()
    counts.read = candidates.read - candidates.again.total
    counts.superseded = numbers[0]
    counts.deduplicated = numbers[1]
    counts.inserted = numbers[2]
    counts.deleted = numbers[3]
    counts.unchanged = numbers[4] - numbers[2] - numbers[3]
    counts.filtered = candidates.filtered - candidates.again.filtered
    counts.quarantined = candidates.quarantined - candidates.again.quarantined
    return counts
  }
}

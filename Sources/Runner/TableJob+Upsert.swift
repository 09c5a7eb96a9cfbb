import Basics
import DeltaLake
import Engines
import Lakehouse
import Podium
import SparkEngine

/// What one table's work came to.
struct JobResult {
  let counts: RowCounts
  let failures: [RuleCount]
  /// The table's version afterwards.
  let version: Int64
  /// Rows of the table afterwards, where its statistics tell.
  let rows: Int64?
  /// Why the work was done, where that is known better than before it.
  var reason: String?

  init(counts: RowCounts, failures: [RuleCount], version: Int64, rows: Int64?) {
    self.counts = counts
    self.failures = failures
    self.version = version
    self.rows = rows
  }

  /// The result of a commit of judged rows.
  init(_ candidates: Candidates, _ counts: RowCounts, _ after: Snapshot) {
    self.init(
      counts: counts, failures: candidates.failures, version: after.version, rows: after.rowCount)
  }

  /// Rows added, changed or deleted.
  var written: Int64 { counts.inserted + counts.updated + counts.deleted }

  /// The result of two commits of one run.
  func followed(by next: JobResult) -> JobResult {
    var rules = failures
    for failure in next.failures {
      if let index = rules.firstIndex(where: { $0.rule == failure.rule }) {
        rules[index] = RuleCount(
          rule: failure.rule, action: failure.action, rows: rules[index].rows + failure.rows,
          finding: failure.finding)
      } else {
        rules.append(failure)
      }
    }
    var both = JobResult(
      counts: counts + next.counts, failures: rules, version: next.version, rows: next.rows)
    both.reason = reason ?? next.reason
    return both
  }
}

extension TableJob {
  /// Judges the new rows of the inputs, and merges or adds the good ones.
  /// - Parameter again: consumed rows that are judged once more with them.
  func refreshRows(
    _ query: SQL, _ batch: Batch, again: RowsAgain? = nil
  ) throws -> JobResult {
    let read = try step(.bind, rows: { (rows: Int64) in rows }) {
      try bindNewRows(query, batch, again)
    }
    var candidates = try step(.stage, rows: \.total) {
      try stageCandidates(query, asOf: batch.asOf, read: read, again: again)
    }
    var counts = RowCounts()
    counts.read = candidates.read
    counts.filtered = candidates.filtered
    counts.quarantined = candidates.quarantined
    var result: JobResult
    switch table.write {
    case .upsert(let newestBy, let deleteWhen):
      if let done = try upsertElsewhere(candidates, newestBy, batch, counts) {
        result = done
        break
      }
      let resolved = try step(.resolve, rows: \.keys) {
        try resolve(candidates, newestBy: newestBy)
      }
      counts.deduplicated = resolved.deduplicated
      counts.superseded = resolved.superseded
      var all = counts
      all.inserted = candidates.passed - counts.deduplicated - counts.superseded
      candidates.failures += try admit(
        candidates, batch, all, again, mergedRows(resolved, newestBy, batch, again))
      result = try step(.write, rows: \.written) {
        try upsert(
          resolved, newestBy, deletes: deleteWhen != nil, candidates, batch, counts, again)
      }
    case .history(let changedAt, _):
      result = try step(.write, rows: \.written) {
        try refreshHistory(changedAt, candidates, batch, again)
      }
    case .deduplicate(let columns, let window, let time):
      result = try step(.write, rows: \.written) {
        try refreshDistinct(columns, window, time, candidates, batch, counts, again)
      }
    case .append, .derived:
      counts.inserted = candidates.passed
      candidates.failures += try admit(
        candidates, batch, counts, again, addedRows(candidates, batch))
      result = try step(.write, rows: \.written) { try append(candidates, batch, counts) }
    }
    try Batch.remove(table, from: context.batches)
    let parents = table.referred.map(\.name).filter { name in
      batch.inputs.contains { $0.name == name && $0.from != $0.to }
    }
    if let again, !parents.isEmpty {
      result.reason =
        Decision.Reason.inputChanged(parents).description
        + ": \(counted(again.count, "row")) judged again"
    }
    return result
  }

  /// The step from work that left no trace to the batch's first commit: nothing is stored for rows
  /// that stop the table or are not accounted for, so the next run may read further than this one.
  /// - Returns: what rules about the whole table found that only warn.
  func admit(
    _ candidates: Candidates, _ batch: Batch, _ counts: RowCounts, _ again: RowsAgain?,
    _ rows: @autoclosure () throws -> RowsAfter
  ) throws -> [RuleCount] {
    try enforce(candidates, deduplicated: counts.deduplicated)
    try checkAccounting(counts, candidates)
    try checkHistory(candidates, batch)
    let findings = try judgeTable(rows(), candidates, batch)
    try batch.store(table, in: context.batches)
    try step(.quarantine, rows: { candidates.quarantined }) {
      try quarantine(candidates, batch, again: again)
    }
    return findings
  }

  /// Defines the names of the inputs for this batch: new rows, consumed ones that are read again, and
  /// whole tables at the versions that the batch pins.
  /// - Returns: how many rows there are to judge.
  private func bindNewRows(_ query: SQL, _ batch: Batch, _ again: RowsAgain?) throws -> Int64 {
    var read: Int64 = 0
    for input in query.inputs {
      guard input.onlyNew else {
        try bindPinned(input.table, batch)
        continue
      }
      guard let pinned = batch.inputs.first(where: { $0.name == input.table.name && $0.onlyNew })
      else {
        try bindNothing(input, input.table.storedSchema)
        continue
      }
      let scan = try scanNew(input, pinned)
      var rows = "SELECT * FROM \(try DuckDBParquet(session).scan(scan).name)"
      var source: SparkJob.Source? = .scan(scan, columns: scan.schema.names)
      if let again, let more = try self.rows(of: input, again, batch) {
        rows += " UNION ALL BY NAME \(more)"
        source = nil
      }
      try bind(input, to: rows, as: source)
      read += try session.count("SELECT count(*) FROM \(input.alias)")
    }
    try bindReferences(query, batch)
    return read
  }

  /// The rows of an input that a batch consumes.
  func newRows(of input: SQL.Input, _ pinned: Batch.Input) throws -> Relation {
    try DuckDBParquet(session).scan(scanNew(input, pinned))
  }

  private func scanNew(_ input: SQL.Input, _ pinned: Batch.Input) throws -> Scan {
    let delta = delta(of: input.table)
    let snapshot = try state(of: input.table, version: pinned.to)
    guard let from = pinned.from else {
      try context.engine.reads(bytes: snapshot.sizeInBytes)
      return try delta.scan(snapshot)
    }
    guard let changes = try delta.changes(after: from, through: pinned.to) else {
      throw RunError.other("the log of \(input.table.name) lost version \(from + 1) just now")
    }
    try context.engine.reads(bytes: changes.bytes)
    return try delta.scan(changes.added, snapshot)
  }

  func append(
    _ candidates: Candidates, _ batch: Batch, _ counts: RowCounts
  ) throws -> JobResult {
    try checkAccounting(counts, candidates)
    let rows = Relation("(\(passedRows(candidates.name)))")
    let after = try write(rows, batch, counts, replacing: batch.rebuild)
    return JobResult(candidates, counts, after)
  }

  func passedRows(_ name: String) -> String {
    "SELECT \(sqlNames(table.storedSchema.names)) FROM \(name) WHERE \(Judgement.verdictColumn) = 0"
  }

  /// Every row has one fate, and each that the query could be computed for gave as many rows as the
  /// table declares.
  func checkAccounting(_ counts: RowCounts, _ candidates: Candidates) throws(RunError) {
    let (expected, overflow) = (counts.read - candidates.uncomputable)
      .multipliedReportingOverflow(by: Int64(table.rowFactor))
    guard !overflow, counts.accounted == expected + candidates.uncomputable else {
      throw .accounting(counts, factor: table.rowFactor, location: table.declaredAt)
    }
  }
}

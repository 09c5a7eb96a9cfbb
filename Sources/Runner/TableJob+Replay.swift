import Basics
import DeltaLake
import Engines
import Lakehouse
import Podium

extension TableJob {
  /// Ends a replay that a process began and did not end: where its rows are in the table already, they
  /// leave the quarantine; where not, nothing has happened yet.
  static func finishReplay(_ table: Table, _ context: RunContext) throws {
    guard try Replay.isPending(table, in: context.batches), let query = table.query else {
      return
    }
    if let replay = try Replay.pending(table, in: context.batches),
      replay.batch.fingerprint == Fingerprint.of(table), !context.fullRefresh,
      try context.state(.of(table))?.transactions[Replay.mark]?.version == replay.quarantine,
      try context.state(.quarantine(of: table))?.version == replay.quarantine
    {
      let job = try TableJob(context, table)
      if let (candidates, _) = try job.stageReplay(replay, query) {
        try job.release(replay, candidates)
      }
    }
    try Replay.remove(table, from: context.batches)
  }

  /// Judges quarantined rows again by the declaration as it is now, and brings the good ones in.
  func replay(_ query: SQL, rules: [String]?) throws -> ReplayResult {
    try TableJob.finishReplay(table, context)
    var result = ReplayResult()
    let location = TableLocation.quarantine(of: table)
    let before = try context.tables.snapshot(location, session)?.rowCount ?? 0
    guard let quarantine = try context.tables.snapshot(location, session), before > 0 else {
      return result
    }
    switch table.write {
    case .append, .upsert: break
    case .derived:
      return try replayWhole(query, "the rows of a derived table are results, not records", before)
    case .history, .deduplicate:
      return try replayWhole(query, "its rows are told by those before and after them", before)
    }
    var decider = try TableJob.decider(table, query, context)
    if case .retry = try decider.decide(context) {
      _ = try carryOut(try decider.decide(context), decider, query)
      decider = try TableJob.decider(table, query, context)
    }
    // Rules that let more rows pass do not call for all rows to be judged again.
    var changed: [String] = []
    // What an unfinished batch put into quarantine was not consumed yet.
    let settled = try Batch.pending(table, in: context.batches) == nil
    if settled, let loosened = loosenedRules(decider.state) {
      changed = loosened
      decider.accepted = decider.state?.metadata.configuration[PropertyName.fingerprint]
    }
    let decision = try decider.decide(context)
    if case .rebuild(_, let reason) = decision {
      return try replayWhole(query, reason.description, before)
    }
    result.alsoChanged = rules.map { rules in changed.filter { !rules.contains($0) } } ?? []
    let replay = Replay(
      batch: decider.consumedBatch(), quarantine: quarantine.version,
      rules: rules.map { $0 + result.alsoChanged })
    guard let (candidates, judged) = try stageReplay(replay, query) else {
      return try replayWhole(
        query, "which records its quarantined rows came from is not certain", before)
    }
    result.judged = judged
    if decider.accepted == nil, candidates.quarantined == candidates.total {
      try enforceStops(candidates)
      result.counts.read = candidates.read
      result.counts.quarantined = candidates.quarantined
      result.failures = candidates.failures
      return result
    }
    let done = try bringIn(replay, candidates, query)
    result.counts = done.counts
    result.failures = done.failures
    result.version = done.version
    result.released = judged - candidates.quarantined
    return result
  }

  /// Rules that the declaration lets more rows pass by than the table's last commit; nil where it
  /// differs in more than that.
  private func loosenedRules(_ state: TableState?) -> [String]? {
    guard let configuration = state?.metadata.configuration,
      configuration[PropertyName.fingerprint] != Fingerprint.of(table),
      let book = configuration[PropertyName.rules].flatMap(RuleBook.init)
    else { return nil }
    return book.loosened(in: RuleBook(table))
  }

  /// Computes the table anew, which judges all rows again.
  private func replayWhole(
    _ query: SQL, _ reason: String, _ before: Int64
  ) throws -> ReplayResult {
    let decider = try TableJob.decider(table, query, context)
    let done = try carryOut(decider.batch(rebuild: true), query)
    var result = ReplayResult()
    result.judged = before
    let after =
      try context.tables.snapshot(.quarantine(of: table), session)?.rowCount ?? 0
    result.released = max(0, before - after)
    result.counts = done.counts
    result.failures = done.failures
    result.version = done.version
    result.rebuilt = reason
    return result
  }

  /// Commits the rows that are good now, and then takes them out of quarantine.
  private func bringIn(
    _ replay: Replay, _ staged: Candidates, _ query: SQL
  ) throws -> JobResult {
    var candidates = staged
    try enforceStops(candidates)
    var counts = RowCounts()
    counts.read = candidates.read
    counts.filtered = candidates.filtered
    counts.quarantined = candidates.quarantined
    carried = [
      .txn(
        SetTransaction(
          appId: Replay.mark, version: replay.quarantine,
          lastUpdated: context.lake.clock.now().milliseconds))
    ]
    defer { carried = [] }
    let result: JobResult
    if case .upsert(let newestBy, let deleteWhen) = table.write {
      let resolved = try resolve(candidates, newestBy: newestBy)
      counts.deduplicated = resolved.deduplicated
      counts.superseded = resolved.superseded
      candidates.failures += try judgeTable(
        mergedRows(resolved, newestBy, replay.batch), candidates, replay.batch)
      try replay.store(table, in: context.batches)
      result = try upsert(
        resolved, newestBy, deletes: deleteWhen != nil, candidates, replay.batch, counts, nil)
    } else {
      counts.inserted = candidates.passed
      candidates.failures += try judgeTable(
        addedRows(candidates, replay.batch), candidates, replay.batch)
      try replay.store(table, in: context.batches)
      result = try append(candidates, replay.batch, counts)
    }
    try release(replay, candidates)
    try Replay.remove(table, from: context.batches)
    return result
  }
}

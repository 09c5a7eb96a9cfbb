import Basics
import DeltaLake
import Engines
import Glibc
import Lakehouse
import Podium

extension TableJob {
  /// Seconds after which a table is tried again whose server was lost.
  private static let pauses = [1, 4, 15]

  /// Brings one table up to date, whatever kind it is.
  ///
  /// Errors become part of the outcome. Where a server is lost, the table is as it was, and is tried again
  /// a few times: servers come back.
  /// - Parameter onWork: called once it is known that there is something to do.
  static func refresh(
    _ table: Table, _ context: RunContext, onWork: () -> Void = {}
  ) -> TableOutcome {
    let start = monotonicSeconds()
    var told = false
    func tell() {
      if !told { onWork() }
      told = true
    }
    var outcome = attempt(table, context, onWork: tell)
    func isLost() -> Bool {
      if case .failed(.engine(let error)) = outcome.status { error.mayPass } else { false }
    }
    for pause in pauses where isLost() && context.spark?.wasGivenUp == false {
      sleep(UInt32(pause))
      outcome = attempt(table, context, onWork: tell)
    }
    if isLost() { context.spark?.giveUp() }
    outcome.seconds = monotonicSeconds() - start
    return outcome
  }

  private static func attempt(
    _ table: Table, _ context: RunContext, onWork: () -> Void
  ) -> TableOutcome {
    let start = monotonicSeconds()
    func seconds() -> Double { monotonicSeconds() - start }
    var reason = ""
    var outside: OutsideChange?
    do {
      switch table.origin {
      case .landing(let source):
        let ledger = try Ledger(context.lake)
        let plan = try scan(table, source, context, cache: ledger)
        let state = try context.state(.of(table))
        outside = try context.outsideChange(table, state)
        if plan.isEmpty, let state, try gained(table, state).isEmpty {
          return TableOutcome(
            table.name, .upToDate, reason: "no new files", files: FileReport(plan), state: state,
            outside: outside, seconds: seconds())
        }
        onWork()
        reason = state == nil ? Decision.Reason.firstRun.description : "new files"
        let job = try TableJob(context, table, base: state?.version ?? -1)
        let (result, files) = try job.takeFiles(source, plan, cache: ledger)
        let same = state?.version == result.version
        return TableOutcome(
          table.name, same ? .upToDate : .committed, reason: reason, result: result, files: files,
          outside: outside, seconds: seconds())
      case .query(let query):
        try finishReplay(table, context)
        let decider = try decider(table, query, context)
        let decision = try decider.decide(context)
        reason = decision.reason
        outside = decider.outside
        guard decision.works else {
          let findings = table.judgesAge ? try TableJob(context, table).judgeFreshness() : []
          return TableOutcome(
            table.name, .upToDate, reason: reason, state: decider.state, findings: findings,
            outside: outside, seconds: seconds())
        }
        onWork()
        let job = try TableJob(context, table, base: decider.state?.version ?? -1)
        var result = try job.carryOut(decision, decider, query)
        if case .retry = decision {
          // That batch is as old as the run that began it; the inputs may have gone on.
          let decider = try self.decider(table, query, context)
          let rest = try decider.decide(context)
          if rest.works {
            job.base = decider.state?.version ?? -1
            outside = outside ?? decider.outside
            result = result.followed(by: try job.carryOut(rest, decider, query))
          }
        }
        return TableOutcome(
          table.name, .committed, reason: result.reason ?? reason, result: result,
          outside: outside, seconds: seconds())
      }
    } catch {
      return TableOutcome(
        table.name, .failed(RunError(error, of: table, context.lake)), reason: reason,
        outside: outside, seconds: seconds())
    }
  }

  /// What decides on a table's work; an engine is started only for logs without a checksum file.
  static func decider(
    _ table: Table, _ query: SQL, _ context: RunContext
  ) throws -> Decider {
    let read = query.inputs
    let referred = table.referred.filter { other in !read.contains { $0.table == other } }
    let inputs = try (read + referred.map { SQL.Input(table: $0, onlyNew: false) })
      .map { ($0, try context.state(.of($0.table))) }
    let state = try context.state(.of(table))
    return Decider(
      table: table, state: state, inputs: inputs,
      outside: try context.outsideChange(table, state),
      run: context.run, asOf: context.asOf.description, fullRefresh: context.fullRefresh,
      quarantine: try context.state(.quarantine(of: table))?.version,
      missesDrops: try context.lake.environment != nil
        && TableProgress.missesDrops(
          table, state,
          context.lake.production.table(.droppedRows) { [engine = context.engine] in
            DuckDBParquet(try engine.session())
          }),
      commitTime: context.commitTime(of:_:), rowsChanged: context.rowsChanged,
      isReadable: context.isReadable(_:_:))
  }

  /// Declared fields that the stored table does not have.
  static func gained(_ table: Table, _ state: TableState) throws(RunError) -> [String] {
    do { return gained(table, try Schema(parsing: state.metadata.schemaString)).map(\.name) } catch
    {
      throw .delta(.malformedMetadata(error.reason, table: table.name.description))
    }
  }

  func carryOut(
    _ decision: Decision, _ decider: Decider, _ query: SQL
  ) throws -> JobResult {
    switch decision {
    case .nothing: throw RunError.other("there was nothing to do")
    case .touched(let batch): return try refreshTouched(query, batch, decider)
    case .newRows(let batch), .retry(let batch):
      if case .derived = table.write { return try refreshTouched(query, batch, decider) }
      if let input = try rewrittenInput(batch) {
        let reason = Decision.Reason.inputRewritten(input)
        var result = try carryOut(decider.batch(rebuild: reason), query)
        result.reason = reason.description
        return result
      }
      switch try rowsToJudgeAgain(query, batch) {
      case .none: return try carryOut(batch, query)
      case .rows(let again): return try refreshRows(query, batch, again: again)
      case .whole(let reason):
        var result = try carryOut(decider.batch(rebuild: reason), query)
        result.reason = reason.description
        return result
      }
    case .rebuild(let batch, _): return try carryOut(batch, query)
    }
  }

  /// An input whose new rows alone do not give the table; nil where there is none.
  ///
  /// It lost or rewrote rows that were consumed before, or its log or its files no longer tell the new
  /// ones.
  private func rewrittenInput(_ batch: Batch) throws -> TableName? {
    for input in table.newInputs {
      guard let pinned = batch.inputs.first(where: { $0.name == input.name && $0.onlyNew }),
        let from = pinned.from
      else { continue }
      let delta = delta(of: input)
      guard let changes = try delta.changes(after: from, through: pinned.to),
        !changes.removedRows, try delta.hasFiles(changes.added)
      else { return input.name }
    }
    return nil
  }

  func carryOut(_ batch: Batch, _ query: SQL) throws -> JobResult {
    if case .derived = table.write { return try rebuildDerived(query, batch) }
    return try refreshRows(query, batch)
  }
}

extension Table {
  /// True if a rule says how old the newest value may be.
  fileprivate var judgesAge: Bool {
    expectations.contains { rule in
      if case .freshness = rule.test { return true }
      return false
    }
  }
}

extension Decider {
  /// Decides with regard to the batch that an earlier run may have left behind.
  func decide(_ context: RunContext) throws -> Decision {
    decide(pending: try Batch.pending(table, in: context.batches))
  }
}

extension Decision {
  /// True if there is something to do.
  var works: Bool {
    if case .nothing = self { return false }
    return true
  }

  /// Why, in a few words; empty where the reason is new rows.
  var reason: String {
    switch self {
    case .nothing: "no input changed"
    case .newRows: "new rows"
    case .touched(let batch):
      Reason.inputChanged(batch.inputs.filter { $0.from != $0.to }.map(\.name)).description
    case .rebuild(_, let reason): reason.description
    case .retry(let batch): Reason.unfinished(run: batch.run).description
    }
  }
}

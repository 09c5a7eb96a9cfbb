import Basics
import DeltaLake
import Engines
import Lakehouse
import Podium

extension TableJob {
  /// Brings one table up to date, whatever kind it is. Errors become part of the outcome.
  static func refresh(_ table: Table, _ context: RunContext) -> TableOutcome {
    let start = monotonicSeconds()
    func seconds() -> Double { monotonicSeconds() - start }
    var reason = ""
    do {
      switch table.origin {
      case .landing(let source):
        let ledger = try Ledger(context.lake)
        let job = try TableJob(context, table)
        let before = try job.snapshot(table)?.version
        let (result, files) = try job.takeFiles(source, cache: ledger)
        let same = before == result.version
        return TableOutcome(
          table.name, same ? .upToDate : .committed, reason: before == nil ? "new table" : "",
          result: result, files: files, seconds: seconds())
      case .query(let query):
        let decision = try decide(table, query, context)
        reason = decision.reason
        if case .nothing = decision {
          return TableOutcome(table.name, .upToDate, reason: reason, seconds: seconds())
        }
        let job = try TableJob(context, table)
        let result = try job.carryOut(decision, query)
        return TableOutcome(
          table.name, .committed, reason: reason, result: result, seconds: seconds())
      }
    } catch {
      return TableOutcome(
        table.name, .failed(RunError(error)), reason: reason, seconds: seconds())
    }
  }

  /// Finds out what a table needs; an engine is started only for logs without a checksum file.
  static func decide(
    _ table: Table, _ query: SQL, _ context: RunContext
  ) throws -> Decision {
    func state(_ location: TableLocation) throws -> TableState? {
      try context.tables.state(location) { DuckDBParquet(try context.engine.session()) }
    }
    let inputs = try query.inputs.map { ($0, try state(.of($0.table))) }
    let decider = Decider(
      table: table, state: try state(.of(table)), inputs: inputs, run: context.run,
      asOf: context.asOf.description, fullRefresh: context.fullRefresh)
    return decider.decide(pending: try Batch.pending(table, in: context.lake.records))
  }

  private func carryOut(_ decision: Decision, _ query: SQL) throws -> JobResult {
    switch decision {
    case .nothing: throw RunError.other("there was nothing to do")
    case .newRows(let batch): return try carryOut(batch, query)
    case .rebuild(let batch, _), .retry(let batch): return try carryOut(batch, query)
    }
  }

  private func carryOut(_ batch: Batch, _ query: SQL) throws -> JobResult {
    if case .derived = table.write { return try rebuildDerived(query, batch) }
    return try refreshRows(query, batch)
  }
}

extension Decision {
  /// Why, in a few words; empty where the reason is new rows.
  var reason: String {
    switch self {
    case .nothing: "no input changed"
    case .newRows: "new rows"
    case .rebuild(_, let reason): reason.description
    case .retry(let batch): "run \(batch.run) did not finish it"
    }
  }
}

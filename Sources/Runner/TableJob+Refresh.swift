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
        let plan = try scan(table, source, context, cache: ledger)
        let state = try context.state(.of(table))
        if plan.isEmpty, let state, try fits(table, state) {
          return TableOutcome(
            table.name, .upToDate, reason: "no new files", files: FileReport(plan), state: state,
            seconds: seconds())
        }
        reason = state == nil ? Decision.Reason.firstRun.description : "new files"
        let (result, files) = try TableJob(context, table).takeFiles(source, plan, cache: ledger)
        let same = state?.version == result.version
        return TableOutcome(
          table.name, same ? .upToDate : .committed, reason: reason, result: result, files: files,
          seconds: seconds())
      case .query(let query):
        return try refresh(table, query, context, start: start) { reason = $0 }
      }
    } catch {
      return TableOutcome(
        table.name, .failed(RunError(error)), reason: reason, seconds: seconds())
    }
  }

  /// Carries out what a table needs. A batch left over from an earlier run comes first, and then
  /// what came since.
  private static func refresh(
    _ table: Table, _ query: SQL, _ context: RunContext, start: Double,
    because: (String) -> Void
  ) throws -> TableOutcome {
    var decision = try decide(table, query, context)
    let reason = decision.reason
    because(reason)
    if case .nothing = decision {
      return TableOutcome(
        table.name, .upToDate, reason: reason, state: try context.state(.of(table)),
        seconds: monotonicSeconds() - start)
    }
    var result = try TableJob(context, table).carryOut(decision, query)
    if case .retry = decision {
      decision = try decide(table, query, context)
      if case .nothing = decision {
      } else {
        result = result.followed(by: try TableJob(context, table).carryOut(decision, query))
      }
    }
    return TableOutcome(
      table.name, .committed, reason: reason, result: result,
      seconds: monotonicSeconds() - start)
  }

  /// Finds out what a table needs; an engine is started only for logs without a checksum file.
  static func decide(
    _ table: Table, _ query: SQL, _ context: RunContext
  ) throws -> Decision {
    let inputs = try query.inputs.map { ($0, try context.state(.of($0.table))) }
    let decider = Decider(
      table: table, state: try context.state(.of(table)), inputs: inputs, run: context.run,
      asOf: context.asOf.description, fullRefresh: context.fullRefresh)
    return decider.decide(pending: try Batch.pending(table, in: context.lake.records))
  }

  /// True if the stored table has all declared fields.
  private static func fits(_ table: Table, _ state: TableState) throws -> Bool {
    do { return gained(table, try Schema(parsing: state.metadata.schemaString)).isEmpty } catch {
      throw RunError.delta(
        .malformedMetadata(error.reason, table: table.name.description))
    }
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

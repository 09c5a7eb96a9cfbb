import Basics
import Lakehouse
import Podium
import Synchronization

/// Writes a run into the ledger as it goes, so that a run that is ended in the middle has told what
/// it did; for any number of threads.
///
/// A ledger that can no longer be written does not stop the run.
final class RunJournal: Sendable {
  private struct State {
    let ledger: Ledger
    var failure: String?
  }

  private let run: String
  private let positions: [TableName: Int]
  private let clock: Clock
  private let graph: Graph
  private let state: Mutex<State>

  /// The ledger was damaged and has been replaced; nil where it was sound.
  let repair: LedgerRepair?

  /// Writes that the run has begun.
  /// - Parameters:
  ///   - tables: those of the run, in its order.
  ///   - graph: all tables of the project.
  init(_ context: RunContext, _ request: RunRequest, _ tables: [Table], of graph: Graph) throws {
    run = context.run
    clock = context.lake.clock
    self.graph = graph
    positions = Dictionary(
      tables.enumerated().map { ($1.name, $0) }, uniquingKeysWith: { first, _ in first })
    let (ledger, repair) = try Ledger.open(context.lake, graph.ordered) { ledger in
      // Whoever was running before no longer holds the lake's lock.
      try ledger.interruptRuns(context.lake, graph.ordered, ended: nil)
      try ledger.begin(context, request)
      try ledger.save()
    }
    self.repair = repair
    state = Mutex(State(ledger: ledger))
  }

  /// Writes that a table is worked on.
  func begin(_ table: TableName) {
    attempt { try $0.beginTable(table, positions[table] ?? positions.count, run) }
  }

  /// Writes how a table fared.
  func record(_ outcome: TableOutcome) {
    let now = clock.now()
    attempt { ledger in
      try ledger.insert(outcome, positions[outcome.table] ?? positions.count, run)
      if let arrivals = outcome.files?.arrivals, !arrivals.isEmpty {
        let downstream = graph.descendants(of: outcome.table)
        try ledger.insert(
          arrivals, outcome.table, run,
          waitingFor: graph.ordered.map(\.name).filter {
            downstream.contains($0) && positions[$0] != nil
          }, isFirstLoad: outcome.reason == Decision.Reason.firstRun.description)
      }
      if outcome.status.isGood { try ledger.tableIsReady(outcome.table, at: now) }
    }
  }

  /// Writes how the run ended.
  func finish(succeeded: Bool) { finish(succeeded ? "succeeded" : "failed") }

  /// Writes how the run ended, in a word.
  func finish(_ status: String) {
    let now = clock.now()
    attempt {
      try $0.finish(run, status, now)
      try $0.forgetArrivals(before: Timestamp(microseconds: now.microseconds - RunJournal.month))
      try $0.save()
    }
  }

  /// 30 days in microseconds.
  private static let month: Int64 = 30 * 86_400_000_000

  /// Why something could not be written; nil where all was.
  var failure: String? { state.withLock(\.failure) }

  private func attempt(_ write: (Ledger) throws -> Void) {
    state.withLock { state in
      do { try write(state.ledger) } catch { state.failure = state.failure ?? "\(error)" }
    }
  }
}

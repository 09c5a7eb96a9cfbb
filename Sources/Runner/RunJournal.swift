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
  private let state: Mutex<State>

  /// Writes that the run has begun.
  init(_ context: RunContext, _ request: RunRequest, _ tables: [Table]) throws {
    run = context.run
    clock = context.lake.clock
    positions = Dictionary(
      tables.enumerated().map { ($1.name, $0) }, uniquingKeysWith: { first, _ in first })
    let ledger = try Ledger(context.lake)
    // Whoever was running before no longer holds the lake's lock.
    try ledger.interruptRuns(ended: nil)
    try ledger.begin(context, request)
    state = Mutex(State(ledger: ledger))
  }

  /// Writes how a table fared.
  func record(_ outcome: TableOutcome) {
    attempt { try $0.insert(outcome, positions[outcome.table] ?? positions.count, run) }
  }

  /// Writes how the run ended.
  func finish(succeeded: Bool) {
    let now = clock.now()
    attempt { try $0.finish(run, succeeded: succeeded, now) }
  }

  /// Why something could not be written; nil where all was.
  var failure: String? { state.withLock(\.failure) }

  private func attempt(_ write: (Ledger) throws -> Void) {
    state.withLock { state in
      do { try write(state.ledger) } catch { state.failure = state.failure ?? "\(error)" }
    }
  }
}

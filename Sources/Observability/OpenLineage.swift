import Basics
import Lakehouse
import Lineage
import Podium
import Runner
import Synchronization

/// Tells an OpenLineage receiver of a run and of each table that it works on.
///
/// The run is a parent run, each table a run of a job of its own: START when it begins, then one of
/// COMPLETE, FAIL and ABORT. A receiver that is down neither fails nor slows the run.
public final class OpenLineage: Sendable {
  private struct TableRun: Sendable {
    let id: String
    var commit: (files: Int, bytes: Int64) = (0, 0)
    var version: Int64?
  }

  private struct State: Sendable {
    var start: RunStart?
    var id = ""
    var running: [TableName: TableRun] = [:]
  }

  private let sender: LineageSender
  private let thread: WorkerThread?
  private let runner: Runner
  private let builder: LineageEvents
  private let state = Mutex(State())

  /// Nil where the environment names no receiver.
  public init?(_ settings: WatchSettings, _ runner: Runner, tool: String, version: String) {
    guard let target = settings.lineage else { return nil }
    sender = LineageSender(target)
    thread = sender.start()
    self.runner = runner
    builder = LineageEvents(
      tool: tool, version: version, namespace: settings.lineageNamespace, lake: runner.lake)
  }

  /// Tells of an event, as far as it is one that OpenLineage knows.
  public func record(_ event: RunEvent) {
    let now = runner.lake.clock.now()
    switch event {
    case .began(let start):
      let id = randomUUID()
      state.withLock { state in
        state.start = start
        state.id = id
      }
      sender.send(builder.run(.start, now, id: id, start, failed: []))
    case .started(let table):
      let run = TableRun(id: randomUUID())
      let parent = state.withLock { state in
        state.running[table] = run
        return (state.id, state.start)
      }
      guard let start = parent.1, let declared = runner.graph[table] else { return }
      sender.send(
        builder.table(.start, now, id: run.id, parent: parent.0, start, declared, LineageFacts()))
    case .committed(let commit):
      state.withLock { state in
        let table = TableName(commit.table)
        guard var run = state.running[table] else { return }
        run.commit = (
          run.commit.files + commit.addedFiles, run.commit.bytes &+ commit.addedBytes
        )
        state.running[table] = run
      }
    case .ended(let outcome): end(outcome, now)
    case .step: break
    }
  }

  private func end(_ outcome: TableOutcome, _ now: Timestamp) {
    let (run, parent) = state.withLock { state in
      (state.running.removeValue(forKey: outcome.table), (state.id, state.start))
    }
    guard let run, let start = parent.1, let declared = runner.graph[outcome.table] else { return }
    var facts = LineageFacts()
    facts.outcome = outcome
    facts.addedFiles = run.commit.files
    facts.addedBytes = run.commit.bytes
    // A query that cannot be traced has no lineage by columns, and that is all.
    facts.lineage = try? TableLineage(declared, LineageParser(runner.engine.session()))
    var type = LineageEvents.Kind.complete
    if case .failed = outcome.status { type = .fail }
    sender.send(builder.table(type, now, id: run.id, parent: parent.0, start, declared, facts))
  }

  /// Tells of the run's end.
  /// - Returns: why events were lost, in one sentence; nil where none was.
  public func finish(_ report: RunReport) -> String? {
    let failed = report.tables.filter { !$0.status.isGood }.map(\.table.description)
    close(report.succeeded ? .complete : .fail, failed: failed)
    return drain(within: 5)
  }

  /// Tells that the run was ended from outside: its own run, and those of tables at work.
  /// - Returns: why events were lost; nil where none was.
  public func abort() -> String? {
    let now = runner.lake.clock.now()
    let state = self.state.withLock { $0 }
    for (table, run) in state.running.sorted(by: { $0.key.description < $1.key.description }) {
      guard let start = state.start, let declared = runner.graph[table] else { continue }
      sender.send(
        builder.table(.abort, now, id: run.id, parent: state.id, start, declared, LineageFacts()))
    }
    close(.abort, failed: [])
    return drain(within: 2)
  }

  private func close(_ kind: LineageEvents.Kind, failed: [String]) {
    let (id, start) = state.withLock { ($0.id, $0.start) }
    guard let start else { return }
    sender.send(builder.run(kind, runner.lake.clock.now(), id: id, start, failed: failed))
  }

  private func drain(within seconds: Double) -> String? {
    let outcome = sender.finish(thread, within: seconds)
    guard outcome.lost > 0 else { return nil }
    return "\(counted(outcome.lost, "OpenLineage event")) of "
      + "\(outcome.lost + outcome.sent) did not arrive: \(outcome.failure ?? "")"
  }
}

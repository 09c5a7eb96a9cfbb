import Basics
import Lakehouse
import Observability
import Podium
import Runner
import Storage
import Synchronization

/// Those who watch a run: its log, and whoever is told of what went wrong.
final class RunWatch: Sendable {
  private let settings: WatchSettings
  private let rules: AlertRules
  private let tool: String
  private let lake: Lake
  private let log: RunLog
  private let metrics: String?
  private let lineage = Mutex<OpenLineage?>(nil)
  private let version: String
  private let id = Mutex<String?>(nil)

  init(_ session: Session, _ lake: Lake) throws {
    settings = try WatchSettings()
    version = session.project.version
    let isRun = session.values.isDeclared("metrics")
    let named = isRun ? try session.values.stringIfGiven("metrics") : nil
    metrics = isRun ? named ?? settings.metrics : nil
    if named == "-", session.json {
      throw WrongUsage(
        description:
          "--metrics - and --json both want standard output; name a file for the metrics.")
    }
    tool = session.project.name
    self.lake = lake
    rules = AlertRules(tool: tool, lakeOption: session.lakeOption, settings: settings)
    log = RunLog(lake, days: settings.logDays)
  }

  /// The run's id; nil before it began.
  var run: String? { id.withLock { $0 } }

  func record(_ event: RunEvent) {
    if case .began(let start) = event { id.withLock { $0 = start.run } }
    log.record(event)
    lineage.withLock { $0 }?.record(event)
  }

  /// Lets those watch who need to know the tables.
  func begin(_ runner: Runner) {
    let events = OpenLineage(settings, runner, tool: tool, version: version)
    lineage.withLock { $0 = events }
  }

  /// The process is about to end, since it was told to.
  func abort() {
    _ = lineage.withLock { $0 }?.abort()
    log.save()
  }

  /// What is left to do when a run has ended: whatever goes wrong here is said, and changes nothing
  /// about how the run went.
  func end(_ report: RunReport, _ tables: [Table], _ session: Session) {
    log.record(report)
    if let lost = lineage.withLock({ $0 })?.finish(report) {
      log.record("lineage.lost", level: .warning, [.init("message", .string(lost))])
      session.warn(lost)
    }
    do { try writeMetrics(report, session) } catch {
      session.warn("the metrics were not written: \(error)")
    }
    do {
      let ledger = try Ledger.existing(lake)
      var alerts: [Alert] = []
      if let ledger {
        alerts = try rules.alerts(of: report, ledger, tables, now: lake.clock.now())
      }
      try send(alerts, ledger, session)
    } catch { session.warn("what should be told of this run could not be found out: \(error)") }
    log.save()
    if let failure = log.failure { session.warn("the run's log is not whole: \(failure)") }
  }

  private func writeMetrics(_ report: RunReport, _ session: Session) throws {
    guard let metrics else { return }
    let lags = try Ledger.reading(lake)?.lags(of: report.run) ?? []
    let lines = EmbeddedMetrics(tool: tool, lake: lake.root, addedBytes: log.addedBytes)
      .lines(of: report, lags: lags, now: lake.clock.now())
    if metrics != "-" {
      try EmbeddedMetrics.append(lines, to: absolutePath(metrics))
    } else if !session.json {
      for line in lines { try session.out.print(line) }
    }
  }

  /// Tells of a run that could not begin or ended early.
  func fail(_ error: any Error, _ session: Session) {
    guard settings.tellsSomebody else { return }
    let now = lake.clock.now()
    let alert = rules.failure(error, occasion: now.text(decimals: 6))
    do { try send([alert], try? Ledger.existing(lake), session) } catch {
      session.warn("the failure could not be told: \(error)")
    }
  }

  /// Sends alerts, says what could not be sent, and shows those that no other line tells of.
  func send(_ alerts: [Alert], _ ledger: Ledger?, _ session: Session) throws {
    let desk = AlertDesk(ledger, settings, tool: tool, lake: lake.root, clock: lake.clock)
    let (new, failures) = try desk.send(alerts)
    for alert in new {
      log.record("alert", level: .warning, alert.json.object ?? [])
      if ![.tableFailed, .runFailed].contains(alert.kind) { session.warn(alert.line) }
    }
    for failure in failures {
      log.record(
        "alert.unsent", level: .error, [.init("message", .string(failure.description))])
      session.warn(failure.description)
    }
  }

  /// The alerts of tables that are stale by now.
  func stale(_ tables: [Table], _ ledger: Ledger) throws -> [Alert] {
    try rules.stale(tables, ledger, run: nil, now: lake.clock.now())
  }

  /// Tests each channel; what failed.
  func test() -> [(channel: AlertChannel, failure: String?)] {
    AlertDesk(nil, settings, tool: tool, lake: lake.root, clock: lake.clock).test().map {
      ($0.channel, $0.error?.description)
    }
  }
}

import Basics
import Podium
import Runner

/// Finds out of what somebody has to be told.
public struct AlertRules: Sendable {
  let tool: String
  /// The `--lake` option as it has to be typed, with a blank in front.
  let lakeOption: String
  let staleAfter: Int?
  let readyWithin: Int

  public init(tool: String, lakeOption: String, settings: WatchSettings) {
    self.tool = tool
    self.lakeOption = lakeOption
    staleAfter = settings.staleAfter
    readyWithin = settings.readyWithin
  }

  /// What a run gives cause for.
  public func alerts(
    of report: RunReport, _ ledger: Ledger, _ tables: [Table], now: Timestamp
  ) throws -> [Alert] {
    var alerts = failures(report)
    for outcome in report.tables where outcome.status.isGood && !report.fullRefresh {
      if let alert = try fewRows(outcome, report, ledger) { alerts.append(alert) }
    }
    alerts += try stale(tables, ledger, run: report.run, now: now)
    alerts += try late(ledger, run: report.run, now: now)
    return alerts
  }

  /// The tables that failed, not those that wait for them.
  private func failures(_ report: RunReport) -> [Alert] {
    report.tables.compactMap { outcome in
      guard case .failed(let error) = outcome.status else { return nil }
      let waiting = report.tables.count {
        if case .skipped(let cause) = $0.status { cause == outcome.table } else { false }
      }
      var numbers = outcome.failures.map { ("rows that failed '\($0.rule)'", Double($0.rows)) }
      numbers.append(("tables that wait for it", Double(waiting)))
      return Alert(
        .tableFailed, table: "\(outcome.table)", run: report.run, rule: error.rule ?? error.code,
        message: "it failed: \(error.description)", numbers: numbers,
        next: resume(report.run))
    }
  }

  /// The command that goes on with a run.
  func resume(_ run: String) -> String { "\(tool) runs resume \(run)\(lakeOption)" }

  /// What a run that could not even begin gives cause for.
  public func failure(_ error: any Error, occasion: String) -> Alert {
    Alert(
      .runFailed, run: nil, message: "a run could not begin or ended early: \(error)",
      next: "\(tool) run\(lakeOption)", occasion: occasion)
  }

  /// Fewer than half of the median of the last seven runs of that day of the week; silent before
  /// there were four.
  private func fewRows(
    _ outcome: TableOutcome, _ report: RunReport, _ ledger: Ledger
  ) throws -> Alert? {
    let table = outcome.table.description
    let before = try ledger.rowsRead(by: table, before: report.run, limit: 7)
    guard before.count >= 4, try !ledger.isRepeat(table, in: report.run) else { return nil }
    let median = AlertRules.median(before)
    guard Double(outcome.counts.read) < median / 2 else { return nil }
    let day = AlertRules.days[report.asOf.weekday]
    return Alert(
      .fewRows, table: table, run: report.run,
      message: "it read \(counted(outcome.counts.read, "row")), less than half of the median of "
        + "\(JSON.digits(median)) in its last \(before.count) runs of a \(day). A source may have "
        + "sent too little.",
      numbers: [
        ("rows", Double(outcome.counts.read)), ("median", median), ("runs", Double(before.count)),
      ], next: "\(tool) runs show \(report.run)\(lakeOption)")
  }

  private static let days = [
    "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday",
  ]

  /// The middle number, or the mean of the two in the middle; 0 of none.
  static func median(_ numbers: [Int64]) -> Double {
    let sorted = numbers.sorted()
    guard let last = sorted.last else { return 0 }
    let upper = sorted.count / 2
    let high = upper < sorted.count ? sorted[upper] : last
    return sorted.count % 2 == 1 ? Double(high) : (Double(sorted[upper - 1]) + Double(high)) / 2
  }

  /// Tables that no run brought up to date for longer than declared or set; each once a day.
  public func stale(
    _ tables: [Table], _ ledger: Ledger, run: String?, now: Timestamp
  ) throws -> [Alert] {
    let successes = try ledger.lastSuccesses()
    return tables.compactMap { table in
      let name = table.name.description
      guard let limit = table.freshWithin ?? staleAfter, let text = successes[name],
        let last = Timestamp(iso8601: text)
      else { return nil }
      let age = Double(now.microseconds &- last.microseconds) / 1e6
      guard age > Double(limit) else { return nil }
      return Alert(
        .stale, table: name, run: run,
        message: "no run brought it up to date since \(text), for "
          + "\(durationText(seconds: age)); it is to be at most "
          + "\(durationText(seconds: Double(limit))).",
        numbers: [("seconds", age.rounded()), ("at most", Double(limit))],
        next: "\(tool) run +\(name)\(lakeOption)", occasion: "\(text) \(now.date)")
    }
  }

  /// Files that took too long from arrival to query-ready, by the table that took them in.
  private func late(_ ledger: Ledger, run: String, now: Timestamp) throws -> [Alert] {
    let files = try ledger.lateFiles(longerThan: readyWithin, now: now)
    try ledger.markTold(files)
    return Dictionary(grouping: files, by: \.table).sorted { $0.key < $1.key }.compactMap {
      table, files in
      let slowest = files.max { $0.seconds(now: now) < $1.seconds(now: now) }
      guard let slowest else { return nil }
      let waiting = Set(files.flatMap(\.waitingFor)).sorted().prefix(3).joined(separator: ", ")
      return Alert(
        .late, table: table, run: run,
        message: "\(counted(files.count, "file")) took longer than "
          + "\(durationText(seconds: Double(readyWithin))) from arrival to query-ready; "
          + "\(printable(slowest.file)) took \(durationText(seconds: slowest.seconds(now: now)))"
          + (waiting.isEmpty ? "." : " so far, and waits for \(waiting)."),
        numbers: [
          ("files", Double(files.count)), ("seconds", slowest.seconds(now: now).rounded()),
          ("at most", Double(readyWithin)),
        ], next: "\(tool) runs show \(slowest.run)\(lakeOption)")
    }
  }
}

extension RunError {
  /// The rule that the error is about; nil where it is about none.
  var rule: String? {
    switch self {
    case .stopped(let rule, _, _, _): rule
    case .share(let failure): failure.rules.max { $0.rows < $1.rows }?.name
    default: nil
    }
  }
}

import Basics
import Engines
import Rendering
import Runner

extension Session {
  /// The days that rates are about.
  static let rateDays = 30

  /// How the runs of the last 30 days fared.
  func rates(_ ledger: Ledger?) throws -> SuccessRates {
    let now = try lake().clock.now()
    let since = Timestamp(
      microseconds: now.microseconds - Int64(Session.rateDays) * 86_400_000_000)
    return try ledger?.successRates(since: since) ?? SuccessRates()
  }

  /// One line below the list of runs; none where nothing was attempted.
  func printFooter(_ rates: SuccessRates) throws {
    guard rates.runs.attempted + rates.tables.attempted > 0 else { return }
    try print(
      sentence: "last \(Session.rateDays) days: \(rates.runs.words) runs and \(rates.tables.words) "
        + "attempts at tables succeeded")
    try out.flush()
  }

  /// The rates by day and by table.
  func show(_ rates: SuccessRates) throws {
    if json {
      try print(rates.json)
      return
    }
    try print(
      [
        ResultColumn("day (UTC)", .fixed), ResultColumn("runs", .number),
        ResultColumn("succeeded", .number), ResultColumn("tables", .number),
        ResultColumn("succeeded", .number), ResultColumn("%", .number),
      ],
      rates.days.map {
        [
          .text($0.name), .text(grouped($0.runs.attempted)), .text(grouped($0.runs.succeeded)),
          .text(grouped($0.tables.attempted)), .text(grouped($0.tables.succeeded)),
          .text($0.tables.percent),
        ]
      })
    try print(
      [
        ResultColumn("table", .text), ResultColumn("attempts", .number),
        ResultColumn("succeeded", .number), ResultColumn("%", .number),
      ],
      rates.byTable.map {
        [
          .text($0.name), .text(grouped($0.tables.attempted)), .text(grouped($0.tables.succeeded)),
          .text($0.tables.percent),
        ]
      })
    try printFooter(rates)
    try print(
      sentence: "Runs that were interrupted did not succeed; tables that were skipped, since one "
        + "they need had failed, were not attempted.")
    try out.flush()
  }
}

extension SuccessRate {
  /// `58 of 60 (96.7 %)`.
  fileprivate var words: String {
    "\(grouped(succeeded)) of \(grouped(attempted))" + (percent.isEmpty ? "" : " (\(percent) %)")
  }

  /// With one decimal, rounded down, so that 100.0 means all; empty where nothing was attempted.
  fileprivate var percent: String {
    share.map { fixed(($0 * 1000 + 1e-9).rounded(.down) / 10, decimals: 1) } ?? ""
  }

  fileprivate var json: JSON {
    [
      "attempted": .int(attempted), "succeeded": .int(succeeded),
      "rate": share.map { .number("\(($0 * 10_000).rounded() / 10_000)") } ?? .null,
    ]
  }
}

extension SuccessRates {
  fileprivate var json: JSON {
    [
      "days": .int(Session.rateDays), "runs": runs.json, "tables": tables.json,
      "byDay": .array(
        days.map { ["day": .string($0.name), "runs": $0.runs.json, "tables": $0.tables.json] }),
      "byTable": .array(
        byTable.map { ["table": .string($0.name), "tables": $0.tables.json] }),
    ]
  }
}

import ArgumentParsing
import Basics
import Engines
import LakeCare
import Lakehouse
import Podium
import Rendering
import Runner

extension Project {
  /// `maintain`: keeps a lake small and quick.
  var maintainCommand: Command<CommandAction> {
    Command(
      "maintain", "Compacts tables and removes what nothing needs any more.",
      discussion: """
        Deletes rows that are older than their table keeps them, rewrites small files as large \
        ones, removes files that no version of the last 7 days needs, old parts of the logs, and \
        landing files whose rows are in bronze for 30 days. What tables have not read yet of their \
        inputs stays. It waits for a run that is at work to end (--wait); runs that begin \
        meanwhile wait for one table of it.
        """, arguments: [.selectors],
      options: [
        .dryRun,
        .option(
          "landing-retention", "TIME", "How long landing files are kept once taken in.",
          .duration(0...Int.max), .default("30d")),
        .flag("keep-landing", "Remove no landing file."),
        .option(
          "as-of", "DATE", "The day from which tables count how old rows are; else today.", .date),
        .wait,
      ],
      examples: [
        Example("maintain --dry-run", "What would be done."),
        Example("maintain gold --keep-landing", "One layer."),
      ]
    ) { session in
      var request = MaintenanceRequest(
        selectors: try session.values.strings("selector").map(Selector.init),
        asOf: try session.values.dateIfGiven("as-of") ?? localToday(in: session.settings.timeZone),
        dryRun: try session.values.flag("dry-run"))
      let seconds = Int64(try session.values.seconds("landing-retention"))
      let (milliseconds, overflow) = seconds.multipliedReportingOverflow(by: 1000)
      request.landingRetention = overflow ? .max : milliseconds
      if try session.values.flag("keep-landing") { request.landingRetention = nil }
      let care = try session.lakeCare()
      // A misspelt name is wrong usage also where the lake is busy.
      _ = try care.graph.select(request.selectors)
      let report = try care.maintain(request) { try session.lock(care.lake, "maintain") }
      session.explain(care.engine)
      try session.show(report, dryRun: request.dryRun)
      return report.succeeded ? .done : .failed
    }
  }
}

extension Session {
  fileprivate func show(_ report: MaintenanceReport, dryRun: Bool) throws {
    for unread in report.unread where !unread.isKept {
      warn(
        "\(unread.reader) last read \(unread.table)@\(unread.consumed), and the log no longer keeps "
          + "what came then: the next run of it computes it whole.")
    }
    for landing in report.landing {
      guard let refusal = landing.refusal else { continue }
      warn("landing/\(landing.source)/ was left as it is: \(refusal).")
    }
    show(failures: report.tables.compactMap { table in table.failure.map { (table.name, $0) } })
    if json { return try print(report.json(dryRun: dryRun)) }
    let worked = report.tables.filter(\.worked)
    if !worked.isEmpty {
      try print(
        [
          ResultColumn("table", .text), ResultColumn("expired", .number),
          ResultColumn("compacted", .number), ResultColumn("dead", .number),
          ResultColumn("log", .number), ResultColumn("bytes", .number),
        ], worked.map(\.row))
    }
    for landing in report.landing where landing.removed.files > 0 {
      try out.write(
        "landing/\(landing.source)/: \(counted(landing.removed.files, "file")) "
          + "(\(bytesText(landing.removed.bytes))) \(dryRun ? "would be " : "")removed\n")
    }
    let kept = Dictionary(grouping: report.unread.filter(\.isKept), by: \.table)
    for (table, unread) in kept.sorted(by: { $0.key < $1.key }) {
      let names = unread.map(\.reader).sorted().joined(separator: ", ")
      try print(sentence: "\(table): kept what \(names) has not read yet")
    }
    let failed = report.tables.count { $0.failure != nil && !$0.worked }
    let idle = report.tables.count - worked.count - failed
    var parts: [String] = []
    if !worked.isEmpty {
      parts.append("\(counted(worked.count, "table")) \(dryRun ? "to work on" : "worked on")")
    }
    if failed > 0 { parts.append("\(counted(failed, "table")) failed") }
    if idle > 0 {
      parts.append("nothing to do for \(counted(idle, parts.isEmpty ? "table" : "other table"))")
    }
    if parts.isEmpty { parts.append("no table exists yet") }
    let work = parts.joined(separator: ", ")
    try print(
      sentence: "\(work.prefix(1).uppercased())\(work.dropFirst()); \(bytesText(report.freed)) "
        + "\(dryRun ? "would be " : "")freed.")
    try out.flush()
  }
}

extension TableUpkeep {
  fileprivate var row: [Value] {
    func text(_ count: some BinaryInteger) -> Value { .text(count == 0 ? "" : grouped(count)) }
    return [
      .text(name), text(expiredRows), text(compacted.files), text(dead.files), text(log.files),
      .text(dead.files + log.files == 0 ? "" : bytesText(dead.bytes &+ log.bytes)),
    ]
  }

  fileprivate var json: JSON {
    [
      "table": .string(name), "expiredRows": .int(expiredRows),
      "compactedFiles": .int(compacted.files), "deadFiles": .int(dead.files),
      "deadBytes": .int(dead.bytes), "logFiles": .int(log.files), "logBytes": .int(log.bytes),
      "checkpoint": .bool(checkpointed), "error": .optional(failure),
    ]
  }
}

extension MaintenanceReport {
  fileprivate func json(dryRun: Bool) -> JSON {
    [
      "dryRun": .bool(dryRun), "bytes": .int(freed), "tables": .array(tables.map(\.json)),
      "landing": .array(
        landing.map {
          [
            "source": .string($0.source), "files": .int($0.removed.files),
            "bytes": .int($0.removed.bytes), "refusal": .optional($0.refusal),
          ]
        }),
      "unread": .array(
        unread.map {
          [
            "table": .string($0.table.description), "reader": .string($0.reader),
            "consumed": .int($0.consumed), "newest": .int($0.newest), "kept": .bool($0.isKept),
          ]
        }),
    ]
  }
}

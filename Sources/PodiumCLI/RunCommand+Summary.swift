import Basics
import Engines
import Podium
import Rendering
import Runner

extension Session {
  /// The outcome of a run: a table and what to look at, or JSON.
  func show(_ report: RunReport, tool: String) throws {
    if json {
      try print(report.json)
    } else {
      let worked = report.tables.filter { !$0.isIdle }
      let idle = report.tables.count - worked.count
      if worked.isEmpty {
        try out.write("Nothing is new: \(counted(idle, "table")) up to date.\n")
      } else {
        try print(RunReport.columns, worked.map(\.summary))
        if idle > 0 { try out.write("\(counted(idle, "more table")) up to date.\n") }
      }
      try out.write(
        "run \(report.run) as of \(report.asOf): \(durationText(seconds: report.seconds))\n")
      try out.flush()
    }
    if let repair = report.ledgerRepair {
      warn(
        "the record of runs was damaged. It lies now at \(repair.movedTo), and a new one has "
          + "\(counted(repair.runs, "earlier run")) of which the tables' logs tell; what those runs "
          + "were asked for, their failures and times are lost. The tables are not affected.")
    }
    warn(of: report.strays)
    for outcome in report.tables { show(outcome) }
    if let failure = report.ledgerFailure {
      warn(
        "the tables are as told here, but the ledger does not list this run's outcome: \(failure)")
    }
    showFailures(report, tool)
  }

  private func show(_ outcome: TableOutcome) {
    if let files = outcome.files {
      warn(outcome.table, files.quarantined.map { "quarantined \($0.description)" }, "file")
      warn(
        outcome.table,
        files.changed.map {
          "\($0) changed after it was taken in and was not read again; copy it under a new name to "
            + "take in its rows"
        }, "changed file")
      warn(
        outcome.table,
        files.unsettled.map { "\($0) changed while it was read; the next run takes it" },
        "unsettled file")
      if files.heldBack > 0 {
        say(
          "\(outcome.table): \(counted(files.heldBack, "file")) of other days "
            + "\(files.heldBack == 1 ? "waits" : "wait")")
      }
      if let mapping = files.mapping, outcome.status.isGood { warn("\(outcome.table): \(mapping)") }
      let notes = files.notes.filter { if case .noFinalNewline = $0.note { false } else { true } }
      warn(outcome.table, notes.map { "\($0.file): \($0.note)" }, "remark")
    }
    guard outcome.status.isGood else { return }
    if let outside = outcome.outside { warn("\(outcome.table): \(outside)") }
    let failures = outcome.failures.filter { $0.action != .drop }.map { failure in
      if let finding = failure.finding { return "'\(failure.rule)' failed: \(finding)" }
      let what = failure.action == .warn ? "kept" : "quarantined"
      return "\(counted(failure.rows, "row")) \(what): '\(failure.rule)' failed"
    }
    warn(outcome.table, failures, "rule that rows failed", "rules that rows failed")
  }

  /// One error for each reason, with the tables that it kept from committing.
  func show(failures: [(name: String, reason: String)]) {
    var told: Set<String> = []
    for failure in failures where told.insert(failure.reason).inserted {
      let names = failures.filter { $0.reason == failure.reason }.map(\.name)
      let whose =
        names.count < 4
        ? names.joined(separator: ", ")
        : "\(names[0]), \(names[1]) and \(names.count - 2) more tables"
      say(errorTerminal.message("error:", .red, "\(whose): \(failure.reason)"))
    }
  }

  private static let mostWarnings = 5

  /// The first few of several remarks, and how many more there are.
  private func warn(
    _ table: TableName, _ remarks: [String], _ what: String, _ several: String? = nil
  ) {
    for remark in remarks.prefix(Session.mostWarnings) { warn("\(table): \(remark)") }
    let more = remarks.count - Session.mostWarnings
    guard more > 0 else { return }
    warn("\(table): \(counted(more, "more \(what)", several.map { "more \($0)" }))")
  }

  /// What no table takes in, the first few of it.
  func warn(of strays: [LandingStray]) {
    for stray in strays.prefix(Session.mostWarnings) { warn(stray.description) }
    let more = strays.count - Session.mostWarnings
    if more > 0 { warn("landing/ holds \(counted(more, "more path")) of no table") }
  }

  private func showFailures(_ report: RunReport, _ tool: String) {
    let failed = report.tables.compactMap { outcome -> (name: String, reason: String)? in
      guard case .failed(let error) = outcome.status else { return nil }
      return (outcome.table.description, error.description)
    }
    guard !failed.isEmpty else { return }
    show(failures: failed)
    let committed = report.tables.compactMap { outcome -> String? in
      guard case .committed = outcome.status else { return nil }
      return outcome.version.map { "\(outcome.table)@\($0)" }
    }
    let left = report.tables.filter { !$0.status.isGood }.map(\.table.description)
    let done = committed.isEmpty ? "nothing" : committed.joined(separator: ", ")
    for line in [
      "committed: \(done)", "not committed: \(left.joined(separator: ", "))",
      "when it is mended, \(CommandHint.command("runs resume \(report.run)")) goes on from here.",
    ] { say(errorTerminal.sentence(line)) }
  }
}

extension RunReport {
  static let columns = [
    ResultColumn("table", .text), ResultColumn("rows in", .number),
    ResultColumn("rows out", .number), ResultColumn("quarantined", .number),
    ResultColumn("seconds", .number),
  ]

  var json: JSON {
    [
      "run": .string(run), "asOf": .string(asOf.description), "succeeded": .bool(succeeded),
      "recorded": .bool(ledgerFailure == nil),
      "damagedLedger": .optional(ledgerRepair?.movedTo), "seconds": .number(decimal(seconds)),
      "tables": .array(tables.map(\.json)),
      "warnings": .array(strays.map { .string($0.description) }),
    ]
  }
}

extension TableOutcome {
  var summary: [Value] {
    [
      .text(table.description), .text(grouped(counts.read)), .text(wrote),
      .text(grouped(counts.quarantined + Int64(files?.quarantined.count ?? 0))),
      .text(fixed(seconds, decimals: 2)),
    ]
  }

  /// Rows that this run added, changed or deleted.
  var rowsOut: Int64 { counts.inserted + counts.updated + counts.deleted }

  /// True if there was nothing to do and nothing to tell.
  var isIdle: Bool {
    guard case .upToDate = status else { return false }
    return counts.read == 0 && files?.quarantined.isEmpty != false
      && files?.unsettled.isEmpty != false
  }

  /// The rows out, or the status where none could be.
  private var wrote: String {
    switch status {
    case .committed: grouped(rowsOut)
    case .upToDate: "–"
    case .failed, .skipped: status.word
    }
  }

  var json: JSON {
    var members: [JSON.Member] = [
      .init("table", .string(table.description)), .init("status", .string(status.word)),
      .init("reason", .string(reason)), .init("version", .optional(version)),
      .init("rowsAfter", .optional(rows)), .init("rowsRead", .int(counts.read)),
    ]
    members += counts.fates.map { .init($0.name, .int($0.rows)) }
    members.append(.init("seconds", .number(decimal(seconds))))
    if case .failed(let error) = status {
      members.append(
        .init(
          "error", ["code": .string(error.code), "message": .string(error.description)]))
    }
    if case .skipped(let cause) = status {
      members.append(.init("because", .string(cause.description)))
    }
    if let files {
      members.append(
        .init(
          "files",
          [
            "taken": .int(files.taken), "bytes": .int(files.bytes),
            "quarantined": .array(
              files.quarantined.map {
                ["file": .string($0.file), "reason": .string($0.description)]
              }), "changed": .array(files.changed.map(JSON.string)),
            "unsettled": .array(files.unsettled.map(JSON.string)),
            "notes": .array(
              files.notes.map {
                ["file": .string($0.file), "note": .string($0.note.description)]
              }),
          ]))
    }
    members.append(.init("changedOutside", outside?.json ?? .null))
    members.append(
      .init(
        "rules",
        .array(
          failures.map {
            [
              "rule": .string($0.rule), "action": .string($0.action.rawValue),
              "rows": .int($0.rows), "finding": .optional($0.finding),
            ]
          })))
    return .object(members)
  }
}

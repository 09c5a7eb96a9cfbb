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
      try print(
        RunReport.columns, report.tables.map(\.summary))
      try out.write(
        "run \(report.run) as of \(report.asOf): \(durationText(seconds: report.seconds))\n")
      try out.flush()
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
      let notes = files.notes.filter { if case .noFinalNewline = $0.note { false } else { true } }
      warn(outcome.table, notes.map { "\($0.file): \($0.note)" }, "remark")
    }
    for failure in outcome.failures where failure.action != .drop {
      let what = failure.action == .warn ? "kept" : "quarantined"
      guard case .committed = outcome.status else { continue }
      warn("\(outcome.table): \(counted(failure.rows, "row")) \(what): '\(failure.rule)' failed")
    }
  }

  private static let mostWarnings = 5

  /// The first few of several remarks on files, and how many more there are.
  private func warn(_ table: TableName, _ remarks: [String], _ what: String) {
    for remark in remarks.prefix(Session.mostWarnings) { warn("\(table): \(remark)") }
    let more = remarks.count - Session.mostWarnings
    if more > 0 { warn("\(table): \(counted(more, "more \(what)"))") }
  }

  /// What no table takes in, the first few of it.
  func warn(of strays: [LandingStray]) {
    for stray in strays.prefix(Session.mostWarnings) { warn(stray.description) }
    let more = strays.count - Session.mostWarnings
    if more > 0 { warn("landing/ holds \(counted(more, "more path")) of no table") }
  }

  private func showFailures(_ report: RunReport, _ tool: String) {
    let failed = report.tables.compactMap { outcome -> (TableName, RunError)? in
      if case .failed(let error) = outcome.status { return (outcome.table, error) }
      return nil
    }
    guard !failed.isEmpty else { return }
    for (table, error) in failed {
      say("\(errorTerminal.paint("error:", .red)) \(table): \(error.description)")
    }
    let committed = report.tables.compactMap { outcome -> String? in
      guard case .committed = outcome.status else { return nil }
      return outcome.version.map { "\(outcome.table)@\($0)" }
    }
    let left = report.tables.filter {
      switch $0.status {
      case .failed, .skipped: true
      case .committed, .upToDate: false
      }
    }.map(\.table.description)
    say("committed: \(committed.isEmpty ? "nothing" : committed.joined(separator: ", "))")
    say("not committed: \(left.joined(separator: ", "))")
    say("when it is mended, '\(tool) run\(lakeOption)' goes on from here.")
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
      "recorded": .bool(ledgerFailure == nil), "seconds": .number(decimal(seconds)),
      "tables": .array(tables.map(\.json)),
      "warnings": .array(strays.map { .string($0.description) }),
    ]
  }
}

extension TableOutcome {
  var summary: [Value] {
    [
      .text(table.description), .text(grouped(counts.read)), .text(rowsOut),
      .text(grouped(counts.quarantined + Int64(files?.quarantined.count ?? 0))),
      .text(fixed(seconds, decimals: 2)),
    ]
  }

  /// Rows that this run added, changed or deleted, or the status where it wrote none.
  private var rowsOut: String {
    switch status {
    case .committed: grouped(counts.inserted + counts.updated + counts.deleted)
    case .upToDate: "–"
    case .failed, .skipped: status.word
    }
  }

  var json: JSON {
    var members: [JSON.Member] = [
      .init("table", .string(table.description)), .init("status", .string(status.word)),
      .init("reason", .string(reason)), .init("version", version.map { .int($0) } ?? .null),
      .init("rowsAfter", rows.map { .int($0) } ?? .null), .init("rowsRead", .int(counts.read)),
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
    members.append(
      .init(
        "rules",
        .array(
          failures.map {
            [
              "rule": .string($0.rule), "action": .string($0.action.rawValue),
              "rows": .int($0.rows),
            ]
          })))
    return .object(members)
  }
}

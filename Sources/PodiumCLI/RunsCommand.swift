import ArgumentParsing
import Basics
import Engines
import Lakehouse
import Observability
import Podium
import Rendering
import Runner

extension Project {
  /// `runs`: the record of runs.
  var runsCommand: Command<CommandAction> {
    Command(
      "runs", "Lists the runs, the newest first.",
      options: [
        .option("limit", "N", "Runs to list.", .int(1...100_000), .default("20")),
        .flag("stats", "Show how the runs and tables of the last 30 days fared, by day and table."),
      ],
      subcommands: [showRunCommand, resumeCommand]
    ) { session in
      let limit = try session.values.int("limit")
      let ledger = try ledger(session)
      if try session.values.flag("stats") {
        try session.show(try session.rates(ledger))
        return .done
      }
      let runs = try ledger?.runs(limit: limit) ?? []
      if session.json {
        try session.print(.array(runs.map(\.json)))
        return .done
      }
      try session.print(
        [
          ResultColumn("run", .fixed), ResultColumn("as of", .fixed),
          ResultColumn("status", .fixed), ResultColumn("tables", .text),
          // Where there is no room for it, the id tells it too.
          ResultColumn("started (UTC)", .fixed),
        ],
        runs.map {
          [
            .text($0.run), .text($0.asOf), .text($0.status), .text($0.asked), .text($0.started),
          ]
        })
      try session.printFooter(try session.rates(ledger))
      return .done
    }
  }

  private var showRunCommand: Command<CommandAction> {
    Command(
      "show", "Shows one run, table by table.",
      arguments: [
        .required("id", "The run, or the beginning of its id; '{tool} runs' lists them.")
      ]
    ) { session in
      let asked = try session.values.string("id")
      guard let ledger = try ledger(session), try !ledger.runs(limit: 1).isEmpty else {
        throw WrongUsage(
          description: "there was no run yet: \(CommandHint.command("run")) makes one.")
      }
      let run = try record(asked, ledger)
      let tables = try ledger.tables(of: run.run)
      if session.json {
        var members = run.json.object ?? []
        members.append(.init("tables", .array(tables.map(\.json))))
        try session.print(.object(members))
        return .done
      }
      let asOf = run.asOf.isEmpty ? "" : " as of \(run.asOf)"
      let ended = run.ended.map { ", ended \($0)" } ?? ""
      try session.out.write(
        "\(run.kind.rawValue) \(run.run)\(asOf): \(run.status), started \(run.started)\(ended)\n")
      try session.print(
        [
          ResultColumn("table", .text), ResultColumn("status", .fixed),
          ResultColumn("version", .number), ResultColumn("rows in", .number),
          ResultColumn("rows after", .number), ResultColumn("quarantined", .number),
          ResultColumn("time", .number),
        ], tables.map(\.row))
      for table in tables {
        if let error = table.error { try session.out.write("\(table.table): \(error)\n") }
      }
      if let path = RunLogFiles(try session.lake()).path(of: run.run) {
        try session.out.write("log: \(path)\n")
      }
      try session.out.flush()
      return .done
    }
  }
}

extension Project {
  /// The run of an id, or of the beginning of one.
  func record(_ asked: String, _ ledger: Ledger) throws -> RunRecord {
    let found = try ledger.runs(beginning: asked)
    guard let run = found.first else {
      throw WrongUsage(
        description: "there is no run '\(asked)'. \(CommandHint.command("runs")) lists them.")
    }
    guard found.count == 1 else {
      let ids = found.prefix(3).map(\.run).joined(separator: ", ")
      throw WrongUsage(
        description: "\(found.count) runs begin with '\(asked)': \(ids)"
          + (found.count > 3 ? " and others. \(CommandHint.command("runs")) lists them." : "."))
    }
    return run
  }

  /// The ledger, in which no run that was killed is still running; nil before the first run.
  func ledger(_ session: Session) throws -> Ledger? {
    let lake = try session.lake()
    let ledger = try Ledger.reading(lake)
    try ledger?.interruptDeadRuns(lake, try session.graph().ordered)
    return ledger
  }
}

extension RunRecord {
  /// The tables that the run was asked for; empty where that is not known.
  fileprivate var asked: String {
    if status == "rebuilt" { return "" }
    if let resumes { return "rest of \(resumes)" }
    return (selectors.isEmpty ? "all" : selectors) + (fullRefresh ? " --full-refresh" : "")
  }

  fileprivate var json: JSON {
    [
      "run": .string(run), "started": .string(started), "ended": .optional(ended),
      "asOf": .string(asOf), "selectors": .string(selectors), "fullRefresh": .bool(fullRefresh),
      "status": .string(status), "resumes": .optional(resumes), "kind": .string(kind.rawValue),
    ]
  }
}

extension RunTableRecord {
  fileprivate var row: [Value] {
    [
      .text(table), .text(status), .text(version.map(String.init) ?? ""),
      .text(grouped(counts.read)), .text(rowsAfter.map { grouped($0) } ?? ""),
      .text(grouped(counts.quarantined + Int64(filesQuarantined))),
      .text(durationText(seconds: seconds)),
    ]
  }

  fileprivate var json: JSON {
    var members: [JSON.Member] = [
      .init("table", .string(table)), .init("status", .string(status)),
      .init("reason", .string(reason)), .init("error", .optional(error)),
      .init("version", .optional(version)),
      .init("rowsAfter", .optional(rowsAfter)),
      .init("seconds", .number(decimal(seconds))), .init("rowsRead", .int(counts.read)),
    ]
    members += counts.fates.map { .init($0.name, .int($0.rows)) }
    members += [
      .init("filesTaken", .int(filesTaken)), .init("filesQuarantined", .int(filesQuarantined)),
      .init("filesChanged", .int(filesChanged)),
    ]
    return .object(members)
  }
}

import ArgumentParsing
import Basics
import Engines
import Lakehouse
import Podium
import Rendering
import Runner

extension Option {
  static let rule = Option.option(
    "rule", "RULE", "Rows that failed this rule, by its name or the beginning of it.")
  static let quarantineRun = Option.option(
    "run", "ID", "What this run put there, by its id or the beginning of it.")
}

extension Project {
  /// `quarantine`: rows and files that were set aside.
  var quarantineCommand: Command<CommandAction> {
    Command(
      group: "quarantine",
      "Looks at rows and files that were set aside, and settles what becomes of them.",
      discussion: """
        A row that fails a rule waits in quarantine with the rule, its file and line; a file that cannot \
        be read waits there whole. 'replay' judges them again once the cause is mended, 'drop' gives \
        them up.
        """,
      examples: [
        Example("quarantine list", "What waits, by table and rule."),
        Example("quarantine show silver.facility_usage", "The rows."),
        Example("quarantine replay silver.facility_usage", "Judges them again."),
      ],
      subcommands: [
        listQuarantineCommand, showQuarantineCommand, replayCommand, dropCommand,
      ])
  }

  private var listQuarantineCommand: Command<CommandAction> {
    Command(
      "list", "Lists what waits in quarantine, by table and rule, and the files with their faults.",
      arguments: [.optional("table", "One table; all otherwise.")]
    ) { session in
      let table = try session.values.stringIfGiven("table").map(session.quarantined)
      let lake = try session.lake()
      let quarantine = Quarantine(
        lake: lake, tables: try session.graph().ordered,
        session: try EngineProvider(lake: lake).session())
      let rows = try quarantine.rows().filter { table == nil || $0.table == table?.name }
      let files = try quarantine.files().filter {
        table == nil || $0.table == table?.name.description
      }
      if session.json {
        try session.print([
          "rules": .array(rows.map(\.json)), "files": .array(files.map(\.json)),
        ])
        return .done
      }
      if rows.isEmpty, files.isEmpty {
        return try session.tell("Nothing is in quarantine.", [])
      }
      for row in rows {
        try session.print(
          sentence: "\(row.table): \(counted(row.rows, "row")) failed '\(row.rule)'")
        try session.print(
          sentence: "since \(row.since), newest from run \(row.newestRun)", indent: 2)
      }
      for file in files {
        let table = file.table.isEmpty ? "" : "\(file.table): "
        try session.print(sentence: "\(table)file \(file.file): \(file.reason)")
        try session.print(sentence: "since \(file.since), from run \(file.run)", indent: 2)
      }
      try session.out.flush()
      return .done
    }
  }

  private var showQuarantineCommand: Command<CommandAction> {
    Command(
      "show", "Shows the quarantined rows of a table, the oldest first.",
      discussion: "Values of personal columns are shown as *** unless --personal asks for them.",
      arguments: [.required("table", "The table whose rows failed, such as silver.members.")],
      options: [
        .rule, .quarantineRun, .flag("personal", "Show names, e-mails and the like too."), .format,
        .rows,
      ],
      examples: [
        Example("quarantine show silver.facility_usage --limit 5", "A few rows."),
        Example("quarantine show silver.billing --rule \"amount is\" --format csv", "Of one rule."),
      ]
    ) { session in
      let format = try session.outputFormat()
      let table = try session.quarantined(try session.values.string("table"))
      guard table.query != nil else {
        throw WrongUsage(
          description: "\(table.name) takes in files and has no rules: "
            + "\(CommandHint.command("quarantine list \(table.name)")) lists those that could not be read."
        )
      }
      let lake = try session.lake()
      let engine = try EngineProvider(lake: lake).session()
      let catalog = try session.catalog(lake)
      let filter = try session.filter(table, lake, engine)
      let query = Quarantine.query(
        table, filter, personal: try session.values.flag("personal"))
      try catalog.defineViews(for: query, in: engine)
      try session.print(try engine.connection.query(query), as: format)
      return .done
    }
  }
}

extension Session {
  /// The table of a name, be it its own or that of its quarantine.
  func quarantined(_ asked: String) throws -> Table {
    let graph = try graph()
    let wanted = asked.lowercased()
    let found = graph.ordered.first {
      $0.name.description == wanted
        || $0.query != nil && TableLocation.quarantine(of: $0).name == wanted
    }
    if wanted == TableLocation.quarantinedFiles.name {
      throw WrongUsage(
        description: "\(wanted) is about files, and no table of rows that failed: "
          + "\(CommandHint.command("quarantine list")) lists them, and their bronze table is the one to "
          + "replay or drop.")
    }
    if wanted == TableLocation.droppedRows.name {
      throw WrongUsage(
        description: "\(wanted) is the record of what was given up, which stays: "
          + "\(CommandHint.command("sql \"FROM \(wanted)\"")) shows it.")
    }
    guard let found else {
      throw UnknownTable(
        name: asked, known: graph.ordered.map(\.name.description), tool: project.name)
    }
    return found
  }

  /// What `--rule` and `--run` choose; a rule must be one of the table's or one that rows failed, a
  /// run one that is on record or that put something there.
  func filter(
    _ table: Table, _ lake: Lake, _ engine: @autoclosure () throws -> EngineSession
  ) throws -> QuarantineFilter {
    var filter = QuarantineFilter()
    filter.run = values.isDeclared("run") ? try values.stringIfGiven("run") : nil
    if let run = filter.run, try (try? Ledger.reading(lake))?.runs(beginning: run).first == nil {
      let quarantine = Quarantine(
        lake: lake, tables: try graph().ordered, session: try engine())
      guard try quarantine.has(run, of: table) else {
        throw WrongUsage(
          description:
            "there is no run '\(printable(run))'. \(CommandHint.command("runs")) lists them.")
      }
    }
    guard let asked = try values.stringIfGiven("rule") else { return filter }
    let quarantine = Quarantine(
      lake: lake, tables: try graph().ordered, session: try engine())
    let failed = try quarantine.rows().filter { $0.table == table.name }.map(\.rule)
    let known = failed + table.expectations.map(\.name).filter { !failed.contains($0) }
    let near = known.contains(asked) ? [asked] : known.filter { $0.hasPrefix(asked) }
    guard let rule = near.first, near.count == 1 else {
      throw WrongUsage(description: unknownRule(asked, near, failed, table))
    }
    filter.rules = [rule]
    return filter
  }

  private func unknownRule(
    _ asked: String, _ near: [String], _ failed: [String], _ table: Table
  ) -> String {
    if near.count > 1 {
      return "\(near.count) rules begin with '\(printable(asked))': "
        + near.prefix(3).map { "'\($0)'" }.joined(separator: ", ") + "."
    }
    let hint = didYouMean(asked, in: failed + table.expectations.map(\.name))
    let rules = failed.prefix(5).map { "'\($0)'" }.joined(separator: ", ")
    return "no row of \(table.name) failed a rule '\(printable(asked))'."
      + (hint.isEmpty
        ? (rules.isEmpty ? " Nothing of it is in quarantine." : " Rows failed \(rules).") : hint)
  }
}

extension Quarantine.RuleRows {
  fileprivate var json: JSON {
    [
      "table": .string(table.description), "rule": .string(rule), "rows": .int(rows),
      "since": .string(since), "newestRun": .string(newestRun),
    ]
  }
}

extension Quarantine.File {
  fileprivate var json: JSON {
    [
      "table": .string(table), "file": .string(file), "reason": .string(reason),
      "since": .string(since), "run": .string(run),
    ]
  }
}

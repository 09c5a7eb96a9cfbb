import ArgumentParsing
import Basics
import Engines
import Glibc
import Lakehouse
import Podium
import Rendering
import Runner

extension Project {
  var replayCommand: Command<CommandAction> {
    Command(
      "replay", "Judges quarantined rows again by today's rules, and brings the good ones in.",
      discussion: """
        The table is afterwards as if the rows had come in time. Where only rules became milder, the \
        quarantined rows alone are judged; where the query changed or a rule got stricter, the whole \
        table is computed anew, and the command says so. Of a bronze table the quarantined files are \
        read again; a derived table is computed anew.
        """,
      arguments: [.required("table", "The table, such as silver.facility_usage.")],
      options: [.rule, .asOf, .wait],
      examples: [
        Example("quarantine replay silver.facility_usage", "After a rule was relaxed."),
        Example("quarantine replay bronze.members", "After a file was repaired."),
      ]
    ) { session in
      let table = try session.quarantined(try session.values.string("table"))
      try session.refuseRule(of: table)
      let lake = try session.lake()
      let graph = try session.graph()
      try refuseBroken(graph)
      let engine = EngineProvider(lake: lake)
      let filter = try session.filter(table, lake, engine.session())
      let lock = try session.lock(lake, "quarantine replay")
      defer { withExtendedLifetime(lock) {} }
      let asOf =
        try session.values.dateIfGiven("as-of") ?? localToday(in: session.settings.timeZone)
      let result = try Runner(lake: lake, graph: graph, engine: engine)
        .replay(table, rules: filter.rules, asOf: asOf)
      session.explain(engine)
      return try session.tell(result, table)
    }
  }

  var dropCommand: Command<CommandAction> {
    Command(
      "drop", "Gives quarantined rows or files up, for good.",
      discussion: """
        What is given up is on record in quarantine.dropped with file and line, by whom, when and why. \
        The rows never come back, not even by a full refresh or under milder rules; runs count them as \
        filtered.
        """,
      arguments: [.required("table", "The table, such as silver.facility_usage.")],
      options: [
        .rule, .quarantineRun, .flag("all", "All that the table has in quarantine."),
        .option("reason", "TEXT", "Why, for the record."),
        .flag("yes", "Do it without asking."), .wait,
      ],
      examples: [
        Example(
          "quarantine drop silver.facility_usage --rule \"duration is\"", "The rows of one rule.")
      ]
    ) { session in
      let table = try session.quarantined(try session.values.string("table"))
      try session.refuseRule(of: table)
      for choice in ["rule", "run"] { try session.values.refuseTogether(["all", choice]) }
      let given = ["rule", "run"].filter { session.values.isGiven($0) }
      guard try session.values.flag("all") != !given.isEmpty else {
        throw session.values.error(.other("Say what: --rule RULE, --run ID, or --all."))
      }
      if case .derived = table.write { throw DropRefused(table: table.name) }
      try session.refuseEnvironment(
        "rows are given up in production, and then in every environment")
      let lake = try session.lake()
      let graph = try session.graph()
      let engine = EngineProvider(lake: lake)
      let filter = try session.filter(table, lake, engine.session())
      try session.confirm(
        "Give up what \(table.name) has in quarantine\(filter.words)? It never comes back. Type yes:",
        answer: "yes", refusal: "this gives rows up for good")
      let lock = try session.lock(lake, "quarantine drop")
      defer { withExtendedLifetime(lock) {} }
      let user = getpwuid(geteuid()).map { String(cString: $0.pointee.pw_name) } ?? "\(geteuid())"
      let count = try Runner(lake: lake, graph: graph, engine: engine).drop(
        table, filter,
        DropDecision(by: user, reason: try session.values.stringIfGiven("reason") ?? ""),
        asOf: localToday(in: session.settings.timeZone))
      let what = table.landing == nil ? "row" : "file"
      return try session.tell(
        count == 0
          ? "nothing to give up: no such \(what) of \(table.name) is in quarantine"
          : "\(counted(count, what)) of \(table.name) given up; quarantine.dropped has the record",
        ["table": .string(table.name.description), "dropped": .int(count)])
    }
  }
}

extension Session {
  fileprivate func refuseRule(of table: Table) throws {
    guard table.landing != nil, values.isGiven("rule") else { return }
    throw WrongUsage(
      description: "\(table.name) takes in files and has no rules: leave --rule out.")
  }

  /// What a replay came to.
  fileprivate func tell(_ result: ReplayResult, _ table: Table) throws -> ExitStatus {
    let what = table.landing == nil ? "row" : "file"
    if json {
      try print([
        "table": .string(table.name.description), "judged": .int(result.judged),
        "released": .int(result.released), "version": .optional(result.version),
        "rebuilt": .optional(result.rebuilt),
        "alsoChanged": .array(result.alsoChanged.map(JSON.string)),
        "counts": .object(result.counts.fates.map { JSON.Member($0.name, .int($0.rows)) }),
      ])
      return .done
    }
    if let reason = result.rebuilt {
      warn("\(table.name) was computed anew, not only its quarantined rows: \(reason)")
    }
    if !result.alsoChanged.isEmpty {
      let rules = result.alsoChanged.map { "'\($0)'" }.joined(separator: ", ")
      warn("rows that failed \(rules) were judged too, since the declaration changed there")
    }
    for file in result.files?.quarantined ?? [] { warn("\(table.name): \(file.description)") }
    for failure in result.failures where failure.finding != nil {
      warn("\(table.name): '\(failure.rule)' failed: \(failure.finding ?? "")")
    }
    guard result.judged > 0 else {
      return try tell("no such \(what) of \(table.name) is in quarantine", [])
    }
    let stay = result.judged - result.released
    let rest = stay > 0 ? "; \(stay) \(stay == 1 ? "stays" : "stay")" : ""
    let told = result.rebuilt == nil && result.files == nil && result.released > 0
    let fates = told ? ": \(result.counts.words)" : ""
    return try tell(
      "\(result.released) of \(counted(result.judged, what)) left quarantine\(rest)\(fates)", [])
  }
}

extension QuarantineFilter {
  /// The choice in words, with a blank before it; empty for all.
  fileprivate var words: String {
    var words = ""
    if let rule = rules?.first { words += " for '\(rule)'" }
    if let run { words += " from run \(run)" }
    return words
  }
}

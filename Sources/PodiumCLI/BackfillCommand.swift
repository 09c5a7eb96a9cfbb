import ArgumentParsing
import Basics
import Engines
import Lakehouse
import Podium
import Rendering
import Runner

extension Project {
  /// `backfill`: computes partitions of past days anew.
  var backfillCommand: Command<CommandAction> {
    Command(
      "backfill", "Computes a table's partitions of past days anew, part by part.",
      discussion: """
        A backfill is stored in the lake: one that was stopped, or of which parts failed, goes on with \
        '{tool} backfill resume'. A table that depends on the business date is computed once for each \
        day, as of it; another one derived by a date is computed from its inputs as they are. Each \
        part is one version of the table, so readers never see a gap.
        """,
      arguments: [.required("table", "The table; it must be derived by a partition of days.")],
      options: [
        .option("from", "DATE", "The first day.", .date),
        .option("to", "DATE", "The last day; today where it is left out.", .date),
        .option(
          "step", "STEP", "Days in one part: day, week or month.",
          .choice(of: Backfill.Step.self), .default("month")),
        .flag("dry-run", "Show the parts, and do nothing."),
        .engine, .wait,
      ],
      examples: [
        Example(
          "backfill gold.churn_cohorts --from 2025-01-01 --dry-run", "What would be computed."),
        Example("backfill list", "All backfills, and how far they are."),
        Example("backfill resume 20250301", "Go on with the one whose id begins so."),
      ],
      subcommands: [
        listBackfills, showBackfill, resumeBackfill,
        stopBackfill("pause", .paused, "Lets a backfill rest after the part at hand."),
        stopBackfill("cancel", .cancelled, "Gives a backfill up; parts that are done stay."),
      ]
    ) { session in
      let name = TableName(try session.values.string("table"))
      try refuseMisspelt(name, session)
      let runner = try backfillRunner(session)
      guard let from = try session.values.dateIfGiven("from") else {
        throw WrongUsage(description: "say from which day on: --from DATE.")
      }
      let to = try backfillEnd(name, from, session)
      let step = Backfill.Step(rawValue: try session.values.string("step")) ?? .month
      let backfill = try runner.planBackfill(name, from, to, by: step)
      if try session.values.flag("dry-run") {
        try show(
          backfill, session,
          "\(counted(backfill.parts.count, "part")) of \(backfill.table) would be computed")
        return .done
      }
      return try work(backfill, runner, session)
    }
  }

  private var listBackfills: Command<CommandAction> {
    Command("list", "Lists the backfills, the newest first.") { session in
      let all = try backfillRunner(session).backfills()
      if session.json {
        try session.print(.array(all.map(\.json)))
        return .done
      }
      guard !all.isEmpty else {
        return try session.tell("There is no backfill.", [])
      }
      try session.print(
        [
          ResultColumn("backfill", .fixed), ResultColumn("table", .text),
          ResultColumn("from", .fixed), ResultColumn("to", .fixed),
          ResultColumn("status", .fixed), ResultColumn("left", .number),
        ],
        zip(all, session.shown(ids: all.map(\.id))).map { backfill, id in
          [
            .text(id), .text(backfill.table.description),
            .text(backfill.parts.first?.days.lowerBound.description ?? ""),
            .text(backfill.parts.last?.days.upperBound.description ?? ""),
            .text(backfill.status.rawValue), .text("\(backfill.left)"),
          ]
        })
      return .done
    }
  }

  private static let id = Argument.required(
    "id", "The backfill, or the beginning of its id; '{tool} backfill list' lists them.")

  private var showBackfill: Command<CommandAction> {
    Command("show", "Shows one backfill, part by part.", arguments: [Project.id]) { session in
      try show(backfillRunner(session).backfill(session.values.string("id")), session)
      return .done
    }
  }

  private var resumeBackfill: Command<CommandAction> {
    Command(
      "resume", "Goes on with the parts of a backfill that wait or failed.",
      arguments: [Project.id], options: [.engine, .wait]
    ) { session in
      let runner = try backfillRunner(session)
      return try work(runner.backfill(session.values.string("id")), runner, session)
    }
  }

  private func stopBackfill(
    _ verb: String, _ status: Backfill.Status, _ about: String
  ) -> Command<CommandAction> {
    Command(verb, about, arguments: [Project.id]) { session in
      let runner = try backfillRunner(session)
      let stopped = try runner.stop(runner.backfill(session.values.string("id")), as: status)
      if session.json {
        try session.print(stopped.json)
      } else if stopped.status == status {
        try session.print(sentence: "backfill \(stopped.id) is \(status.rawValue)")
      } else {
        try session.print(
          sentence: "backfill \(stopped.id) will be \(status.rawValue) after the part at hand")
      }
      try session.out.flush()
      return .done
    }
  }
}

extension Project {
  /// Refuses what is no table; a misspelt subcommand is read as one.
  private func refuseMisspelt(_ name: TableName, _ session: Session) throws {
    let words = ["list", "show", "resume", "pause", "cancel"]
    if name.layer == nil, let word = nearest(name.description, in: words) {
      throw WrongUsage(
        description: "there is no table '\(printable(name.description))'. Did you mean '\(word)'?")
    }
    _ = try session.graph().select([Selector(name.description)])
  }

  /// The last day: the one that is given, else today.
  private func backfillEnd(
    _ name: TableName, _ from: CivilDate, _ session: Session
  ) throws -> CivilDate {
    let today = localToday(in: session.settings.timeZone)
    let given = try session.values.dateIfGiven("to")
    if max(from, given ?? today) > today,
      try session.graph()[name]?.query?.readsBusinessDate == true
    {
      throw WrongUsage(
        description:
          "\(name) is computed as of each day, and today is \(today): days that have not come "
          + "yet have nothing to compute. Leave out --to, or name today or a day before it.")
    }
    if given == nil, from > today {
      throw WrongUsage(
        description: "--from \(from) is after today, \(today): say until which day, with --to.")
    }
    return given ?? today
  }

  private func backfillRunner(_ session: Session) throws -> Runner {
    let lake = try session.lake()
    return Runner(
      lake: lake, graph: try session.graph(), engine: EngineProvider(lake: lake, startsSmall: true))
  }

  private func work(
    _ backfill: Backfill, _ runner: Runner, _ session: Session
  ) throws -> ExitStatus {
    let lock = try session.lock(runner.lake, "backfill")
    defer { withExtendedLifetime(lock) {} }
    let spark = try session.spark(runner.lake)
    defer { spark?.close() }
    let runner = Runner(
      lake: runner.lake, graph: runner.graph, engine: runner.engine, spark: spark)
    let progress = Progress.standardError(quiet: session.json)
    let done = try runner.run(backfill) { event in
      switch event {
      case .started(let part): progress.begin(part.words)
      case .ended(let part):
        if part.status == .failed {
          progress.end(part.words, .failed)
        } else {
          progress.end(part.words, .done, counted(part.rows, "row"))
        }
      }
    }
    progress.close()
    if session.json { try session.print(done.json) } else { try tell(done, session) }
    return done.parts.contains { $0.status == .failed } ? .failed : .done
  }

  private func tell(_ backfill: Backfill, _ session: Session) throws {
    let rows = backfill.parts.reduce(0) { $0 + $1.rows }
    let finished = backfill.parts.count - backfill.left
    try session.print(
      sentence: "backfill \(backfill.id) of \(backfill.table): \(finished) of "
        + "\(counted(backfill.parts.count, "part")) done, \(counted(rows, "row")), "
        + backfill.status.rawValue)
    for part in backfill.parts {
      if let error = part.error { try session.print(sentence: "\(part.words): \(error)") }
    }
    if backfill.left > 0, backfill.status != .cancelled {
      try session.print(
        sentence: "\(CommandHint.command("backfill resume \(backfill.id)")) goes on from here.")
    }
    try session.out.flush()
  }

  private func show(_ backfill: Backfill, _ session: Session, _ title: String? = nil) throws {
    if session.json {
      try session.print(backfill.json)
      return
    }
    try session.print(
      sentence: title
        ?? "backfill \(backfill.id) of \(backfill.table), \(backfill.status.rawValue)")
    try session.print(
      [
        ResultColumn("from", .fixed), ResultColumn("to", .fixed), ResultColumn("status", .fixed),
        ResultColumn("version", .number), ResultColumn("rows", .number),
        ResultColumn("time", .number),
      ],
      backfill.parts.map { part in
        [
          .text(part.days.lowerBound.description), .text(part.days.upperBound.description),
          .text(part.status.rawValue), .text(part.version.map(String.init) ?? ""),
          .text(part.status == .done ? grouped(part.rows) : ""),
          .text(part.seconds > 0 ? durationText(seconds: part.seconds) : ""),
        ]
      })
    for part in backfill.parts {
      if let error = part.error { try session.print(sentence: "\(part.words): \(error)") }
    }
    try session.out.flush()
  }
}

extension Session {
  /// Ids as a list has room for them on a terminal.
  ///
  /// That is the moment with which each begins, and as many letters more as tell them apart. Commands
  /// take the beginning of an id.
  fileprivate func shown(ids: [String]) -> [String] {
    guard Terminal.detect(descriptor: 1).width != nil else { return ids }
    let whole = ids.map(\.count).max() ?? 0
    let moment = "20250301T061200Z".count
    let length = (moment..<max(moment + 1, whole)).first { length in
      Set(ids.map { $0.prefix(length) }).count == Set(ids).count
    }
    return ids.map { String($0.prefix(length ?? whole)) }
  }
}

extension Backfill.Part {
  /// The days, as `2025-03-01` or `2025-03-01 to 2025-03-31`.
  fileprivate var words: String {
    days.lowerBound == days.upperBound
      ? "\(days.lowerBound)" : "\(days.lowerBound) to \(days.upperBound)"
  }
}

import ArgumentParsing
import Basics
import Glibc
import Lakehouse
import Podium
import Rendering
import Runner

extension Option {
  /// `--as-of`, the business date.
  static let asOf = Option.option(
    "as-of", "DATE", "The business date; today where it is left out.", .date)
  static let metrics = Option.option(
    "metrics", "FILE", "Add CloudWatch metrics (EMF) there; - for standard output.", .file,
    .otherwise("PODIUM_METRICS, else none"))
  static let fullRefresh = Option.flag(
    "full-refresh", "Compute the selected silver and gold tables anew from bronze.")
  static let wait = Option.option(
    "wait", "TIME", "How long to wait while another process works on the lake.",
    .duration(0...86_400), .default("10s"))
  static let discardHistory = Option.flag(
    "discard-history", "Let a table that keeps its history lose keys that its inputs lack.")
}

extension Argument {
  /// Tables and layers to work on.
  static let selectors = Argument.repeating(
    "selector", "A layer or table; '+' in front adds what it needs, behind what needs it.")
}

extension Project {
  /// `run`: brings tables up to date.
  var runCommand: Command<CommandAction> {
    Command(
      "run", "Takes in new files and brings the tables up to date.",
      discussion: """
        Tables run in the order of their inputs, independent ones side by side. A table that fails \
        stops those that need it and no other; '{tool} runs resume' goes on from there.

        The summary counts the rows that each table read (in) and those that it added, changed or \
        deleted (out). Tables that were up to date are only counted.
        """, arguments: [.selectors],
      options: [
        .fullRefresh, .discardHistory,
        .option("jobs", "N", "Tables worked on at the same time.", .int(1...64), .default("2")),
        .asOf, .engine, .wait, .metrics,
      ] + Option.subset,
      examples: [
        Example("run", "Everything that is new."),
        Example("run +gold.customer_ltv", "One table and what it needs."),
        Example("run bronze.members+", "One table and what needs it."),
        Example("run silver --full-refresh", "All silver tables from bronze."),
        Example(
          "run --env part --sample 0.1 --sample-by member_id", "A tenth of the members, aside."),
      ]
    ) { session in try run(session) }
  }

  private func run(_ session: Session) throws -> ExitStatus {
    let request = try session.runRequest()
    return try perform(session, patience: Double(try session.values.seconds("wait"))) { _, graph in
      request
    } before: { lake, graph in
      // A misspelt name is wrong usage also where the lake is busy, and makes no environment.
      try session.warnOfRecords(request, graph)
      try Subset.check(request.subset, lake, graph)
    }
  }

  /// Runs what is asked for under the lake's lock, and tells how it went.
  /// - Parameters:
  ///   - patience: seconds to wait for another process.
  ///   - ask: what to run, asked for once the lake is locked; nil where nothing is to be done.
  ///   - before: examines what is asked for before the lake is locked.
  func perform(
    _ session: Session, patience: Double, ask: (Lake, Graph) throws -> RunRequest?,
    before: (Lake, Graph) throws -> Void = { _, _ in }
  ) throws -> ExitStatus {
    let lake = try session.lake()
    try lake.refuseForeign()
    let graph = try session.graph()
    try refuseBroken(graph)
    try before(lake, graph)
    let watch = try RunWatch(session, lake)
    do {
      return try perform(session, lake, graph, watch, patience: patience, ask: ask)
    } catch {
      if Report(error, session: session).isFailure { watch.fail(error, session) }
      throw error
    }
  }

  private func perform(
    _ session: Session, _ lake: Lake, _ graph: Graph, _ watch: RunWatch, patience: Double,
    ask: (Lake, Graph) throws -> RunRequest?
  ) throws -> ExitStatus {
    let signals = StopSignals()
    signals.beforeEnd(session.stopped("nothing was changed."))
    let command = session.values.path.joined(separator: " ")
    let lock = try LakeLock(
      lake, command: "\(name) \(command)", patience: patience,
      onWait: { session.say("waiting for \($0?.description ?? "an unknown process")") },
      onLost: session.lockLost)
    defer { withExtendedLifetime(lock) {} }
    try session.finishInterrupted(lake)
    guard let request = try ask(lake, graph) else { return .done }
    let engine = EngineProvider(lake: lake, startsSmall: true)
    try engine.check()
    let spark = try session.spark(lake)
    let progress = Progress.standardError(quiet: session.json)
    signals.beforeEnd { [stopped = session.stopped, name, option = session.lakeOption] signal in
      progress.silence()
      spark?.close()
      try? Ledger.existing(lake)?.interruptRuns(lake, graph.ordered, ended: lake.clock.now())
      watch.abort()
      let resume = watch.run.map { "\(name) runs resume \($0)\(option)" } ?? "\(name) run\(option)"
      stopped("what was committed stays, and '\(resume)' goes on from here.")(signal)
    }
    let runner = Runner(lake: lake, graph: graph, engine: engine, spark: spark)
    watch.begin(runner)
    let report = try runner.run(request) { event in
      watch.record(event)
      progress.show(event)
    }
    // The run is over and on record: who stops it now misses nothing but the rest of the words.
    signals.beforeEnd { _ in }
    progress.close()
    spark?.close()
    session.explain(engine)
    try session.show(report, tool: name)
    watch.end(report, graph.ordered, session)
    return report.succeeded ? .done : .failed
  }

  /// Declarations that contradict themselves would do harm; nothing is run with them.
  func refuseBroken(_ graph: Graph) throws {
    let problems = graph.ordered.flatMap { $0.problems() }.sorted()
    if let first = problems.first {
      let more = problems.count > 1 ? " (and \(problems.count - 1) more: '\(name) check')" : ""
      throw WrongUsage(description: first.description + more)
    }
  }
}

extension Session {
  /// Says so where a full refresh is asked for of tables that have none.
  func warnOfRecords(_ request: RunRequest, _ graph: Graph) throws {
    guard request.fullRefresh, try graph.select(request.selectors).allSatisfy({ $0.landing != nil })
    else { return }
    warn(
      "--full-refresh has no effect here: bronze is the record of what arrived and is not built "
        + "anew")
  }

  func runRequest() throws -> RunRequest {
    var request = RunRequest(
      selectors: try values.strings("selector").map(Selector.init),
      fullRefresh: try values.flag("full-refresh"),
      jobs: values.isDeclared("jobs") ? try values.int("jobs") : 1,
      asOf: try values.dateIfGiven("as-of") ?? localToday(in: settings.timeZone))
    request.discardHistory =
      values.isDeclared("discard-history") ? try values.flag("discard-history") : false
    request.subset = try subset()
    return request
  }
}

extension Session {
  /// Tells on standard error, and as JSON where that was asked for, that the process was stopped.
  fileprivate var stopped: @Sendable (String) -> @Sendable (Int32) -> Void {
    let (terminal, json) = (errorTerminal, json)
    return { what in
      { signal in
        let by = signal == SIGINT ? "interrupted" : "stopped by a signal"
        let errors = OutputStream.standardError()
        try? errors.write(terminal.message("\(by):", .red, what) + "\n")
        try? errors.flush()
        guard json else { return }
        let facts: JSON = [
          "error": ["code": "interrupted", "message": .string("\(by): \(what)")]
        ]
        try? OutputStream.standardOutput().print(facts)
      }
    }
  }
}

extension ArgumentValues {
  func isDeclared(_ name: String) -> Bool { (try? strings(name)) != nil }
}

/// Today in a time zone, `PODIUM_TIME_ZONE`; nil for the machine's.
func localToday(in zone: String?) -> CivilDate {
  if let zone { setenv("TZ", zone, 1) }
  tzset()
  var now = time(nil)
  var parts = tm()
  localtime_r(&now, &parts)
  return CivilDate(
    year: Int(parts.tm_year) + 1900, month: Int(parts.tm_mon) + 1, day: Int(parts.tm_mday))
}

extension Progress {
  /// Shows what happens during a run.
  func show(_ event: RunEvent) {
    switch event {
    case .began, .step, .committed: break
    case .started(let table): begin(table.description)
    case .ended(let outcome):
      switch outcome.status {
      case .committed:
        end(outcome.table.description, .done, "\(counted(outcome.rowsOut, "row")) out")
      case .upToDate:
        // Of files that could not be read, all that there is to do is to say so.
        if !outcome.isIdle { end(outcome.table.description, .done, "nothing to commit") }
      case .failed: end(outcome.table.description, .failed)
      case .skipped(let table): end(outcome.table.description, .skipped, "needs \(table)")
      }
    }
  }
}

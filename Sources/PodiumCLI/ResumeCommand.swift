import ArgumentParsing
import Basics
import Lakehouse
import Podium
import Runner

/// Why a run cannot be gone on with.
enum ResumeError: Error, CustomStringConvertible {
  /// There was none.
  case noRun(tool: String)
  /// Only the tables' logs tell of it, not what it was asked for.
  case rebuilt(run: String, tool: String)
  /// It is on record beside the runs.
  case noneOfRuns(RunKind, id: String, tool: String)

  var description: String {
    switch self {
    case .noRun: "there was no run yet: \(CommandHint.command("run")) makes one."
    case .rebuilt(let run, _):
      "only the tables' logs tell of run \(run), and not what it was asked for. \(CommandHint.command("run")) goes "
        + "on with all tables."
    case .noneOfRuns(.backfill, let id, let tool):
      "\(id) is a backfill: '\(tool) backfill resume \(id)' goes on with it."
    case .noneOfRuns(let kind, let id, _):
      "\(id) is a \(kind.rawValue), which is not gone on with table by table: type its command again."
    }
  }
}

extension Project {
  /// `runs resume`: goes on with a run.
  var resumeCommand: Command<CommandAction> {
    Command(
      "resume", "Goes on with a run that failed or was interrupted.",
      discussion: """
        Runs the tables that did not commit, with the same business date, files and options. Without \
        a run it is the newest one. A run that was gone on with already is followed to the last of \
        those that did.
        """,
      arguments: [
        .optional("run", "The run, or the beginning of its id; '{tool} runs' lists them.")
      ], options: [.engine, .wait, .metrics],
      examples: [Example("runs resume", "The newest run.")]
    ) { session in
      try perform(session, patience: Double(try session.values.seconds("wait"))) { lake, graph in
        try resumption(session, lake, graph)
      }
    }
  }

  /// What is left of a run; nil, and a line that says so, where nothing is.
  ///
  /// The caller holds the lake's lock.
  private func resumption(
    _ session: Session, _ lake: Lake, _ graph: Graph
  ) throws -> RunRequest? {
    guard let ledger = try Ledger.existing(lake) else { throw ResumeError.noRun(tool: name) }
    try ledger.interruptRuns(lake, graph.ordered, ended: nil)
    let asked: RunRecord
    if let id = try session.values.stringIfGiven("run") {
      asked = try record(id, ledger)
    } else {
      guard let newest = try ledger.newestRun() else {
        throw ResumeError.noRun(tool: name)
      }
      asked = newest
    }
    guard asked.kind == .run else {
      throw ResumeError.noneOfRuns(asked.kind, id: asked.run, tool: name)
    }
    let run = try ledger.run(ledger.lastResumption(of: asked.run)) ?? asked
    guard run.status != "rebuilt", let asOf = CivilDate(run.asOf) else {
      throw ResumeError.rebuilt(run: run.run, tool: name)
    }
    guard run.status != "succeeded" else {
      try session.nothingToResume("run \(run.run) succeeded: there is nothing to resume.", run.run)
      return nil
    }
    let done = try ledger.tables(of: run.run).filter {
      ["committed", "up to date"].contains($0.status)
    }.map(\.table)
    let selectors = run.selectors.split(separator: " ").map { Selector(String($0)) }
    let left = try graph.select(selectors).map(\.name.description).filter { !done.contains($0) }
    guard !left.isEmpty else {
      try session.nothingToResume(
        "run \(run.run) was \(run.status) after its last table: there is nothing to resume.",
        run.run)
      return nil
    }
    session.say(
      "going on with run \(run.run) as of \(asOf): \(counted(left.count, "table")) left, "
        + "\(grouped(done.count)) done")
    var request = RunRequest(
      selectors: left.map(Selector.init), fullRefresh: run.fullRefresh, jobs: run.jobs, asOf: asOf,
      resumes: run.run)
    request.discardHistory = run.discardHistory
    request.subset = run.subset
    return request
  }
}

extension Session {
  fileprivate func nothingToResume(_ sentence: String, _ run: String) throws {
    if json {
      try print(["run": .string(run), "resumed": false, "message": .string(sentence)])
    } else {
      try print(sentence: sentence)
      try out.flush()
    }
  }
}

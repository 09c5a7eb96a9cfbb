import ArgumentParsing
import Basics
import Engines
import LakeCare
import Lakehouse
import Podium
import Rendering
import Runner

extension Project {
  /// `rollback`: undoes a run.
  var rollbackCommand: Command<CommandAction> {
    Command(
      "rollback", "Gives all tables that a run wrote the state before it, together.",
      discussion: """
        Each table gets its older rows as a new version; nothing is taken out of its history. The \
        files that the run took in are taken in again by the next run, unless --keep-landing says \
        that they are done with. Whatever ends the command, the next one that changes the lake \
        finishes it.
        """,
      arguments: [
        .required(
          "run", "The run, the beginning of its id ('{tool} runs' lists them), or 'latest'.")
      ],
      options: [
        .dryRun,
        .flag("with-later", "Roll back the runs that built on it as well."),
        .flag("keep-landing", "Leave the files that it took in as taken: their rows are lost."),
        .wait,
      ],
      examples: [
        Example("rollback latest --dry-run", "What would be done."),
        Example("rollback 20250301T0612 --with-later", "A run and what built on it."),
      ]
    ) { session in
      let request = RollbackRequest(
        run: try session.values.string("run"), withLater: try session.values.flag("with-later"),
        keepLanding: try session.values.flag("keep-landing"))
      let care = try session.lakeCare()
      let dryRun = try session.values.flag("dry-run")
      let locked = dryRun ? nil : try session.lockAndFinish(care.lake, "rollback")
      defer { withExtendedLifetime(locked?.lock) {} }
      // What was asked for before and is done only now is not done twice.
      if case .rollback(let before)? = locked?.finished,
        request.run == "latest" || before.runs.contains(where: { $0.hasPrefix(request.run) })
      {
        try session.show(before, dryRun: false, tool: name)
        return .done
      }
      let rollback = try care.planRollback(request)
      if !dryRun { try care.carryOut(rollback) }
      try session.show(rollback, dryRun: dryRun, tool: name)
      return .done
    }
  }
}

extension Session {
  fileprivate func show(_ rollback: Rollback, dryRun: Bool, tool: String) throws {
    let steps = rollback.steps.filter { !$0.keepsRows }
    if json {
      return try print([
        "dryRun": .bool(dryRun), "runs": .array(rollback.runs.map(JSON.string)),
        "files": .int(rollback.files),
        "tables": .array(
          steps.map {
            [
              "table": .string($0.name), "from": .int($0.from), "target": .int($0.target),
            ]
          }),
      ])
    }
    try print(
      [
        ResultColumn("table", .text), ResultColumn("version", .number),
        ResultColumn("gets the rows of", .number),
      ], steps.map { [.text($0.name), .int($0.from), .int($0.target)] })
    try print(
      sentence: "\(counted(rollback.runs.count, "run")) \(dryRun ? "would be " : "")rolled back: "
        + rollback.runs.joined(separator: ", "))
    if rollback.keepsLanding {
      try print(sentence: "The files that were taken in count as taken: their rows are gone.")
    } else if rollback.files > 0 {
      try print(
        sentence: "The next '\(tool) run' takes in \(counted(rollback.files, "file")) again.")
    }
    try out.flush()
  }
}

import ArgumentParsing
import Basics
import Glibc
import Lakehouse
import LakeCare
import Podium
import Rendering
import Runner

extension Option {
  static let dryRun = Option.flag("dry-run", "Change nothing and say what would be done.")
}

extension Session {
  /// What looks after the lake.
  func lakeCare() throws -> LakeCare {
    let lake = try lake()
    return LakeCare(lake: lake, graph: try graph(), engine: EngineProvider(lake: lake))
  }

  /// Takes the lake's lock, waiting as long as `--wait` says.
  func lock(_ lake: Lake, _ command: String) throws -> LakeLock {
    try lockAndFinish(lake, command).lock
  }

  /// Takes the lake's lock, and tells what another process had left half done and is done now.
  func lockAndFinish(
    _ lake: Lake, _ command: String
  ) throws -> (lock: LakeLock, finished: InterruptedWork?) {
    let patience = Double(try values.seconds("wait"))
    let lock = try LakeLock(
      lake, command: "\(project.name) \(command)", patience: patience,
      onWait: { holder in say("waiting for \(holder?.description ?? "an unknown process")") },
      onLost: lockLost)
    return (lock, try finishInterrupted(lake))
  }

  /// Ends the process where another machine took the lake's lock over.
  ///
  /// What this one would do from then on, it would do beside that one. What is committed stays, as after
  /// any other sudden end.
  var lockLost: @Sendable (LakeError) -> Void {
    { [terminal = errorTerminal] error in
      let errors = OutputStream.standardError()
      try? errors.write(terminal.message("error:", .red, "\(error)") + "\n")
      try? errors.flush()
      _exit(ExitStatus.failed.rawValue)
    }
  }

  /// Says so where a rollback or promotion is half done: what is read now does not fit together.
  ///
  /// Commands that change the lake finish it instead.
  func warnOfHalfDone(_ lake: Lake) throws {
    let isDry = values.isDeclared("dry-run") ? try values.flag("dry-run") : false
    let changes = values.isDeclared("wait") && !isDry
    // Whoever may not read the record reads the tables all the same.
    guard !changes, let work = try? LakeCare.interrupted(in: lake) else { return }
    warn(
      "'\(work)' is half done, by a process that is still at work or was interrupted: the tables do "
        + "not fit together yet. \(CommandHint.command("maintain")) finishes it.")
  }

  /// Finishes what another process was at when it ended, before this one changes the lake.
  ///
  /// The lake's lock is held.
  @discardableResult
  func finishInterrupted(_ lake: Lake) throws -> InterruptedWork? {
    let care = LakeCare(lake: lake, graph: try graph(), engine: EngineProvider(lake: lake))
    let finished = try care.finishInterrupted()
    switch finished {
    case .rollback(let rollback):
      say("finished a rollback that was interrupted: \(rollback.runs.joined(separator: ", "))")
    case .promotion(let promotion):
      say("finished the promotion of \(promotion.environment), which was interrupted")
    case .forgetting: say("finished forgetting a person, which was interrupted")
    case nil: break
    }
    return finished
  }
}

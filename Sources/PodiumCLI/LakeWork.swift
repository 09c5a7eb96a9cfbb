import ArgumentParsing
import Basics
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
    let patience = Double(try values.seconds("wait"))
    let lock = try LakeLock(
      lake, command: "\(project.name) \(command)", patience: patience
    ) { holder in
      say("waiting for \(holder?.description ?? "an unknown process")")
    }
    try finishInterrupted(lake)
    return lock
  }

  /// Finishes what another process was at when it ended, before this one changes the lake.
  ///
  /// The lake's lock is held.
  func finishInterrupted(_ lake: Lake) throws {
    let care = LakeCare(lake: lake, graph: try graph(), engine: EngineProvider(lake: lake))
    switch try care.finishInterrupted() {
    case .rollback(let rollback):
      say("finished a rollback that was interrupted: \(rollback.runs.joined(separator: ", "))")
    case .promotion(let promotion):
      say("finished the promotion of \(promotion.environment), which was interrupted")
    case nil: break
    }
  }
}

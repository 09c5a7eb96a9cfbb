import Basics
import DeltaLake
import Lakehouse
import Podium

/// What a rollback is asked to do.
public struct RollbackRequest: Hashable, Sendable {
  /// The run, or the beginning of its id.
  public var run: String
  /// True to roll back the runs that built on it as well.
  public var withLater: Bool
  /// True to leave the files that the runs took in as taken: their rows do not come back.
  public var keepLanding: Bool

  public init(run: String, withLater: Bool = false, keepLanding: Bool = false) {
    self.run = run
    self.withLater = withLater
    self.keepLanding = keepLanding
  }
}

/// What a rollback does, or did.
public struct Rollback: Hashable, Sendable {
  /// One table that gets an older state as a new version.
  public struct Step: Hashable, Sendable {
    /// The table's name, or what the place is called that belongs to it.
    public let name: String
    /// The folder below the lake.
    let folder: String
    /// The version it has before.
    public let from: Int64
    /// The version whose rows it gets.
    public let target: Int64

    /// True if only the record of what it has read changes.
    public var keepsRows: Bool { from == target }
  }

  /// The rollback's own id, which its commits carry.
  public let id: String
  /// The runs, oldest first.
  public let runs: [String]
  /// Inputs before the tables that read them.
  public let steps: [Step]
  /// Landing files that the next run takes in again.
  public let files: Int
  public let keepsLanding: Bool
}

/// Why a run is not rolled back; nothing was changed.
public enum RollbackError: Error, Hashable, Sendable {
  /// No table has a commit of a run that begins so.
  case unknownRun(String, near: String?)
  /// The newest was asked for, and nothing that a run wrote stands.
  case noRun
  case severalRuns(String, [String])
  /// It was rolled back before; by which version of which table.
  case alreadyRolledBack(String, table: String, version: Int64)
  /// A person was forgotten since, or by it; what tables held before is gone.
  case beforeForgetting(String, forgetting: String)
  /// Runs that read what it wrote, or wrote to the same tables since.
  case laterRuns(String, [String])
  /// A version since that no run wrote.
  case otherCommit(table: String, version: Int64, operation: String)
  /// Landing files that it took in are gone.
  case landingGone([String])
  /// The state before it cannot be read any more.
  case unreadable(table: String, version: Int64, reason: String)
  /// An operation that was interrupted is to change a table that the project no longer declares.
  case undeclared(String)
  /// The record of an operation that was interrupted makes no sense.
  case damagedRecord(String)
}

extension RollbackError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .unknownRun(let run, let near):
      "no table has a commit of a run '\(printable(run))'.\(didYouMean(near)) "
        + "\(CommandHint.command("runs")) lists the runs."
    case .noRun:
      "there is nothing to roll back: no table has rows of a run that was not rolled back already."
    case .severalRuns(let run, let runs):
      "\(runs.count) runs begin with '\(printable(run))': "
        + runs.prefix(3).joined(separator: ", ") + (runs.count > 3 ? " and others." : ".")
    case .alreadyRolledBack(let run, let table, let version):
      "run \(run) was rolled back already, by \(table)@\(version)."
    case .beforeForgetting(let run, let forgetting):
      run == forgetting
        ? "\(run) forgot a person, for good. Nothing was changed."
        : "\(forgetting) forgot a person after run \(run), so what tables held before is gone. Nothing "
          + "was changed."
    case .laterRuns(let run, let later):
      "\(counted(later.count, "later run")) built on run \(run): \(later.joined(separator: ", ")). "
        + "Nothing was changed. --with-later rolls them back too."
    case .otherCommit(let table, let version, let operation):
      "\(table)@\(version) (\(operation)) came after that run and is the work of no run. Nothing was "
        + "changed. \(CommandHint.command("table restore")) gives single tables an older state."
    case .landingGone(let files):
      "\(counted(files.count, "landing file")) that the run took in "
        + "\(files.count == 1 ? "is" : "are") gone, such as \(files.first ?? ""): their "
        + "rows could not be taken in again. Nothing was changed. Put them back, or let the rows go "
        + "with --keep-landing."
    case .unreadable(let table, let version, let reason):
      "\(table)@\(version), the state before that run, cannot be read any more: \(reason) "
        + "Nothing was changed."
    case .undeclared(let table):
      "an operation that was interrupted is still to change \(table), which the project no longer "
        + "declares. Bring the declaration back and type the command again; tables changed so far stay."
    case .damagedRecord(let path):
      "the record of an operation that was interrupted, \(path), cannot be read. Nothing was "
        + "changed. Restore the lake from a backup, or remove the record to leave things as they are."
    }
  }
}

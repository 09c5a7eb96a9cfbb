import Basics
import Podium

/// What promoting an environment does, or did.
public struct Promotion: Hashable, Sendable {
  /// One table of production that gets the rows of an environment's.
  public struct Step: Hashable, Sendable {
    /// The table's name, or what the place is called that belongs to it.
    public let name: String
    /// The folder below the lake, as production calls it.
    let folder: String
    /// The version of production's table before; nil where there is none.
    public let from: Int64?
    /// The version of the environment's table; nil where there is none, so that production's gets
    /// empty.
    public let source: Int64?
    /// True if production's table has these rows already: it stays as it is.
    public let isPromoted: Bool
  }

  /// The promotion's own id, which its commits carry.
  public let id: String
  public let environment: String
  /// Inputs before the tables that read them.
  public let steps: [Step]

  /// The steps that change a table of production; none where it has all of it already.
  public var changes: [Step] { steps.filter { !$0.isPromoted } }
}

/// Why an environment is not promoted or dropped; nothing was changed.
public enum EnvironmentError: Error, Hashable, Sendable {
  case unknown(String, known: [String])
  /// It holds none of the tables that were asked for.
  case nothingHeld(String)
  /// A table was computed from another one of the environment that is not promoted with it.
  case inputStays(table: TableName, input: TableName, environment: String)
  /// A table has not read all of its input, or a run of it was not finished.
  case behind(table: TableName, input: TableName?, environment: String)
  /// Rows of it were given up in production since.
  case rowsGivenUp(table: TableName, environment: String)
  /// Production took in landing files that the environment did not.
  case filesMissing(table: TableName, files: Int, example: String, environment: String)
  /// Production's table keeps rows that its inputs may have lost, which replacing it would lose.
  case losesHistory(table: TableName, environment: String)
  /// Production holds rows of other business dates, in columns that the environment's has otherwise.
  case otherDates(table: TableName, environment: String)
}

extension EnvironmentError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .unknown(let name, let known):
      "there is no environment '\(printable(name))'.\(didYouMean(name, in: known)) "
        + "\(CommandHint.command("env list")) lists them."
    case .nothingHeld(let name):
      "the environment \(name) holds none of these tables: "
        + "\(CommandHint.command("run --env \(name)")) makes them."
    case .inputStays(let table, let input, let name):
      "\(table) was computed from the \(input) of \(name), which would stay behind. Nothing was "
        + "changed. Promote +\(table)."
    case .behind(let table, let input, let name):
      "the \(table) of \(name) "
        + (input.map { "has not read all of \($0)" } ?? "was begun and not finished")
        + ". Nothing was changed. Type \(CommandHint.command("run --env \(name)")) first."
    case .rowsGivenUp(let table, let name):
      "quarantined rows of \(table) were given up in production since \(name) computed it, and would "
        + "come back. Nothing was changed. Type \(CommandHint.command("run --env \(name)")) first."
    case .filesMissing(let table, let files, let example, let name):
      "production's \(table) took in \(counted(files, "file")) that \(name) did not, such as "
        + "\(example): their rows would be lost. Nothing was changed. "
        + "\(CommandHint.command("run --env \(name)")) takes them "
        + "in if they are still in landing; else leave bronze out and compute from production's."
    case .losesHistory(let table, let name):
      "\(table) keeps its history, which the \(table) of \(name) need not have: its rows would be "
        + "lost. Nothing was changed. Promote the tables before it, and run it in production."
    case .otherDates(let table, let name):
      "\(table) keeps rows of earlier business dates, which do not fit the columns that it has in "
        + "\(name). Nothing was changed."
    }
  }
}

import Basics
import DeltaLake
import Lakehouse
import Podium

/// What happens during a run, for those who watch; told from any thread.
public enum RunEvent: Sendable {
  /// The run has its id and is on record.
  case began(RunStart)
  /// A table has something to do; not told of one that is up to date.
  case started(TableName)
  /// A part of a table's work is done, or failed.
  case step(TableStep)
  /// A table, or one that Podium keeps beside it, has a new version.
  case committed(TableCommit)
  case ended(TableOutcome)
}

/// How a run begins.
public struct RunStart: Sendable {
  public let run: String
  public let started: Timestamp
  public let request: RunRequest
  /// The tables of the run, in its order.
  public let tables: [TableName]
}

/// A part of the work on one table.
public struct TableStep: Hashable, Sendable {
  /// Which part.
  public enum Kind: String, Sendable {
    /// Landing files are read.
    case read
    /// The inputs' rows get the names by which the query calls them.
    case bind
    /// What changes of the inputs touch is found.
    case trace
    /// The query is run and its rows are judged.
    case stage
    /// One row is left of each key.
    case resolve
    /// Rows that failed a rule go to quarantine.
    case quarantine
    /// Files are written or merged, and committed.
    case write
  }

  public let table: TableName
  public let kind: Kind
  public let seconds: Double
  /// The rows it came to, where it counts any.
  public let rows: Int64?
  public let failed: Bool
}

/// A commit of a run.
public struct TableCommit: Hashable, Sendable {
  /// The table's name in SQL, such as `silver.members` or `quarantine.members`.
  public let table: String
  /// Nil for the first version.
  public let versionBefore: Int64?
  public let version: Int64
  /// Rows afterwards, where the statistics tell.
  public let rows: Int64?
  public let addedFiles: Int
  public let addedBytes: Int64
  public let removedFiles: Int

  init(_ location: TableLocation, _ before: Snapshot?, _ after: Snapshot) {
    table = location.name
    versionBefore = before?.version
    version = after.version
    rows = after.rowCount
    let known = before?.files ?? [:]
    let added = after.files.filter { known[$0.key] == nil }
    addedFiles = added.count
    addedBytes = added.values.reduce(0) { $0 &+ $1.size }
    removedFiles = known.keys.count { after.files[$0] == nil }
  }
}

extension TableJob {
  /// Does a part of the work and tells how long it took.
  /// - Parameter rows: how many rows it came to.
  func step<Output>(
    _ kind: TableStep.Kind, rows: (Output) -> Int64? = { _ in nil }, _ work: () throws -> Output
  ) throws -> Output {
    let start = monotonicSeconds()
    func tell(_ rows: Int64?, failed: Bool) {
      context.watch(
        .step(
          TableStep(
            table: table.name, kind: kind, seconds: monotonicSeconds() - start, rows: rows,
            failed: failed)))
    }
    do {
      let output = try work()
      tell(rows(output), failed: false)
      return output
    } catch {
      tell(nil, failed: true)
      throw error
    }
  }
}

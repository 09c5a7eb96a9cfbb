import DeltaLake
import Podium

/// How one table fared in a run.
public struct TableOutcome: Sendable {
  /// What was done.
  public enum Status: Sendable {
    /// A new version was committed.
    case committed
    /// Nothing was new.
    case upToDate
    /// Nothing was committed.
    case failed(RunError)
    /// Not tried, since a table it needs failed.
    case skipped(because: TableName)
  }

  public let table: TableName
  public let status: Status
  /// Why the work was done, in a few words.
  public let reason: String
  public let counts: RowCounts
  /// Rows that failed each rule.
  public let failures: [RuleCount]
  public let files: FileReport?
  /// The table's version afterwards.
  public let version: Int64?
  /// The table's rows afterwards, where known.
  public let rows: Int64?
  /// What others changed of the table since the last run that worked on it; nil for nothing.
  public let outside: OutsideChange?
  public internal(set) var seconds: Double

  init(
    _ table: TableName, _ status: Status, reason: String, result: JobResult? = nil,
    files: FileReport? = nil, state: TableState? = nil, findings: [RuleCount] = [],
    outside: OutsideChange? = nil, seconds: Double = 0
  ) {
    self.table = table
    self.status = status
    self.reason = reason
    counts = result?.counts ?? RowCounts()
    failures = result?.failures ?? findings
    self.files = files
    version = result?.version ?? state?.version
    rows = result?.rows
    self.outside = outside
    self.seconds = seconds
  }
}

extension TableOutcome.Status {
  /// True where the table is as it should be after the run.
  public var isGood: Bool {
    switch self {
    case .committed, .upToDate: true
    case .failed, .skipped: false
    }
  }

  /// The status in one word.
  public var word: String {
    switch self {
    case .committed: "committed"
    case .upToDate: "up to date"
    case .failed: "failed"
    case .skipped: "skipped"
    }
  }
}

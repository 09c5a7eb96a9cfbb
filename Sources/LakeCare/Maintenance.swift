import Basics
import Lakehouse
import Podium
import Storage

/// What maintenance is asked to do.
public struct MaintenanceRequest: Sendable {
  public var selectors: [Selector]
  /// Milliseconds for which landing files are kept after they were taken in; nil keeps them all.
  public var landingRetention: Int64?
  /// The day from which tables count how old their rows are.
  public var asOf: CivilDate
  /// True to change nothing and say what would be done.
  public var dryRun: Bool

  /// Landing files are kept for 30 days.
  public static let standardLandingRetention: Int64 = 30 * 86_400_000

  public init(
    selectors: [Selector] = [], landingRetention: Int64? = standardLandingRetention,
    asOf: CivilDate, dryRun: Bool = false
  ) {
    self.selectors = selectors
    self.landingRetention = landingRetention
    self.asOf = asOf
    self.dryRun = dryRun
  }
}

/// Files that are gone, or would be.
public struct RemovedFiles: Hashable, Sendable {
  public internal(set) var files = 0
  public internal(set) var bytes: Int64 = 0

  init() {}

  init(_ objects: [ObjectInfo]) {
    files = objects.count
    bytes = objects.reduce(0) { $0 &+ $1.size }
  }

  static func + (a: RemovedFiles, b: RemovedFiles) -> RemovedFiles {
    var sum = a
    sum.files += b.files
    sum.bytes = sum.bytes &+ b.bytes
    return sum
  }
}

/// What maintenance did to one table.
public struct TableUpkeep: Sendable {
  /// The table's name, or what the place is called that belongs to it.
  public let name: String
  /// Rows that were older than the table keeps them.
  public internal(set) var expiredRows: Int64 = 0
  /// Small files that became few large ones.
  public internal(set) var compacted = RemovedFiles()
  /// Files of the table that no version needs any more.
  public internal(set) var dead = RemovedFiles()
  /// Files of the log that only versions older than its retention needed.
  public internal(set) var log = RemovedFiles()
  /// True if a checkpoint was written.
  public internal(set) var checkpointed = false
  /// Why the table was left as it is, or half done; nil where all went well.
  public internal(set) var failure: String?

  /// True if there was anything to do.
  public var worked: Bool {
    expiredRows > 0 || compacted.files > 0 || dead.files > 0 || log.files > 0 || checkpointed
  }
}

/// Versions of a table that another one has not read yet.
public struct UnreadVersions: Hashable, Sendable {
  public let table: TableName
  /// The name of a table of the lake or of one of its environments.
  public let reader: String
  /// The version that the reader has consumed.
  public let consumed: Int64
  public let newest: Int64
  /// False where the versions are older than the log keeps them: the reader will be computed whole.
  public let isKept: Bool
}

/// Landing files of one source that are gone, or would be.
public struct LandingUpkeep: Hashable, Sendable {
  public let source: String
  public let removed: RemovedFiles
  /// Why its files stay; nil where nothing speaks against it.
  public let refusal: String?
}

/// What maintenance did.
public struct MaintenanceReport: Sendable {
  /// In the order of the graph.
  public internal(set) var tables: [TableUpkeep] = []
  public internal(set) var landing: [LandingUpkeep] = []
  public internal(set) var unread: [UnreadVersions] = []
  public internal(set) var seconds = 0.0

  /// All bytes that are free now, or would be.
  public var freed: Int64 {
    (tables.flatMap { [$0.dead, $0.log] } + landing.map(\.removed)).reduce(RemovedFiles(), +).bytes
  }

  /// True if no table was left as it is for an error.
  public var succeeded: Bool { tables.allSatisfy { $0.failure == nil } }
}

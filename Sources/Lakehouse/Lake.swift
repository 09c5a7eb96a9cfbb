import Basics
import DeltaLake
import Engines
import Glibc
import Podium
import S3
import Storage

/// A lake: the place that holds landing files, tables and Podium's own records.
///
/// `landing/ bronze/ silver/ gold/ quarantine/ .podium/`; a table lies in the folder of its name. The
/// place is a folder of this machine or a part of a bucket.
public struct Lake: Sendable {
  /// All that lies in the lake.
  public let files: any ObjectStore
  /// Files of the sources, by folder; all environments share them.
  public let landing: any ObjectStore
  /// Where the present moment comes from.
  public let clock: Clock
  /// Where tables are tried instead of in production; nil for production.
  public let environment: LakeEnvironment?
  /// The folder of this machine in which a lake elsewhere has what must be at hand; nil for a lake on
  /// this machine.
  let cache: String?

  /// A lake at a path or in a bucket (`s3://bucket/prefix`); a folder is made when something is written.
  /// - Parameters:
  ///   - landing: where the sources' files are, if not in the lake: a folder or a place in a bucket.
  ///   - settings: how buckets are reached; as the environment says where it is nil.
  ///   - cache: where this machine keeps what it needs of lakes elsewhere; as the environment says where
  ///     it is nil.
  public init(
    at path: String, landing: String? = nil, settings: S3Settings? = nil, cache: String? = nil,
    clock: Clock = .system
  ) throws(LakeError) {
    files = try Lake.store(path, settings, clock)
    let sources = try landing.map { (path) throws(LakeError) in
      try Lake.store(path, settings, clock)
    }
    self.landing = (sources ?? files).folder(
      sources == nil ? "landing" : "", rights: .ownerOnly, followsLinks: true)
    self.clock = clock
    environment = nil
    self.cache = (files as? S3Store).map { LakeCache.folder($0, in: cache) }
  }

  init(_ lake: Lake, environment: LakeEnvironment?) {
    files = lake.files
    landing = lake.landing
    clock = lake.clock
    cache = lake.cache
    self.environment = environment
  }

  /// The store of a folder that is named by a path or as `s3://bucket/prefix`.
  /// - Parameter settings: how buckets are reached; as the environment says where it is nil.
  public static func store(
    _ path: String, _ settings: S3Settings? = nil, _ clock: Clock = .system
  ) throws(LakeError) -> any ObjectStore {
    guard S3Location.isMeant(path) else {
      let root = absolutePath(path)
      guard kindOfFile(root) != .file else { throw .notAFolder(root) }
      return LocalStore(root: root)
    }
    do throws(S3SettingsError) {
      let location = try S3Location(path)
      let known: S3Settings
      if let settings {
        known = settings
      } else {
        known = try S3Settings.fromEnvironment(clock: clock)
      }
      return S3Store(location, known, clock: clock, keeps: DeltaTable.isWrittenOnce)
    } catch { throw .unreachable(error) }
  }

  /// The folder's absolute path, or `s3://bucket/prefix`.
  public var root: String { files.address("") }

  /// Podium's own records; an environment has its own.
  public var records: any ObjectStore {
    files.folder(recordsFolder, rights: .ownerOnly, followsLinks: true)
  }

  private var recordsFolder: String {
    environment.map { "\(LakeEnvironment.folder)/\($0.name)" } ?? ".podium"
  }

  /// What must lie on this machine: spilled data, the lock of its processes and the record of runs.
  public var local: LocalStore {
    LocalStore(root: (cache ?? root) + "/" + recordsFolder, rights: .ownerOnly)
  }

  /// How the lake's bucket is reached; nil for a lake on this machine.
  public var buckets: S3Settings? { (files as? S3Store)?.settings }

  /// True if the sources' files are in the lake itself.
  public var holdsLanding: Bool { landing.address("") == files.address("landing") }

  /// True if the lake is a folder of this machine.
  public var isLocal: Bool { cache == nil }

  /// The folder that an engine of this process spills to.
  public var spillFolder: String { local.address("spill/\(getpid())") }

  /// Where servers that compute for the lake put rows, and find what they are given.
  public var exchange: any ObjectStore {
    records.folder("exchange", rights: .ownerOnly, followsLinks: false)
  }

  /// Removes what engines of processes that are gone have spilled, and what servers wrote for them; for
  /// who holds the lake's lock.
  /// - Parameter own: the folder of this process in `exchange`.
  public func removeLeftovers(except own: String? = nil) {
    removeDeadSpills()
    for folder in (try? exchange.listFolder(""))?.map(\.path) ?? [] {
      guard folder != own.map({ $0 + "/" }) else { continue }
      try? exchange.deleteFolder(String(folder.dropLast()))
    }
  }

  private func removeDeadSpills() {
    for folder in (try? local.listFolder("spill/")) ?? [] {
      guard let process = pid_t(lastPathComponent(String(folder.path.dropLast()))),
        process != getpid(), kill(process, 0) != 0, errno == ESRCH
      else { continue }
      local.deleteFolder(String(folder.path.dropLast()))
    }
  }

  /// Where a file lies that is named by a path or as `s3://bucket/path`.
  public func place(ofFile path: String) throws(LakeError) -> FilePlace {
    try FilePlace(path, buckets)
  }

  /// True if there is something at the lake's place.
  public func exists() throws(StorageError) -> Bool { try files.isThere() }

  /// Refuses a folder that holds something and nothing of a lake, before anything is written there.
  public func refuseForeign() throws(LakeError) {
    guard let names = try? files.listFolder("").map(\.path) else { return }
    // What is hidden, and what file systems put into a new disk, is nobody's work.
    let visible = names.filter { !$0.hasPrefix(".") && $0 != "lost+found/" }
    guard !visible.isEmpty, !names.contains("landing/"), !names.contains(".podium/") else { return }
    throw .notALake(root)
  }

  /// The lake, unless its folder may not be entered: everything in it would look missing.
  public func entered() throws(LakeError) -> Lake {
    var status = stat()
    if isLocal, stat(root + "/.", &status) != 0, errno == EACCES { throw .closed(root) }
    return self
  }

  /// The store of a table's folder; what links in it lead to is not the table's.
  public func store(_ location: TableLocation) -> any ObjectStore {
    files.folder(
      folder(location), rights: location.isPrivate ? .ownerOnly : .usual, followsLinks: false)
  }

  /// A Delta table of the lake.
  public func table(
    _ location: TableLocation, parquet: @escaping () throws -> any ParquetHandler
  ) -> DeltaTable {
    DeltaTable(store: store(location), clock: clock, parquet: parquet)
  }
}

extension DeltaTable {
  /// The newest state; nil where there is no table.
  public func snapshotIfAny() throws -> Snapshot? {
    do { return try snapshot() } catch DeltaError.notATable { return nil }
  }
}

/// Where a table lies in a lake.
public struct TableLocation: Hashable, Sendable {
  /// The name in SQL, such as `silver.members` or `quarantine.members`.
  public let name: String
  /// The folder below the lake.
  public let folder: String
  /// True where only the owner may look inside.
  public let isPrivate: Bool

  /// The place of a declared table.
  public static func of(_ table: Table) -> TableLocation {
    let name = table.name.description
    return TableLocation(
      name: name, folder: folder(name),
      isPrivate: table.name.layer == .bronze || table.columns.contains(where: \.personal))
  }

  /// The place of the rows of a table that failed a rule.
  public static func quarantine(of table: Table) -> TableLocation {
    let base = table.name.layer == .silver ? table.name.base : table.name.description
    let name = "quarantine." + base.split(separator: ".").joined(separator: "_")
    return TableLocation(name: name, folder: folder(name), isPrivate: true)
  }

  /// The place of the landing files that could not be read.
  public static let quarantinedFiles = TableLocation(
    name: "quarantine.files", folder: folder("quarantine.files"), isPrivate: true)

  /// The record of quarantined rows and files that were given up.
  public static let droppedRows = TableLocation(
    name: "quarantine.dropped", folder: folder("quarantine.dropped"), isPrivate: true)

  /// The place where an upserted table keeps the keys that were deleted.
  public static func tombstones(of table: Table) -> TableLocation {
    TableLocation(
      name: "tombstones of \(table.name)",
      folder: ".podium/tombstones/\(table.name)", isPrivate: true)
  }

  private static func folder(_ name: String) -> String {
    name.split(separator: ".", maxSplits: 1).joined(separator: "/")
  }
}

/// Why a lake cannot be used.
public enum LakeError: Error, Hashable, Sendable {
  /// The path is a file.
  case notAFolder(String)
  /// Buckets cannot be reached as the settings say.
  case unreachable(S3SettingsError)
  /// The server writes over what is there although it is asked not to, so that two writers would
  /// undo each other's commits.
  case unconditionalWrites(String)
  /// Another process took the lock over, since it saw no sign of life for a while.
  case lockLost(path: String, holder: LakeLock.Holder?)
  /// There is no such folder.
  case missing(String)
  /// The folder holds something, and nothing of a lake.
  case notALake(String)
  /// The folder may not be entered.
  case closed(String)
  /// It cannot be changed.
  case fixed(path: String, StorageError)
  /// Another process works on it; who, and how long was waited.
  case locked(path: String, holder: LakeLock.Holder?, seconds: Double)
}

extension LakeError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .notAFolder(let path):
      "the lake \(path) is a file. Name a folder with --lake or PODIUM_LAKE."
    case .unreachable(let error): "\(error)"
    case .unconditionalWrites(let path):
      "the server of \(path) does not know conditional writes (If-None-Match): two writers could undo "
        + "each other's commits. Nothing was changed. Use a server that does, such as AWS's own."
    case .lockLost(let path, let holder):
      "the lake \(path) was taken over"
        + (holder.map { " by \($0.description)" } ?? "")
        + ", since nothing was heard of this process for a while. What was committed stays; type the "
        + "command again."
    case .missing(let path): "there is no lake at \(path)."
    case .notALake(let path):
      "\(path) is not empty and no lake: it has neither landing/ nor .podium/. Nothing was changed. "
        + "Name the lake with --lake, or put the sources' files into \(path)/landing."
    case .closed(let path):
      "the lake \(path) cannot be read: permission denied.\(LakeError.owner(of: path))"
    case .fixed(let path, let error):
      "the lake \(path) cannot be changed: \(error). Nothing was changed."
        + LakeError.remedy(error, path)
    case .locked(let path, let holder, let seconds):
      "the lake \(path) is in use"
        + (holder.map { " by \($0.description)" } ?? "")
        + "; waited \(Int(seconds)) s. Nothing was changed. Try again when it has ended."
    }
  }

  /// Whose a lake is, and what to do about it.
  private static func owner(of path: String) -> String {
    var status = stat()
    let entry = stat(path, &status) == 0 ? getpwuid(status.st_uid) : nil
    let name = entry.map { "user \(String(cString: $0.pointee.pw_name))" } ?? "another user"
    return " It belongs to \(name): work as that user, or have the rights given."
  }

  private static func remedy(_ error: StorageError, _ path: String) -> String {
    switch error.code {
    case .permissionDenied where error.isOfReadOnlySystem: " Mount it for writing."
    case .permissionDenied: owner(of: path)
    case .diskFull, .failed: " Mend that and type the command again."
    default: ""
    }
  }
}

import Basics
import Storage

/// A Delta table at a place: its log, and the means to read and write it.
///
/// For one thread at a time, as its Parquet handler is. Any number of tables may be open on one
/// place; the log keeps them apart.
public struct DeltaTable {
  /// The table's folder.
  public let store: any ObjectStore
  /// The table's address, for messages and engines.
  public var address: String { store.address("") }
  /// Where the present moment comes from.
  public let clock: Clock
  let memory: Memory

  /// - Parameter parquet: asked once, when a handler is first needed: log and state often need none.
  public init(
    store: any ObjectStore, clock: Clock = .system,
    parquet: @escaping () throws -> any ParquetHandler
  ) {
    self.store = store
    self.clock = clock
    memory = Memory(parquet)
  }

  /// The Parquet handler, always the same: relations of one are unknown to others.
  public func parquet() throws -> any ParquetHandler { try memory.parquet() }

  /// True if the place has a transaction log.
  public static func exists(in store: any ObjectStore) throws(StorageError) -> Bool {
    try !store.list(LogFile.folder).filter {
      switch LogFile(name: String($0.path.dropFirst(LogFile.folder.count))) {
      case .commit, .checkpoint: true
      default: false
      }
    }.isEmpty
  }

  /// The state at a version, or at the newest one.
  ///
  /// The newest one goes on from what this object read before, if it did.
  /// A log is listed while others write to it and clean it: a file that is missing is looked for in a
  /// second listing before it is missed.
  public func snapshot(version: Int64? = nil) throws -> Snapshot {
    if version == nil, let next = nextSnapshot() { return next }
    for _ in 0..<2 {
      do { return try currentSnapshot(version: version) } catch DeltaError.missingCommit {
      } catch DeltaError.unreadableCheckpoint {
      } catch let error as StorageError where error.code == .notFound {}
    }
    return try currentSnapshot(version: version)
  }

  private func currentSnapshot(version: Int64?) throws -> Snapshot {
    var unreadable: Set<Int64> = []
    while true {
      let segment = try LogSegment.find(store, version: version, skipping: unreadable)
      do { return try load(segment, keeping: version == nil) } catch let error as DeltaError {
        guard case .unreadableCheckpoint(let bad, let why, let at) = error else { throw error }
        // An older checkpoint or the commits themselves may still give the state.
        unreadable.insert(bad)
        do { _ = try LogSegment.find(store, version: version, skipping: unreadable) } catch {
          throw DeltaError.unreadableCheckpoint(version: bad, reason: why, table: at)
        }
      }
    }
  }

  private func load(_ segment: LogSegment, keeping: Bool) throws -> Snapshot {
    var replay = LogReplay()
    if let checkpoint = segment.checkpoint { try apply(checkpoint, to: &replay) }
    let width = segment.commits.count > 64 ? 4 : 1
    let commits = try concurrentMap(segment.commits, width: width) { [store, address] in
      try DeltaTable.readCommit($0.path, store, table: address)
    }
    for actions in commits { replay.apply(actions) }
    let state = try replay.snapshot(version: segment.version, table: address)
    if keeping { memory.newest = segment.commit.map { (state, $0) } }
    return state
  }

  /// The actions of one commit file.
  func readCommit(_ path: String) throws -> [Action] {
    try DeltaTable.readCommit(path, store, table: address)
  }

  private static func readCommit(
    _ path: String, _ store: any ObjectStore, table: String
  ) throws -> [Action] {
    try parseLines(store.read(path), file: lastPathComponent(path), table: table)
  }

  /// Reads actions, one a line.
  static func parseLines(
    _ bytes: [UInt8], file: String, table: String
  ) throws(DeltaError) -> [Action] {
    let values: [(number: Int, value: JSON)]
    do { values = try JSON.lines(bytes) } catch {
      let reason = "\(error.error.reason.rawValue), at byte \(error.error.offset)"
      throw .malformedLog(file: file, line: error.line, reason: reason, table: table)
    }
    guard !values.isEmpty else {
      throw .malformedLog(file: file, line: 1, reason: "it is empty", table: table)
    }
    var actions: [Action] = []
    actions.reserveCapacity(values.count)
    for (number, value) in values {
      do { if let action = try Action.parse(value) { actions.append(action) } } catch {
        throw .malformedLog(file: file, line: number, reason: error.reason, table: table)
      }
    }
    return actions
  }

  /// A scan of all live rows of a state.
  public func scan(_ snapshot: Snapshot, positions: Bool = false) throws -> Scan {
    try scan(snapshot.orderedFiles, snapshot, positions: positions)
  }

  /// A scan of the live rows of some files of a state.
  public func scan(
    _ files: [AddFile], _ snapshot: Snapshot, positions: Bool = false
  ) throws -> Scan {
    try scan(files.map { ($0, try liveRows(of: $0)) }, snapshot, positions: positions)
  }

  /// A scan of chosen rows of some files of a state.
  func scan(
    _ files: [(AddFile, Scan.Rows)], _ snapshot: Snapshot, positions: Bool = false
  ) -> Scan {
    let mapping = snapshot.columnMapping
    let partitions = snapshot.metadata.partitionColumns
    let keys = partitions.map { (name: $0, key: snapshot.schema[$0]?.storedName(mapping) ?? $0) }
    return Scan(
      files: files.map { file, rows in
        let path = PercentEncoding.decode(file.path)
        var values = file.partitionValues
        if mapping != .none {
          values = Dictionary(
            keys.map { ($0.name, file.partitionValues[$0.key] ?? nil) }
          ) { first, _ in first }
        }
        return Scan.File(
          address: address(ofData: path), partitionValues: values, size: file.size, path: path,
          rows: rows, recordCount: file.recordCount)
      }, schema: snapshot.schema, partitionColumns: partitions, mapping: mapping,
      positions: positions)
  }

  private func liveRows(of file: AddFile) throws -> Scan.Rows {
    try deletedRows(of: file).map { $0.isEmpty ? .all : .except($0) } ?? .all
  }

  /// The address of a data file: below the table, or where an absolute path or a URL says.
  func address(ofData path: String) -> String {
    if path.utf8.first == UInt8(ascii: "/") { return path }
    guard path.hasByte(UInt8(ascii: ":")) else { return store.address(path) }
    if path.hasPrefix("file:") {
      return "/" + path.dropFirst(5).drop { $0 == "/" }
    }
    return path.contains("://") ? path : store.address(path)
  }
}

extension DeltaTable {
  /// The path of a version's commit below the table's folder.
  public static func commitPath(_ version: Int64) -> String { LogFile.commitPath(version) }

  /// True for the paths of objects in a table's folder that are never written again under their names
  /// and are read often: commits, their checksums and deletion vectors.
  public static func isWrittenOnce(_ path: String) -> Bool { LogFile.isWrittenOnce(path) }
}

import Basics
import Storage

extension DeltaTable {
  /// The actions of a version's commit; nil where the commit is gone.
  package func actions(of version: Int64) throws -> [Action]? {
    do { return try readCommit(LogFile.commitPath(version)) } catch let error as StorageError
      where error.code == .notFound
    {
      return nil
    }
  }

  /// The first version after one that changed rows or what the table is, up to another one; nil where
  /// all only moved rows between files or recorded progress.
  ///
  /// A commit that is gone may have changed rows.
  public static func firstChange(
    after from: Int64, through to: Int64, in store: any ObjectStore
  ) throws -> Int64? {
    guard from < to else { return nil }
    for version in (from + 1)...to {
      let bytes: [UInt8]
      do { bytes = try store.read(LogFile.commitPath(version)) } catch {
        guard error.code == .notFound else { throw error }
        return version
      }
      let file = lastPathComponent(LogFile.commitPath(version))
      let actions = try parseLines(bytes, file: file, table: store.address(""))
      if actions.contains(where: \.changesTable) { return version }
    }
    return nil
  }

  /// The files that the commits after one version name, up to another one: who has consumed the
  /// first reads them to come to the second.
  package func filesNamed(after from: Int64, through to: Int64) throws -> Set<String> {
    var files: Set<String> = []
    guard from < to else { return files }
    for version in (from + 1)...to {
      for action in try actions(of: version) ?? [] { try keep(action, in: &files) }
    }
    return files
  }

  /// True if all of some data files are there.
  package func hasFiles(_ files: [AddFile]) throws -> Bool {
    try files.allSatisfy { try info(ofData: PercentEncoding.decode($0.path)) != nil }
  }

  /// True if all files are there that tell some versions' row changes.
  package func hasFiles(of feed: ChangeFeed) throws -> Bool {
    try feed.parts.allSatisfy { part in
      try part.scan.files.allSatisfy { try info(ofData: $0.path) != nil }
    }
  }

  /// The files that make up a state.
  package func files(of state: Snapshot) throws -> Set<String> {
    var files: Set<String> = []
    for file in state.files.values { try keep(.add(file), in: &files) }
    return files
  }

  /// All files that the log names, whatever became of them.
  func filesNamedByLog(_ base: Snapshot) throws -> Set<String> {
    var files = try files(of: base)
    for file in base.tombstones.values { try keep(.remove(file), in: &files) }
    for commit in try LogListing(store).commits.values {
      for action in try readCommit(commit.path) { try keep(action, in: &files) }
    }
    return files
  }

  /// Adds the data file and the deletion vector of an action, as the store lists them.
  func keep(_ action: Action, in files: inout Set<String>) throws {
    let (path, vector): (String, DeletionVector?)
    switch action {
    case .add(let file): (path, vector) = (file.path, file.deletionVector)
    case .remove(let file): (path, vector) = (file.path, file.deletionVector)
    case .cdc(let file): (path, vector) = (file.path, nil)
    default: return
    }
    files.insert(ownPath(PercentEncoding.decode(path)))
    guard let vector, vector.storageType != "i" else { return }
    files.insert(
      vector.storageType == "u"
        ? try DeltaTable.path(ofUUID: vector.pathOrInlineDv)
        : ownPath(PercentEncoding.decode(vector.pathOrInlineDv)))
  }

  /// The small files that `optimize` would rewrite, and their bytes.
  package func optimizable(_ base: Snapshot) -> (files: Int, bytes: Int64) {
    let files = base.upkeep.bins(base).joined()
    return (files.count, files.reduce(0) { $0 &+ $1.size })
  }

  /// How many commits the log has after its newest checkpoint.
  package func commitsSinceCheckpoint(_ base: Snapshot) throws -> Int64 {
    let newest = try LogListing(store).checkpointVersions(through: base.version).first
    return base.version - (newest ?? -1)
  }
}

extension Action {
  /// True for what changes the rows, the metadata or the protocol.
  package var changesTable: Bool {
    switch self {
    case .add(let file): file.dataChange
    case .remove(let file): file.dataChange
    case .metaData, .protocol, .cdc: true
    case .txn, .domainMetadata, .commitInfo, .sidecar, .checkpointMetadata: false
    }
  }
}

extension DeltaTable {
  /// The version with which the part of the log begins that a version needs: that of the newest
  /// checkpoint at or before it, else 0.
  package func logBegins(for version: Int64) throws -> Int64 {
    try LogListing(store).checkpointVersions(through: version).first ?? 0
  }
}

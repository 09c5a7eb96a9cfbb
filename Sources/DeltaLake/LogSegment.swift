import Basics
import Storage

/// The files of a log that together give the state at one version.
struct LogSegment: Hashable {
  let version: Int64
  /// The newest complete checkpoint at or before the version, if the log has one.
  let checkpoint: CheckpointFiles?
  /// The commits after the checkpoint, in order.
  let commits: [ObjectInfo]
  /// The version's own commit; nil where it is gone.
  let commit: ObjectInfo?
  /// True if the version has a checksum file.
  let hasChecksum: Bool

  struct CheckpointFiles: Hashable {
    let version: Int64
    let paths: [String]
  }
}

/// A listing of a log, sorted out.
struct LogListing {
  private(set) var commits: [Int64: ObjectInfo] = [:]
  private(set) var checksums: Set<Int64> = []
  /// What writers that were killed had begun to write; a store that hides such files tells of none.
  private(set) var unfinished: [ObjectInfo] = []
  /// All commits, checksums and files of checkpoints.
  private(set) var files: [(version: Int64, object: ObjectInfo)] = []
  private var checkpoints: [Int64: [(LogFile.CheckpointKind, String)]] = [:]

  /// Lists the log.
  /// - Parameter after: leaves out files whose name is not greater than this one.
  init(_ store: any ObjectStore, after: String? = nil) throws(StorageError) {
    for object in try store.list(LogFile.folder, after: after) {
      let name = String(Substring(object.path.utf8.dropFirst(LogFile.folder.utf8.count)))
      switch LogFile(name: name) {
      case .commit(let version):
        commits[version] = object
        files.append((version, object))
      case .checksum(let version):
        checksums.insert(version)
        files.append((version, object))
      case .checkpoint(let version, let kind):
        files.append((version, object))
        // A file of no bytes is a checkpoint that was never finished.
        if object.size > 0 { checkpoints[version, default: []].append((kind, object.path)) }
      case .compacted: continue
      case .other: if name.hasPrefix(LocalStore.temporaryPrefix) { unfinished.append(object) }
      }
    }
  }

  /// The newest version that a commit or a complete checkpoint stands for.
  var latest: Int64? {
    let complete = checkpoints.keys.filter { completeCheckpoint($0) != nil }.max()
    return [commits.keys.max(), complete].compactMap { $0 }.max()
  }

  /// The checkpoint of a version, if all its parts are there: one file rather than several.
  func completeCheckpoint(_ version: Int64) -> LogSegment.CheckpointFiles? {
    guard let files = checkpoints[version] else { return nil }
    if let single = files.first(where: { $0.0 == .single }) {
      return .init(version: version, paths: [single.1])
    }
    for (kind, path) in files {
      if case .unique = kind { return .init(version: version, paths: [path]) }
    }
    var parts: [Int: [Int: String]] = [:]
    for (kind, path) in files {
      if case .part(let part, let count) = kind { parts[count, default: [:]][part] = path }
    }
    for (count, found) in parts.sorted(by: { $0.key < $1.key }) where found.count == count {
      return .init(version: version, paths: found.sorted { $0.key < $1.key }.map(\.value))
    }
    return nil
  }

  /// Versions of complete checkpoints at or before a version, newest first.
  func checkpointVersions(through version: Int64) -> [Int64] {
    checkpoints.keys.filter { $0 <= version && completeCheckpoint($0) != nil }.sorted(by: >)
  }
}

extension LogSegment {
  /// Finds the files for a version, or for the newest one.
  /// - Parameters:
  ///   - skipping: checkpoints that turned out to be unreadable.
  static func find(
    _ store: any ObjectStore, version: Int64?, skipping: Set<Int64> = []
  ) throws -> LogSegment {
    if version == nil, skipping.isEmpty, let hinted = try fromHint(store) { return hinted }
    return try find(LogListing(store), version: version, skipping: skipping, store.address(""))
  }

  static func find(
    _ listing: LogListing, version: Int64?, skipping: Set<Int64>, _ table: String
  ) throws(DeltaError) -> LogSegment {
    guard let latest = listing.latest else { throw DeltaError.notATable(table) }
    let target = version ?? latest
    let checkpoint = listing.checkpointVersions(through: target).first { !skipping.contains($0) }
      .flatMap(listing.completeCheckpoint)
    let first = (checkpoint?.version ?? -1) + 1
    guard target >= 0, target <= latest else {
      throw DeltaError.noSuchVersion(target, available: listing.available, table: table)
    }
    var commits: [ObjectInfo] = []
    if first <= target {
      for number in first...target {
        guard let commit = listing.commits[number] else {
          // Without anything older it is not a gap: the log begins later.
          if version != nil, checkpoint == nil,
            !listing.commits.keys.contains(where: { $0 < number })
          {
            throw DeltaError.noSuchVersion(target, available: listing.available, table: table)
          }
          throw DeltaError.missingCommit(number, table: table)
        }
        commits.append(commit)
      }
    }
    return LogSegment(
      version: target, checkpoint: checkpoint, commits: commits, commit: listing.commits[target],
      hasChecksum: listing.checksums.contains(target))
  }

  /// Begins the listing at the checkpoint that `_last_checkpoint` names; nil if the hint is
  /// missing, garbage or out of date, which is no error.
  private static func fromHint(_ store: any ObjectStore) throws -> LogSegment? {
    guard let bytes = try? store.read(LogFile.lastCheckpoint),
      let hint = try? JSON(parsing: bytes), let version = hint["version"]?.int, version > 0
    else { return nil }
    let listing = try LogListing(store, after: LogFile.folder + LogFile.number(version - 1) + "~")
    guard listing.completeCheckpoint(version) != nil else { return nil }
    return try? find(listing, version: nil, skipping: [], store.address(""))
  }
}

extension LogListing {
  /// The newest versions that can be read, without a gap between them; nil where none can.
  ///
  /// A version can be read if the first commit, or a checkpoint, is at or before it and all commits
  /// in between are there.
  var available: ClosedRange<Int64>? {
    guard let latest else { return nil }
    var bases = checkpointVersions(through: latest)
    if commits[0] != nil, bases.last != 0 { bases.append(0) }
    var range: ClosedRange<Int64>?
    for base in bases {
      var last = base
      while last + 1 < range?.lowerBound ?? .max, commits[last + 1] != nil { last += 1 }
      guard let newer = range else {
        range = base...last
        continue
      }
      if last + 1 == newer.lowerBound { range = base...newer.upperBound }
    }
    return range
  }
}

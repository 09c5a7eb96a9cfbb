import Basics
import Storage

/// What VACUUM found, and removed unless it only looked.
public struct VacuumResult: Hashable, Sendable {
  /// Files that no retained version needs, in order, relative to the table.
  public let files: [ObjectInfo]
  /// True if they are gone.
  public let removed: Bool
  /// Bytes of those files.
  public var bytes: Int64 { files.reduce(0) { $0 &+ $1.size } }
}

extension DeltaTable {
  /// Removes files that no version of the retention time needs: data files, deletion vectors and
  /// change files that were taken out of the table before it, or never got in.
  ///
  /// Looks by name, decoded once. What is younger than the retention stays, since a writer may be
  /// about to commit it; so do hidden files and folders of others, but not partition folders whose
  /// column begins with `_`, nor change files.
  /// - Parameters:
  ///   - retention: milliseconds; the table's own (`delta.deletedFileRetentionDuration`) where nil.
  ///   - force: allows a retention below the table's own.
  ///   - kept: files that stay however old they are.
  ///   - unnamedAfter: milliseconds after which files go that no commit names; only for one who knows
  ///     that no writer is at work. As all others where nil.
  public func vacuum(
    _ base: Snapshot, retention: Int64? = nil, dryRun: Bool, force: Bool = false,
    keeping kept: Set<String> = [], unnamedAfter: Int64? = nil
  ) throws -> VacuumResult {
    let own = base.tombstoneRetention
    let asked = retention ?? own
    guard asked >= own || force else {
      throw DeltaError.shortRetention(asked: asked, table: address, own: own)
    }
    let now = clock.now().milliseconds
    let oldest = Timestamp(milliseconds: now - max(0, asked))
    let needed = try neededFiles(base, since: oldest, now: Timestamp(milliseconds: now))
    let partitions = Set(base.storedPartitionColumns)
    let unnamedSince = unnamedAfter.map { Timestamp(milliseconds: now - max(0, $0)) } ?? oldest
    let named = unnamedAfter == nil ? needed : try filesNamedByLog(base)
    let files = try store.list("").filter { object in
      (object.modified < oldest || object.modified < unnamedSince && !named.contains(object.path))
        && !needed.contains(object.path) && !kept.contains(object.path)
        && DeltaTable.isOwn(object.path, partitions)
    }
    if !dryRun { try store.delete(files.map(\.path)) }
    return VacuumResult(files: files, removed: !dryRun)
  }

  /// The paths that the newest state, or one since a time, refers to.
  private func neededFiles(
    _ base: Snapshot, since oldest: Timestamp, now: Timestamp
  ) throws -> Set<String> {
    var paths = try files(of: base)
    for file in base.tombstones.values
    where (file.deletionTimestamp ?? .max) >= oldest.milliseconds {
      try keep(.remove(file), in: &paths)
    }
    let listing = try LogListing(store)
    let times = settledTimes(listing, now: now)
    for (version, commit) in listing.commits where times[version] ?? commit.modified >= oldest {
      for action in try readCommit(commit.path) {
        if case .cdc = action { try keep(action, in: &paths) }
        // A clock that was set back then gave its tombstones too early a time.
        if commit.modified < oldest, case .remove = action { try keep(action, in: &paths) }
      }
    }
    return paths
  }

  /// A path below the table as its store lists it: also where it is absolute, or goes by a `.`.
  func ownPath(_ path: String) -> String {
    let place = address(ofData: path)
    let root = address + "/"
    let own =
      place.utf8.starts(with: root.utf8)
      ? String(decoding: place.utf8.dropFirst(root.utf8.count), as: UTF8.self) : path
    guard own.contains("./") || own.contains("//") else { return own }
    var parts: [Substring] = []
    for part in own.split(separator: "/") where part != "." {
      if part == "..", parts.popLast() != nil { continue }
      parts.append(part)
    }
    return (own.hasPrefix("/") ? "/" : "") + parts.joined(separator: "/")
  }

  /// True for what writers of this table put there: not the log, nor hidden files of others.
  func isOwnFile(_ path: String, _ base: Snapshot) -> Bool {
    DeltaTable.isOwn(path, Set(base.storedPartitionColumns))
  }

  private static func isOwn(_ path: String, _ partitions: Set<String>) -> Bool {
    let parts = path.split(separator: "/", omittingEmptySubsequences: false)
    if path.hasPrefix(LogFile.folder) { return false }
    for (index, part) in parts.enumerated() where part.hasPrefix("_") || part.hasPrefix(".") {
      let isFolder = index < parts.count - 1
      if isFolder, index == 0, part == "_change_data" { continue }
      if isFolder, let equals = part.unicodeScalars.firstIndex(of: "="),
        partitions.contains(String(part[..<equals]))
      {
        continue
      }
      return false
    }
    return true
  }
}

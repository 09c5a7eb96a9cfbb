import Basics
import Storage

extension DeltaTable {
  /// Rewrites the files of which rows were deleted by deletion vectors, so that none of these is in
  /// the table's files any more (Delta's `REORG TABLE … APPLY (PURGE)`).
  ///
  /// No row changes: readers of changes see nothing.
  public func purge(_ base: Snapshot, transaction: Transaction) throws -> WriteResult {
    let keys = base.storedPartitionColumns
    let marked = base.orderedFiles.filter { $0.deletionVector != nil }
    let bins = Dictionary(grouping: marked) { file in
      keys.map { file.partitionValues[$0] ?? nil }
    }.values.sorted { ($0.first?.path ?? "") < ($1.first?.path ?? "") }
    return try rewrite(bins, OptimizeRequest(), base, transaction)
  }

  /// Removes all of the past: earlier versions, their data files, deletion vectors and change files,
  /// and what the log says of them, whatever the table keeps otherwise.
  ///
  /// Afterwards the newest version is the first that can be read. The caller knows that nobody else
  /// writes to the table. Ended in the middle and called again, it goes on.
  /// - Parameter base: the newest state. It is to be the work of the caller: its commit stays.
  /// - Returns: the files that are gone.
  package func forgetPast(_ base: Snapshot, dryRun: Bool = false) throws -> [ObjectInfo] {
    let listing = try LogListing(store)
    if !dryRun, listing.completeCheckpoint(base.version) == nil {
      var own = base
      own.tombstones = [:]
      try writeCheckpoint(own)
    }
    let needed = try files(of: base)
    let gone = try store.list("").filter { object in
      guard object.path.hasPrefix(LogFile.folder) else {
        return !needed.contains(object.path) && isOwnFile(object.path, base)
      }
      let name = String(object.path.dropFirst(LogFile.folder.count))
      switch LogFile(name: name) {
      case .commit(let version), .checksum(let version), .checkpoint(let version, _):
        return version < base.version
      case .compacted: return true
      case .other: return false
      }
    }
    if !dryRun { try store.delete(gone.map(\.path)) }
    return gone
  }

  /// The oldest version that can be read; nil where there is none.
  package func oldestVersion() throws -> Int64? { try LogListing(store).available?.lowerBound }
}

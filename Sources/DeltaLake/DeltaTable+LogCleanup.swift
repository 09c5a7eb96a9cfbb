import Basics
import Storage

extension DeltaTable {
  /// Removes commits and checkpoints that only versions older than the log's retention need
  /// (`delta.logRetentionDuration`, 30 days), if the table wants that
  /// (`delta.enableExpiredLogCleanup`, true).
  ///
  /// The newest checkpoint at or before the end of the retention stays, with its commit and all that
  /// follow, so that every version within it can be read. Checkpoints that a process was writing when it
  /// was killed, a day ago or longer, go too.
  /// - Parameters:
  ///   - floor: a version that must stay readable, with all that follow.
  ///   - dryRun: only looks.
  /// - Returns: the files that are gone, or would be.
  @discardableResult
  package func cleanLog(
    _ snapshot: Snapshot, keeping floor: Int64 = .max, dryRun: Bool = false
  ) throws -> [ObjectInfo] {
    let listing = try LogListing(store)
    let dayAgo = clock.now().milliseconds - 86_400_000
    let unfinished = listing.unfinished.filter { $0.modified.milliseconds < dayAgo }
    let gone = unfinished + expired(snapshot, listing, keeping: floor)
    if !dryRun { try store.delete(gone.map(\.path)) }
    return gone
  }

  private func expired(
    _ snapshot: Snapshot, _ listing: LogListing, keeping floor: Int64
  ) -> [ObjectInfo] {
    guard snapshot.metadata.configuration["delta.enableExpiredLogCleanup"]?.lowercased() != "false"
    else { return [] }
    let oldest = clock.now().milliseconds - snapshot.logRetention
    let times = settledTimes(listing, now: clock.now())
    let newest = min(snapshot.version, max(0, floor))
    let base = listing.checkpointVersions(through: newest).first { version in
      times[version].map { $0.milliseconds <= oldest } ?? false
    }
    guard let base else { return [] }
    return listing.files.filter { $0.version < base }.map(\.object)
  }
}

extension Snapshot {
  /// How long versions can be read, in milliseconds.
  package var logRetention: Int64 {
    metadata.configuration["delta.logRetentionDuration"].flatMap(parseInterval) ?? 30 * 86_400_000
  }
}

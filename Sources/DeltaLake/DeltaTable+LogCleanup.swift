import Basics
import Storage

extension DeltaTable {
  /// Removes commits and checkpoints that only versions older than the log's retention need
  /// (`delta.logRetentionDuration`, 30 days), if the table wants that
  /// (`delta.enableExpiredLogCleanup`, true).
  ///
  /// The newest checkpoint at or before the end of the retention stays, with its commit and all that
  /// follow, so that every version within it can be read.
  func cleanLog(_ snapshot: Snapshot) throws {
    guard snapshot.metadata.configuration["delta.enableExpiredLogCleanup"]?.lowercased() != "false"
    else { return }
    let oldest = clock.now().milliseconds - snapshot.logRetention
    let listing = try LogListing(store)
    let base = listing.checkpointVersions(through: snapshot.version).first { version in
      listing.commits[version].map { $0.modified.milliseconds <= oldest } ?? false
    }
    guard let base else { return }
    for object in try store.list(LogFile.folder) {
      let name = String(object.path.dropFirst(LogFile.folder.count))
      let version: Int64? =
        switch LogFile(name: name) {
        case .commit(let version), .checksum(let version), .checkpoint(let version, _): version
        case .compacted, .other: nil
        }
      if let version, version < base { try store.delete(object.path) }
    }
  }
}

extension Snapshot {
  /// How long versions can be read, in milliseconds.
  var logRetention: Int64 {
    metadata.configuration["delta.logRetentionDuration"].flatMap(parseInterval) ?? 30 * 86_400_000
  }
}

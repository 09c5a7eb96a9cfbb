import Basics
import Storage

/// One version of a table, as its commit tells it.
public struct HistoryEntry: Hashable, Sendable {
  public let version: Int64
  /// When it was committed, as time travel sees it.
  public let timestamp: Timestamp
  public let operation: String?
  public let parameters: [String: String]
  public let metrics: [String: String]
  public let engineInfo: String?
  /// All fields of `commitInfo`.
  public let info: CommitInfo?
}

extension DeltaTable {
  /// The versions whose commits are still there, newest first.
  public func history(limit: Int? = nil) throws -> [HistoryEntry] {
    let listing = try LogListing(store)
    guard listing.latest != nil else { throw DeltaError.notATable(address) }
    let versions = listing.commits.keys.sorted(by: >).prefix(max(0, limit ?? Int.max))
    var infos: [Int64: CommitInfo] = [:]
    for version in versions {
      infos[version] = try readCommit(LogFile.commitPath(version)).compactMap { action in
        if case .commitInfo(let info) = action { return info }
        return nil
      }.first
    }
    let times = commitTimes(listing) { version in
      infos[version]?["inCommitTimestamp"]?.int.map(Timestamp.init(milliseconds:))
    }
    return versions.compactMap { version in
      guard let time = times[version] ?? listing.commits[version]?.modified else { return nil }
      return HistoryEntry(version: version, timestamp: time, info: infos[version])
    }
  }
}

extension HistoryEntry {
  init(version: Int64, timestamp: Timestamp, info: CommitInfo?) {
    self.version = version
    self.timestamp = timestamp
    operation = info?["operation"]?.string
    parameters = (info?["operationParameters"]?.stringMap ?? [:]).compactMapValues { $0 }
    metrics = (info?["operationMetrics"]?.stringMap ?? [:]).compactMapValues { $0 }
    engineInfo = info?["engineInfo"]?.string
    self.info = info
  }
}

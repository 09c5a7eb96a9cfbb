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
    let times = try commitTimes(listing)
    let versions = listing.commits.keys.sorted(by: >).prefix(max(0, limit ?? Int.max))
    return try versions.compactMap { version in
      guard let object = listing.commits[version] else { return nil }
      let info = try readCommit(object.path).compactMap { action -> CommitInfo? in
        if case .commitInfo(let info) = action { return info }
        return nil
      }.first
      return HistoryEntry(
        version: version, timestamp: times[version] ?? object.modified, info: info)
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

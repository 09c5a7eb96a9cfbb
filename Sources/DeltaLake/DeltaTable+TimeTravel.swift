import Basics
import Storage

extension DeltaTable {
  /// The newest version that was committed at or before a time.
  public func version(at time: Timestamp) throws -> Int64 {
    let listing = try LogListing(store)
    guard let range = listing.available else { throw DeltaError.notATable(address) }
    var found: Int64?
    try eachCommitTime(
      listing, range, inCommit: { try inCommitTimestamp(LogFile.commitPath($0)) }
    ) { version, own in
      guard own <= time else { return false }
      found = version
      return true
    }
    guard let found else {
      throw DeltaError.beforeFirstVersion(time, first: range.lowerBound, table: address)
    }
    return found
  }

  /// When the versions whose commits are still there were committed, as `version(at:)` sees it; no
  /// commit is read.
  /// - Parameter inCommit: the `inCommitTimestamp` of a version, as far as it is known.
  func commitTimes(
    _ listing: LogListing, inCommit: (Int64) -> Timestamp?
  ) -> [Int64: Timestamp] {
    guard let range = listing.available else { return [:] }
    var times: [Int64: Timestamp] = [:]
    eachCommitTime(listing, range, inCommit: inCommit) { version, time in
      times[version] = time
      return true
    }
    return times
  }

  /// Goes through the versions and their times until it is told to stop.
  ///
  /// Commits are timed by `inCommitTimestamp` where the table has it, else by their files, in whole
  /// milliseconds that are made to ascend (PROTOCOL.md, "In-Commit Timestamps").
  private func eachCommitTime(
    _ listing: LogListing, _ versions: ClosedRange<Int64>,
    inCommit: (Int64) throws -> Timestamp?, _ body: (Int64, Timestamp) throws -> Bool
  ) rethrows {
    var last = Int64.min
    for version in versions {
      guard let commit = listing.commits[version] else { continue }
      var own = try (inCommit(version) ?? commit.modified).milliseconds
      if own <= last { own = last &+ 1 }
      last = own
      guard try body(version, Timestamp(milliseconds: own)) else { return }
    }
  }

  /// When versions were committed at the latest, for judging what is old enough to go.
  ///
  /// A commit of a clock that was set back is as young as the youngest one before it. What lies in
  /// the future is of a clock that was ahead, and says nothing of later commits.
  func settledTimes(_ listing: LogListing, now: Timestamp) -> [Int64: Timestamp] {
    var times: [Int64: Timestamp] = [:]
    var youngest: Timestamp?
    for (version, commit) in listing.commits.sorted(by: { $0.key < $1.key }) {
      let own = commit.modified
      if own <= now { youngest = max(own, youngest ?? own) }
      times[version] = own <= now ? youngest : own
    }
    return times
  }

  private func inCommitTimestamp(_ path: String) throws -> Timestamp? {
    // It stands in the first line, or nowhere.
    let start = try store.read(path, range: 0..<65_536)
    guard let line = start.split(separator: 0x0A, maxSplits: 1).first,
      let json = try? JSON(parsing: line),
      let time = json["commitInfo"]?["inCommitTimestamp"]?.int
    else { return nil }
    return Timestamp(milliseconds: time)
  }
}

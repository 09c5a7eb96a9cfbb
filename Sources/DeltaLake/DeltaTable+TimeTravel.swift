import Basics
import Storage

extension DeltaTable {
  /// The newest version that was committed at or before a time.
  ///
  /// Commits are timed by `inCommitTimestamp` where the table has it, else by their files, which
  /// are made to ascend (PROTOCOL.md, "In-Commit Timestamps").
  public func version(at time: Timestamp) throws -> Int64 {
    let listing = try LogListing(store)
    guard let range = listing.available else { throw DeltaError.notATable(address) }
    var found: Int64?
    var last = Timestamp(microseconds: .min)
    for version in range {
      guard let commit = listing.commits[version] else { continue }
      var own = try inCommitTimestamp(commit.path) ?? commit.modified
      if own <= last { own = Timestamp(microseconds: last.microseconds &+ 1_000) }
      last = own
      if own <= time { found = version } else { break }
    }
    guard let found else {
      throw DeltaError.beforeFirstVersion(time, first: range.lowerBound, table: address)
    }
    return found
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

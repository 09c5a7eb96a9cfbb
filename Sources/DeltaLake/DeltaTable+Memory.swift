import Basics
import Storage

extension DeltaTable {
  /// What a table object keeps between calls.
  final class Memory {
    private let make: () throws -> any ParquetHandler
    private var handler: (any ParquetHandler)?
    /// The newest state that was read, with the commit file that it ended with.
    var newest: (state: Snapshot, commit: ObjectInfo)?

    init(_ make: @escaping () throws -> any ParquetHandler) { self.make = make }

    /// The Parquet handler, made when it is first needed.
    func parquet() throws -> any ParquetHandler {
      if let handler { return handler }
      let made = try make()
      handler = made
      return made
    }
  }

  /// The newest state from the one that was read before and the commits since; nil where there is
  /// none, or the log does not go on from it: it was cleaned, or the table is another one by now.
  func nextSnapshot() -> Snapshot? {
    guard let (state, commit) = memory.newest else { return nil }
    let before = LogFile.folder + LogFile.number(state.version)
    guard let listing = try? LogListing(store, after: before), let latest = listing.latest,
      listing.commits[state.version] == commit, latest >= state.version
    else { return nil }
    var commits: [ObjectInfo] = []
    for version in state.version..<latest {
      guard let commit = listing.commits[version + 1] else { return nil }
      commits.append(commit)
    }
    guard let last = commits.last else { return state }
    var replay = LogReplay(state)
    for commit in commits {
      guard let actions = try? readCommit(commit.path) else { return nil }
      replay.apply(actions)
    }
    guard let next = try? replay.snapshot(version: latest, table: address) else { return nil }
    memory.newest = (next, last)
    return next
  }
}

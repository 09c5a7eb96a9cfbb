import Basics
import Storage

/// The row changes of some versions of a table (PROTOCOL.md, "Change Data Files").
public struct ChangeFeed: Sendable {
  /// Rows that one version changed in one way.
  public struct Part: Sendable {
    public let version: Int64
    /// When the version was committed.
    public let timestamp: Timestamp
    /// What happened to the rows; nil where the files' rows say it themselves, in `_change_type`.
    public let kind: Kind?
    public let scan: Scan
    /// How many they are, by the log; nil where it does not tell.
    public let rows: Int64?
  }

  /// What happened to a row.
  public enum Kind: String, Hashable, Sendable {
    case insert
    case delete
  }

  /// The table's columns at the last version.
  public let schema: Schema
  /// In the order of the versions.
  public let parts: [Part]

  /// How many rows changed, by the log, those that became others twice; nil where it does not tell.
  public var rowCount: Int64? {
    parts.reduce(0) { sum, part in
      guard let sum, let rows = part.rows else { return nil }
      return sum &+ rows
    }
  }

  /// The names of the columns that a feed adds to those of the table.
  public static let changeTypeColumn = "_change_type"
  public static let versionColumn = "_commit_version"
  public static let timestampColumn = "_commit_timestamp"
}

extension DeltaTable {
  /// What the commits `from` to `to`, both included, did to rows.
  ///
  /// A commit with change files is told by them. Of any other one, the rows of files that came were
  /// inserted, those of files that went deleted; where a file only changed its deletion vector, the
  /// rows between the two. Commits that only move rows change nothing.
  public func changeFeed(from: Int64, through to: Int64) throws -> ChangeFeed {
    guard from >= 0, from <= to else {
      _ = try LogSegment.find(store, version: to)
      throw DeltaError.noSuchVersion(from, available: 0...to, table: address)
    }
    var replay = from > 0 ? LogReplay(try snapshot(version: from - 1)) : LogReplay()
    var commits: [FeedCommit] = []
    for version in from...to {
      let path = LogFile.commitPath(version)
      let actions: [Action]
      do { actions = try readCommit(path) } catch let error as StorageError
        where error.code == .notFound
      {
        _ = try LogSegment.find(store, version: to)
        throw DeltaError.missingCommit(version, table: address)
      }
      commits.append(
        FeedCommit(
          version: version, time: try timestamp(of: actions, path), actions: actions,
          removed: replay.removed(by: actions)))
      replay.apply(actions)
    }
    let last = try replay.snapshot(version: to, table: address)
    let parts = try commits.flatMap { commit in
      try scans(commit, last).map { kind, scan, rows in
        ChangeFeed.Part(
          version: commit.version, timestamp: commit.time, kind: kind, scan: scan, rows: rows)
      }
    }
    return ChangeFeed(schema: last.schema, parts: parts)
  }

  private func timestamp(of actions: [Action], _ path: String) throws -> Timestamp {
    for case .commitInfo(let info) in actions {
      if let time = info.time { return Timestamp(milliseconds: time) }
    }
    return try store.info(path)?.modified ?? Timestamp(microseconds: 0)
  }

  private func scans(
    _ commit: FeedCommit, _ state: Snapshot
  ) throws -> [(ChangeFeed.Kind?, Scan, Int64?)] {
    let cdc = commit.actions.compactMap { action -> AddFile? in
      guard case .cdc(let file) = action else { return nil }
      return AddFile(
        path: file.path, partitionValues: file.partitionValues, size: file.size,
        modificationTime: 0, dataChange: false, stats: nil)
    }
    if !cdc.isEmpty {
      var schema = state.schema
      schema.fields.append(StructField(ChangeFeed.changeTypeColumn, .string))
      let scan = scan(cdc.map { ($0, .all) }, state)
      return [
        (
          nil,
          Scan(
            files: scan.files, schema: schema, partitionColumns: scan.partitionColumns,
            mapping: scan.mapping), nil
        )
      ]
    }
    let changes = try rowChanges(commit)
    return [(ChangeFeed.Kind.delete, changes.deleted), (.insert, changes.inserted)].compactMap {
      $1.isEmpty ? nil : ($0, scan($1, state), rowCount($1))
    }
  }

  private func rowCount(_ files: [(AddFile, Scan.Rows)]) -> Int64? {
    files.reduce(0) { sum, file in
      guard let sum else { return nil }
      let named = Int64(file.1.bitmap?.count ?? 0)
      if case .only = file.1 { return sum &+ named }
      return file.0.recordCount.map { sum &+ $0 &- named }
    }
  }

  /// The rows that the files of a commit brought and took.
  private func rowChanges(
    _ commit: FeedCommit
  ) throws -> (inserted: [(AddFile, Scan.Rows)], deleted: [(AddFile, Scan.Rows)]) {
    var removed = commit.removed
    var inserted: [(AddFile, Scan.Rows)] = []
    var deleted: [(AddFile, Scan.Rows)] = []
    for case .add(let add) in commit.actions where add.dataChange {
      let now = try deletedRows(of: add)
      guard let old = removed.removeValue(forKey: add.key.path) else {
        inserted.append((add, now.map { .except($0) } ?? .all))
        continue
      }
      let before = try deletedRows(of: old) ?? RoaringBitmap()
      let gone = (now ?? RoaringBitmap()).subtracting(before)
      let back = before.subtracting(now ?? RoaringBitmap())
      if !gone.isEmpty { deleted.append((add, .only(gone))) }
      if !back.isEmpty { inserted.append((add, .only(back))) }
    }
    for file in removed.values {
      deleted.append((file, try deletedRows(of: file).map { .except($0) } ?? .all))
    }
    return (
      inserted.sorted { $0.0.path < $1.0.path }, deleted.sorted { $0.0.path < $1.0.path }
    )
  }
}

/// A commit whose row changes are told.
private struct FeedCommit {
  let version: Int64
  let time: Timestamp
  let actions: [Action]
  /// The files whose rows went, by their paths.
  let removed: [String: AddFile]
}

extension LogReplay {
  /// The files that a commit takes out of this state with their rows, by their paths.
  fileprivate func removed(by actions: [Action]) -> [String: AddFile] {
    var removed: [String: AddFile] = [:]
    for case .remove(let remove) in actions where remove.dataChange {
      // What a remove does not say of its file, the state before says.
      let key = remove.key
      removed[key.path] = files[key] ?? AddFile(remove)
    }
    return removed
  }
}

extension AddFile {
  /// The file that a remove names, as far as it tells.
  init(_ remove: RemoveFile) {
    self.init(
      path: remove.path, partitionValues: remove.partitionValues ?? [:], size: remove.size ?? 0,
      modificationTime: 0, dataChange: false, stats: nil, deletionVector: remove.deletionVector)
  }
}

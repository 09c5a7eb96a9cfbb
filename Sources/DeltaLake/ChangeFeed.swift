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
    let last = try snapshot(version: to)
    guard from >= 0, from <= to else {
      throw DeltaError.noSuchVersion(from, available: 0...to, table: address)
    }
    var files = from > 0 ? try snapshot(version: from - 1).files : [:]
    var parts: [ChangeFeed.Part] = []
    for version in from...to {
      let path = LogFile.commitPath(version)
      let actions: [Action]
      do { actions = try readCommit(path) } catch let error as StorageError
        where error.code == .notFound
      {
        throw DeltaError.missingCommit(version, table: address)
      }
      let time = try timestamp(of: actions, path)
      for (kind, scan) in try scans(actions, files, last) {
        parts.append(ChangeFeed.Part(version: version, timestamp: time, kind: kind, scan: scan))
      }
      for case .remove(let remove) in actions { files[remove.key] = nil }
      for case .add(let add) in actions { files[add.key] = add }
    }
    return ChangeFeed(schema: last.schema, parts: parts)
  }

  private func timestamp(of actions: [Action], _ path: String) throws -> Timestamp {
    for case .commitInfo(let info) in actions {
      if let time = (info["inCommitTimestamp"] ?? info["timestamp"])?.int {
        return Timestamp(milliseconds: time)
      }
    }
    return try store.info(path)?.modified ?? Timestamp(microseconds: 0)
  }

  private func scans(
    _ actions: [Action], _ files: [FileKey: AddFile], _ state: Snapshot
  ) throws -> [(ChangeFeed.Kind?, Scan)] {
    let cdc = actions.compactMap { action -> AddFile? in
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
            mapping: scan.mapping)
        )
      ]
    }
    let changes = try rowChanges(actions, files)
    return [(ChangeFeed.Kind.delete, changes.deleted), (.insert, changes.inserted)].compactMap {
      $1.isEmpty ? nil : ($0, scan($1, state))
    }
  }

  /// The rows that the files of a commit brought and took.
  private func rowChanges(
    _ actions: [Action], _ files: [FileKey: AddFile]
  ) throws -> (inserted: [(AddFile, Scan.Rows)], deleted: [(AddFile, Scan.Rows)]) {
    var removed: [String: AddFile] = [:]
    for case .remove(let remove) in actions where remove.dataChange {
      // What a remove does not say of its file, the state before says.
      removed[remove.key.path] = files[remove.key] ?? AddFile(remove)
    }
    var inserted: [(AddFile, Scan.Rows)] = []
    var deleted: [(AddFile, Scan.Rows)] = []
    for case .add(let add) in actions where add.dataChange {
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

extension AddFile {
  /// The file that a remove names, as far as it tells.
  init(_ remove: RemoveFile) {
    self.init(
      path: remove.path, partitionValues: remove.partitionValues ?? [:], size: remove.size ?? 0,
      modificationTime: 0, dataChange: false, stats: nil, deletionVector: remove.deletionVector)
  }
}

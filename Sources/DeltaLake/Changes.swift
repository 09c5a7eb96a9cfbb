import Basics
import Storage

/// The data files that came and went between two versions.
public struct TableChanges: Sendable {
  /// Files that belong to the table at the later version and did not at the earlier one.
  public let added: [AddFile]
  /// True if rows were removed or rewritten on the way.
  public let removedRows: Bool

  /// Rows of the files that came; nil where one of them does not say.
  public var rows: Int64? { added.rowCount }

  /// Bytes of the files that came.
  public var bytes: Int64 { added.reduce(0) { $0 &+ $1.size } }
}

extension DeltaTable {
  /// What commits `from + 1` to `to` changed; nil if one of them is no longer there.
  ///
  /// Commits that only move rows between files (`dataChange` false) change nothing: the files that
  /// brought the rows are named, although the table may no longer hold them.
  public func changes(after from: Int64, through to: Int64) throws -> TableChanges? {
    var added: [FileKey: AddFile] = [:]
    var removedRows = false
    guard from < to else { return TableChanges(added: [], removedRows: false) }
    for version in (from + 1)...to {
      let actions: [Action]
      do { actions = try readCommit(LogFile.commitPath(version)) } catch let error as StorageError
        where error.code == .notFound
      {
        return nil
      }
      for case .remove(let remove) in actions where remove.dataChange {
        added[remove.key] = nil
        removedRows = true
      }
      for case .add(let add) in actions where add.dataChange { added[add.key] = add }
    }
    let files = added.values.sorted { $0.path < $1.path }
    return TableChanges(added: files, removedRows: removedRows)
  }
}

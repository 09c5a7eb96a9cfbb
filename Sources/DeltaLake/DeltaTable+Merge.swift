import Basics

/// The outcome of a MERGE.
public struct MergeResult: Sendable {
  /// The state after it; the state before it where nothing had to change.
  public let snapshot: Snapshot
  /// Matched rows for each clause, in the order of the clauses.
  public let matched: [Int64]
  public let inserted: Int64
  /// Source rows without a match that were not inserted.
  public let ignored: Int64
  public let addedBytes: Int64
}

extension DeltaTable {
  /// Merges source rows into the table by keys.
  ///
  /// The touched rows are found once, as (file, position) pairs. A table with deletion vectors gets
  /// bitmaps of them and a file of new rows; any other one has its touched files rewritten without
  /// them, next to the new rows (copy-on-write). Nothing is written where more than one source row
  /// wants to change a target row.
  public func merge(
    _ source: Relation, _ base: Snapshot, keys: [String],
    whenMatched: [MergeRequest.MatchedClause], insertWhen: String? = nil,
    transaction: (MergeMatches) throws -> Transaction
  ) throws -> MergeResult {
    let parquet = try parquet()
    let files = base.orderedFiles
    let request = MergeRequest(
      target: try scan(files, base, positions: true), source: source, keys: keys,
      whenMatched: whenMatched, insertWhen: insertWhen)
    let matches = try parquet.match(request)
    defer { parquet.release(matches.written) }
    guard matches.ambiguous == 0 else {
      throw DeltaError.ambiguousMerge(rows: matches.ambiguous, table: address)
    }
    let changes = try replace(
      matches.changed.map { (files[$0.key], $0.value) }, by: matches.written,
      rows: matches.writtenRows, on: base)
    let result = try commit(
      try transaction(matches), adding: changes.adds, removing: changes.removes, on: base)
    return MergeResult(
      snapshot: result.snapshot, matched: matches.matched, inserted: matches.inserted,
      ignored: matches.ignored, addedBytes: result.addedBytes)
  }
}

/// Data files that come and go in one commit.
struct FileChanges {
  var adds: [AddFile] = []
  var removes: [AddFile] = []
}

extension DeltaTable {
  /// Takes rows out of files and stores new ones, by deletion vectors where the table has them.
  /// - Parameters:
  ///   - changed: files, and the positions of the live rows to take out of each.
  ///   - rows: how many rows the relation has.
  func replace(
    _ changed: [(file: AddFile, rows: RoaringBitmap)], by written: Relation, rows: Int64,
    on base: Snapshot
  ) throws -> FileChanges {
    let changed = changed.sorted { $0.file.path < $1.file.path }
    guard base.writesDeletionVectors else { return try rewrite(changed, written, rows, base) }
    // Who reads a deletion vector must know how many rows its file has.
    let counted = changed.filter { $0.file.recordCount != nil }
    let marked = try markDeleted(counted)
    let rest = try rewrite(changed.filter { $0.file.recordCount == nil }, written, rows, base)
    return FileChanges(adds: marked.adds + rest.adds, removes: marked.removes + rest.removes)
  }

  /// Writes what stays of the files together with the new rows: one set of files for both, so that
  /// a table does not fall into ever smaller ones.
  private func rewrite(
    _ changed: [(file: AddFile, rows: RoaringBitmap)], _ written: Relation, _ rows: Int64,
    _ base: Snapshot
  ) throws -> FileChanges {
    var changes = FileChanges(removes: changed.map(\.file))
    var relations = rows > 0 ? [written] : []
    let remaining = try changed.compactMap { change -> (AddFile, Scan.Rows)? in
      let gone = try deletedRows(of: change.file)?.union(change.rows) ?? change.rows
      if Int64(gone.count) == change.file.recordCount { return nil }
      return (change.file, .except(gone))
    }
    let parquet = try parquet()
    var staying: Relation?
    defer { if let staying { parquet.release(staying) } }
    if !remaining.isEmpty {
      let relation = try parquet.scan(scan(remaining, base))
      staying = relation
      relations.append(relation)
    }
    guard !relations.isEmpty else { return changes }
    changes.adds = try writeFiles(relations, base)
    return changes
  }

  /// Marks rows as deleted; a file without a live row goes.
  private func markDeleted(
    _ changed: [(file: AddFile, rows: RoaringBitmap)]
  ) throws -> FileChanges {
    var changes = FileChanges(removes: changed.map(\.file))
    var marked: [(file: AddFile, rows: RoaringBitmap)] = []
    for change in changed {
      let gone = try deletedRows(of: change.file)?.union(change.rows) ?? change.rows
      if Int64(gone.count) != change.file.recordCount { marked.append((change.file, gone)) }
    }
    let vectors = try writeDeletionVectors(marked.map(\.rows))
    changes.adds = zip(marked, vectors).map { change, vector in
      var file = change.file
      file.deletionVector = vector
      file.dataChange = true
      file.stats = file.stats.map(StatisticsWriter.withWideBounds)
      return file
    }
    return changes
  }
}

extension Snapshot {
  /// True if rows are deleted by bitmaps beside the data files (`delta.enableDeletionVectors`).
  public var writesDeletionVectors: Bool {
    tableProtocol.lists("deletionVectors")
      && metadata.configuration["delta.enableDeletionVectors"]?.lowercased() == "true"
  }
}

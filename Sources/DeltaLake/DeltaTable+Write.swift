import Basics
import Storage

/// The outcome of a write.
public struct WriteResult: Sendable {
  /// The version it is; the one before it where there was nothing to do.
  public let version: Int64
  /// The newest state that it brought about; a later one where small files were compacted after it.
  public let snapshot: Snapshot
  public let addedFiles: Int
  public let removedFiles: Int
  /// Rows in the added files.
  public let addedRows: Int64
  /// Bytes of the added files.
  public let addedBytes: Int64
}

extension WriteResult {
  /// The outcome of a write that had nothing to do.
  static func nothing(_ base: Snapshot) -> WriteResult {
    WriteResult(
      version: base.version, snapshot: base, addedFiles: 0, removedFiles: 0, addedRows: 0,
      addedBytes: 0)
  }
}

extension DeltaTable {
  /// Turns written files into `add` actions, after making them last on the disk.
  func adds(
    _ files: [WrittenFile], _ base: Snapshot, dataChange: Bool = true
  ) throws -> [AddFile] {
    let schema = base.schema.stored(base.columnMapping)
    let partitions = base.storedPartitionColumns
    try checkRequired(files, schema, partitionColumns: partitions)
    try store.flush(files.map(\.path))
    let statistics = StatisticsWriter(
      schema: schema, partitionColumns: partitions, columns: base.statisticsColumns)
    let now = clock.now().milliseconds
    return files.map { file in
      AddFile(
        path: PercentEncoding.encode(path: file.path), partitionValues: file.partitionValues,
        size: file.size, modificationTime: now, dataChange: dataChange,
        stats: statistics.stats(file))
    }
  }

  /// Adds rows.
  /// - Parameter expected: how many there are, where that is known; nothing is committed if fewer or
  ///   more were written.
  public func append(
    _ rows: Relation, _ base: Snapshot, transaction: Transaction, expected: Int64? = nil,
    constant: (folder: String, values: [String: String?])? = nil
  ) throws -> WriteResult {
    try checkConstraints(
      [rows], base, missing: constant == nil ? [] : base.metadata.partitionColumns)
    let files = try writeFiles([rows], base, expected: expected, constant: constant)
    return try commit(transaction, FileChanges(adds: files), on: base)
  }

  /// Replaces files by rows: all files of the table unless others are named.
  /// - Parameters:
  ///   - order: the columns by which the rows of each partition are sorted, unless the table is
  ///     clustered.
  ///   - count: how many rows there are, where that is known.
  ///   - own: files that hold just these rows; they become data files where they are as the table's
  ///     own would be.
  public func overwrite(
    _ rows: Relation, _ base: Snapshot, transaction: Transaction, replacing: [AddFile]? = nil,
    sortedBy order: [String] = [], rows count: Int64? = nil, in own: [PartitionFiles]? = nil
  ) throws -> WriteResult {
    try checkConstraints([rows], base)
    let files =
      try own.flatMap { try adopt($0, base, sortedBy: order, rows: count) }
      ?? writeClustered(rows, base) ?? writeFiles([rows], base, sortedBy: order, rows: count)
    return try commit(
      transaction, FileChanges(adds: files, removes: replacing ?? base.orderedFiles), on: base)
  }

  /// Writes rows as data files that no commit names yet.
  /// - Parameter expected: how many rows there are, where that is known; fewer or more are an error.
  func writeFiles(
    _ rows: [Relation], _ base: Snapshot, expected: Int64? = nil,
    constant: (folder: String, values: [String: String?])? = nil, dataChange: Bool = true,
    isOrdered: Bool = false, rowGroupRows: Int64? = nil, sortedBy order: [String] = [],
    rows count: Int64? = nil
  ) throws -> [AddFile] {
    let clustered = isOrdered ? [] : base.clusterColumns
    let target = WriteTarget(
      address: address, schema: base.schema, partitionColumns: base.metadata.partitionColumns,
      mapping: base.columnMapping, constant: constant, isOrdered: isOrdered,
      sortedBy: clustered.isEmpty ? order : clustered,
      rowGroupRows: rowGroupRows ?? (clustered.isEmpty ? nil : ClusterLayout.rowGroup(of: 0)),
      rows: expected ?? count)
    let files = try parquet().write(rows, target)
    let written = files.reduce(Int64(0)) { $0 &+ $1.rows }
    if let expected, written != expected {
      throw DeltaError.rowsLost(written: written, expected: expected, table: address)
    }
    return try adds(files, base, dataChange: dataChange)
  }

  /// Commits what came and went, with its figures.
  /// - Parameter dataChange: false where rows only moved between files.
  func commit(
    _ transaction: Transaction, _ changes: FileChanges, on base: Snapshot, dataChange: Bool = true
  ) throws -> WriteResult {
    let filled = filled(transaction, changes, dataChange: dataChange)
    let after = try commit(filled.transaction, on: base)
    return WriteResult(
      version: after.version, snapshot: dataChange ? compactWhereDue(after: after) : after,
      addedFiles: changes.adds.count, removedFiles: changes.removes.count, addedRows: filled.rows,
      addedBytes: filled.bytes)
  }

  /// A transaction with what came and went, and its figures.
  func filled(
    _ transaction: Transaction, _ changes: FileChanges, dataChange: Bool
  ) -> (transaction: Transaction, rows: Int64, bytes: Int64) {
    var transaction = transaction
    let (adding, removing) = (changes.adds, changes.removes)
    let now = clock.now().milliseconds
    transaction.actions += removing.map {
      .remove(RemoveFile($0, at: now, dataChange: dataChange))
    }
    transaction.actions += adding.map(Action.add) + changes.changes.map(Action.cdc)
    // A file with other deleted rows than before is neither new nor gone.
    let before = Set(removing.map(\.key.path))
    let new = adding.filter { !before.contains($0.key.path) }
    let marked = adding.count - new.count
    let rows = new.reduce(Int64(0)) { $0 &+ ($1.recordCount ?? 0) }
    let bytes = new.reduce(Int64(0)) { $0 &+ $1.size }
    var metrics = ["numAddedFiles": new.count, "numRemovedFiles": removing.count - marked]
      .mapValues(String.init)
    if marked > 0 { metrics["numDeletionVectorsUpdated"] = String(marked) }
    transaction.metrics.merge(metrics) { own, _ in own }
    transaction.metrics["numOutputBytes"] = String(bytes)
    transaction.metrics["numOutputRows"] = transaction.metrics["numOutputRows"] ?? String(rows)
    return (transaction, rows, bytes)
  }
}

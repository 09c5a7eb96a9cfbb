import Basics
import Storage

/// The outcome of a write: the state after it and what it did.
public struct WriteResult: Sendable {
  public let snapshot: Snapshot
  public let addedFiles: Int
  public let removedFiles: Int
  /// Rows in the added files.
  public let addedRows: Int64
  /// Bytes of the added files.
  public let addedBytes: Int64
}

extension DeltaTable {
  /// Where rows of a table go.
  public func target(
    _ schema: Schema, partitionColumns: [String],
    constant: (folder: String, values: [String: String?])? = nil
  ) -> WriteTarget {
    WriteTarget(
      address: address, schema: schema, partitionColumns: partitionColumns, constant: constant)
  }

  /// Turns written files into `add` actions, after making them last on the disk.
  public func adds(
    _ files: [WrittenFile], schema: Schema, partitionColumns: [String], dataChange: Bool = true
  ) throws -> [AddFile] {
    try checkRequired(files, schema, partitionColumns: partitionColumns)
    try store.flush(files.map(\.path))
    let statistics = StatisticsWriter(schema: schema, partitionColumns: partitionColumns)
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
    let files = try writeFiles(rows, base, constant: constant)
    let written = files.reduce(Int64(0)) { $0 + ($1.recordCount ?? 0) }
    if let expected, written != expected {
      throw DeltaError.rowsLost(written: written, expected: expected, table: address)
    }
    return try commit(transaction, adding: files, removing: [], on: base)
  }

  /// Replaces files by rows: all files of the table unless others are named.
  public func overwrite(
    _ rows: Relation, _ base: Snapshot, transaction: Transaction, replacing: [AddFile]? = nil
  ) throws -> WriteResult {
    let files = try writeFiles(rows, base)
    return try commit(
      transaction, adding: files, removing: replacing ?? base.orderedFiles, on: base)
  }

  private func writeFiles(
    _ rows: Relation, _ base: Snapshot,
    constant: (folder: String, values: [String: String?])? = nil
  ) throws -> [AddFile] {
    let partitions = base.metadata.partitionColumns
    let written = try parquet().write(
      [rows], target(base.schema, partitionColumns: partitions, constant: constant))
    return try adds(written, schema: base.schema, partitionColumns: partitions)
  }

  func commit(
    _ transaction: Transaction, adding: [AddFile], removing: [AddFile], on base: Snapshot
  ) throws -> WriteResult {
    var transaction = transaction
    let now = clock.now().milliseconds
    transaction.actions += removing.map { .remove(RemoveFile($0, at: now, dataChange: true)) }
    transaction.actions += adding.map(Action.add)
    let rows = adding.reduce(Int64(0)) { $0 + ($1.recordCount ?? 0) }
    let bytes = adding.reduce(Int64(0)) { $0 + $1.size }
    let metrics = [
      "numAddedFiles": adding.count, "numRemovedFiles": removing.count,
    ].mapValues(String.init)
    transaction.metrics.merge(metrics) { own, _ in own }
    transaction.metrics["numOutputBytes"] = String(bytes)
    transaction.metrics["numOutputRows"] = transaction.metrics["numOutputRows"] ?? String(rows)
    return WriteResult(
      snapshot: try commit(transaction, on: base), addedFiles: adding.count,
      removedFiles: removing.count, addedRows: rows, addedBytes: bytes)
  }
}

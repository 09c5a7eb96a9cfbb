import Basics

/// Which rows of a table new ones replace.
public enum OverwriteScope: Hashable, Sendable {
  /// All rows.
  case table
  /// All rows of the partitions that the new rows are in.
  case partitions
  /// The rows that satisfy an SQL condition over the table's columns, as all new rows must.
  case rows(where: String)
}

extension DeltaTable {
  /// Replaces rows by others, as one version.
  public func overwrite(
    _ scope: OverwriteScope, by rows: Relation, _ base: Snapshot, transaction: Transaction
  ) throws -> WriteResult {
    switch scope {
    case .table: return try overwrite(rows, base, transaction: transaction)
    case .partitions:
      guard !base.metadata.partitionColumns.isEmpty else {
        throw DeltaError.schemaChange(
          "it has no partitions that could be overwritten one by one", table: address)
      }
      try checkConstraints([rows], base)
      let adds = try writeFiles([rows], base)
      let touched = Set(adds.map(\.partitionKey))
      let removes = base.orderedFiles.filter { touched.contains($0.partitionKey) }
      return try commit(transaction, FileChanges(adds: adds, removes: removes), on: base)
    case .rows(let condition):
      return try overwrite(where: condition, by: rows, base, transaction)
    }
  }

  private func overwrite(
    where condition: String, by rows: Relation, _ base: Snapshot, _ transaction: Transaction
  ) throws -> WriteResult {
    let parquet = try parquet()
    let outside = try parquet.violations([condition], in: rows).reduce(0, +)
    guard outside == 0 else {
      throw DeltaError.constraintViolated(name: condition, rows: outside, table: address)
    }
    let files = base.orderedFiles
    let found = try parquet.update(
      UpdateRequest(
        target: try scan(files, base, positions: true), condition: condition, assignments: nil))
    defer { parquet.release(found.images.relation) }
    let changes = RowChanges(
      updated: [:], deleted: found.deleted, images: found.images,
      inserts: .init(rows, rows: try parquet.count(rows)))
    var transaction = transaction
    transaction.parameters["predicate"] = JSON.array([.string(condition)]).text
    return try commit(transaction, try store(changes, of: files, on: base), on: base)
  }
}

extension AddFile {
  /// The file's partition: NULL and the empty text are the same.
  fileprivate var partitionKey: [String: String] {
    partitionValues.compactMapValues { $0.flatMap { $0.isEmpty ? nil : $0 } }
  }
}

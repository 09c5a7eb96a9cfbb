import Basics

extension DeltaTable {
  /// Deletes the rows that satisfy a condition; rows for which it is NULL stay.
  /// - Parameter condition: SQL over the table's columns; all rows where it is nil.
  public func delete(
    where condition: String?, _ base: Snapshot, transaction: Transaction
  ) throws -> UpdateResult {
    try change(condition, nil, base, transaction)
  }

  /// Gives columns of the rows that satisfy a condition the values of expressions over the row as it
  /// was.
  public func update(
    _ assignments: [String: String], where condition: String?, _ base: Snapshot,
    transaction: Transaction
  ) throws -> UpdateResult {
    for name in assignments.keys where base.schema[name] == nil {
      throw DeltaError.unknownColumn(name, known: base.schema.names, table: address)
    }
    return try change(condition, assignments, base, transaction)
  }

  private func change(
    _ condition: String?, _ assignments: [String: String]?, _ base: Snapshot,
    _ transaction: Transaction
  ) throws -> UpdateResult {
    let parquet = try parquet()
    let expressions = [condition].compactMap(\.self) + (assignments?.values.sorted() ?? [])
    try check(expressions, of: base.schema)
    let predicate = try condition.map(parquet.predicate) ?? .unknown
    let files = base.files(matching: predicate).files
    let changes = try parquet.update(
      UpdateRequest(
        target: try scan(files, base, positions: true), condition: condition,
        assignments: assignments))
    defer { changes.release(parquet) }
    let rows = changes.gone.values.reduce(Int64(0)) { $0 + Int64($1.count) }
    guard rows > 0 else { return UpdateResult(version: base.version, snapshot: base, rows: 0) }
    var transaction = transaction
    transaction.reads = .rows(predicate)
    let metric = assignments == nil ? "numDeletedRows" : "numUpdatedRows"
    transaction.metrics[metric] = String(rows)
    let stored = try store(changes, of: files, on: base)
    let result = try commit(transaction, stored, on: base)
    return UpdateResult(version: result.version, snapshot: result.snapshot, rows: rows)
  }
}

/// The outcome of an UPDATE or DELETE.
public struct UpdateResult: Sendable {
  /// The version it is; the one before it where no row was meant.
  public let version: Int64
  /// The newest state that it brought about.
  public let snapshot: Snapshot
  /// Rows updated or deleted.
  public let rows: Int64
}

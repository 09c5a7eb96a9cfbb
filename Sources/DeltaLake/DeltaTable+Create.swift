import Basics
import Storage

extension DeltaTable {
  /// Creates the table with rows, both as version 0.
  public func create(
    _ metadata: Metadata, rows: Relation, transaction: Transaction
  ) throws -> WriteResult {
    guard try !DeltaTable.exists(in: store) else { throw DeltaError.alreadyATable(address) }
    let schema: Schema
    do { schema = try Schema(parsing: metadata.schemaString) } catch {
      throw DeltaError.malformedMetadata(error.reason, table: address)
    }
    for name in metadata.partitionColumns where !schema.names.contains(name) {
      throw DeltaError.unknownColumn(name, known: schema.names, table: address)
    }
    guard Set(metadata.partitionColumns).count == metadata.partitionColumns.count,
      schema.fields.isEmpty || metadata.partitionColumns.count < schema.fields.count
    else {
      throw DeltaError.schemaChange(
        "a column partitions it once, and one at least must not: data files hold the others",
        table: address)
    }
    for name in schema.names { try StructField.check(name, table: address) }
    try TableProperty.check(metadata.configuration, table: address)
    // Rows are written by the metadata that the table is going to have.
    var replay = LogReplay()
    let mapped = try metadata.mapped(schema, table: address)
    replay.apply([.protocol(TableProtocol(for: mapped)), .metaData(mapped)])
    let draft = try replay.snapshot(version: -1, table: address)
    try draft.tableProtocol.checkWritable(address, mapped)
    try checkConstraints([rows], draft)
    let files = try writeFiles([rows], draft)
    let filled = filled(transaction, FileChanges(adds: files), dataChange: true)
    return WriteResult(
      version: 0, snapshot: try create(mapped, transaction: filled.transaction),
      addedFiles: files.count, removedFiles: 0, addedRows: filled.rows, addedBytes: filled.bytes)
  }
}

import Storage

extension DeltaTable {
  /// Makes Parquet files that somebody else wrote data files that no commit names yet.
  ///
  /// Their rows and statistics are those that their footers tell.
  /// - Parameters:
  ///   - order: the columns by which rows are to be sorted.
  ///   - count: how many rows there are; nil where that is not known.
  /// - Returns: nil where they are not as the table's own would be: of other columns, other types, for a
  ///   table that parts or sorts its rows, or with another number of rows.
  func adopt(
    _ own: ParquetFiles, _ base: Snapshot, sortedBy order: [String], rows count: Int64?
  ) throws -> [AddFile]? {
    guard base.metadata.partitionColumns.isEmpty, base.columnMapping == .none,
      base.clusterColumns.isEmpty, order.isEmpty || order == own.sortedBy
    else { return nil }
    let found = try parquet().inspect(own.files.map { own.store.address($0.path) })
    let wanted = base.schema.fields.map { StructField($0.name, $0.type) }
    guard found.reduce(0, { $0 &+ $1.rows }) == count ?? -1,
      found.allSatisfy({ file in
        file.schema.fields.count == wanted.count
          && file.schema.fields.allSatisfy { field in
            wanted.contains { $0.name == field.name && $0.type == field.type }
          }
      })
    else { return nil }
    var files: [WrittenFile] = []
    for (file, facts) in zip(own.files, found) where facts.rows > 0 {
      let path = "part-\(uniqueName()).parquet"
      try store.copy(file.path, of: own.store, to: path)
      files.append(
        WrittenFile(
          path: path, size: file.size, rows: facts.rows, partitionValues: [:],
          columns: facts.columns))
    }
    return try adds(files, base)
  }
}

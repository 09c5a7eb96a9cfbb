import Basics
import Storage

extension DeltaTable {
  /// Parquet files with the rows of one partition.
  public struct PartitionFiles: Sendable {
    public let files: ParquetFiles
    /// By the column's name, nil for NULL; none for a table without partitions.
    public let values: [String: String?]

    public init(_ files: ParquetFiles, values: [String: String?] = [:]) {
      self.files = files
      self.values = values
    }
  }

  /// Replaces files by others that somebody else wrote, as one version.
  /// - Parameters:
  ///   - count: how many rows they have.
  ///   - transaction: what is committed besides.
  /// - Returns: nil where they are not as the table's own would be; nothing was written then.
  public func replace(
    _ replaced: [AddFile], by parts: [PartitionFiles], _ base: Snapshot, rows count: Int64,
    transaction: () throws -> Transaction
  ) throws -> WriteResult? {
    guard !base.hasChangeFeed, let adds = try adopt(parts, base, sortedBy: [], rows: count) else {
      return nil
    }
    return try commit(
      transaction(), FileChanges(adds: adds, removes: replaced), on: base)
  }

  /// Makes Parquet files that somebody else wrote data files that no commit names yet.
  ///
  /// Their rows and statistics are those that their footers tell.
  /// - Parameters:
  ///   - order: the columns by which rows are to be sorted.
  ///   - count: how many rows there are; nil where that is not known.
  /// - Returns: nil where they are not as the table's own would be: of other columns, other types, for a
  ///   table that sorts its rows or has rules of its own for them, or with another number of rows.
  func adopt(
    _ parts: [PartitionFiles], _ base: Snapshot, sortedBy order: [String], rows count: Int64?
  ) throws -> [AddFile]? {
    let partitions = Set(base.metadata.partitionColumns)
    guard base.columnMapping == .none, base.clusterColumns.isEmpty,
      parts.allSatisfy({ part in
        Set(part.values.keys) == partitions && (order.isEmpty || order == part.files.sortedBy)
      })
    else { return nil }
    let own = parts.flatMap { part in part.files.files.map { (part: part, file: $0) } }
    let found = try parquet().inspect(own.map { $0.part.files.store.address($0.file.path) })
    let wanted = Dictionary(
      base.schema.fields.filter { !partitions.contains($0.name) }.map { ($0.name, $0.type) }
    ) { first, _ in first }
    guard found.reduce(0, { $0 &+ $1.rows }) == count ?? -1,
      found.allSatisfy({ file in
        file.schema.fields.count == wanted.count
          && file.schema.fields.allSatisfy { wanted[$0.name] == $0.type }
      })
    else { return nil }
    var files: [WrittenFile] = []
    for ((part, file), facts) in zip(own, found) where facts.rows > 0 {
      let path = folder(part.values, base) + "part-\(uniqueName()).parquet"
      try store.copy(file.path, of: part.files.store, to: path)
      files.append(
        WrittenFile(
          path: path, size: file.size, rows: facts.rows, partitionValues: part.values,
          columns: facts.columns))
    }
    return try adds(files, base)
  }

  /// The folder of a partition, which ends with `/`; none where a value does not fit a folder's name.
  private func folder(_ values: [String: String?], _ base: Snapshot) -> String {
    let parts = base.metadata.partitionColumns.map { name -> String? in
      guard let value = values[name] ?? nil, !value.isEmpty,
        (name + value).utf8.allSatisfy({ byte in
          (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte)
            || (0x61...0x7A).contains(byte) || [0x2D, 0x2E, 0x5F].contains(byte)
        })
      else { return nil }
      return "\(name)=\(value)/"
    }
    return parts.contains(nil) ? "" : parts.compactMap(\.self).joined()
  }
}

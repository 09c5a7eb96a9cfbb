import Basics

extension Metadata {
  /// The property that names the columns by whose values rows lie together, with commas between them.
  public static let clusteredByKey = "podium.clusteredBy"
}

extension Snapshot {
  /// The columns by whose values rows lie together; those left out that can order no rows.
  var clusterColumns: [String] {
    guard let names = metadata.configuration[Metadata.clusteredByKey] else { return [] }
    return names.split(separator: ",").compactMap { name in
      guard let field = schema[String(name)], field.type.isOrdered,
        !metadata.partitionColumns.contains(field.name)
      else { return nil }
      return field.name
    }
  }

  /// What keeps the table's files few, large and, where it is clustered, in order.
  package var upkeep: OptimizeRequest {
    let isWhole = metadata.partitionColumns.isEmpty
    return OptimizeRequest(zOrderBy: isWhole ? clusterColumns : [], isUpkeep: true)
  }
}

/// How the rows of clustered tables are laid out.
///
/// Readers pass over row groups by their statistics. A table without partitions has its rows along a
/// Z-order curve; the rows of a partition are sorted.
enum ClusterLayout {
  /// Fewer rows are one row group and are not put in order.
  static let leastRows: Int64 = 4096
  /// Rows of a file at most, to bound what a change rewrites.
  static let rowsPerFile: Int64 = 1_000_000
  /// Row groups end at multiples of it (DuckDB's vector).
  private static let vector: Int64 = 2048

  /// Rows of a row group in files of so many rows: 64 groups or more where there are rows for it.
  static func rowGroup(of rows: Int64) -> Int64 {
    min(max(rows / 64 / vector, 1), 60) * vector
  }
}

extension DeltaTable {
  /// Writes the rows of a clustered table without partitions along its curve.
  /// - Returns: nil where rows need no order.
  func writeClustered(_ rows: Relation, _ base: Snapshot) throws -> [AddFile]? {
    let columns = base.clusterColumns
    guard !columns.isEmpty, base.metadata.partitionColumns.isEmpty else { return nil }
    let count = try parquet().count(rows)
    guard count > ClusterLayout.leastRows else { return nil }
    return try writeOrdered(
      rows, by: columns, base, rows: count, expected: count, rowsPerFile: ClusterLayout.rowsPerFile)
  }

  /// Writes rows along the Z-order curve of some columns, as the files' tags say.
  func writeOrdered(
    _ relation: Relation, by columns: [String], _ base: Snapshot, rows: Int64, expected: Int64?,
    rowsPerFile: Int64,
    constant: (folder: String, values: [String: String?])? = nil, dataChange: Bool = true
  ) throws -> [AddFile] {
    let parquet = try parquet()
    let ordered = try parquet.zOrdered(relation, by: columns, base.schema, rowsPerFile: rowsPerFile)
    defer { parquet.release(ordered) }
    let isClustered = columns == base.clusterColumns
    return try writeFiles(
      [ordered], base, expected: expected, constant: constant, dataChange: dataChange,
      isOrdered: true, rowGroupRows: isClustered ? ClusterLayout.rowGroup(of: rows) : nil
    ).map { file in
      var file = file
      file.tags = (file.tags ?? [:]).merging([
        OptimizeRequest.zOrderTag: .some(columns.joined(separator: ","))
      ]) { $1 }
      return file
    }
  }
}

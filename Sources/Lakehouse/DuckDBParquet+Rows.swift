import Basics
import DeltaLake
import Engines

extension DuckDBParquet {
  /// Makes a temporary table that says which rows of a scan's files are meant: for each file its
  /// index, how many rows its bits cover, the bit of the rows meant, and the bits.
  ///
  /// The bit string is looked up by a row's position, which takes a tenth of the time that a join
  /// with a table of positions takes.
  func stageRows(_ scan: Scan) throws -> String {
    let bytes = session.temporaryName("row_bytes")
    var files = scan.files.indices.filter { scan.files[$0].rows != .all }[...]
    let columns: [(String, ColumnBuffer.Kind)] = [
      ("file", .int64), ("length", .int64), ("wanted", .int64), ("bits", .binary),
    ]
    _ = try session.connection.ingest(bytes, columns: columns) {
      guard let index = files.popFirst() else { return nil }
      return DuckDBParquet.rowBatch(index, scan.files[index].rows, columns)
    }
    defer { session.drop(table: bytes) }
    return try session.stage(
      "rows",
      as: """
        SELECT file, length, CAST(wanted AS INTEGER) AS wanted, CAST(bits AS BIT) AS bits \
        FROM \(bytes)
        """)
  }

  private static func rowBatch(
    _ index: Int, _ rows: Scan.Rows, _ columns: [(name: String, kind: ColumnBuffer.Kind)]
  ) -> ColumnBatch {
    let bitmap = rows.bitmap ?? RoaringBitmap()
    // DuckDB has no bit string without a bit.
    let length = bitmap.max.map { Int(clamping: $0) + 1 } ?? 1
    let wanted: Int64 = if case .only = rows { 1 } else { 0 }
    let buffers = columns.map { ColumnBuffer($0.kind, rows: 1, bytes: length / 8 + 8) }
    buffers[0].append(Int64(index))
    buffers[1].append(Int64(length))
    buffers[2].append(wanted)
    bitmap.denseBits(count: length).withUnsafeBytes { buffers[3].append($0) }
    return ColumnBatch(names: columns.map(\.name), columns: buffers)
  }

  /// The columns of Parquet files by their field ids, for each file.
  func columnIDs(_ addresses: [String]) throws -> [[Int64: String]] {
    guard !addresses.isEmpty else { return [] }
    let list = addresses.map { sqlLiteral(globEscaped($0)) }.joined(separator: ", ")
    let rows = try session.connection.query(
      "SELECT file_name, field_id, name FROM parquet_schema([\(list)]) WHERE field_id IS NOT NULL"
    ).rows()
    var byFile: [String: [Int64: String]] = [:]
    for row in rows {
      guard let file = row[0].string, let id = row[1].int, let name = row[2].string else {
        continue
      }
      byFile[file, default: [:]][id] = name
    }
    return addresses.map { byFile[$0] ?? [:] }
  }
}

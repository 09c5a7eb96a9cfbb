import Basics
import DeltaLake
import Engines

extension DuckDBParquet {
  /// Tells the engine which rows of a scan's files are meant or left out.
  func stageRows(_ scan: Scan) throws -> ChosenRows {
    let count = scan.files.reduce(0) { $0 + ($1.rows.bitmap?.count ?? 0) }
    return count <= fewRows
      ? .positions(try stagePositions(scan)) : .bits(try stageBits(scan))
  }

  private func stagePositions(_ scan: Scan) throws -> String {
    var files: [Int64] = []
    var rows: [Int64] = []
    for (index, file) in scan.files.enumerated() {
      file.rows.bitmap?.forEach { row in
        files.append(Int64(index))
        rows.append(Int64(clamping: row))
      }
    }
    return try session.stage("rows", numbers: [("file", files), ("position", rows)])
  }

  /// A variable is a constant to the engine, and a file's index one for many rows together.
  private func stageBits(_ scan: Scan) throws -> String {
    let bytes = session.temporaryName("row_bytes")
    let bitmaps = scan.files.compactMap(\.rows.bitmap)
    var rest = bitmaps.enumerated().makeIterator()
    let columns: [(String, ColumnBuffer.Kind)] = [("place", .int64), ("bits", .binary)]
    _ = try session.connection.ingest(bytes, columns: columns) {
      rest.next().map { DuckDBParquet.rowBatch($0.offset, $0.element, columns) }
    }
    defer { session.drop(table: bytes) }
    return try session.setVariables(
      "rows", to: "CAST(bits AS BIT)", of: bytes, orderedBy: "place", count: bitmaps.count)
  }

  private static func rowBatch(
    _ place: Int, _ bitmap: RoaringBitmap, _ columns: [(name: String, kind: ColumnBuffer.Kind)]
  ) -> ColumnBatch {
    let length = bitmap.bitLength
    let buffers = columns.map { ColumnBuffer($0.kind, rows: 1, bytes: length / 8 + 8) }
    buffers[0].append(Int64(place))
    bitmap.denseBits(count: length).withUnsafeBytes { buffers[1].append($0) }
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

extension RoaringBitmap {
  /// How many bits a bit string of it has; DuckDB has none without a bit.
  var bitLength: Int { max.map { Int(clamping: $0) + 1 } ?? 1 }
}

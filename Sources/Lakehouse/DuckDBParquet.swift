import DeltaLake
import Engines

/// DuckDB as the reader and writer of Parquet for Delta tables.
public final class DuckDBParquet: ParquetHandler {
  let session: EngineSession

  public init(_ session: EngineSession) { self.session = session }

  public func scan(_ scan: Scan) throws -> Relation {
    Relation("(\(ScanQuery(scan).text))")
  }

  public func release(_ relation: Relation) {
    // A relation in parentheses is a query and holds nothing.
    if !relation.name.hasPrefix("(") { session.drop(table: relation.name) }
  }
}

/// The query that reads the live rows of data files.
struct ScanQuery {
  let scan: Scan
  private var stored: [StructField] {
    scan.schema.fields.filter { !partitions.contains($0.name) }
  }
  private var partitions: Set<String> { Set(scan.partitionColumns) }

  init(_ scan: Scan) { self.scan = scan }

  /// A SELECT of the schema's columns, with positions where they are asked for.
  var text: String {
    guard !scan.files.isEmpty else { return empty }
    return readsFolders ? folders : constants
  }

  private var empty: String {
    var fields = scan.schema.fields
    if scan.positions {
      fields += [StructField(Scan.fileColumn, .long), StructField(Scan.rowColumn, .long)]
    }
    return Schema(fields).emptyQuery
  }

  /// True if the folders' names tell the partition values, so that DuckDB can pass over files.
  ///
  /// Never with positions: DuckDB counts files anew once it has passed over some.
  private var readsFolders: Bool {
    !partitions.isEmpty && !scan.positions
      && scan.files.allSatisfy { file in
        // A folder above the table may look like a partition too.
        guard file.address.hasSuffix(file.path),
          !file.address.dropLast(file.path.count).contains("=")
        else { return false }
        let parts = file.path.split(separator: "/").dropLast()
        return parts.count == scan.partitionColumns.count
          && zip(parts, scan.partitionColumns).allSatisfy { part, column in
            guard let value = file.partitionValues[column] ?? nil else {
              return part == "\(column)=\(ScanQuery.nullFolder)"
            }
            return ScanQuery.isPlain(value) && part == "\(column)=\(value)"
          }
      }
  }

  private static let nullFolder = "__HIVE_DEFAULT_PARTITION__"

  /// True for a value that DuckDB reads from a folder's name as it stands; `NULL` in any case it
  /// takes for a missing one.
  private static func isPlain(_ value: String) -> Bool {
    !value.isEmpty && value.utf8.allSatisfy(plain) && value != nullFolder
      && value.lowercased() != "null"
  }

  private static func plain(_ byte: UInt8) -> Bool {
    (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
      || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_") || byte == UInt8(ascii: ".")
  }

  private var addresses: String {
    "[" + scan.files.map { sqlLiteral(globEscaped($0.address)) }.joined(separator: ", ") + "]"
  }

  /// The file's rows under the declared names: a column that a file lacks is NULL, one that the
  /// table does not know is left out.
  private func read(_ options: String, _ virtual: String) -> String {
    let known = Schema(stored).emptyQuery
    return """
      SELECT * FROM (\(known)) UNION ALL BY NAME \
      SELECT *\(virtual) FROM read_parquet(\(addresses), union_by_name = true, \(options))
      """
  }

  private var folders: String {
    let types = scan.partitionColumns.compactMap { column in
      scan.schema[column].map { "\(sqlLiteral(column)): \(sqlLiteral($0.type.duckDB))" }
    }
    let options = "hive_partitioning = true, hive_types = {\(types.joined(separator: ", "))}"
    return """
      SELECT \(scan.schema.casts()) FROM (\(read(options, "")))
      """
  }

  private var constants: String {
    let options = "hive_partitioning = false"
    let positions = scan.positions ? ", \(Scan.fileColumn), \(Scan.rowColumn)" : ""
    let row = scan.positions ? ", file_row_number AS \(Scan.rowColumn)" : ""
    let virtual =
      scan.positions || !partitions.isEmpty ? ", file_index AS \(Scan.fileColumn)" + row : ""
    guard !partitions.isEmpty else {
      return "SELECT \(scan.schema.casts())\(positions) FROM (\(read(options, virtual)))"
    }
    let rows = scan.files.enumerated().map { index, file in
      let values = scan.partitionColumns.map { column in
        (file.partitionValues[column] ?? nil).flatMap { $0.isEmpty ? nil : $0 }
          .map(sqlLiteral) ?? "NULL"
      }
      return "(\(([String(index)] + values).joined(separator: ", ")))"
    }
    let names = (["__part"] + scan.partitionColumns.map(sqlName)).joined(separator: ", ")
    // A file may hold a partition column too; the log's value counts.
    let columns = scan.schema.fields.map { field in
      let isPartition = partitions.contains(field.name)
      var value = "\(isPartition ? "p" : "f").\(sqlName(field.name))"
      // The log spells bytes as the text they are in UTF-8.
      if isPartition, field.type == .binary { value = "encode(\(value))" }
      return "CAST(\(value) AS \(field.type.duckDB)) AS \(sqlName(field.name))"
    }
    return """
      SELECT \(columns.joined(separator: ", "))\(positions) FROM (\(read(options, virtual))) AS f \
      JOIN (VALUES \(rows.joined(separator: ", "))) AS p(\(names)) ON p.__part = f.\(Scan.fileColumn)
      """
  }
}

/// A path that `read_parquet` takes literally, although it knows wildcards.
func globEscaped(_ path: String) -> String {
  guard path.utf8.contains(where: { $0 == 0x2A || $0 == 0x3F || $0 == 0x5B }) else { return path }
  return path.map { character in
    switch character {
    case "*", "?", "[": "[\(character)]"
    default: String(character)
    }
  }.joined()
}

import Basics
import DeltaLake
import Engines

extension DuckDBParquet {
  /// The columns of a checkpoint, which `readActions` looks for.
  private static let actionColumns = [
    "txn", "add", "remove", "metaData", "protocol", "domainMetadata", "sidecar",
    "checkpointMetadata",
  ]

  public func readActions(_ addresses: [String]) throws -> [JSON] {
    let files = addresses.map { sqlLiteral(globEscaped($0)) }.joined(separator: ", ")
    let source = "read_parquet([\(files)], union_by_name = true, hive_partitioning = false)"
    let there = Set(try session.connection.describe("SELECT * FROM \(source)").map(\.name))
    let columns = DuckDBParquet.actionColumns.filter(there.contains)
    guard !columns.isEmpty else { return [] }
    let members = columns.map { "\(sqlName($0)) := \(sqlName($0))" }.joined(separator: ", ")
    let result = try session.connection.query(
      "SELECT CAST(to_json(struct_pack(\(members))) AS VARCHAR) FROM \(source)")
    var actions: [JSON] = []
    while let batch = try result.next() {
      for row in 0..<batch.rows {
        let parsed = try batch.columns[0].withBytes(row) { try JSON(parsing: $0) }
        if let parsed { actions.append(parsed) }
      }
    }
    return actions
  }

  public func writeActions(_ actions: [JSON], to address: String) throws {
    let lines = session.temporaryName("actions")
    var rest = actions[...]
    _ = try session.connection.ingest(lines, columns: [("line", .text)]) {
      guard !rest.isEmpty else { return nil }
      let part = rest.prefix(10_000)
      rest = rest.dropFirst(10_000)
      let column = ColumnBuffer(.text, rows: part.count)
      var bytes: [UInt8] = []
      for action in part {
        bytes.removeAll(keepingCapacity: true)
        action.write(to: &bytes)
        bytes.withUnsafeBytes { column.append($0) }
      }
      return ColumnBatch(names: ["line"], columns: [column])
    }
    defer { session.drop(table: lines) }
    let columns = DuckDBParquet.actionColumns.dropLast(2).map { "a.\(sqlName($0))" }
    try session.connection.execute(
      """
      COPY (SELECT \(columns.joined(separator: ", ")) FROM (\
      SELECT json_transform(line, \(sqlLiteral(DuckDBParquet.actionSchema))) AS a FROM \(lines))) \
      TO \(sqlLiteral(address)) (FORMAT parquet, COMPRESSION snappy)
      """)
  }

  /// The schema of a checkpoint (PROTOCOL.md, "Checkpoint Schema") in the words of
  /// `json_transform`; every field may be NULL.
  private static let actionSchema: String = {
    let map: JSON = "MAP(VARCHAR, VARCHAR)"
    let vector: JSON = [
      "storageType": "VARCHAR", "pathOrInlineDv": "VARCHAR", "offset": "INTEGER",
      "sizeInBytes": "INTEGER", "cardinality": "BIGINT",
    ]
    let schema: JSON = [
      "txn": ["appId": "VARCHAR", "version": "BIGINT", "lastUpdated": "BIGINT"],
      "add": [
        "path": "VARCHAR", "partitionValues": map, "size": "BIGINT", "modificationTime": "BIGINT",
        "dataChange": "BOOLEAN", "stats": "VARCHAR", "tags": map, "deletionVector": vector,
        "baseRowId": "BIGINT", "defaultRowCommitVersion": "BIGINT",
        "clusteringProvider": "VARCHAR",
      ],
      "remove": [
        "path": "VARCHAR", "deletionTimestamp": "BIGINT", "dataChange": "BOOLEAN",
        "extendedFileMetadata": "BOOLEAN", "partitionValues": map, "size": "BIGINT",
        "deletionVector": vector, "baseRowId": "BIGINT", "defaultRowCommitVersion": "BIGINT",
      ],
      "metaData": [
        "id": "VARCHAR", "name": "VARCHAR", "description": "VARCHAR",
        "format": ["provider": "VARCHAR", "options": map], "schemaString": "VARCHAR",
        "partitionColumns": ["VARCHAR"], "configuration": map, "createdTime": "BIGINT",
      ],
      "protocol": [
        "minReaderVersion": "INTEGER", "minWriterVersion": "INTEGER",
        "readerFeatures": ["VARCHAR"], "writerFeatures": ["VARCHAR"],
      ],
      "domainMetadata": [
        "domain": "VARCHAR", "configuration": "VARCHAR", "removed": "BOOLEAN",
      ],
    ]
    return schema.text
  }()
}

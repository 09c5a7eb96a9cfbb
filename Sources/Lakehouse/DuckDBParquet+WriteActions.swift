import Basics
import DeltaLake
import Engines

extension DuckDBParquet {
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
    let columns = (DuckDBParquet.actionSchema.object ?? []).map { "a.\(sqlName($0.name))" }
    try session.connection.execute(
      """
      COPY (SELECT \(columns.joined(separator: ", ")) FROM (\
      SELECT json_transform(line, \(sqlLiteral(DuckDBParquet.actionSchema.text))) AS a FROM \(lines))) \
      TO \(sqlLiteral(address)) (FORMAT parquet, COMPRESSION snappy)
      """)
  }

  /// The schema of a checkpoint (PROTOCOL.md, "Checkpoint Schema") in the words of
  /// `json_transform`; every field may be NULL.
  static let actionSchema: JSON = {
    let map: JSON = "MAP(VARCHAR, VARCHAR)"
    let vector: JSON = [
      "storageType": "VARCHAR", "pathOrInlineDv": "VARCHAR", "offset": "INTEGER",
      "sizeInBytes": "INTEGER", "cardinality": "BIGINT",
    ]
    return [
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
  }()
}

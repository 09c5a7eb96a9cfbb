import Basics
import DeltaLake
import Engines

extension DuckDBParquet {
  public func readActions(_ addresses: [String]) throws -> [JSON] {
    let files = addresses.map { sqlLiteral(globEscaped($0)) }.joined(separator: ", ")
    let source = "read_parquet([\(files)], union_by_name = true, hive_partitioning = false)"
    let members = try session.connection.describe("SELECT * FROM \(source)")
      .compactMap(knownFields)
    guard !members.isEmpty else { return [] }
    let result = try session.connection.query(
      """
      SELECT CAST(to_json(struct_pack(\(members.joined(separator: ", ")))) AS VARCHAR) \
      FROM \(source)
      """)
    var actions: [JSON] = []
    while let batch = try result.next() {
      for row in 0..<batch.rows {
        let parsed = try batch.columns[0].withBytes(row) { try JSON(parsing: $0) }
        if let parsed { actions.append(parsed) }
      }
    }
    return actions
  }

  /// An action of a checkpoint without the fields that nobody here reads: typed copies of the
  /// statistics, say, which may hold numbers that JSON has no words for.
  private func knownFields(_ column: EngineField) -> String? {
    guard case .structure(let fields) = column.type else { return nil }
    let known = DuckDBParquet.readFields[column.name] ?? []
    let kept = fields.map(\.name).filter(known.contains)
    guard !kept.isEmpty else { return nil }
    let action = sqlName(column.name)
    let parts = kept.map { "\(sqlName($0)) := \(action).\(sqlName($0))" }
    return """
      \(action) := CASE WHEN \(action) IS NOT NULL \
      THEN struct_pack(\(parts.joined(separator: ", "))) END
      """
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
  private static let actionSchema: JSON = {
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

  /// The fields that are read, by action; checkpoints of the second version have two more actions.
  private static let readFields: [String: Set<String>] = {
    var fields: [String: Set<String>] = [
      "sidecar": ["path", "sizeInBytes"], "checkpointMetadata": ["version"],
    ]
    for action in actionSchema.object ?? [] {
      fields[action.name] = Set((action.value.object ?? []).map(\.name))
    }
    return fields
  }()
}

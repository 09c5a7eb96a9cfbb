import Basics
import DeltaLake
import Engines

extension DuckDBParquet {
  public func readActions(_ addresses: [String]) throws -> CheckpointActions {
    let files = addresses.map { sqlLiteral(globEscaped($0)) }.joined(separator: ", ")
    let source = "read_parquet([\(files)], union_by_name = true, hive_partitioning = false)"
    let columns = try session.connection.describe("SELECT * FROM \(source)")
    let empty = try emptyColumns(files)
    let actions = try readActions(source, columns, empty, trusting: true)
    // A row is one action. Where some are missing, a file may lack its path.
    let count = try session.count("SELECT count(*) FROM \(source)")
    return actions.count == count
      ? actions : try readActions(source, columns, [], trusting: false)
  }

  /// - Parameters:
  ///   - empty: columns that have no value in any row.
  ///   - trusting: true to take a file without a path for none, which passes over whole row groups,
  ///     and over the fields that are not asked for.
  private func readActions(
    _ source: String, _ columns: [EngineField], _ empty: Set<String>, trusting: Bool
  ) throws -> CheckpointActions {
    var actions = CheckpointActions()
    // Nearly all rows are files, and made of JSON they would take ten times as long.
    if let add = FileColumns(columns, "add", empty) {
      actions.adds = try rows(add.query(source, trusting), add.addFile)
    }
    if let remove = FileColumns(columns, "remove", empty) {
      actions.removes = try rows(remove.query(source, trusting), remove.removeFile)
    }
    actions.others = try otherActions(columns, source, empty)
    return actions
  }

  /// The columns, by their dotted paths, that have no value in some Parquet files, by the footers.
  private func emptyColumns(_ files: String) throws -> Set<String> {
    let rows = try session.connection.query(
      """
      SELECT replace(path_in_schema, ', ', '.') FROM parquet_metadata([\(files)]) \
      GROUP BY 1 HAVING bool_and(coalesce(stats_null_count = num_values, false))
      """
    ).rows()
    return Set(rows.compactMap { $0.first?.string })
  }

  private func rows<T>(_ query: String, _ make: (EngineBatch, Int) throws -> T) throws -> [T] {
    let result = try session.connection.query(query)
    var made: [T] = []
    while let batch = try result.next() {
      for row in 0..<batch.rows { made.append(try make(batch, row)) }
    }
    return made
  }

  private func otherActions(
    _ columns: [EngineField], _ source: String, _ empty: Set<String>
  ) throws -> [JSON] {
    let others = columns.filter { column in
      guard column.name != "add", column.name != "remove" else { return false }
      return DuckDBParquet.requiredFields[column.name].map {
        !empty.contains("\(column.name).\($0)")
      } ?? true
    }
    let members = others.compactMap(knownFields)
    guard !members.isEmpty else { return [] }
    let some = others.map { column in
      // A field that each such action has tells as much as the action, and is read faster.
      let field = DuckDBParquet.requiredFields[column.name].map { "." + $0 } ?? ""
      return "\(sqlName(column.name))\(field) IS NOT NULL"
    }.joined(separator: " OR ")
    return try rows(
      """
      SELECT CAST(to_json(struct_pack(\(members.joined(separator: ", ")))) AS VARCHAR) \
      FROM \(source) WHERE \(some)
      """
    ) { batch, row in
      try batch.columns[0].withBytes(row) { try JSON(parsing: $0) } ?? .null
    }
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

  private static let requiredFields = [
    "txn": "appId", "metaData": "id", "protocol": "minReaderVersion", "domainMetadata": "domain",
    "sidecar": "path", "checkpointMetadata": "version",
  ]

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

import DeltaLake
import Engines

/// The fields of `add` or `remove` in a checkpoint, each as a column of a query.
struct FileColumns {
  private let action: String
  private let expressions: [String]

  private static let texts = ["path", "stats", "clusteringProvider"]
  private static let numbers = [
    "size", "modificationTime", "deletionTimestamp", "baseRowId", "defaultRowCommitVersion",
  ]
  private static let flags = ["dataChange", "extendedFileMetadata"]
  private static let maps = ["partitionValues", "tags"]
  private static let vector: [(name: String, type: String)] = [
    ("storageType", "VARCHAR"), ("pathOrInlineDv", "VARCHAR"), ("offset", "BIGINT"),
    ("sizeInBytes", "BIGINT"), ("cardinality", "BIGINT"),
  ]

  /// - Parameters:
  ///   - columns: those of the checkpoint; there is nothing to read where it lacks the action.
  ///   - empty: dotted paths of columns without a value, which are not read.
  init?(_ columns: [EngineField], _ action: String, _ empty: Set<String>) {
    guard case .structure(let fields)? = columns.first(where: { $0.name == action })?.type,
      fields.contains(where: { $0.name == "path" })
    else { return nil }
    let name = sqlName(action)
    func cast(_ type: String, below: String = "") -> (String) -> String {
      { field in
        fields.contains { $0.name == field } && !empty.contains("\(action).\(field)\(below)")
          ? "CAST(\(name).\(sqlName(field)) AS \(type))" : "NULL"
      }
    }
    var vector: [EngineField] = []
    if case .structure(let inner)? = fields.first(where: { $0.name == "deletionVector" })?.type {
      vector = inner
    }
    self.action = name
    expressions =
      FileColumns.texts.map(cast("VARCHAR")) + FileColumns.numbers.map(cast("BIGINT"))
      + FileColumns.flags.map(cast("BOOLEAN"))
      + FileColumns.maps.map(cast("MAP(VARCHAR, VARCHAR)", below: ".key_value.key"))
      + FileColumns.vector.map { part in
        vector.contains { $0.name == part.name }
          && !empty.contains("\(action).deletionVector.\(part.name)")
          ? "CAST(\(name).deletionVector.\(sqlName(part.name)) AS \(part.type))" : "NULL"
      }
  }

  /// - Parameter trusting: true to take a file without a path for none.
  func query(_ source: String, _ trusting: Bool) -> String {
    let columns = expressions.enumerated().map { "\($1) AS c\($0)" }
    return "SELECT \(columns.joined(separator: ", ")) FROM \(source) "
      + "WHERE \(trusting ? "\(action).path" : action) IS NOT NULL"
  }

  /// A row of the query as a file of the table.
  func addFile(_ batch: EngineBatch, _ row: Int) throws(EngineError) -> AddFile {
    let columns = batch.columns
    guard let path = columns[0].string(row), let size = columns[3].int(row) else {
      throw EngineError(.unsupportedData, "a file of the checkpoint has no path or size")
    }
    return AddFile(
      path: path, partitionValues: map(columns[10], row) ?? [:], size: size,
      modificationTime: columns[4].int(row) ?? 0, dataChange: flag(columns[8], row) ?? true,
      stats: columns[1].string(row), tags: map(columns[11], row),
      deletionVector: try vector(columns, row), baseRowId: columns[6].int(row),
      defaultRowCommitVersion: columns[7].int(row), clusteringProvider: columns[2].string(row))
  }

  /// A row of the query as a file that was removed.
  func removeFile(_ batch: EngineBatch, _ row: Int) throws(EngineError) -> RemoveFile {
    let columns = batch.columns
    guard let path = columns[0].string(row) else {
      throw EngineError(.unsupportedData, "a removed file of the checkpoint has no path")
    }
    var file = RemoveFile(path: path, dataChange: flag(columns[8], row) ?? true)
    file.deletionTimestamp = columns[5].int(row)
    file.extendedFileMetadata = flag(columns[9], row)
    // A table without partitions has empty maps, which are not read.
    let noValues: [String: String?]? = file.extendedFileMetadata == true ? [:] : nil
    file.partitionValues = map(columns[10], row) ?? noValues
    file.size = columns[3].int(row)
    file.deletionVector = try vector(columns, row)
    file.baseRowId = columns[6].int(row)
    file.defaultRowCommitVersion = columns[7].int(row)
    return file
  }

  private func flag(_ column: EngineColumn, _ row: Int) -> Bool? {
    guard case .bool(let flag) = column.value(row) else { return nil }
    return flag
  }

  private func map(_ column: EngineColumn, _ row: Int) -> [String: String?]? {
    guard case .map(let entries) = column.value(row) else { return nil }
    var map: [String: String?] = [:]
    for entry in entries { map.updateValue(entry.value.string, forKey: entry.key.string ?? "") }
    return map
  }

  private func vector(
    _ columns: [EngineColumn], _ row: Int
  ) throws(EngineError) -> DeletionVector? {
    guard let type = columns[12].string(row) else { return nil }
    let offset = columns[14].int(row)
    guard let path = columns[13].string(row),
      let size = columns[15].int(row).flatMap(Int32.init(exactly:)),
      let count = columns[16].int(row), offset.map({ Int32(exactly: $0) != nil }) ?? true
    else {
      throw EngineError(.unsupportedData, "a deletion vector of the checkpoint is incomplete")
    }
    return DeletionVector(
      storageType: type, pathOrInlineDv: path, offset: offset.flatMap(Int32.init(exactly:)),
      sizeInBytes: size, cardinality: count)
  }
}

import Basics

/// How a table's columns are told apart in its data files (PROTOCOL.md, "Column Mapping").
public enum ColumnMappingMode: String, Hashable, Sendable {
  /// By their names.
  case none
  /// By a physical name that never changes.
  case name
  /// By the field ids of the Parquet schema.
  case id
}

extension StructField {
  static let physicalNameKey = "delta.columnMapping.physicalName"
  static let columnIDKey = "delta.columnMapping.id"

  /// The name that the column has in data files, statistics and partition values under a mapping.
  public var physicalName: String {
    metadata.last { $0.name == StructField.physicalNameKey }?.value.string ?? name
  }

  /// The column's id under a mapping; nil where it has none.
  public var columnID: Int64? {
    metadata.last { $0.name == StructField.columnIDKey }?.value.int
  }

  /// The name that the column has in data files, statistics and partition values.
  public func storedName(_ mapping: ColumnMappingMode) -> String {
    mapping == .none ? name : physicalName
  }
}

extension Schema {
  /// The columns under the names that they have in data files, statistics and partition values,
  /// nested fields included.
  func stored(_ mapping: ColumnMappingMode) -> Schema {
    mapping == .none ? self : Schema(fields.map { $0.stored(mapping) })
  }
}

extension StructField {
  fileprivate func stored(_ mapping: ColumnMappingMode) -> StructField {
    var field = self
    field.name = storedName(mapping)
    field.type = type.stored(mapping)
    return field
  }
}

extension DeltaType {
  fileprivate func stored(_ mapping: ColumnMappingMode) -> DeltaType {
    switch self {
    case .structure(let fields): .structure(fields.map { $0.stored(mapping) })
    case .array(let element, let containsNull):
      .array(element.stored(mapping), containsNull: containsNull)
    case .map(let key, let value, let containsNull):
      .map(
        key: key.stored(mapping), value: value.stored(mapping), valueContainsNull: containsNull)
    default: self
    }
  }
}

extension Snapshot {
  /// The partition columns under the names that they have in the log.
  var storedPartitionColumns: [String] {
    let mapping = columnMapping
    return metadata.partitionColumns.map { schema[$0]?.storedName(mapping) ?? $0 }
  }
}

extension Snapshot {
  /// How the table maps its columns; a property that the protocol does not back counts for nothing.
  public var columnMapping: ColumnMappingMode {
    guard tableProtocol.lists("columnMapping"),
      let mode = metadata.configuration[Metadata.mappingModeKey]
    else { return .none }
    return ColumnMappingMode(rawValue: mode.lowercased()) ?? .none
  }
}

extension TableProtocol {
  /// True if a feature is in force for readers or writers.
  public func lists(_ feature: String) -> Bool {
    allReaderFeatures.contains(feature) || allWriterFeatures.contains(feature)
  }
}

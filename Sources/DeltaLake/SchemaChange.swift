import Basics

/// A change of a table's columns that leaves its data files as they are.
public enum SchemaChange: Hashable, Sendable {
  /// A column at the end; it must allow NULL, which older rows have there.
  case addColumn(StructField)
  /// A wider type for a column (PROTOCOL.md, "Type Widening").
  case widen(String, to: DeltaType)
  /// Another name for a column; needs a column mapping, which is switched on where there is none.
  case rename(String, to: String)
  /// A column less; needs a column mapping too, since files keep the values.
  case drop(String)
}

extension Metadata {
  static let mappingModeKey = "delta.columnMapping.mode"
  static let maxColumnIDKey = "delta.columnMapping.maxColumnId"

  /// These metadata with other columns; comments, order, ids and properties stay.
  func changed(
    by changes: [SchemaChange], _ schema: Schema, mapping: ColumnMappingMode, table: String
  ) throws(DeltaError) -> Metadata {
    var draft = SchemaDraft(
      schema: schema, partitionColumns: partitionColumns, configuration: configuration,
      mapped: mapping != .none, lastID: lastColumnID(schema), table: table)
    for change in changes { try draft.apply(change) }
    return Metadata(
      id: id, name: name, description: description, schema: draft.schema,
      partitionColumns: draft.partitionColumns, configuration: draft.configuration,
      createdTime: createdTime)
  }
}

extension Metadata {
  /// These metadata with ids and physical names for all columns, where a mapping is asked for and
  /// columns have none; names in files are the columns' own.
  func mapped(_ schema: Schema, table: String) throws(DeltaError) -> Metadata {
    let mode = configuration[Metadata.mappingModeKey]?.lowercased()
    guard let mode, mode != ColumnMappingMode.none.rawValue else { return self }
    guard ColumnMappingMode(rawValue: mode) != nil else {
      throw .schemaChange("there is no column mapping '\(mode)'", table: table)
    }
    guard !schema.fields.allSatisfy({ $0.columnID != nil }) else { return self }
    var draft = SchemaDraft(
      schema: schema, partitionColumns: partitionColumns, configuration: configuration,
      mapped: false, lastID: lastColumnID(schema), table: table)
    try draft.mapColumns()
    var metadata = self
    metadata.schemaString = draft.schema.json.text
    metadata.configuration = draft.configuration
    return metadata
  }

  /// The greatest id that a column has, or had once.
  private func lastColumnID(_ schema: Schema) -> Int64 {
    max(configuration[Metadata.maxColumnIDKey].flatMap { Int64($0) } ?? 0, schema.maxColumnID)
  }
}

/// Columns that are being changed.
private struct SchemaDraft {
  var schema: Schema
  var partitionColumns: [String]
  var configuration: [String: String]
  var mapped: Bool
  /// The greatest id that a column has, or had once.
  var lastID: Int64
  let table: String

  mutating func apply(_ change: SchemaChange) throws(DeltaError) {
    switch change {
    case .addColumn(let field): try add(field)
    case .widen(let name, let type): try widen(name, type)
    case .rename(let old, let new): try rename(old, new)
    case .drop(let name): try drop(name)
    }
  }

  private func index(_ name: String) throws(DeltaError) -> Int {
    guard let field = schema[name], let index = schema.fields.firstIndex(of: field) else {
      throw .unknownColumn(name, known: schema.names, table: table)
    }
    return index
  }

  private func refuse(_ reason: String) -> DeltaError { .schemaChange(reason, table: table) }

  private mutating func add(_ field: StructField) throws(DeltaError) {
    guard schema[field.name] == nil else {
      throw refuse("there is a column '\(field.name)' already, in this or another case")
    }
    try StructField.check(field.name, table: table)
    guard field.nullable else {
      throw refuse("the new column '\(field.name)' must allow NULL: older rows have no value there")
    }
    schema.fields.append(mapped ? try withIDs(field) : field)
  }

  private mutating func rename(_ old: String, _ new: String) throws(DeltaError) {
    let at = try index(old)
    if let other = schema[new], other.name != schema.fields[at].name {
      throw refuse("there is a column '\(new)' already, in this or another case")
    }
    try StructField.check(new, table: table)
    try mapColumns()
    let before = schema.fields[at].name
    schema.fields[at].name = new
    partitionColumns = partitionColumns.map { $0 == before ? new : $0 }
    changeStatisticsColumns(before, to: new)
  }

  private mutating func drop(_ name: String) throws(DeltaError) {
    let at = try index(name)
    guard !partitionColumns.contains(schema.fields[at].name) else {
      throw refuse("'\(name)' is a partition column, which cannot be dropped")
    }
    guard schema.fields.count > 1 else { throw refuse("'\(name)' is the only column") }
    try mapColumns()
    changeStatisticsColumns(schema.fields.remove(at: at).name, to: nil)
  }

  /// The list of columns with statistics names those of the table.
  private mutating func changeStatisticsColumns(_ old: String, to new: String?) {
    guard let text = configuration[Metadata.statisticsColumnsKey] else { return }
    var list = ColumnPaths(text)
    let before = list
    list.paths = list.paths.compactMap { path in
      guard path.first?.lowercased() == old.lowercased() else { return path }
      return new.map { [$0] + path.dropFirst() }
    }
    if list != before { configuration[Metadata.statisticsColumnsKey] = list.text }
  }

  private mutating func widen(_ name: String, _ type: DeltaType) throws(DeltaError) {
    let at = try index(name)
    let field = schema.fields[at]
    guard field.type != type else { return }
    guard field.type.widens(to: type) else {
      throw refuse("'\(name)' is \(field.type.words), which cannot become \(type.words)")
    }
    var changes = field.metadata.last { $0.name == "delta.typeChanges" }?.value.array ?? []
    changes.append([
      "fromType": field.type.json, "toType": type.json,
    ])
    schema.fields[at].type = type
    schema.fields[at].metadata =
      field.metadata.filter { $0.name != "delta.typeChanges" }
      + [JSON.Member("delta.typeChanges", .array(changes))]
    configuration["delta.enableTypeWidening"] = "true"
  }

  /// Gives all columns ids and physical names, which are the names they have now.
  mutating func mapColumns() throws(DeltaError) {
    guard !mapped else { return }
    mapped = true
    if configuration[Metadata.mappingModeKey]?.lowercased() != ColumnMappingMode.id.rawValue {
      configuration[Metadata.mappingModeKey] = ColumnMappingMode.name.rawValue
    }
    for index in schema.fields.indices where schema.fields[index].columnID == nil {
      schema.fields[index] = try withIDs(schema.fields[index], physicalNames: false)
    }
  }

  private mutating func nextID() throws(DeltaError) -> Int64 {
    // Files hold ids in 32 bits.
    guard lastID < Int64(Int32.max) else { throw refuse("its column ids are used up") }
    lastID += 1
    configuration[Metadata.maxColumnIDKey] = String(lastID)
    return lastID
  }

  /// A column with ids and physical names for itself and the fields below it.
  /// - Parameter physicalNames: true for new names, which no older file can have used.
  private mutating func withIDs(
    _ field: StructField, physicalNames: Bool = true
  ) throws(DeltaError) -> StructField {
    var field = field
    let id = try nextID()
    let physical = physicalNames ? "col-\(randomUUID())" : field.name
    field.metadata += [
      JSON.Member(StructField.columnIDKey, .int(id)),
      JSON.Member(StructField.physicalNameKey, .string(physical)),
    ]
    field.type = try withIDs(field.type, physicalNames)
    return field
  }

  private mutating func withIDs(
    _ type: DeltaType, _ physicalNames: Bool
  ) throws(DeltaError) -> DeltaType {
    switch type {
    case .structure(let fields):
      var mapped: [StructField] = []
      for field in fields { mapped.append(try withIDs(field, physicalNames: physicalNames)) }
      return .structure(mapped)
    case .array(let element, let containsNull):
      return .array(try withIDs(element, physicalNames), containsNull: containsNull)
    case .map(let key, let value, let containsNull):
      let key = try withIDs(key, physicalNames)
      return .map(
        key: key, value: try withIDs(value, physicalNames), valueContainsNull: containsNull)
    default: return type
    }
  }
}

extension Schema {
  /// The greatest id that a column or a field below one has; 0 where none has any.
  var maxColumnID: Int64 { fields.map(\.maxColumnID).max() ?? 0 }
}

extension StructField {
  fileprivate var maxColumnID: Int64 { max(columnID ?? 0, type.maxColumnID) }
}

extension DeltaType {
  fileprivate var maxColumnID: Int64 {
    switch self {
    case .structure(let fields): fields.map(\.maxColumnID).max() ?? 0
    case .array(let element, _): element.maxColumnID
    case .map(let key, let value, _): max(key.maxColumnID, value.maxColumnID)
    default: 0
    }
  }

  /// The type as a schema spells it, for messages.
  var words: String { json.string ?? json.text }

  /// Whole digits that the type holds for sure; nil for other than whole numbers.
  private var wholeDigits: Int? {
    switch self {
    case .byte, .short, .integer: 10
    case .long: 20
    default: nil
    }
  }

  /// True if files of this type may stay where the column gets another (PROTOCOL.md, "Supported Type
  /// Changes").
  func widens(to wide: DeltaType) -> Bool {
    let whole: [DeltaType] = [.byte, .short, .integer, .long]
    if let from = whole.firstIndex(of: self), let to = whole.firstIndex(of: wide) {
      return from < to
    }
    switch (self, wide) {
    case (.byte, .double), (.short, .double), (.integer, .double), (.float, .double),
      (.date, .timestampNtz):
      return true
    case (.decimal(let precision, let scale), .decimal(let wider, let finer)):
      return finer >= scale && wider - precision >= finer - scale && wider > precision
    case (_, .decimal(let precision, let scale)):
      return wholeDigits.map { precision - scale >= $0 } ?? false
    default: return false
    }
  }
}

extension StructField {
  /// Names that scans and change feeds give to columns of their own.
  private static let reserved: Set<String> = [
    Scan.fileColumn, Scan.rowColumn, ChangeFeed.changeTypeColumn, ChangeFeed.versionColumn,
    ChangeFeed.timestampColumn,
  ]

  /// Refuses a name that a new column cannot have.
  static func check(_ name: String, table: String) throws(DeltaError) {
    guard !name.isEmpty else { throw .schemaChange("a column needs a name", table: table) }
    guard !reserved.contains(name.lowercased()) else {
      throw .schemaChange(
        "a column cannot be called '\(name)': rows and changes are told by that name", table: table)
    }
  }
}

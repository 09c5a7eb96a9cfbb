import DeltaLake
import Engines

extension DuckDBParquet {
  public func inspect(_ addresses: [String]) throws -> [ParquetFile] {
    guard !addresses.isEmpty else { return [] }
    let facts = try footers(addresses)
    let shapes = try shapes(addresses)
    var schemas: [String: Schema] = [:]
    return try addresses.map { address in
      let shape = shapes[address] ?? address
      let schema = try schemas[shape] ?? self.schema(of: address)
      schemas[shape] = schema
      let found = facts[address] ?? []
      var groups: [Int64: Int64] = [:]
      for fact in found { groups[fact.group] = fact.rows }
      return ParquetFile(
        schema: schema, rows: groups.values.reduce(0, &+), columns: statistics(found, schema))
    }
  }

  private func schema(of address: String) throws -> Schema {
    let file = sqlLiteral(globEscaped(address))
    let fields = try session.connection.describe(
      "SELECT * FROM read_parquet(\(file), hive_partitioning = false)")
    return Schema(
      try fields.map {
        StructField($0.name, try DeltaType($0.type, column: $0.name, file: address))
      })
  }

  /// What the footers of many files say of their columns, the same text for the same columns: each kind
  /// is described once.
  private func shapes(_ addresses: [String]) throws -> [String: String] {
    guard addresses.count > 2 else { return [:] }
    let list = addresses.map { sqlLiteral(globEscaped($0)) }.joined(separator: ", ")
    let rows = try session.connection.query(
      """
      SELECT file_name, CAST(list((name, type, type_length, repetition_type, num_children, \
      converted_type, scale, precision, logical_type)) AS VARCHAR) \
      FROM parquet_schema([\(list)]) GROUP BY file_name
      """
    ).rows()
    return Dictionary(
      rows.compactMap { row in
        guard let file = row[0].string, let shape = row[1].string else { return nil }
        return (file, shape)
      }
    ) { first, _ in first }
  }

  /// What a footer says of one column in one row group.
  private struct Fact {
    let group: Int64
    let rows: Int64
    let column: String
    let nulls: Int64?
    let minimum: String?
    let maximum: String?
  }

  private func footers(_ addresses: [String]) throws -> [String: [Fact]] {
    let list = addresses.map { sqlLiteral(globEscaped($0)) }.joined(separator: ", ")
    let rows = try session.connection.query(
      """
      SELECT file_name, row_group_id, row_group_num_rows, path_in_schema, stats_null_count, \
      stats_min_value, stats_max_value FROM parquet_metadata([\(list)])
      """
    ).rows()
    var facts: [String: [Fact]] = [:]
    for row in rows {
      guard let file = row[0].string, let group = row[1].int, let count = row[2].int,
        let column = row[3].string
      else { continue }
      facts[file, default: []].append(
        Fact(
          group: group, rows: count, column: column, nulls: row[4].int, minimum: row[5].string,
          maximum: row[6].string))
    }
    return facts
  }

  /// The bounds of the columns over all row groups; of nested ones nothing is said.
  private func statistics(
    _ facts: [Fact], _ schema: Schema
  ) -> [[String]: ColumnStatistics] {
    var columns: [[String]: ColumnStatistics] = [:]
    for (name, facts) in Dictionary(grouping: facts, by: \.column) {
      guard let type = schema[name]?.type, schema.names.contains(name) else { continue }
      // A group of nothing but NULL has no bounds.
      let valued = facts.filter { $0.nulls != $0.rows }
      let nulls =
        facts.allSatisfy { $0.nulls != nil } ? facts.compactMap(\.nulls).reduce(0, &+) : nil
      columns[[name]] = ColumnStatistics(
        minimum: type.bound(valued.map(\.minimum), least: true),
        maximum: type.bound(valued.map(\.maximum), least: false), nullCount: nulls,
        hasNaN: type == .double || type == .float)
    }
    return columns
  }
}

extension DeltaType {
  /// The least or greatest of some bounds; nil where one is missing or not understood.
  fileprivate func bound(_ texts: [String?], least: Bool) -> String? {
    var best: (text: String, value: PredicateValue)?
    for text in texts {
      guard let text, let value = PredicateValue(text, as: self) else { return nil }
      if let current = best {
        guard let order = value.compared(to: current.value) else { return nil }
        if least ? order < 0 : order > 0 { best = (text, value) }
      } else {
        best = (text, value)
      }
    }
    return best?.text
  }

  /// The type of a Parquet file's column as the engine sees it.
  public init(_ type: EngineType, column: String, file: String) throws(EngineError) {
    switch type {
    case .bool: self = .boolean
    case .int(bits: 8, signed: true): self = .byte
    case .int(bits: 16, signed: true), .int(bits: 8, signed: false): self = .short
    case .int(bits: 32, signed: true), .int(bits: 16, signed: false): self = .integer
    case .int(bits: 64, signed: true), .int(bits: 32, signed: false): self = .long
    case .float: self = .float
    case .double: self = .double
    case .decimal(let precision, let scale, _): self = .decimal(precision: precision, scale: scale)
    case .text: self = .string
    case .binary, .fixedBinary: self = .binary
    case .date: self = .date
    case .timestamp(_, zoned: true): self = .timestamp
    case .timestamp(_, zoned: false): self = .timestampNtz
    case .list(let field, _), .fixedList(let field, _):
      self = .array(
        try DeltaType(field.type, column: column, file: file), containsNull: true)
    case .structure(let fields):
      var members: [StructField] = []
      for field in fields {
        members.append(
          StructField(field.name, try DeltaType(field.type, column: column, file: file)))
      }
      self = .structure(members)
    case .map(let key, let value):
      self = .map(
        key: try DeltaType(key.type, column: column, file: file),
        value: try DeltaType(value.type, column: column, file: file), valueContainsNull: true)
    default:
      throw EngineError(
        .unsupportedData, "\(file): column '\(column)' has a type that Delta tables do not have")
    }
  }
}

import Basics
import DeltaLake
import Engines

/// What a query's WHERE clauses say of the tables it reads, for passing over files.
///
/// Read from the engine's own syntax tree (`json_serialize_sql`). Only what is certain counts: parts
/// of a conjunction over columns that certainly are a table's; whatever else stands there is
/// unknown.
public struct QueryPredicates {
  private var found: [String: [Predicate]] = [:]
  private var occurrences: [String: Int] = [:]

  /// - Parameter tree: what `json_serialize_sql` gave for the query.
  public init(_ tree: JSON) {
    count(tree)
    visit(tree)
  }

  /// Reads a query, of which nothing is known where the engine cannot read it.
  init(of sql: String, in session: EngineSession) throws(EngineError) {
    self.init(try session.syntaxTree(of: sql) ?? .null)
  }

  /// What is known of the rows that are read from a table, by its name `schema.table`.
  public func predicate(for table: String) -> Predicate {
    let name = table.lowercased()
    guard let found = found[name], found.count == occurrences[name] else { return .unknown }
    return found.count == 1 ? found[0] : .any(found)
  }

  private static func name(_ table: JSON) -> String? {
    guard table["type"]?.string == "BASE_TABLE", let schema = table["schema_name"]?.string,
      let name = table["table_name"]?.string, !schema.isEmpty
    else { return nil }
    return "\(schema).\(name)".lowercased()
  }

  /// Counts how often each table is read, wherever that is.
  private mutating func count(_ json: JSON) {
    if let name = QueryPredicates.name(json) { occurrences[name, default: 0] += 1 }
    children(json).forEach { count($0) }
  }

  private mutating func visit(_ json: JSON) {
    if json["type"]?.string == "SELECT_NODE", let from = json["from_table"] {
      let tables = QueryPredicates.tables(from)
      let reader = ConditionReader(tables)
      let condition = json["where_clause"].map(reader.predicate) ?? .unknown
      for table in tables {
        guard let name = QueryPredicates.name(table) else { continue }
        found[name, default: []].append(reader.part(of: condition, for: table))
      }
    }
    children(json).forEach { visit($0) }
  }

  private func children(_ json: JSON) -> [JSON] {
    json.array ?? json.object?.map(\.value) ?? []
  }

  /// The tables of a FROM clause itself, not those of its subqueries.
  private static func tables(_ from: JSON) -> [JSON] {
    switch from["type"]?.string {
    case "JOIN":
      // Other joins, such as ASOF, pick one row of several: with fewer of them they pick another.
      guard ["REGULAR", "CROSS", "NATURAL"].contains(from["ref_type"]?.string) else { return [] }
      return ["left", "right"].flatMap { from[$0].map(tables) ?? [] }
    case "EMPTY", nil: return []
    default: return [from]
    }
  }
}

/// Reads conditions over the tables of one FROM clause; a column is known by `alias.name`.
private struct ConditionReader {
  private let tables: [JSON]
  /// True if rows without a partner may come in, of which `IS NULL` says nothing.
  private var joins: Bool { tables.count != 1 }

  init(_ tables: [JSON]) { self.tables = tables }

  private static func alias(_ table: JSON) -> String {
    let alias = table["alias"]?.string ?? ""
    return (alias.isEmpty ? table["table_name"]?.string ?? "" : alias).lowercased()
  }

  /// The part of a condition that is about one table's columns, under their own names.
  func part(of predicate: Predicate, for table: JSON) -> Predicate {
    let prefix = ConditionReader.alias(table) + "."
    guard tables.count(where: { ConditionReader.alias($0) + "." == prefix }) == 1 else {
      return .unknown
    }
    func own(_ name: String) -> String? {
      name.hasPrefix(prefix) ? String(name.dropFirst(prefix.count)) : nil
    }
    switch predicate {
    case .all(let parts): return .all(parts.map { part(of: $0, for: table) })
    case .any(let parts): return .any(parts.map { part(of: $0, for: table) })
    case .compare(let name, let comparison, let value):
      return own(name).map { .compare($0, comparison, value) } ?? .unknown
    case .isNull(let name): return own(name).map { .isNull($0) } ?? .unknown
    case .isNotNull(let name): return own(name).map { .isNotNull($0) } ?? .unknown
    case .unknown: return .unknown
    }
  }

  func predicate(_ json: JSON) -> Predicate {
    let children = json["children"]?.array ?? []
    switch json["type"]?.string {
    case "CONJUNCTION_AND": return .all(children.map(predicate))
    case "CONJUNCTION_OR": return .any(children.map(predicate))
    case "COMPARE_EQUAL": return comparison(json, .equal, .equal)
    case "COMPARE_LESSTHAN": return comparison(json, .less, .greater)
    case "COMPARE_LESSTHANOREQUALTO": return comparison(json, .lessOrEqual, .greaterOrEqual)
    case "COMPARE_GREATERTHAN": return comparison(json, .greater, .less)
    case "COMPARE_GREATERTHANOREQUALTO": return comparison(json, .greaterOrEqual, .lessOrEqual)
    case "COMPARE_BETWEEN":
      guard let name = json["input"].flatMap(column), let low = json["lower"].flatMap(value),
        let high = json["upper"].flatMap(value)
      else { return .unknown }
      return .all([.compare(name, .greaterOrEqual, low), .compare(name, .lessOrEqual, high)])
    case "COMPARE_IN":
      guard let name = children.first.flatMap(column) else { return .unknown }
      let values = children.dropFirst().map(value)
      return .any(values.map { $0.map { .compare(name, .equal, $0) } ?? .unknown })
    case "OPERATOR_IS_NULL" where !joins:
      return children.first.flatMap(column).map { .isNull($0) } ?? .unknown
    case "OPERATOR_IS_NOT_NULL":
      return children.first.flatMap(column).map { .isNotNull($0) } ?? .unknown
    default: return .unknown
    }
  }

  private func comparison(
    _ json: JSON, _ straight: Predicate.Comparison, _ reversed: Predicate.Comparison
  ) -> Predicate {
    guard let left = json["left"], let right = json["right"] else { return .unknown }
    if let name = column(left), let value = value(right) { return .compare(name, straight, value) }
    if let name = column(right), let value = value(left) { return .compare(name, reversed, value) }
    return .unknown
  }

  /// A column as `alias.name`; nil for one whose table is not certain.
  private func column(_ json: JSON) -> String? {
    guard json["type"]?.string == "COLUMN_REF",
      let names = json["column_names"]?.array?.compactMap(\.string)
    else { return nil }
    switch names.count {
    case 1 where tables.count == 1: return ConditionReader.alias(tables[0]) + "." + names[0]
    case 2: return names[0].lowercased() + "." + names[1]
    default: return nil
    }
  }

  private func value(_ json: JSON) -> PredicateValue? {
    if json["type"]?.string == "OPERATOR_CAST", let child = json["child"],
      let text = child["value"]?["value"]?.string
    {
      switch json["cast_type"]?["id"]?.string {
      case "DATE": return CivilDate(text).map { .date($0) }
      case "TIMESTAMP", "TIMESTAMP WITH TIME ZONE":
        return Timestamp(iso8601: text).map { .timestamp($0) }
      case "VARCHAR": return .string(text)
      default: return nil
      }
    }
    guard json["type"]?.string == "VALUE_CONSTANT", let constant = json["value"],
      constant["is_null"]?.bool == false, let value = constant["value"]
    else { return nil }
    switch constant["type"]?["id"]?.string {
    case "TINYINT", "SMALLINT", "INTEGER", "BIGINT": return value.int.map { .integer($0) }
    case "BOOLEAN": return value.bool.map { .boolean($0) }
    case "VARCHAR": return value.string.map { .string($0) }
    case "DECIMAL":
      guard let digits = value.int, let scale = constant["type"]?["type_info"]?["scale"]?.int,
        (0...38).contains(scale)
      else { return nil }
      return .decimal(digits: Int128(digits), scale: Int(scale))
    default: return nil
    }
  }
}

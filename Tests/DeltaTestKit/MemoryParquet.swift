import Basics
import DeltaLake
import Storage

/// A row by column name; a column that is missing is NULL.
public typealias Row = [String: JSON]

/// A stand-in for an engine: data files are JSON lines in a store, relations are rows in memory.
///
/// Conditions of a MERGE are SQL to a real engine; here a test gives each one's meaning in Swift.
public final class MemoryParquet: ParquetHandler {
  /// What a condition over a source row and its target row means; nil is NULL.
  public typealias Condition = (_ source: Row, _ target: Row) -> Bool?

  private let store: any ObjectStore
  private var relations: [String: [Row]] = [:]
  private var names = 0
  /// Data files as they were read last, which they stay.
  private var known: [ObjectInfo: [Row]] = [:]
  /// Checkpoints as they were read last.
  private var knownActions: [ObjectInfo: [JSON]] = [:]
  /// The meanings of conditions, by their text.
  public var conditions: [String: Condition] = [:]
  /// What is certain of conditions, by their text.
  public var predicates: [String: Predicate] = [:]
  /// The meanings of assigned expressions, by their text.
  public var expressions: [String: (_ source: Row, _ target: Row) -> JSON] = [:]
  /// Rows a data file holds at most.
  public var rowsPerFile = Int.max

  public init(_ store: any ObjectStore) { self.store = store }

  /// The names of relations that were handed out and not given back.
  public var held: Set<String> { Set(relations.keys) }

  /// Makes rows readable under a name.
  public func relation(_ rows: [Row]) -> Relation {
    names += 1
    let name = "rows_\(names)"
    relations[name] = rows
    return Relation(name)
  }

  /// The rows of a relation.
  public func rows(_ relation: Relation) throws -> [Row] {
    guard let rows = relations[relation.name] else {
      throw MemoryParquetError.unknownRelation(relation.name)
    }
    return rows
  }

  public func release(_ relation: Relation) { relations[relation.name] = nil }

  public func readActions(_ addresses: [String]) throws -> CheckpointActions {
    var actions = CheckpointActions()
    actions.others = try addresses.flatMap { try storedActions(path($0)) }
    return actions
  }

  private func storedActions(_ path: String) throws -> [JSON] {
    guard let info = try store.info(path) else { return try parsed(path) }
    if let actions = knownActions[info] { return actions }
    let actions = try parsed(path)
    knownActions[info] = actions
    return actions
  }

  public func writeActions(_ actions: [JSON], to address: String) throws {
    try store.put(path(address), bytes(actions))
  }

  /// The path below the store of an address that the store gave.
  func path(_ address: String) throws -> String {
    let root = store.address("")
    guard address.hasPrefix(root) else { throw MemoryParquetError.foreignAddress(address) }
    let rest = address.dropFirst(root.count)
    return String(rest.hasPrefix("/") ? rest.dropFirst() : rest)
  }

  /// The rows of a data file under the names that its columns have there.
  func storedRows(_ path: String) throws -> [Row] {
    guard let info = try store.info(path) else { return try stored(parsed(path)) }
    if let rows = known[info] { return rows }
    let rows = try stored(parsed(path))
    known[info] = rows
    return rows
  }

  private func stored(_ lines: [JSON]) -> [Row] {
    lines.map { line in
      Row((line.object ?? []).map { ($0.name, $0.value) }) { first, _ in first }
    }
  }

  private func parsed(_ path: String) throws -> [JSON] {
    try JSON.lines(store.read(path)).map(\.value)
  }

  func put(_ rows: [Row], _ path: String) throws -> Int {
    let content = bytes(
      rows.map { row in
        .object(row.sorted { $0.key < $1.key }.map { JSON.Member($0.key, $0.value) })
      })
    try store.put(path, content)
    return content.count
  }

  private func bytes(_ lines: [JSON]) -> [UInt8] {
    var bytes: [UInt8] = []
    for line in lines {
      line.write(to: &bytes)
      bytes.append(0x0A)
    }
    return bytes
  }

  /// The rows of some data files, with the index of the file and the position in it.
  func read(_ scan: Scan) throws -> [(row: Row, file: Int, position: Int)] {
    let names = scan.schema.fields.filter { !scan.partitionColumns.contains($0.name) }
      .map { (stored: $0.storedName(scan.mapping), name: $0.name) }
    let known = Set(names.map(\.stored))
    let isPlain = names.allSatisfy { $0.stored == $0.name }
    var found: [(row: Row, file: Int, position: Int)] = []
    for index in scan.files.indices {
      let file = scan.files[index]
      let rows = try storedRows(path(file.address))
      for position in rows.indices where file.rows.contains(UInt64(position)) {
        var row = rows[position]
        if !isPlain || !row.keys.allSatisfy(known.contains) {
          let stored = row
          row = [:]
          for (name, logical) in names { row[logical] = stored[name] }
        }
        for name in scan.partitionColumns {
          guard let text = file.partitionValues[name] ?? nil, !text.isEmpty else { continue }
          row[name] = typed(text, scan.schema[name]?.type ?? .string)
        }
        found.append((row, index, position))
      }
    }
    return found
  }

  private func typed(_ text: String, _ type: DeltaType) -> JSON {
    switch type {
    case .long, .integer, .short, .byte, .double, .float, .decimal: .number(text)
    case .boolean: .bool(text == "true")
    default: .string(text)
    }
  }
}

extension MemoryParquet {
  /// What it was not taught it says when it is asked for it.
  public func problems(
    in expressions: [String], of schema: Schema, source: Relation?
  ) throws -> [String?] { expressions.map { _ in nil } }

  /// What was taught of a condition; of any other one nothing is known.
  public func predicate(_ condition: String) throws -> Predicate {
    predicates[condition] ?? .unknown
  }

  public func ranges(_ columns: [StructField], of relation: Relation) throws -> [ValueRange?] {
    let rows = try rows(relation)
    return columns.map { column in
      let values = rows.map { row in row[column.name].flatMap { $0.isNull ? nil : $0 } }
      let texts = values.compactMap { $0?.string ?? $0.map(\.text) }
      let ordered = texts.sorted { a, b in
        guard let x = PredicateValue(a, as: column.type), let y = PredicateValue(b, as: column.type)
        else { return a < b }
        return (x.compared(to: y) ?? 0) < 0
      }
      return ValueRange(
        lowest: ordered.first, highest: ordered.last, hasNull: values.contains { $0 == nil })
    }
  }
}

/// A request that the stand-in cannot meet.
public enum MemoryParquetError: Error, Hashable {
  case unknownRelation(String)
  case unknownCondition(String)
  case unknownExpression(String)
  case foreignAddress(String)
}

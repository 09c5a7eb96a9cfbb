import Basics
import DeltaLake
import Engines
import Lakehouse
import Podium

extension TableLineage {
  /// Traces the columns of a table by its declaration and its query.
  public init(_ table: Table, _ parser: LineageParser) throws(EngineError) {
    if let folder = table.landing?.folder {
      self.init(landing: folder, table)
      return
    }
    var reading = TableReading(table)
    try reading.readQuery(parser)
    try reading.readRules(parser)
    try reading.readWrite(parser)
    let done = reading
    self.init(
      table: table.name, location: table.declaredAt,
      columns: table.storedSchema.fields.map { done.column($0.name, isPersonal: $0.isPersonal) },
      rows: reading.rows.sorted())
  }

  private init(landing folder: String, _ table: Table) {
    let declared = Dictionary(table.columns.map { ($0.name, $0) }) { first, _ in first }
    let columns = table.storedSchema.fields.map { field in
      // What Podium adds comes from no field; the rescued ones have no names that are known.
      let edges = declared[field.name].map { column in
        [
          LineageEdge(
            source: LineageField(.landing(folder: folder), column.source ?? column.name),
            subtype: .identity, cause: .query, keepsValue: true, isCertain: true)
        ]
      }
      return Column(
        name: field.name, isPersonal: field.isPersonal, expression: nil,
        location: table.declaredAt, edges: edges ?? [])
    }
    self.init(table: table.name, location: table.declaredAt, columns: columns, rows: [])
  }
}

/// Collects the edges of one table.
struct TableReading {
  let table: Table
  private(set) var query = QueryLineage(.null, tables: [:], aggregates: [])
  private var expressions: [String: String] = [:]
  private var locations: [String: SourceLocation] = [:]
  private(set) var rows: Set<LineageEdge> = []

  init(_ table: Table) { self.table = table }

  // MARK: - The query

  mutating func readQuery(_ parser: LineageParser) throws(EngineError) {
    guard let sql = table.query else { return }
    let text = sql.anyText
    query = try parser.lineage(of: text, tables: TableReading.columns(sql.inputs))
    rows.formUnion(edges(query.rows, sql.inputs, .query))
    let spelled = try parser.expressions(of: query.columns)
    for (column, expression) in zip(query.columns, spelled) {
      let name = column.name.lowercased()
      expressions[name] = expression
      guard let offset = column.offset, offset >= 0 else { continue }
      let before = text.utf8.prefix(Int(clamping: offset))
      locations[name] = sql.location(ofLine: 1 + before.count { $0 == 0x0A })
    }
  }

  static func columns(_ inputs: [SQL.Input]) -> [String: [String]] {
    var tables: [String: [String]] = [:]
    for input in inputs {
      let schema = input.onlyNew ? input.table.storedSchema : input.table.declaredSchema
      tables[input.alias] = schema.names
    }
    return tables
  }

  /// Dependencies on inputs by their aliases as edges from tables.
  func edges(
    _ dependencies: Set<Dependency>, _ inputs: [SQL.Input], _ cause: LineageEdge.Cause
  ) -> Set<LineageEdge> {
    var names: [String: TableName] = [:]
    for input in inputs { names[input.alias.lowercased()] = input.table.name }
    return Set(
      dependencies.compactMap { dependency in
        names[dependency.input].map { name in
          LineageEdge(
            source: LineageField(.table(name), dependency.column), subtype: dependency.subtype,
            cause: cause, keepsValue: dependency.keepsValue, isCertain: dependency.isCertain)
        }
      })
  }

  // MARK: - Columns

  /// What a column of the query's result depends on.
  func dependencies(_ name: String) -> Set<Dependency> { query.dependencies(of: name) ?? [] }

  /// Makes all rows depend on columns of the query's result.
  mutating func add(
    _ columns: [String], _ subtype: LineageSubtype, _ cause: LineageEdge.Cause
  ) {
    for name in columns {
      rows.formUnion(
        edges(dependencies(name).through(subtype), table.query?.inputs ?? [], cause))
    }
  }

  mutating func add(_ edges: Set<LineageEdge>) { rows.formUnion(edges) }

  func column(_ name: String, isPersonal: Bool) -> TableLineage.Column {
    let key = name.lowercased()
    let found = added(name) ?? dependencies(name)
    return TableLineage.Column(
      name: name, isPersonal: isPersonal, expression: expressions[key],
      location: locations[key] ?? table.declaredAt,
      edges: edges(found, table.query?.inputs ?? [], .query).sorted())
  }

  /// What a column depends on that `write` adds; nil for others.
  private func added(_ name: String) -> Set<Dependency>? {
    switch table.write {
    case .history(let changedAt, _) where table.addedColumns.contains(name):
      let time = dependencies(changedAt)
      if name == Write.HistoryColumn.validFrom { return time }
      let key = table.key.reduce(into: time) { $0.formUnion(dependencies($1)) }
      return key.through(.window).union(
        name == Write.HistoryColumn.validTo ? time.through(.transformation) : [])
    case .deduplicate(_, _, let time) where name == TechnicalColumn.until:
      return dependencies(time).through(.aggregation)
    default: return nil
    }
  }
}

import Basics
import Engines
import Lakehouse
import Podium

extension TableReading {
  /// Rules that keep rows out, or the whole table, make all rows depend on what they read.
  mutating func readRules(_ parser: LineageParser) throws(EngineError) {
    var asked = Set<String>()
    for rule in table.expectations {
      if case .required(let column) = rule.test { asked.insert(column) }
      guard rule.action != .warn || rule.share != nil else { continue }
      let cause = LineageEdge.Cause.rule(rule.name)
      if let condition = rule.condition(in: table) {
        try add(parser, "SELECT (\(condition)) FROM \(TableReading.own)", [], cause)
        continue
      }
      switch rule.test {
      case .reference(let columns, let reference):
        add(columns, .filter, cause)
        let other = LineageDataset.table(reference.table.name)
        add(
          Set(
            reference.columns.map {
              LineageEdge(
                source: LineageField(other, $0), subtype: .filter, cause: cause, keepsValue: false,
                isCertain: true)
            }))
      case .unique(let columns): add(columns, .filter, cause)
      case .freshness(let column, _): add([column], .filter, cause)
      case .query(let query), .rows(_, let query):
        try add(parser, query.sql.anyText, query.sql.inputs, cause)
      case .sum(let column, let query):
        add([column], .filter, cause)
        try add(parser, query.sql.anyText, query.sql.inputs, cause)
      default: break
      }
    }
    // A column that is not nullable has the rule without being asked.
    for column in table.columns where !column.nullable && !asked.contains(column.name) {
      add([column.name], .filter, .rule("\(column.name) is required"))
    }
  }

  /// The name by which the table's conditions read the query's rows.
  private static let own = "podium_query"

  /// Makes all rows depend on all that a query reads, which may be the table's own rows.
  private mutating func add(
    _ parser: LineageParser, _ text: String, _ others: [SQL.Input], _ cause: LineageEdge.Cause
  ) throws(EngineError) {
    let inputs = table.query?.inputs ?? []
    let ownNames = [TableReading.own, SQL.resultAlias, SQL.stagedAlias]
    var tables = TableReading.columns(inputs + others)
    for name in ownNames { tables[name] = query.columns.map(\.name) }
    let read = try parser.lineage(of: text, tables: tables)
    let all = read.columns.reduce(into: read.rows.union(read.others ?? [])) {
      $0.formUnion($1.dependencies)
    }
    add(edges(all.through(.filter), inputs + others, cause))
    for dependency in all where ownNames.contains(dependency.input) {
      var found = dependencies(dependency.column).through(.filter)
      if !dependency.isCertain { found = found.uncertain }
      add(edges(found, inputs, cause))
    }
  }

  /// How rows get in and how long they stay.
  mutating func readWrite(_ parser: LineageParser) throws(EngineError) {
    if let condition = table.write.deleteWhen {
      try add(parser, "SELECT (\(condition)) FROM \(TableReading.own)", [], .write)
    }
    switch table.write {
    case .upsert(let time, _), .history(let time, _):
      add(table.key, .groupBy, .write)
      add([time], .sort, .write)
      // Equal times are told apart by file and line.
      add([TechnicalColumn.file, TechnicalColumn.line], .sort, .write)
    case .deduplicate(let columns, _, let time):
      add(columns, .groupBy, .write)
      add([time], .window, .write)
      add([TechnicalColumn.file, TechnicalColumn.line], .sort, .write)
    case .append, .derived: break
    }
    if let column = table.retention?.column { add([column], .filter, .retention) }
  }
}

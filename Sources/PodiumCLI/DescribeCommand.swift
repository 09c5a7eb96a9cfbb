import ArgumentParsing
import Basics
import DeltaLake
import Documentation
import Engines
import Lakehouse
import Podium
import Rendering

extension Project {
  /// `describe`: what a table is.
  var describeCommand: Command<CommandAction> {
    Command(
      "describe", "Shows what a table means: columns, key, rules, inputs.",
      arguments: [.required("table", "The table, such as silver.members or quarantine.members.")]
    ) { session in
      let asked = try session.values.string("table").lowercased()
      let graph = try session.graph()
      // No lake is looked at: what a table means is known before there is one.
      let catalog = Catalog(
        lake: try session.inEnvironment(try session.namedLake()), tables: graph.ordered)
      let entry = try catalog.entry(asked, tool: name)
      if let table = entry.table {
        try session.describe(table, graph)
      } else {
        try session.describe(quarantine: entry)
      }
      return .done
    }
  }
}

extension Session {
  fileprivate func describe(_ table: Table, _ graph: Graph) throws {
    if json { return try print(table.json(asOf: localToday(in: settings.timeZone))) }
    try print(sentence: "\(table.name): \(table.about)")
    for (label, text) in table.facts(graph) { try print(sentence: "\(label): \(text)", indent: 2) }
    try print(table.columns.map(DescribedColumn.init))
    for expectation in table.expectations {
      try print(sentence: "rule: \(expectation.name), else \(expectation.action.rawValue)")
    }
    try out.flush()
  }

  fileprivate func describe(quarantine entry: Catalog.Entry) throws {
    var of: String?
    if case .rejects(let table) = entry.content { of = table.name.description }
    let columns = entry.schema.fields.map(DescribedColumn.init)
    if json {
      return try print([
        "table": .string(entry.location.name), "about": .string(entry.about),
        "of": .optional(of), "columns": .array(columns.map(\.json)),
      ])
    }
    try print(sentence: "\(entry.location.name): \(entry.about)")
    if let of { try out.write("  of: \(of)\n") }
    try print(columns)
  }

  private func print(_ columns: [DescribedColumn]) throws {
    try print(
      [
        ResultColumn("column", .fixed), ResultColumn("type", .fixed),
        ResultColumn("null", .fixed), ResultColumn("meaning", .prose),
      ], columns.map(\.row))
  }
}

/// What there is to say of a column, be it declared or one of a quarantine.
private struct DescribedColumn {
  let name: String
  /// In SQL.
  let type: String
  let nullable: Bool
  let personal: Bool
  let about: String

  init(_ column: Column) {
    name = column.name
    type = column.type.sql
    nullable = column.nullable
    personal = column.personal
    about = column.about
  }

  /// A column of a quarantine, whose rows may lack any value.
  init(_ field: StructField) {
    name = field.name
    type = field.type.sql
    nullable = true
    personal = field.isPersonal
    about = field.comment ?? ""
  }

  var row: [Value] {
    [
      .text(name), .text(type.lowercased()), .text(nullable ? "yes" : ""),
      .text(about + (personal ? " Personal." : "")),
    ]
  }

  var json: JSON {
    [
      "name": .string(name), "type": .string(type), "nullable": .bool(nullable),
      "personal": .bool(personal), "about": .string(about),
    ]
  }
}

extension DeltaType {
  /// The type as `ColumnType` calls it in SQL, for the types that Podium declares.
  fileprivate var sql: String {
    switch self {
    case .string: ColumnType.string.sql
    case .long: ColumnType.int.sql
    case .double: ColumnType.double.sql
    case .decimal(let precision, let scale):
      ColumnType.decimal(precision: precision, scale: scale).sql
    case .boolean: ColumnType.bool.sql
    case .date: ColumnType.date.sql
    case .timestamp: ColumnType.timestamp.sql
    default: "\(self)".uppercased()
    }
  }
}

extension Table {
  /// What there is to say besides columns and rules.
  fileprivate func facts(_ graph: Graph) -> [(String, String)] {
    var facts: [(String, String)] = []
    if !key.isEmpty { facts.append(("key", key.joined(separator: ", "))) }
    facts.append(("written", writing))
    if !partitionedBy.isEmpty {
      facts.append(("partitions", partitionedBy.joined(separator: ", ")))
    }
    if let landing { facts.append(("files", "landing/\(landing.folder)/")) }
    let inputs = upstream.map(\.name.description)
    if !inputs.isEmpty { facts.append(("needs", inputs.joined(separator: ", "))) }
    let dependents = graph.dependents(of: name).map(\.description)
    if !dependents.isEmpty { facts.append(("needed by", dependents.joined(separator: ", "))) }
    facts.append(("declared at", declaredAt.description))
    return facts
  }

  fileprivate func json(asOf: CivilDate) -> JSON {
    [
      "table": .string(name.description), "about": .string(about),
      "key": .array(key.map(JSON.string)), "written": .string(writing),
      "partitionedBy": .array(partitionedBy.map(JSON.string)),
      "needs": .array(upstream.map { .string($0.name.description) }),
      "declaredAt": .string(declaredAt.description),
      "columns": .array(columns.map { DescribedColumn($0).json }),
      "rules": .array(
        expectations.map {
          ["name": .string($0.name), "else": .string($0.action.rawValue)]
        }),
      "query": .optional(query?.text(asOf: asOf.description)),
    ]
  }
}

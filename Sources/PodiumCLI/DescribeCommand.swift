import ArgumentParsing
import Basics
import DeltaLake
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
      let entries = Catalog(lake: try Lake(at: session.lakePath), tables: graph.ordered).allEntries
      guard let entry = entries.first(where: { $0.location.name == asked }) else {
        throw UnknownTable(name: asked, known: entries.map(\.location.name), tool: name)
      }
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
    try printColumns(
      table.columns.map {
        (
          $0.name, $0.type.sql.lowercased(), $0.nullable,
          $0.about + ($0.personal ? " Personal." : "")
        )
      })
    for expectation in table.expectations {
      try print(sentence: "rule: \(expectation.name), else \(expectation.action.rawValue)")
    }
    try out.flush()
  }

  fileprivate func describe(quarantine entry: Catalog.Entry) throws {
    var of: String?
    if case .rejects(let table) = entry.content { of = table.name.description }
    if json {
      return try print([
        "table": .string(entry.location.name), "about": .string(entry.about),
        "of": .optional(of),
        "columns": .array(
          entry.schema.fields.map {
            [
              "name": .string($0.name), "type": .string($0.type.sql), "nullable": true,
              "personal": .bool($0.isPersonal), "about": .string($0.comment ?? ""),
            ]
          }),
      ])
    }
    try print(sentence: "\(entry.location.name): \(entry.about)")
    if let of { try out.write("  of: \(of)\n") }
    try printColumns(
      entry.schema.fields.map {
        (
          $0.name, $0.type.sql.lowercased(), true,
          ($0.comment ?? "") + ($0.isPersonal ? " Personal." : "")
        )
      })
  }

  private func printColumns(
    _ columns: [(name: String, type: String, nullable: Bool, meaning: String)]
  ) throws {
    try print(
      [
        ResultColumn("column", .fixed), ResultColumn("type", .fixed),
        ResultColumn("null", .fixed), ResultColumn("meaning", .prose),
      ],
      columns.map {
        [.text($0.name), .text($0.type), .text($0.nullable ? "yes" : ""), .text($0.meaning)]
      })
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

  private var writing: String {
    switch write {
    case .append: "rows are added"
    case .upsert(let newestBy, let deletes):
      "one row a key, the newest by \(newestBy)" + (deletes == nil ? "" : "; deletes are honoured")
    case .derived(by: .whole): "computed whole from its inputs"
    case .derived(by: .partition(let column)): "computed from its inputs, by \(column)"
    case .derived(by: .key(let columns)):
      "computed from its inputs, by \(columns.joined(separator: ", "))"
    }
  }

  fileprivate func json(asOf: CivilDate) -> JSON {
    [
      "table": .string(name.description), "about": .string(about),
      "key": .array(key.map(JSON.string)), "written": .string(writing),
      "partitionedBy": .array(partitionedBy.map(JSON.string)),
      "needs": .array(upstream.map { .string($0.name.description) }),
      "declaredAt": .string(declaredAt.description),
      "columns": .array(
        columns.map {
          [
            "name": .string($0.name), "type": .string($0.type.sql), "nullable": .bool($0.nullable),
            "personal": .bool($0.personal), "about": .string($0.about),
          ]
        }),
      "rules": .array(
        expectations.map {
          ["name": .string($0.name), "else": .string($0.action.rawValue)]
        }),
      "query": .optional(query?.text(asOf: asOf.description)),
    ]
  }
}

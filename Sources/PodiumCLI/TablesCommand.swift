import ArgumentParsing
import Basics
import DeltaLake
import Engines
import Lakehouse
import Podium
import Rendering
import Storage

/// A table's size as its log tells it.
struct TableSize {
  let version: Int64
  let rows: Int64?
  let files: Int
  let bytes: Int64
}

extension Session {
  /// The size of a table; nil where it does not exist.
  func size(
    _ location: TableLocation, _ lake: Lake, _ engine: EngineProvider
  ) throws -> TableSize? {
    let delta = lake.table(location) { DuckDBParquet(try engine.session()) }
    do {
      let snapshot = try delta.snapshot()
      return TableSize(
        version: snapshot.version, rows: snapshot.rowCount, files: snapshot.files.count,
        bytes: snapshot.sizeInBytes)
    } catch DeltaError.notATable {
      return nil
    }
  }
}

extension Project {
  /// `tables`: what there is.
  var tablesCommand: Command<CommandAction> {
    Command("tables", "Lists the tables with their sizes.") { session in
      let lake = try session.lake()
      let engine = EngineProvider(lake: lake)
      let entries = try Catalog(lake: lake, tables: try session.graph().ordered).entries()
      let sizes = try entries.map { try session.size($0.location, lake, engine) }
      if session.json {
        try session.print([
          "lake": .string(lake.root),
          "tables": .array(zip(entries, sizes).map { $0.json($1) }),
        ])
        return .done
      }
      try session.print(
        [
          ResultColumn("table", .text), ResultColumn("version", .number),
          ResultColumn("rows", .number), ResultColumn("files", .number),
          ResultColumn("size", .number),
        ],
        zip(entries, sizes).map { entry, size in
          guard let size else {
            return [.text(entry.location.name), .null, .null, .null, .null]
          }
          return [
            .text(entry.location.name), .int(size.version),
            .text(size.rows.map { grouped($0) } ?? "?"), .text(grouped(size.files)),
            .text(bytesText(size.bytes)),
          ]
        })
      if sizes.contains(where: { $0 == nil }) {
        session.say("tables without a version do not exist yet: '\(name) run' makes them.")
      }
      return .done
    }
  }

  /// `describe`: what a table is.
  var describeCommand: Command<CommandAction> {
    Command(
      "describe", "Shows what a table means: columns, key, rules, inputs.",
      arguments: [.required("table", "The table, such as silver.members.")]
    ) { session in
      let asked = try session.values.string("table")
      let graph = try session.graph()
      guard let table = graph[TableName(asked)] else {
        let known = graph.ordered.map(\.name.description)
        throw UnknownTable(name: asked, known: known, tool: name)
      }
      if session.json {
        try session.print(table.json)
        return .done
      }
      try session.out.write("\(table.name): \(table.about)\n")
      for (label, text) in table.facts(graph) { try session.out.write("  \(label): \(text)\n") }
      try session.print(
        [
          ResultColumn("column", .fixed), ResultColumn("type", .fixed),
          ResultColumn("null", .fixed), ResultColumn("meaning", .text),
        ],
        table.columns.map {
          [
            .text($0.name), .text($0.type.sql.lowercased()), .text($0.nullable ? "yes" : ""),
            .text($0.about + ($0.personal ? " Personal." : "")),
          ]
        })
      for expectation in table.expectations {
        try session.out.write("rule: \(expectation.name), else \(expectation.action.rawValue)\n")
      }
      try session.out.flush()
      return .done
    }
  }
}

extension Catalog.Entry {
  fileprivate func json(_ size: TableSize?) -> JSON {
    [
      "table": .string(location.name), "about": .optional(table?.about),
      "version": size.map { .int($0.version) } ?? .null,
      "rows": size?.rows.map { .int($0) } ?? .null,
      "files": size.map { .int($0.files) } ?? .null,
      "bytes": size.map { .int($0.bytes) } ?? .null,
    ]
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

  fileprivate var json: JSON {
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
      "query": .optional(query?.text(asOf: localToday().description)),
    ]
  }
}

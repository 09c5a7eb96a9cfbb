import Basics
import DeltaLake
import Engines
import Lakehouse
import Lineage
import Podium
import Scaffolding

extension Project {
  /// What the tables that read a bronze table's new rows tell of its columns: types, the few values
  /// that one may have, and which ones rows cannot do without.
  func columnHints(of table: Table, in graph: Graph) throws -> [String: ColumnHint] {
    let readers = graph.ordered.filter { $0.newInputs.contains(table) }
    guard !readers.isEmpty else { return [:] }
    let session = try EngineProvider(lake: nil).session()
    let lineage = try ColumnLineage(graph, session)
    var hints: [String: ColumnHint] = [:]
    for reader in readers {
      guard let origins = lineage.tables[reader.name] else { continue }
      let filled = try filledColumns(of: reader, session)
      let added = reader.addedColumns
      for column in reader.columns where !added.contains(column.name) {
        let edges = (origins.column(column.name)?.edges ?? []).filter {
          $0.subtype.isDirect && $0.source.dataset == .table(table.name)
        }
        // A value of several columns needs none of them, and one that is made in steps may stand for
        // a text of another form.
        guard Set(edges.map(\.source)).count == 1, let source = edges.first?.source else {
          continue
        }
        let bronze = table.columns.first { $0.name.lowercased() == source.name.lowercased() }
        guard let name = bronze?.name else { continue }
        var hint = hints[name] ?? ColumnHint()
        if column.type != .string { hint.type = hint.type ?? column.type }
        for rule in reader.expectations {
          if case .oneOf(column.name, let values) = rule.test { hint.values = values }
        }
        if !column.nullable, !filled.contains(column.name) {
          hint.neededBy = hint.neededBy ?? reader.name
        }
        hints[name] = hint
      }
    }
    return hints
  }

  /// The columns of a table that have a value for a record without any: those need nothing.
  private func filledColumns(of table: Table, _ session: EngineSession) throws -> Set<String> {
    guard let query = table.query else { return [] }
    for input in query.inputs {
      let nothing = input.table.storedSchema.fields.map(\.nullColumn).joined(separator: ", ")
      try session.connection.execute(
        "CREATE OR REPLACE TEMP VIEW \(input.alias) AS SELECT \(nothing)"
          + (input.onlyNew ? "" : " WHERE false"))
    }
    let result = try session.connection.query(query.anyText)
    let names = result.fields.map(\.name)
    guard let row = try result.rows().first else { return [] }
    return Set(zip(names, row).filter { $1 != .null }.map(\.0))
  }
}

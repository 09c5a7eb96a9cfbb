import Basics
import Engines
import Lakehouse
import Lineage
import Podium

extension Checker {
  /// Columns that take a person's name, phone or the like and do not say that they do.
  func personalProblems(
    _ table: Table, _ query: SQL, _ text: String, _ session: EngineSession
  ) throws -> [Problem] {
    let inputs = query.inputs
    guard inputs.contains(where: { $0.table.columns.contains(where: \.personal) }) else {
      return []
    }
    var tables: [String: [String]] = [:]
    var personal: [String: TableName] = [:]
    for input in inputs {
      let alias = input.alias.lowercased()
      tables[alias] = input.table.columns.map(\.name)
      for column in input.table.columns where column.personal {
        personal["\(alias).\(column.name)"] = input.table.name
      }
    }
    let lineage = try LineageParser(session).lineage(of: text, tables: tables)
    let open = Set(table.columns.filter { !$0.personal }.map { $0.name.lowercased() })
    return lineage.columns.compactMap { column in
      guard open.contains(column.name.lowercased()) else { return nil }
      // A column is told only where it is certain.
      let origins = column.dependencies.filter { $0.keepsValue && $0.isCertain }.compactMap {
        found in
        personal["\(found.input).\(found.column)"].map { "\($0).\(found.column)" }
      }
      guard let origin = origins.min() else { return nil }
      let place = column.offset.flatMap { query.location(ofByte: Int(clamping: $0), in: text) }
      return Problem(
        .personalValues, table.name, place ?? table.declaredAt,
        "column '\(column.name)' takes its value from \(origin), which is personal: leave it out, or "
          + "mark it `personal: true` in a table called <name>_pii.")
    }
  }
}

import Basics
import Engines
import Lakehouse
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
    var tables: [String: [PersonalLineage.Column]] = [:]
    for input in inputs {
      tables[input.alias.lowercased()] = input.table.columns.map {
        PersonalLineage.Column(
          name: $0.name, origin: $0.personal ? "\(input.table.name).\($0.name)" : nil)
      }
    }
    let row = try session.row("SELECT CAST(json_serialize_sql(\(sqlLiteral(text))) AS VARCHAR)")
    guard let parsed = row.first?.string, let tree = try? JSON(parsing: Array(parsed.utf8)) else {
      return []
    }
    let open = Set(table.columns.filter { !$0.personal }.map { $0.name.lowercased() })
    return PersonalLineage(tables: tables).columns(of: tree).compactMap { column in
      guard let origin = column.origin, open.contains(column.name.lowercased()) else { return nil }
      let line = column.offset.map { offset in
        1 + text.utf8.prefix(Int(clamping: offset)).count { $0 == 0x0A }
      }
      return Problem(
        .personalValues, table.name, line.flatMap(query.location) ?? table.declaredAt,
        "column '\(column.name)' takes its value from \(origin), which is personal: leave it out, or "
          + "mark it `personal: true` in a table called <name>_pii.")
    }
  }
}

import Basics
import Engines
import Lakehouse
import Podium

extension Runner {
  /// Which column of an input each column of a table takes its value from.
  ///
  /// A value is followed through names, casts, CASE, COALESCE and functions that keep it or a part of
  /// it; columns that are computed otherwise are left out, as is everything that is not certain.
  /// - Returns: by the table's columns, the input and its column.
  public func columnLineage(
    of table: Table
  ) throws -> [String: (input: TableName, column: String)] {
    guard let query = table.query else { return [:] }
    var tables: [String: [PersonalLineage.Column]] = [:]
    var origins: [String: (input: TableName, column: String)] = [:]
    for input in query.inputs {
      tables[input.alias.lowercased()] = input.table.columns.map { column in
        let origin = "\(input.table.name).\(column.name)"
        origins[origin] = (input.table.name, column.name)
        return PersonalLineage.Column(name: column.name, origin: origin)
      }
    }
    let text = sqlLiteral(query.text(asOf: "2000-01-01"))
    let row = try engine.session().row("SELECT CAST(json_serialize_sql(\(text)) AS VARCHAR)")
    guard let parsed = row.first?.string, let tree = try? JSON(parsing: Array(parsed.utf8)) else {
      return [:]
    }
    let declared = Dictionary(
      table.columns.map { ($0.name.lowercased(), $0.name) }, uniquingKeysWith: { first, _ in first }
    )
    var lineage: [String: (input: TableName, column: String)] = [:]
    for column in PersonalLineage(tables: tables).columns(of: tree) {
      guard let name = declared[column.name.lowercased()], let origin = column.origin else {
        continue
      }
      lineage[name] = origins[origin]
    }
    return lineage
  }
}

import DeltaLake
import Engines

extension DuckDBParquet {
  public func ranges(_ columns: [StructField], of relation: Relation) throws -> [ValueRange?] {
    guard !columns.isEmpty else { return [] }
    let names = columns.map { sqlName($0.name) }
    let given = try session.connection.describe(
      "SELECT \(names.joined(separator: ", ")) FROM \(relation.name)")
    let facts = names.map {
      "CAST(min(\($0)) AS VARCHAR), CAST(max(\($0)) AS VARCHAR), count(*) - count(\($0))"
    }
    let row = try session.row("SELECT \(facts.joined(separator: ", ")) FROM \(relation.name)")
    return columns.indices.map { index in
      let at = index * 3
      let type = try? DeltaType(given[index].type, column: names[index], file: relation.name)
      guard at + 2 < row.count, type == columns[index].type else { return nil }
      return ValueRange(
        lowest: row[at].string, highest: row[at + 1].string, hasNull: row[at + 2].int != 0)
    }
  }
}

import Engines
import Faker
import Lakehouse
import Lineage
import TestKit
import Testing

@Suite("Lineage leaves nothing out")
struct LineagePropertyTests {
  private let session: EngineSession
  private let parser: LineageParser

  init() throws {
    session = try EngineProvider(lake: nil).session()
    parser = LineageParser(session)
  }

  @Test(
    "A column without a dependency has the same values whatever stands in the other",
    arguments: Seeds.first(12))
  func complete(_ group: UInt64) throws {
    var judged = 0
    for number in UInt64(0)..<25 {
      let seed = (group - 1) &* 1_000 + number
      var random = RandomQuery(seed: seed)
      let data = RandomQuery.tables.map { ($0.key, $0.value.map { _ in random.column() }) }
      var contents = Dictionary(uniqueKeysWithValues: data)
      let sql = random.query(depth: 3, columns: 2)
      let lineage = try parser.lineage(of: sql, tables: RandomQuery.tables)
      #expect(lineage.others == nil, "seed \(seed): \(sql)")
      try load(contents)
      let before = try values(sql, seed)
      for (table, columns) in RandomQuery.tables.sorted(by: { $0.key < $1.key }) {
        for (index, column) in columns.enumerated() {
          let old = contents[table]?[index]
          contents[table]?[index] = random.column()
          try load(contents)
          let after = try values(sql, seed)
          contents[table]?[index] = old ?? []
          func depends(_ found: Set<Dependency>) -> Bool {
            found.contains { $0.input == table && $0.column == column }
          }
          for (place, output) in lineage.columns.enumerated()
          where !depends(output.dependencies) && !depends(lineage.rows) {
            judged += 1
            #expect(
              before[place] == after[place],
              "seed \(seed): \(output.name) does not depend on \(table).\(column), says the lineage of \(sql)"
            )
          }
        }
      }
    }
    // Lineage that names everything would be right and of no use.
    #expect(judged > 100, "group \(group)")
  }

  private func load(_ contents: [String: [[Int?]]]) throws {
    for (table, columns) in contents {
      let names = RandomQuery.tables[table] ?? []
      let rows = (0..<RandomQuery.rows).map { row in
        "(" + columns.map { $0[row].map(String.init) ?? "NULL::INT" }.joined(separator: ", ") + ")"
      }
      try session.connection.execute(
        "CREATE OR REPLACE TEMP TABLE \(table) AS SELECT * FROM (VALUES "
          + "\(rows.joined(separator: ", "))) AS v(\(names.joined(separator: ", ")))")
    }
  }

  /// The values of each column of the result, sorted: the order of rows means nothing.
  private func values(_ sql: String, _ seed: UInt64) throws -> [[String]] {
    do {
      let rows = try session.connection.query(
        "SELECT CAST(c0 AS VARCHAR), CAST(c1 AS VARCHAR) FROM (\(sql)) AS q"
      ).rows()
      return (0..<2).map { place in rows.map { $0[place].string ?? "NULL" }.sorted() }
    } catch {
      Issue.record("seed \(seed): \(error) in \(sql)")
      return [[], []]
    }
  }
}

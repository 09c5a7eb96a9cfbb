import Basics
import DeltaLake
import DeltaTestKit
import Engines
import Lakehouse
import TestKit
import Testing

@Suite("Any sequence of operations with DuckDB")
struct TablePropertyTests {
  /// Seeds are told in blocks, so that a failure names its own.
  private static let blocks = Seeds.blocks(100, of: 10)

  @Test("It leaves every version with the rows that it must have", arguments: blocks)
  func versions(seeds: ClosedRange<UInt64>) throws {
    for seed in seeds {
      // Rows are chosen by a join in some, by bit strings in others.
      let fewRows = seed % 3 == 0 ? 0 : nil
      var model = try TableModel(FolderTable("a table [\(seed)]", fewRows: fewRows), seed: seed)
      var difference: String?
      do {
        for _ in 0..<10 where difference == nil { difference = try model.step() }
        if difference == nil { difference = try model.compareAll() }
      } catch { difference = "\(error)" }
      #expect(difference == nil, "seed \(seed): \(model.log)")
    }
  }
}

extension FolderTable: TableSubject {
  func relation(_ rows: [Row], _ schema: Schema) throws -> Relation {
    guard !rows.isEmpty else { return Relation(try session.stage("given", as: schema.emptyQuery)) }
    let lines = rows.map { row in
      let values = schema.names.map { name in
        row[name].map { $0.string.map(sqlLiteral) ?? $0.text } ?? "NULL"
      }
      return "(\(values.joined(separator: ", ")))"
    }
    return Relation(
      try session.stage(
        "given",
        as: """
          SELECT \(schema.casts()) FROM (VALUES \(lines.joined(separator: ", "))) \
          AS t(\(sqlNames(schema.names)))
          """))
  }

  func rows(_ relation: Relation, _ schema: Schema) throws -> [Row] {
    try rows("SELECT \(sqlNames(schema.names)) FROM \(relation.name)", schema.names)
  }

  func rows(of feed: ChangeFeed) throws -> [(version: Int64, change: Change)] {
    let parquet = try #require(try table.parquet() as? DuckDBParquet)
    let relation = try parquet.changes(feed)
    defer { parquet.release(relation) }
    let (kind, version) = (ChangeFeed.changeTypeColumn, ChangeFeed.versionColumn)
    let names = feed.schema.names + [kind, version]
    return try rows("SELECT \(sqlNames(names)) FROM \(relation.name)", names).map { row in
      let change = Change(
        row[kind]?.string ?? "", row.filter { $0.key != kind && $0.key != version })
      return (row[version]?.int ?? -1, change)
    }
  }

  private func rows(_ query: String, _ names: [String]) throws -> [Row] {
    try connection.query(query).rows().map { values in
      Row(zip(names, values.map(\.json)).filter { !$0.1.isNull }) { first, _ in first }
    }
  }
}

import Basics
import DeltaLake
import TestKit
import Testing

@testable import Lakehouse

@Suite("Rows that deletion vectors delete, read by DuckDB")
struct DeletedRowsTests {
  /// Chosen rows that the engine is told one by one: all, some, none.
  private static let limits: [Int?] = [nil, 40, 0]

  private func filled(_ fewRows: Int?, partitioned: Bool) throws -> FolderTable {
    let table = try FolderTable(fewRows: fewRows)
    try table.create(
      [StructField("id", .long), StructField("p", .string)],
      partitionedBy: partitioned ? ["p"] : [],
      configuration: [
        "delta.enableDeletionVectors": "true", "delta.enableChangeDataFeed": "true",
      ], protocol: nil)
    for file in 0..<70 {
      try table.append("SELECT \(file * 4) + i AS id, 'p\(file % 3)' AS p FROM range(4) AS r(i)")
    }
    return table
  }

  @Test("They are left out, of however many files", arguments: limits, [false, true])
  func manyFiles(fewRows: Int?, partitioned: Bool) throws {
    let table = try filled(fewRows, partitioned: partitioned)
    #expect(try table.delete("id % 4 = 1 AND id < 268").rows == 67)
    #expect(try table.update(["id": "id + 1000"], "id = 2").rows == 1)
    let expected = (0..<280).filter { $0 % 4 != 1 || $0 >= 268 }.map { $0 == 2 ? 1002 : $0 }
    #expect(
      try table.connection.query("SELECT id FROM \(table.scan()) ORDER BY id").rows()
        .compactMap { $0[0].int } == expected.map(Int64.init).sorted())
    let state = try table.table.snapshot()
    #expect(state.files.values.filter { $0.deletionVector != nil }.count == 67)
    #expect(state.rowCount == 213)
  }

  @Test("The change feed finds them again", arguments: limits)
  func changes(fewRows: Int?) throws {
    let table = try filled(fewRows, partitioned: true)
    let before = try table.delete("id % 4 = 1 AND id < 268").version
    let parquet = try #require(try table.table.parquet() as? DuckDBParquet)
    let relation = try parquet.changes(table.table.changeFeed(from: before, through: before))
    defer { parquet.release(relation) }
    let rows = try table.connection.query(
      "SELECT DISTINCT id, \(ChangeFeed.changeTypeColumn) FROM \(relation.name) ORDER BY 1"
    ).rows()
    let deleted: [Int64] = (0..<67).map { $0 * 4 + 1 }
    #expect(rows.compactMap { $0[0].int } == deleted)
    #expect(rows.allSatisfy { $0[1].string == "delete" })
  }
}

@Suite("Files that a condition leaves out")
struct ConditionPruningTests {
  private func filled() throws -> FolderTable {
    let table = try FolderTable()
    try table.create([StructField("id", .long), StructField("Day", .date)])
    for day in 1...5 {
      try table.append(
        "SELECT \(day * 10) + i AS id, DATE '2025-01-0\(day)' AS Day FROM range(10) AS r(i)")
    }
    return table
  }

  /// Puts garbage where the data files of all days but one were: who opens them fails.
  private func spoil(_ table: FolderTable, except day: String) throws {
    for file in try table.table.snapshot().orderedFiles
    where file.stats?.contains(day) == false {
      try Files.write("garbage", to: "\(table.path)/\(file.path)")
    }
  }

  @Test("They are not opened by DELETE, UPDATE and a conditional overwrite")
  func notOpened() throws {
    for condition in ["day = DATE '2025-01-03'", "id BETWEEN 30 AND 39", "target.id IN (31, 35)"] {
      let table = try filled()
      try spoil(table, except: "2025-01-03")
      #expect(try table.update(["id": "-id"], "(\(condition)) AND id % 2 = 1").rows >= 2)
    }
    let table = try filled()
    try spoil(table, except: "2025-01-03")
    #expect(try table.delete("id > 29 AND id < 35").rows == 5)
    let result = try table.table.overwrite(
      .rows(where: "day = DATE '2025-01-03'"),
      by: Relation("(SELECT 1::BIGINT AS id, DATE '2025-01-03' AS Day)"), table.table.snapshot(),
      transaction: Transaction("WRITE", isBlindAppend: false))
    #expect(result.removedFiles == 1)
    #expect(try table.table.snapshot().rowCount == 41)
  }

  @Test("A condition that no file can meet is still read: its mistakes are errors")
  func mistakes() throws {
    let table = try filled()
    #expect(try table.delete("id = 7000").rows == 0)
    #expect(throws: (any Error).self) { try table.delete("id = 7000 AND nobody = 1") }
    #expect(throws: (any Error).self) { try table.delete("id = ") }
  }

  @Test("A change passes others whose rows its condition leaves out, and no others")
  func conflicts() throws {
    let table = try filled()
    let base = try table.table.snapshot()
    try table.append("SELECT 99::BIGINT AS id, DATE '2025-01-09' AS Day")
    try table.delete("id = 50")
    func delete(_ condition: String) throws -> UpdateResult {
      try table.table.delete(
        where: condition, base, transaction: Transaction("DELETE", isBlindAppend: false))
    }
    #expect(try delete("day < DATE '2025-01-02'").rows == 10)
    for condition in ["id >= 99 OR id = 20", "id % 10 = 3", "id IN (20, 55)"] {
      #expect(throws: DeltaError.self, "\(condition)") { try delete(condition) }
    }
    #expect(try table.table.snapshot().rowCount == 50 + 1 - 1 - 10)
  }

  @Test("A merge passes rows that others add beyond the range of its keys")
  func merges() throws {
    let table = try filled()
    let base = try table.table.snapshot()
    try table.append("SELECT 99::BIGINT AS id, DATE '2025-01-09' AS Day")
    func merge(_ ids: String) throws -> Int64 {
      let source = try table.session.stage(
        "source",
        as: "SELECT id::BIGINT AS id, DATE '2025-02-02' AS Day FROM (VALUES \(ids)) AS v(id)")
      defer { table.session.drop(table: source) }
      return try table.table.merge(
        Relation(source), base, keys: ["id"], whenMatched: [.init(.update)]
      ) { _ in Transaction("MERGE", isBlindAppend: false) }.inserted
    }
    #expect(try merge("(1), (15)") == 1)
    #expect(throws: DeltaError.self) { try merge("(55), (99)") }
    #expect(try table.table.snapshot().rowCount == 52)
  }
}

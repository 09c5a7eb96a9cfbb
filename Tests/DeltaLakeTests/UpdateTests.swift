import Basics
import DeltaTestKit
import Testing

@testable import DeltaLake

/// Tables that keep their rows in files alone, and those with deletion vectors.
private let properties: [[String: String]] = [[:], ["delta.enableDeletionVectors": "true"]]

@Suite("Updating and deleting, without an engine")
struct UpdateTests {
  private let table = TestTable()

  init() { ModelSQL.teach(table.parquet) }

  private func fill(_ configuration: [String: String], _ rows: Int = 6) throws {
    table.parquet.rowsPerFile = 3
    try table.create(configuration: configuration)
    try table.append((1...rows).map { ["id": .int($0), "v": "old"] })
  }

  private func delete(_ condition: String?) throws -> UpdateResult {
    try table.table.delete(
      where: condition, table.table.snapshot(),
      transaction: Transaction("DELETE", isBlindAppend: false))
  }

  @Test("Deleted rows are gone and the others stay", arguments: properties)
  func delete(configuration: [String: String]) throws {
    try fill(configuration)
    #expect(try delete("id % 3 = 0").rows == 2)
    #expect(try table.rows().compactMap { $0["id"]?.int } == [1, 2, 4, 5])
    #expect(try table.table.snapshot().rowCount == 4)
  }

  @Test("With deletion vectors no data file is rewritten, and one without rows goes")
  func vectors() throws {
    try fill(["delta.enableDeletionVectors": "true"])
    let before = try table.table.snapshot()
    let after = try delete("id % 2 = 0").snapshot
    #expect(Set(after.files.values.map(\.path)) == Set(before.files.values.map(\.path)))
    #expect(after.files.values.allSatisfy { $0.deletionVector != nil })
    #expect(
      after.files.values.allSatisfy { $0.stats?.contains(#""tightBounds":false"#) == true })
    let last = try delete("id % 2 = 1").snapshot
    #expect(last.files.isEmpty)
    #expect(last.rowCount == 0)
  }

  @Test("Deleting nothing commits nothing", arguments: properties)
  func nothing(configuration: [String: String]) throws {
    try fill(configuration)
    table.parquet.conditions["null"] = { _, _ in nil }
    // A row for which the condition is NULL stays.
    let result = try delete("null")
    #expect(result.rows == 0)
    #expect(result.snapshot.version == 1)
    #expect(try table.table.snapshot().version == 1)
  }

  @Test("An update gives rows the values of expressions over what they were", arguments: properties)
  func update(configuration: [String: String]) throws {
    try fill(configuration)
    let result = try table.table.update(
      ["v": "v || '?'"], where: "id % 3 = 1", table.table.snapshot(),
      transaction: Transaction("UPDATE", isBlindAppend: false))
    #expect(result.rows == 2)
    #expect(
      try table.rows().map { $0["v"]?.string } == ["old?", "old", "old", "old?", "old", "old"])
  }

  @Test("An unknown column is refused with the one that was meant")
  func unknown() throws {
    try fill([:])
    let error = #expect(throws: DeltaError.self) {
      try table.table.update(
        ["ve": "1"], where: nil, table.table.snapshot(),
        transaction: Transaction("UPDATE", isBlindAppend: false))
    }
    #expect(error?.description == "memory: has no column 've'. Did you mean 'v'?")
  }

  @Test(
    "A merge may set single columns and act on rows without a source row", arguments: properties)
  func mergeClauses(configuration: [String: String]) throws {
    try fill(configuration)
    let source = table.parquet.relation([["id": 1, "v": "new"], ["id": 9, "v": "new"]])
    let result = try table.table.merge(
      source, table.table.snapshot(), keys: ["id"],
      whenMatched: [.init(.set(["v": "target.v || '!'"]))],
      whenNotMatchedBySource: [
        .init(.delete, when: "target.id % 3 = 0"),
        .init(.set(["v": "'gone'"]), when: "target.id % 2 = 0"),
      ]
    ) { _ in Transaction("MERGE", isBlindAppend: false) }
    #expect(result.matched == [1])
    #expect(result.notMatchedBySource == [2, 2])
    #expect(result.inserted == 1)
    #expect(
      try table.rows() == [
        ["id": 1, "v": "old!"], ["id": 2, "v": "gone"], ["id": 4, "v": "gone"],
        ["id": 5, "v": "old"], ["id": 9, "v": "new"],
      ])
  }

  @Test("The change feed has one delete a row, a pair for each update, and no row that only moved")
  func changeFeed() throws {
    for configuration in properties {
      let table = TestTable()
      ModelSQL.teach(table.parquet)
      try table.create(
        configuration: configuration.merging(["delta.enableChangeDataFeed": "true"]) { $1 })
      try table.append((1...4).map { ["id": .int($0), "v": "old"] })
      try table.merge([["id": 2, "v": "new"], ["id": 7, "v": "new"]])
      _ = try table.table.delete(
        where: "id % 2 = 1", table.table.snapshot(),
        transaction: Transaction("DELETE", isBlindAppend: false))
      _ = try table.table.optimize(
        OptimizeRequest(), table.table.snapshot(),
        transaction: Transaction("OPTIMIZE", isBlindAppend: false))
      let feed = try table.table.changeFeed(from: 1, through: table.table.snapshot().version)
      let changes = try feed.parts.flatMap { part in
        try table.parquet.rows(table.parquet.scan(part.scan)).map { row in
          let kind = row["_change_type"]?.string ?? part.kind?.rawValue ?? ""
          return "\(part.version) \(kind) \(row["id"]?.int ?? 0) \(row["v"]?.string ?? "")"
        }
      }
      #expect(
        changes.sorted() == [
          "1 insert 1 old", "1 insert 2 old", "1 insert 3 old", "1 insert 4 old",
          "2 insert 7 new", "2 update_postimage 2 new", "2 update_preimage 2 old",
          "3 delete 1 old", "3 delete 3 old", "3 delete 7 new",
        ], "\(configuration)")
    }
  }

  @Test("A CHECK constraint is kept by every write, and NULL does not satisfy it")
  func constraints() throws {
    try fill([:])
    table.parquet.conditions["v <> 'bad'"] = { _, row in row["v"]?.string.map { $0 != "bad" } }
    let base = try table.table.addConstraint(
      "good", "v <> 'bad'", table.table.snapshot(),
      transaction: Transaction("ADD CONSTRAINT", isBlindAppend: false))
    #expect(base.tableProtocol.lists("checkConstraints"))
    for value: JSON in ["bad", .null] {
      #expect(
        throws: DeltaError.constraintViolated(name: "good", rows: 1, table: "memory:")
      ) { try table.append([["id": 50, "v": value]]) }
      #expect(
        throws: DeltaError.constraintViolated(name: "good", rows: 1, table: "memory:")
      ) { try table.merge([["id": 1, "v": value]]) }
    }
    #expect(try table.table.snapshot().version == base.version)
    try table.append([["id": 50, "v": "fine"]])
    #expect(
      throws: DeltaError.constraintViolated(name: "fewer", rows: 1, table: "memory:")
    ) {
      table.parquet.conditions["id < 50"] = { _, row in row["id"]?.int.map { $0 < 50 } }
      _ = try table.table.addConstraint(
        "fewer", "id < 50", table.table.snapshot(),
        transaction: Transaction("ADD CONSTRAINT", isBlindAppend: false))
    }
  }
}

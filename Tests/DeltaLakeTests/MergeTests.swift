import Basics
import DeltaTestKit
import Testing

@testable import DeltaLake

@Suite("Merging, without an engine")
struct MergeTests {
  private let table = TestTable()

  @Test("Matched rows are replaced, new ones inserted, the others of their files stay")
  func upsert() throws {
    table.parquet.rowsPerFile = 2
    try table.create()
    try table.append((1...6).map { ["id": .int($0), "v": "old"] })
    let before = try table.table.snapshot()
    let after = try table.merge([["id": 2, "v": "new"], ["id": 9, "v": "new"]])
    #expect(
      try table.rows() == [
        ["id": 1, "v": "old"], ["id": 2, "v": "new"], ["id": 3, "v": "old"],
        ["id": 4, "v": "old"], ["id": 5, "v": "old"], ["id": 6, "v": "old"],
        ["id": 9, "v": "new"],
      ])
    // Only the file with the matched row was rewritten.
    #expect(Set(before.files.keys).subtracting(after.files.keys).count == 1)
  }

  @Test("Two source rows that want one target row change nothing at all")
  func ambiguous() throws {
    try table.create()
    try table.append([["id": 1, "v": "old"], ["id": 2, "v": "old"]])
    #expect(throws: DeltaError.ambiguousMerge(rows: 1, table: "memory:")) {
      try table.merge([["id": 1, "v": "a"], ["id": 1, "v": "b"], ["id": 2, "v": "c"]])
    }
    #expect(try table.table.snapshot().version == 1)
    #expect(try table.rows() == [["id": 1, "v": "old"], ["id": 2, "v": "old"]])
    // Rows that match nothing may repeat.
    try table.merge([["id": 3, "v": "a"], ["id": 3, "v": "b"]])
    #expect(try table.rows().count == 4)
  }

  @Test("The first clause that fits acts; NULL fits nothing")
  func clauses() throws {
    try table.create()
    try table.append((1...4).map { ["id": .int($0), "v": "old"] })
    table.parquet.conditions = [
      "delete": { source, _ in source["v"] == "delete" },
      "null": { _, _ in nil },
      "insert": { source, _ in source["v"] != "skip" },
    ]
    let source = table.parquet.relation([
      ["id": 1, "v": "delete"], ["id": 2, "v": "new"], ["id": 7, "v": "skip"],
      ["id": 8, "v": "in"],
    ])
    let result = try table.table.merge(
      source, table.table.snapshot(), keys: ["id"],
      whenMatched: [
        .init(.delete, when: "null"), .init(.delete, when: "delete"), .init(.update, when: "null"),
        .init(.keep),
      ], insertWhen: "insert"
    ) { _ in Transaction("MERGE", isBlindAppend: false) }
    #expect(result.matched == [0, 1, 0, 1])
    #expect(result.inserted == 1)
    #expect(result.ignored == 1)
    #expect(
      try table.rows() == [
        ["id": 2, "v": "old"], ["id": 3, "v": "old"], ["id": 4, "v": "old"], ["id": 8, "v": "in"],
      ])
  }

  @Test("What a merge staged is given back, also when it fails")
  func released() throws {
    try table.create()
    try table.append([["id": 1]])
    let held = table.parquet.held
    try table.merge([["id": 1, "v": "x"]])
    #expect(throws: DeltaError.self) { try table.merge([["id": 1], ["id": 1]]) }
    #expect(table.parquet.held == held)
  }

  @Test("A second identical merge into escaped partitions leaves no row twice")
  func partitions() throws {
    let schema = Schema([StructField("id", .long), StructField("p", .string)])
    try table.create(schema, partitionedBy: ["p"])
    let rows: [Row] = [
      ["id": 1, "p": "a b"], ["id": 2, "p": "a/b"], ["id": 3, "p": "a%b"], ["id": 4, "p": "a%20b"],
      ["id": 5, "p": "ü=:?"], ["id": 6], ["id": 7, "p": ""],
    ]
    try table.merge(rows)
    let once = try table.rows()
    // The empty text and NULL are one partition.
    #expect(once == (rows.dropLast() + [["id": 7]]).ordered)
    for _ in 0..<2 {
      let before = try table.table.snapshot()
      let after = try table.merge(rows)
      #expect(try table.rows() == once)
      #expect(Set(before.files.keys).isDisjoint(with: after.files.keys))
      #expect(after.files.count == before.files.count)
    }
  }
}

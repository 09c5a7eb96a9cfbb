import Basics
import DeltaTestKit
import Testing

@testable import DeltaLake

@Suite("Changes of columns")
struct SchemaChangeTests {
  private let table = TestTable()

  private func alter(_ changes: SchemaChange...) throws -> Snapshot {
    try table.table.alter(
      changes, table.table.snapshot(),
      transaction: Transaction("ALTER TABLE", isBlindAppend: false))
  }

  /// A table whose columns carry all that a schema can say of them.
  private func createRich() throws -> Snapshot {
    func note(_ name: String, _ value: JSON) -> JSON.Member { JSON.Member(name, value) }
    let schema = Schema([
      StructField(
        "day", .date, nullable: false,
        metadata: [note("comment", "The day."), note("own", [1, "x"])]),
      StructField(
        "s",
        .structure([
          StructField("z", .decimal(precision: 38, scale: 10), nullable: false),
          StructField("a", .long, metadata: [note("comment", "Inside.")]),
        ]), nullable: false),
      StructField("id", .long, metadata: [note("delta.generationExpression", "s.a + 1")]),
      StructField("m", .map(key: .string, value: .long, valueContainsNull: false)),
      StructField("l", .array(.string, containsNull: false)),
      StructField("p", .string),
    ])
    let metadata = Metadata(
      id: "00000000-0000-4000-8000-000000000001", name: "rich", description: "About it.",
      schema: schema, partitionColumns: ["p", "day"],
      configuration: ["delta.logRetentionDuration": "interval 3 days", "own.key": "own value"],
      createdTime: 5)
    return try table.table.create(
      metadata, protocol: .plain, transaction: Transaction("CREATE TABLE", isBlindAppend: true))
  }

  @Test("A new column leaves everything else of the table as it was")
  func addColumn() throws {
    let before = try createRich()
    // Podium cannot compute generated columns, so it would not write to this table.
    let metadata = try before.metadata.changed(
      by: [.addColumn(StructField("new", .double))], before.schema, mapping: .none, table: "t")
    var expected = before.metadata
    expected.schemaString = metadata.schemaString
    #expect(metadata == expected)
    let schema = try Schema(parsing: metadata.schemaString)
    #expect(schema.fields == before.schema.fields + [StructField("new", .double)])
  }

  @Test("Under a mapping a new column gets the next id, and no column another one")
  func ids() throws {
    try table.create(configuration: ["delta.columnMapping.mode": "name", "own.key": "x"])
    let first = try alter(.rename("v", to: "w"), .addColumn(StructField("a", .long)))
    let second = try alter(.drop("a"), .addColumn(StructField("a", .long)))
    let third = try alter(
      .addColumn(StructField("s", .structure([StructField("i", .long)]))), .rename("id", to: "key"))
    func names(_ state: Snapshot) -> [String: String] {
      Dictionary(uniqueKeysWithValues: state.schema.fields.map { ($0.name, $0.physicalName) })
    }
    #expect(names(first)["w"] == "v")
    #expect(names(third)["key"] == "id")
    #expect(names(third)["w"] == "v")
    #expect(names(second)["a"] != names(first)["a"])
    let greatest = [first, second, third].map { state in
      Int64(state.metadata.configuration[Metadata.maxColumnIDKey] ?? "") ?? 0
    }
    #expect(greatest[0] < greatest[1] && greatest[1] < greatest[2])
    #expect(third.schema.maxColumnID == greatest[2])
    #expect(third.metadata.configuration["own.key"] == "x")
    #expect(third.metadata.id == first.metadata.id)
  }

  @Test("Ids that are used up are an error")
  func usedUpIDs() throws {
    for last in [Int64(Int32.max), .max] {
      let table = TestTable()
      try table.create(configuration: [Metadata.maxColumnIDKey: String(last)])
      let error = #expect(throws: DeltaError.self) {
        try table.table.alter(
          [.rename("v", to: "w")], table.table.snapshot(),
          transaction: Transaction("ALTER TABLE", isBlindAppend: false))
      }
      #expect(error?.description == "memory:: its column ids are used up")
    }
  }

  @Test("No commit but one that changes them says what the columns are")
  func noMetadata() throws {
    try table.create()
    try table.append([["id": 1, "v": "a"]])
    try table.merge([["id": 1, "v": "b"]])
    try table.overwrite([["id": 2]])
    #expect(try alter().version == 3)
    _ = try alter(.addColumn(StructField("w", .long)))
    try table.append([["id": 3, "w": 1]])
    for version: Int64 in 0...5 {
      let actions = try table.table.readCommit(LogFile.commitPath(version))
      let metadata = actions.count { if case .metaData = $0 { true } else { false } }
      #expect(metadata == ([0, 4].contains(version) ? 1 : 0), "version \(version)")
    }
  }

  // MARK: - Columns with statistics

  @Test(
    "A list of columns is read as SQL reads names",
    arguments: [
      ("a", [["a"]]), ("a,b", [["a"], ["b"]]), (" a , b.c ", [["a"], ["b", "c"]]),
      ("`a.b`,`c,d`.e", [["a.b"], ["c,d", "e"]]), ("`a``b`", [["a`b"]]), ("``````", [["``"]]),
      ("", []), (",,", []), ("a..b", [["a", "b"]]), ("` a `", [[" a "]]), ("`open", [["open"]]),
      ("a b", [["a b"]]), ("`ü`.x", [["ü", "x"]]),
      ("`a``\u{301}b`,`.\u{301}`", [["a`\u{301}b"], [".\u{301}"]]),
    ])
  func columnPaths(text: String, paths: [[String]]) {
    #expect(ColumnPaths(text).paths == paths)
    #expect(ColumnPaths(ColumnPaths(paths: paths).text).paths == paths)
  }

  @Test("The list of columns with statistics goes along with names")
  func renamed() throws {
    try table.create(
      Schema([StructField("id", .long), StructField("v", .string), StructField("w x", .long)]),
      configuration: ["delta.dataSkippingStatsColumns": "ID, v.in,`w x`"])
    func list(_ state: Snapshot) -> String? {
      state.metadata.configuration["delta.dataSkippingStatsColumns"]
    }
    #expect(list(try alter(.addColumn(StructField("y", .long)))) == "ID, v.in,`w x`")
    #expect(list(try alter(.rename("id", to: "key.1"))) == "`key.1`,v.in,`w x`")
    #expect(list(try alter(.drop("v"))) == "`key.1`,`w x`")
    // The statistics are under the names that files have, which stay.
    try table.append([["key.1": 5, "w x": 6, "y": 7]])
    let file = try #require(try table.table.snapshot().orderedFiles.first)
    let stats = try JSON(parsing: file.stats ?? "")
    #expect(stats["minValues"] == ["id": 5, "w x": 6])
  }
}

import Basics
import DeltaLake
import TestKit
import Testing

@Suite("Merging with DuckDB")
struct MergeTests {
  private let fields = [StructField("id", .long), StructField("v", .string)]

  private func filled(_ query: String, partitionedBy: [String] = []) throws -> FolderTable {
    let table = try FolderTable()
    try table.create(fields, partitionedBy: partitionedBy)
    try table.append(query)
    return table
  }

  @Test("Rows are updated, deleted, inserted and kept, and counted as such")
  func clauses() throws {
    let table = try filled("SELECT i AS id, 'old' AS v FROM range(1, 7) AS r(i)")
    let result = try table.merge(
      """
      SELECT * FROM (VALUES (1, 'delete', 9), (2, 'update', 9), (3, 'keep', 9), (4, NULL, 9), \
      (7, 'insert', 9), (8, 'skip', 9), (NULL, 'insert', 9)) AS s(id, v, unknown)
      """,
      whenMatched: [
        .init(.delete, when: "source.v = 'delete'"),
        .init(.update, when: "source.v = 'update' AND target.v = 'old'"),
        .init(.keep, when: "source.v = 'keep'"), .init(.update, when: "source.v = target.v"),
      ], insertWhen: "source.v = 'insert'")
    #expect(result.matched == [1, 1, 1, 0])
    #expect(result.inserted == 2)
    #expect(result.ignored == 1)
    #expect(
      try table.rows() == [
        [2, "update"], [3, "old"], [4, "old"], [5, "old"], [6, "old"], [7, "insert"],
        [.null, "insert"],
      ])
    #expect(result.snapshot.rowCount == 7)
  }

  @Test("A condition that is NULL does nothing, and inserts nothing")
  func nullConditions() throws {
    let table = try filled("SELECT 1 AS id, 'old' AS v UNION ALL SELECT NULL, NULL")
    let result = try table.merge(
      "SELECT NULL::BIGINT AS id, 'new' AS v UNION ALL SELECT 2, NULL",
      whenMatched: [.init(.delete, when: "target.v = source.v")], insertWhen: "source.v <> 'x'")
    #expect(result.matched == [0])
    #expect(result.ignored == 1)
    #expect(try table.rows() == [[1, "old"], [.null, .null]])
  }

  @Test("Keys that are NULL match each other")
  func nullKeys() throws {
    let table = try filled("SELECT NULL AS id, 'old' AS v UNION ALL SELECT 1, 'old'")
    let result = try table.merge("SELECT NULL AS id, 'new' AS v")
    #expect(result.matched == [1])
    #expect(result.inserted == 0)
    #expect(try table.rows() == [[1, "old"], [.null, "new"]])
  }

  @Test("A merge that only inserts needs no clause for matched rows")
  func insertOnly() throws {
    let table = try filled("SELECT 1 AS id, 'old' AS v")
    let result = try table.merge(
      "SELECT 1 AS id, 'new' AS v UNION ALL SELECT 2, 'new'", whenMatched: [])
    #expect(result.inserted == 1)
    #expect(try table.rows() == [[1, "old"], [2, "new"]])
  }

  @Test("A source without rows changes nothing")
  func emptySource() throws {
    let table = try filled("SELECT 1 AS id, 'old' AS v")
    let before = try table.table.snapshot()
    let result = try table.merge("SELECT 1 AS id, 'x' AS v WHERE false")
    #expect(result.snapshot.files == before.files)
    #expect(try table.rows() == [[1, "old"]])
  }

  @Test("A merge into an empty table inserts")
  func emptyTarget() throws {
    let table = try FolderTable()
    try table.create(fields)
    #expect(try table.merge("SELECT 1 AS id, 'new' AS v").inserted == 1)
    #expect(try table.rows() == [[1, "new"]])
  }

  @Test("Two source rows that would change one target row are refused, and nothing changes")
  func ambiguous() throws {
    let table = try filled("SELECT i AS id, 'old' AS v FROM range(10) AS r(i)")
    let files = try table.table.snapshot().files
    let twice = "SELECT i // 2 AS id, 'new ' || i AS v FROM range(6) AS r(i)"
    for clauses: [MergeRequest.Clause] in [[.init(.update)], [.init(.delete)]] {
      #expect(throws: DeltaError.ambiguousMerge(rows: 3, table: table.path)) {
        try table.merge(twice, whenMatched: clauses)
      }
    }
    #expect(try table.table.snapshot().version == 1)
    #expect(try table.table.snapshot().files == files)
    // Only rows that fit a clause count: of each pair one does.
    let result = try table.merge(
      twice, whenMatched: [.init(.update, when: "source.v IN ('new 0', 'new 3')")])
    #expect(result.matched == [2])
    #expect(try table.rows().prefix(3) == [[0, "new 0"], [1, "new 3"], [2, "old"]])
    // A row that matches twice but is kept is no conflict.
    #expect(try table.merge(twice, whenMatched: [.init(.keep)]).matched == [6])
  }

  @Test("A target row that occurs twice is changed twice")
  func repeatedTarget() throws {
    let table = try filled("SELECT 1 AS id, 'a' AS v UNION ALL SELECT 1, 'b'")
    #expect(try table.merge("SELECT 1 AS id, 'new' AS v").matched == [2])
    #expect(try table.rows() == [[1, "new"], [1, "new"]])
  }

  @Test("Unique keys over many files and row groups merge row by row")
  func many() throws {
    let table = try FolderTable()
    try table.create(fields)
    // Files of more than one row group (122,880 rows), and small ones.
    try table.append("SELECT i AS id, 'old' AS v FROM range(0, 260000) AS r(i)")
    for part in 0..<5 {
      try table.append(
        "SELECT i AS id, 'old' AS v FROM range(\(260_000 + part * 3000), \(263_000 + part * 3000)) AS r(i)"
      )
    }
    let source = "SELECT i * 2 AS id, 'new' AS v FROM range(140000) AS r(i)"
    let result = try table.merge(source)
    #expect(result.matched == [137_500])
    #expect(result.inserted == 2500)
    #expect(result.snapshot.rowCount == 277_500)
    let expected = """
      SELECT i AS id, CASE WHEN i % 2 = 0 THEN 'new' ELSE 'old' END AS v FROM range(275000) AS r(i) \
      UNION ALL SELECT i AS id, 'new' FROM range(275000, 280000, 2) AS r(i)
      """
    #expect(try table.differences("SELECT * FROM \(table.scan())", expected) == 0)
    // Once more: all matched, nothing new, the same rows.
    let again = try table.merge(source)
    #expect(again.matched == [140_000])
    #expect(again.inserted == 0)
    #expect(try table.differences("SELECT * FROM \(table.scan())", expected) == 0)
    // Deleting leaves the other rows of each file.
    let deleted = try table.merge(
      "SELECT i AS id, NULL AS v FROM range(0, 275000, 1000) AS r(i)", whenMatched: [.init(.delete)]
    )
    #expect(deleted.matched == [275])
    #expect(
      try table.differences(
        "SELECT * FROM \(table.scan())",
        "SELECT * FROM (\(expected)) WHERE id % 1000 > 0 OR id >= 275000") == 0)
  }

  @Test("Untouched files stay as they are")
  func untouched() throws {
    let table = try FolderTable()
    try table.create(fields)
    for part in 0..<4 { try table.append("SELECT \(part) AS id, 'old' AS v") }
    let before = try table.table.snapshot()
    let after = try table.merge("SELECT 2 AS id, 'new' AS v").snapshot
    #expect(Set(after.files.keys).intersection(before.files.keys).count == 3)
    #expect(after.files.count == 4)
  }

  @Test("The same merge again leaves no row twice in any partition")
  func partitions() throws {
    let table = try FolderTable()
    try table.create(
      [StructField("id", .long), StructField("p", .string), StructField("n", .long)],
      partitionedBy: ["p"])
    let source = """
      SELECT * FROM (VALUES (1, 'a b', 1), (2, 'a/b', 1), (3, 'a%b', 1), (4, 'a%20b', 1), \
      (5, 'ü:?*', 1), (6, NULL, 1), (7, 'plain', 1), (8, 'NULL', 1)) AS s(id, p, n)
      """
    try table.merge(source)
    let rows = try table.rows()
    #expect(rows.count == 8)
    for _ in 0..<2 {
      let before = try table.table.snapshot()
      let after = try table.merge(source).snapshot
      #expect(try table.rows() == rows)
      #expect(after.files.count == before.files.count)
      #expect(Set(after.files.keys).isDisjoint(with: before.files.keys))
    }
    // By the partition column itself, NULL among its values.
    let byPartition = try table.merge(
      "SELECT p, id, n + 1 AS n FROM (\(source))", keys: ["p", "id"])
    #expect(byPartition.matched == [8])
    #expect(try table.rows() == rows.map { [$0.array?[0] ?? .null, $0.array?[1] ?? .null, 2] })
  }

  @Test("A row may move to another partition")
  func moves() throws {
    let table = try FolderTable()
    try table.create(
      [StructField("id", .long), StructField("day", .date)], partitionedBy: ["day"])
    try table.append("SELECT i AS id, DATE '2024-01-01' AS day FROM range(3) AS r(i)")
    try table.merge("SELECT 1 AS id, DATE '2024-01-02' AS day")
    #expect(try table.rows() == [[0, "2024-01-01"], [1, "2024-01-02"], [2, "2024-01-01"]])
    #expect(
      Set(try table.table.snapshot().files.values.map { $0.partitionValues["day"] ?? nil })
        == ["2024-01-01", "2024-01-02"])
  }

  @Test("Merging by a partition column finds the right rows of the right files")
  func partitionKey() throws {
    let table = try FolderTable()
    try table.create(
      [StructField("id", .long), StructField("day", .date), StructField("v", .string)],
      partitionedBy: ["day"])
    try table.append(
      """
      SELECT i AS id, DATE '2024-01-01' + CAST(i % 10 AS INTEGER) AS day, 'old' AS v \
      FROM range(1000) AS r(i)
      """)
    // One day only, so that an engine might pass over the other days' files.
    let source = """
      SELECT i AS id, DATE '2024-01-08' AS day, 'new' AS v FROM range(7, 1000, 10) AS r(i)
      """
    let result = try table.merge(source, keys: ["day", "id"])
    #expect(result.matched == [100])
    #expect(result.inserted == 0)
    let count = """
      SELECT count(*) FILTER (WHERE v = 'new' AND id % 10 = 7), count(*) FILTER (WHERE v = 'new'), \
      count(*), count(DISTINCT id) FROM \(try table.scan())
      """
    #expect(try table.session.row(count).map(\.int) == [100, 100, 1000, 1000])
  }

  @Test("A merge leaves no temporary table behind, also when it is refused")
  func leftovers() throws {
    let table = try filled("SELECT 1 AS id, 'old' AS v")
    try table.merge("SELECT 1 AS id, 'new' AS v")
    #expect(throws: DeltaError.self) {
      try table.merge("SELECT 1 AS id, 'x' AS v UNION ALL SELECT 1, 'y'")
    }
    #expect(throws: (any Error).self) {
      try table.merge("SELECT 1 AS id, 'x' AS v", whenMatched: [.init(.update, when: "nonsense")])
    }
    #expect(
      try table.rows(of: "SELECT table_name FROM duckdb_tables() WHERE temporary").isEmpty)
  }

  @Test("Any sequence of merges gives what the same steps give in memory")
  func random() throws {
    let seed = UInt64.random(in: 0 ... .max)
    var random = Seeded(seed)
    let table = try FolderTable()
    try table.create(fields)
    var expected: [Int64: String] = [:]
    for step in 0..<12 {
      let ids = (0..<Int.random(in: 0...30, using: &random)).map { _ in
        Int64.random(in: 0...60, using: &random)
      }
      let rows = Set(ids).map { id in
        (id, ["delete", "set \(step)", "skip"].randomElement(using: &random) ?? "")
      }
      guard !rows.isEmpty else { continue }
      let values = rows.map { "(\($0.0), '\($0.1)')" }.joined(separator: ", ")
      try table.merge(
        "SELECT * FROM (VALUES \(values)) AS s(id, v)",
        whenMatched: [
          .init(.delete, when: "source.v = 'delete'"), .init(.update, when: "source.v <> 'skip'"),
        ], insertWhen: "source.v LIKE 'set%'")
      for (id, action) in rows {
        if action == "delete" { expected[id] = nil }
        if action.hasPrefix("set") { expected[id] = action }
      }
      let rowsNow = try table.rows()
      #expect(
        rowsNow == expected.map { [.int($0.key), .string($0.value)] as JSON }.ordered,
        "seed \(seed), step \(step)")
    }
  }
}

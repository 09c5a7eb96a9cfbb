import Basics
import DeltaLake
import TestKit
import Testing

@Suite("Statistics hide no row")
struct StatisticsRuleTests {
  private let table: FolderTable

  init() throws { table = try FolderTable() }

  @Test("A file of which rows were deleted counts all it holds, and its bounds are called wide")
  func deletionVectors() throws {
    try table.create(
      [StructField("id", .long), StructField("v", .string)],
      configuration: ["delta.enableDeletionVectors": "true"], protocol: nil)
    try table.append("SELECT i AS id, 'x' AS v FROM range(100) AS r(i)")
    #expect(try table.statistics()[0]["tightBounds"] == true)
    for (round, condition) in ["id < 10", "id > 90"].enumerated() {
      try table.delete(condition)
      let stats = try table.statistics()
      #expect(stats.count == 1)
      #expect(stats[0]["numRecords"] == 100)
      #expect(stats[0]["minValues"]?["id"] == 0)
      #expect(stats[0]["maxValues"]?["id"] == 99)
      #expect(stats[0]["tightBounds"] == false)
      #expect(stats[0].object?.count { $0.name == "tightBounds" } == 1)
      let state = try table.table.snapshot()
      #expect(state.rowCount == (round == 0 ? 90 : 81))
      #expect(state.orderedFiles[0].deletionVector?.cardinality == (round == 0 ? 10 : 19))
    }
    // Without the vector the bounds are tight again.
    _ = try table.table.optimize(
      OptimizeRequest(), table.table.snapshot(),
      transaction: Transaction("OPTIMIZE", isBlindAppend: false))
    let stats = try table.statistics()[0]
    #expect(stats["numRecords"] == 81)
    #expect(stats["minValues"]?["id"] == 10)
    #expect(stats["maxValues"]?["id"] == 90)
    #expect(stats["tightBounds"] == true)
  }

  @Test("A text of exactly 32 characters keeps its bound, a longer one gets a greater maximum")
  func texts() throws {
    try table.create([StructField("v", .string)])
    for (text, maximum) in [
      ("repeat('a', 32)", String(repeating: "a", count: 32)),
      ("repeat('a', 33)", String(repeating: "a", count: 32) + "\u{7F}"),
      ("repeat('a', 32) || 'ü'", String(repeating: "a", count: 32) + "\u{10FFFF}"),
      ("repeat('a', 32) || chr(127)", String(repeating: "a", count: 32) + "\u{10FFFF}"),
      (
        "repeat('a', 32) || chr(1114111) || 'b'",
        String(repeating: "a", count: 32) + "\u{10FFFF}\u{7F}"
      ),
      ("repeat('😀', 33)", String(repeating: "😀", count: 32) + "\u{10FFFF}"),
    ] {
      try table.overwrite("SELECT \(text) AS v")
      let stats = try table.statistics()[0]
      let (low, high) = (stats["minValues"]?["v"]?.string, stats["maxValues"]?["v"]?.string)
      #expect(Array(try #require(high).unicodeScalars) == Array(maximum.unicodeScalars), "\(text)")
      #expect(low?.unicodeScalars.count == 32, "\(text)")
    }
    try table.overwrite("SELECT repeat(chr(1114111), 70) AS v")
    #expect(try table.statistics()[0]["maxValues"]?["v"] == nil)
  }

  @Test("A query finds the rows at the bounds of every column")
  func bounds() throws {
    try table.create(
      [
        StructField("id", .long), StructField("t", .timestamp), StructField("n", .timestampNtz),
        StructField("s", .string), StructField("d", .double), StructField("x", .double),
      ], protocol: nil)
    let rows = [
      ("2024-01-01 00:00:00.123456", "repeat('x', 40)", "0.1", "'nan'"),
      ("1969-12-31 23:59:59.999999", "repeat('x', 32) || chr(1114111)", "-0.0", "1"),
      ("1960-01-01 00:00:00.000001", "''", "5e-324", "'inf'"),
      ("2024-01-01 00:00:00.999999", "'é'", "1e308", "'-inf'"),
    ]
    for (index, row) in rows.enumerated() {
      try table.append(
        """
        SELECT \(index) AS id, TIMESTAMPTZ '\(row.0)Z' AS t, TIMESTAMP '\(row.0)' AS n, \
        \(row.1) AS s, \(row.2)::DOUBLE AS d, \(row.3)::DOUBLE AS x
        """)
    }
    let state = try table.table.snapshot()
    func kept(_ predicate: Predicate) throws -> [Int64] {
      try state.files(matching: predicate).files.flatMap { file in
        let relation = try table.table.parquet().scan(table.table.scan([file], state))
        return try table.connection.query("SELECT id FROM \(relation.name)").rows()
          .compactMap { $0.first?.int }
      }.sorted()
    }
    for (index, row) in rows.enumerated() {
      let time = PredicateValue.timestamp(
        try #require(Timestamp(iso8601: row.0.split(separator: " ").joined(separator: "T"))))
      let text = try #require(try table.session.row("SELECT \(row.1)")[0].string)
      for comparison: Predicate.Comparison in [.equal, .lessOrEqual, .greaterOrEqual] {
        #expect(try kept(.compare("t", comparison, time)).contains(Int64(index)))
        #expect(try kept(.compare("n", comparison, time)).contains(Int64(index)))
        #expect(try kept(.compare("s", comparison, .string(text))).contains(Int64(index)))
        let number = PredicateValue.double(try #require(Double(row.2)))
        #expect(try kept(.compare("d", comparison, number)).contains(Int64(index)))
      }
    }
    // NaN is greater than all, infinity than all else: bounds say neither.
    #expect(try kept(.compare("x", .greater, .double(1e308))) == [0, 2, 3])
    #expect(try kept(.compare("x", .less, .double(-1e308))).contains(3))
  }

  @Test("Columns are listed for statistics by paths, with backticks around odd names")
  func listedColumns() throws {
    let inner = DeltaType.structure([
      StructField("b", .long), StructField("c.d", .long), StructField("e", .long),
    ])
    try table.create(
      [
        StructField("id", .long), StructField("a.b", .long), StructField("s", inner),
        StructField("t", inner), StructField("tick`", .long), StructField("p", .long),
        StructField("Last", .long),
      ], partitionedBy: ["p"],
      configuration: [
        "delta.dataSkippingStatsColumns": " `a.b`, s.b ,s.`c.d`,t,`tick```,last,nobody,p",
        "delta.dataSkippingNumIndexedCols": "1",
      ])
    func stats() throws -> [JSON] {
      try table.append(
        """
        SELECT 1 AS id, 2 AS "a.b", {'b': 3, 'c.d': 4, 'e': 5} AS s, {'b': 6, 'c.d': 7, 'e': 8} AS t, \
        9 AS "tick`", 10 AS p, 11 AS "Last"
        """)
      return try table.statistics()
    }
    let expected: JSON = [
      "a.b": 2, "s": ["b": 3, "c.d": 4], "t": ["b": 6, "c.d": 7, "e": 8], "tick`": 9, "Last": 11,
    ]
    let found = try stats()[0]
    #expect(found["numRecords"] == 1)
    #expect(found["minValues"] == expected)
    #expect(found["maxValues"] == expected)
    #expect(found["nullCount"]?.object?.map(\.name) == expected.object?.map(\.name))
  }
}

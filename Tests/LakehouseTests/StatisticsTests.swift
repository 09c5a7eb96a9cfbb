import Basics
import DeltaLake
import Engines
import TestKit
import Testing

@Suite("Statistics of files that DuckDB wrote")
struct StatisticsTests {
  @Test("Bounds are the protocol's for every type")
  func everyType() throws {
    let table = try FolderTable()
    try table.create(EveryType.fields)
    try table.append("\(EveryType.query) WHERE id IN (1, 2, 5)")
    let stats = try #require(try table.statistics().first)
    #expect(stats["numRecords"] == 3)
    let expected: [(String, JSON?, JSON?)] = [
      ("id", 1, 5), ("s", "", "plain"),
      ("l", .number("-9223372036854775808"), .number("9223372036854775807")),
      ("i", -2_147_483_648, 2_147_483_647), ("sh", -32768, 32767), ("b", -128, 127),
      ("bo", nil, nil), ("bi", nil, nil),
      ("da", "1969-12-31", "2024-02-29"),
      ("ts", "1969-12-31T23:59:59.999Z", "2024-02-29T12:34:56.790Z"),
      (
        "de", .number("-0.0000000001"), .number("1234567890123456789012345678.0123456789")
      ),
      ("sm", .number("-0.01"), .number("999.99")),
    ]
    for (name, minimum, maximum) in expected {
      #expect(stats["minValues"]?[name] == minimum, "\(name)")
      #expect(stats["maxValues"]?[name] == maximum, "\(name)")
    }
    #expect(stats["minValues"]?["f"]?.double == -0.25)
    #expect(stats["maxValues"]?["f"]?.double == 1.5)
    #expect(stats["minValues"]?["d"]?.double == -5e-324)
    #expect(stats["maxValues"]?["d"]?.double == 1e300)
    #expect(stats["maxValues"]?["st"]?["x y"] == "2024-01-01")
    #expect(stats["maxValues"]?["st"]?["in"]?["z"]?.double == 0.5)
    for name in ["s", "l", "f", "d", "bo", "da", "ts", "de"] {
      #expect(stats["nullCount"]?[name] == 1, "\(name)")
    }
    #expect(stats["nullCount"]?["id"] == 0)
  }

  @Test("A quote in a column's name hides no bounds, also with an accent on it")
  func quotedNames() throws {
    let names = ["a\"b", "\"\u{301}", "\"\"", "`\u{301}'"]
    let table = try FolderTable()
    try table.create(names.map { StructField($0, .long) })
    let columns = names.enumerated().map { "\($0 + 1) AS \(sqlName($1))" }
    try table.append("SELECT \(columns.joined(separator: ", "))")
    let stats = try #require(try table.statistics().first)
    for (index, name) in names.enumerated() {
      #expect(stats["minValues"]?[name]?.int == Int64(index + 1), "\(name)")
      #expect(stats["nullCount"]?[name] == 0, "\(name)")
    }
  }

  @Test("Infinite, missing and far values have no bounds")
  func without() throws {
    let table = try FolderTable()
    try table.create([
      StructField("id", .long), StructField("nan", .double), StructField("inf", .float),
      StructField("none", .string), StructField("far", .timestamp), StructField("day", .date),
    ])
    try table.append(
      """
      SELECT 1 AS id, 'nan'::DOUBLE AS nan, 'inf'::FLOAT AS inf, NULL AS none, \
      TIMESTAMPTZ '12345-01-01 00:00:00Z' AS far, DATE '12345-01-01' AS day \
      UNION ALL SELECT 2, 1, 1, NULL, NULL, NULL
      """)
    let stats = try #require(try table.statistics().first)
    #expect(stats["minValues"]?["nan"] == nil)
    #expect(stats["maxValues"]?["nan"] == nil)
    #expect(stats["maxValues"]?["inf"] == nil)
    for name in ["none", "far", "day"] {
      #expect(stats["minValues"]?[name] == nil, "\(name)")
      #expect(stats["maxValues"]?[name] == nil, "\(name)")
    }
    #expect(stats["nullCount"]?["none"] == 2)
    #expect(stats["nullCount"]?["far"] == 1)
  }

  @Test("Bounds of long texts hold the texts")
  func longTexts() throws {
    let table = try FolderTable()
    try table.create([StructField("id", .long), StructField("v", .string)])
    let texts = [
      String(repeating: "a", count: 33), String(repeating: "ü", count: 200),
      String(repeating: "😀", count: 1000), String(repeating: "z", count: 100_000),
      String(repeating: "a", count: 255) + "ü", String(repeating: "a", count: 256) + "b",
    ]
    for text in texts { try table.append("SELECT 1 AS id, '\(text)' AS v") }
    let state = try table.table.snapshot()
    #expect(state.files.count == texts.count)
    for file in state.orderedFiles {
      let relation = try table.table.parquet().scan(table.table.scan([file], state)).name
      let text = try #require(try table.session.row("SELECT v FROM \(relation)")[0].string)
      let stats = try JSON(parsing: file.stats ?? "")
      // The engine itself leaves very long ones out.
      if let minimum = stats["minValues"]?["v"]?.string {
        #expect(text.hasPrefix(minimum))
        #expect(minimum.unicodeScalars.count == 32)
      } else {
        #expect(text.utf8.count > 256)
      }
      if let maximum = stats["maxValues"]?["v"]?.string {
        #expect(text.utf8.lexicographicallyPrecedes(maximum.utf8))
        #expect(maximum.unicodeScalars.count <= 64)
      }
    }
  }

  @Test("A reader that passes over files by their statistics misses no row")
  func skipping() throws {
    let table = try FolderTable()
    try table.create([
      StructField("id", .long), StructField("s", .string), StructField("ts", .timestamp),
      StructField("de", .decimal(precision: 38, scale: 10)), StructField("da", .date),
      StructField("d", .double),
    ])
    // One file a row, so that each file's bounds are its row.
    let rows = [
      "repeat('x', 31) || 'ü' || repeat('y', 40)", "repeat('x', 32) || chr(127) || 'y'", "''",
      "repeat(chr(1114111), 70)", "'plain'",
    ]
    for (index, text) in rows.enumerated() {
      try table.append(
        """
        SELECT \(index) AS id, \(text) AS s, \
        TIMESTAMPTZ '2024-01-01 00:00:00.123456Z' + to_days(\(index)) AS ts, \
        1234567890123456789012345678.0123456789 + \(index) AS de, \
        DATE '1969-12-30' + \(index) AS da, \(index) / 3 AS d
        """)
    }
    let found = try Python.json(
      """
      import sys
      from deltalake import DeltaTable, QueryBuilder
      from readers import print_json
      table = DeltaTable(sys.argv[1])
      query = QueryBuilder().register("t", table)
      def ids(condition):
          found = query.execute(f"SELECT id FROM t WHERE {condition}")
          return sorted(pa.table(found).column("id").to_pylist())
      import pyarrow as pa
      rows = pa.table(query.execute("SELECT * FROM t ORDER BY id")).to_pylist()
      missed = []
      for row in rows:
          at = row["ts"].replace(tzinfo=None)
          text = row["s"].replace("'", "''")
          for condition in [
              f"s = '{text}'", f"s >= '{text}'", f"s <= '{text}'",
              f"ts = TIMESTAMP '{at}Z'", f"ts >= TIMESTAMP '{at}Z'", f"da = DATE '{row['da']}'",
              f"de = CAST('{row['de']}' AS DECIMAL(38, 10))",
              f"d = CAST('{row['d']!r}' AS DOUBLE)", f"id = {row['id']}",
          ]:
              if row["id"] not in ids(condition):
                  missed.append(condition)
      print_json(missed)
      """, [table.path])
    #expect(found == [])
  }
}

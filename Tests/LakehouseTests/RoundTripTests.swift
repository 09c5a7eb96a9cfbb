import Basics
import DeltaLake
import Lakehouse
import Testing

/// A column of every type, and rows with its extremes.
enum EveryType {
  static let scalars: [StructField] = [
    StructField("s", .string), StructField("l", .long), StructField("i", .integer),
    StructField("sh", .short), StructField("b", .byte), StructField("f", .float),
    StructField("d", .double), StructField("bo", .boolean), StructField("bi", .binary),
    StructField("da", .date), StructField("ts", .timestamp),
    StructField("de", .decimal(precision: 38, scale: 10)),
    StructField("sm", .decimal(precision: 5, scale: 2)),
  ]
  static let nested: [StructField] = [
    StructField("ar", .array(.string, containsNull: true)),
    StructField("ma", .map(key: .string, value: .long, valueContainsNull: true)),
    StructField(
      "st",
      .structure([
        StructField("x y", .date), StructField("in", .structure([StructField("z", .double)])),
      ])),
  ]
  static let fields = [StructField("id", .long, nullable: false)] + scalars + nested

  /// Rows in the fields' order.
  static let values = [
    """
    (1, 'plain', 9223372036854775807, 2147483647, 32767, 127, 1.5, 1e300, true, '\\x00\\xFF'::BLOB,
      '2024-02-29', '2024-02-29 12:34:56.789012+00', 1234567890123456789012345678.0123456789,
      999.99, ['a', NULL, ''], MAP {'k': 1, 'n': NULL}, {'x y': DATE '2024-01-01', 'in': {'z': 0.5}})
    """,
    """
    (2, '', -9223372036854775808, -2147483648, -32768, -128, -0.25, -5e-324, false, ''::BLOB,
      '1969-12-31', '1969-12-31 23:59:59.999999+00', -0.0000000001, -0.01, [], MAP {},
      {'x y': NULL, 'in': NULL})
    """,
    """
    (3, 'ü 東 😀 ''q'' "d" \\ %20 a/b=c' || chr(10), 0, 0, 0, 0, 0, 0.1, NULL, 'x'::BLOB,
      '0001-01-01', '0001-01-01 00:00:00+00', 0, 0, NULL, NULL, NULL)
    """,
    """
    (4, repeat('long ', 300), 1, 1, 1, 1, 0, 'inf', true, NULL, '9999-12-31',
      '9999-12-31 23:59:59.999999+00', 1, 1, ['only'], MAP {'': 0}, {'x y': NULL, 'in': {'z': NULL}})
    """,
    "(5" + String(repeating: ", NULL", count: fields.count - 1) + ")",
  ]

  /// A query for the rows, typed.
  static var query: String {
    let names = fields.map { "\"\($0.name)\"" }.joined(separator: ", ")
    let casts = fields.map { "CAST(\"\($0.name)\" AS \($0.type.duckDB)) AS \"\($0.name)\"" }
    return """
      SELECT \(casts.joined(separator: ", ")) \
      FROM (VALUES \(values.joined(separator: ", "))) AS v(\(names))
      """
  }
}

@Suite("Rows come back as they were written")
struct RoundTripTests {
  @Test("Every type, with its extremes and NULL")
  func everyType() throws {
    let table = try FolderTable()
    try table.create(EveryType.fields)
    try table.append(EveryType.query)
    #expect(try table.differences("SELECT * FROM \(table.scan())", EveryType.query) == 0)
    #expect(try table.rows() == table.rows(of: EveryType.query))
    let described = try table.connection.describe("SELECT * FROM \(table.scan())")
    #expect(described == (try table.connection.describe(EveryType.query)))
  }

  @Test("A table without files has its columns and no row")
  func empty() throws {
    let table = try FolderTable()
    try table.create(EveryType.fields, partitionedBy: ["da"])
    #expect(try table.rows().isEmpty)
    #expect(
      try table.connection.describe("SELECT * FROM \(table.scan())")
        == table.connection.describe(EveryType.query))
    // No row is no file either.
    try table.append(EveryType.query + " WHERE false")
    #expect(try table.table.snapshot().files.isEmpty)
    #expect(try table.rows().isEmpty)
  }

  // Bytes are no partition.
  @Test(
    "Partitioned by a column of every type",
    arguments: EveryType.scalars.map(\.name).filter { $0 != "bi" })
  func partitions(column: String) throws {
    let table = try FolderTable()
    try table.create(EveryType.fields, partitionedBy: [column])
    // The empty text is NULL as a partition, and a folder's name has at most 255 bytes.
    let expected = """
      SELECT * REPLACE (substr(nullif(s, ''), 1, 50) AS s) FROM (\(EveryType.query))
      """
    try table.append(expected)
    #expect(try table.differences("SELECT * FROM \(table.scan())", expected) == 0)
    for file in try table.table.snapshot().orderedFiles {
      let stats = try JSON(parsing: file.stats ?? "")
      #expect(stats["minValues"]?[column] == nil)
      #expect(file.partitionValues.keys.sorted() == [column])
    }
    try table.merge(expected)
    #expect(try table.differences("SELECT * FROM \(table.scan())", expected) == 0)
  }

  private static let texts = [
    "a b", "a/b", "a%b", "a%20b", "%", "%2", "a=b", "p=x/q=y", "a:b", "a+b", "a?b", "a#b", "a&b",
    "a*b", "[ab]", "{a,b}", "a\\b", "it's", "\"q\"", "ü", "e\u{301}", "😀", " ", " a ", "a.b", "..",
    ".", "_hidden", ".hidden", "NULL", "null", "Null", "__HIVE_DEFAULT_PARTITION__", "true", "1",
    "001", "1.0", "1e5", "2024-01-01", "nan", "a\nb", "a\tb", "~", "$HOME", "a;b", "<>|", "a,b",
    "x" + String(repeating: "y", count: 60),
  ]

  @Test("Partitioned by any text, alone and below another column")
  func partitionTexts() throws {
    for columns in [["p"], ["n", "p"]] {
      let table = try FolderTable()
      try table.create(
        [StructField("id", .long), StructField("p", .string), StructField("n", .integer)],
        partitionedBy: columns)
      let values = RoundTripTests.texts.enumerated().map { index, text in
        "(\(index), '\(text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "''"))')"
      }
      let query = """
        SELECT id, p, id % 2 AS n FROM (VALUES \(values.joined(separator: ", ")), (-1, NULL)) \
        AS v(id, p)
        """
      try table.append(query)
      let rows = try table.rows()
      #expect(try rows == table.rows(of: query), "\(columns)")
      // One odd text among others decides how all are read; so those that look harmless are also
      // read by themselves.
      let state = try table.table.snapshot()
      for file in state.orderedFiles where !file.path.contains("%") {
        let relation = try table.table.parquet().scan(table.table.scan([file], state)).name
        let own = try table.rows(of: "SELECT * FROM \(relation)")
        #expect(!own.isEmpty && Set(own).isSubset(of: rows), "\(file.path): \(own)")
      }
      try table.merge(query)
      #expect(try table.rows() == rows, "\(columns)")
    }
  }

  @Test(
    "A table lies in a folder of any name",
    arguments: [
      "plain", "gym's lake", "a b", "ü 😀", "x*y?", "[ab]", "{a,b}", "100%", "p=1/q=2", "a\"b",
      "semi;colon", "id=9/p=wrong", "%20",
    ])
  func folders(name: String) throws {
    for columns in [[], ["p"]] {
      let table = try FolderTable(name)
      try table.create(
        [StructField("id", .long), StructField("p", .string)], partitionedBy: columns)
      try table.append("SELECT 1 AS id, 'a' AS p UNION ALL SELECT 2, NULL")
      try table.append("SELECT 3 AS id, 'b' AS p")
      try table.merge("SELECT 2 AS id, 'c' AS p")
      #expect(try table.rows() == [[1, "a"], [2, "c"], [3, "b"]])
    }
  }

  @Test("A condition on a partition passes over the files of the others, and positions stay right")
  func pruning() throws {
    let table = try FolderTable()
    try table.create(
      [StructField("id", .long), StructField("day", .date)], partitionedBy: ["day"])
    try table.append(
      "SELECT i AS id, DATE '2024-01-01' + CAST(i AS INTEGER) AS day FROM range(3) AS r(i)")
    let condition = "day = DATE '2024-01-03'"
    let plan = try table.connection.query(
      "EXPLAIN SELECT * FROM \(table.scan()) WHERE \(condition)"
    )
    .rows().map { $0.map(\.plain).joined() }.joined()
    #expect(plan.contains("1/3"), "\(plan)")
    let state = try table.table.snapshot()
    let positions = try table.table.parquet().scan(table.table.scan(state, positions: true)).name
    #expect(
      try table.rows(of: "SELECT __file, __row, id FROM \(positions) WHERE \(condition)")
        == [[2, 0, 2]])
    #expect(state.orderedFiles[2].path.contains("2024-01-03"))
  }

  @Test("Rows of one known partition go into its folder")
  func constant() throws {
    let table = try FolderTable()
    try table.create(
      [StructField("id", .long), StructField("day", .date)], partitionedBy: ["day"])
    let base = try table.table.snapshot()
    let result = try table.table.append(
      Relation("(SELECT 1 AS id)"), base,
      transaction: Transaction("WRITE", isBlindAppend: true),
      constant: (folder: "day=2024-01-01", values: ["day": "2024-01-01"]))
    #expect(result.addedFiles == 1)
    #expect(result.snapshot.orderedFiles[0].path.hasPrefix("day=2024-01-01/"))
    #expect(try table.rows() == [[1, "2024-01-01"]])
  }

  @Test("A value that the column cannot hold is an error and leaves no version")
  func badValue() throws {
    let table = try FolderTable()
    try table.create([StructField("id", .byte), StructField("day", .date)])
    for query in [
      "SELECT 300 AS id, NULL AS day", "SELECT 1 AS id, 'soon' AS day", "SELECT 1 AS id",
    ] {
      #expect(throws: (any Error).self) { try table.append(query) }
    }
    #expect(try table.table.snapshot().version == 0)
    #expect(try table.rows().isEmpty)
  }

  @Test(
    "Files that OPTIMIZE orders within partitions are named as they lie, so that VACUUM keeps them")
  func orderedPartitions() throws {
    let table = try FolderTable()
    try table.create(
      [StructField("p", .string), StructField("id", .long)], partitionedBy: ["p"])
    for id in 1...3 {
      try table.append("SELECT * FROM (VALUES ('a b', \(id)), (NULL, \(id + 10))) AS t(p, id)")
    }
    let before = try table.rows()
    let after = try table.table.optimize(
      OptimizeRequest(zOrderBy: ["id"]), table.table.snapshot(),
      transaction: Transaction("OPTIMIZE", isBlindAppend: false)
    ).snapshot
    #expect(after.files.count == 2)
    #expect(after.files.values.allSatisfy { !$0.path.contains("/./") })
    let gone = try table.anHourLater.vacuum(after, retention: 0, dryRun: false, force: true).files
    #expect(gone.count == 6)
    #expect(try table.rows() == before)
  }
}

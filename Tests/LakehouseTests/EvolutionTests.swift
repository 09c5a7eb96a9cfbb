import Basics
import DeltaLake
import Engines
import Storage
import Testing

@testable import Lakehouse

@Suite("Files of other columns")
struct EvolutionTests {
  private let table: FolderTable

  init() throws { table = try FolderTable() }

  /// Gives the table another schema.
  private func set(_ fields: [StructField]) throws {
    let base = try table.table.snapshot()
    var metadata = base.metadata
    metadata.schemaString = Schema(fields).json.text
    var transaction = Transaction("ADD COLUMNS", isBlindAppend: true)
    transaction.actions = [.metaData(metadata)]
    _ = try table.table.commit(transaction, on: base)
  }

  /// Puts a file of a query's rows into the table as another writer might have.
  private func add(_ query: String, _ path: String, partitions: [String: String?] = [:]) throws {
    try LocalStore(root: table.path + "/" + parentPath(path)).createFolder("")
    let address = table.path + "/" + path
    try table.connection.execute("COPY (\(query)) TO \(sqlLiteral(address)) (FORMAT parquet)")
    var transaction = Transaction("WRITE", isBlindAppend: true)
    transaction.actions = [
      .add(
        AddFile(
          path: path, partitionValues: partitions, size: 1, modificationTime: 0, dataChange: true))
    ]
    _ = try table.table.commit(transaction, on: table.table.snapshot())
  }

  @Test("A column that a file lacks is NULL, wherever it was put in")
  func missing() throws {
    try table.create([StructField("id", .long), StructField("v", .string)])
    try table.append("SELECT 1 AS id, 'old' AS v")
    try set([
      StructField("new", .decimal(precision: 9, scale: 2)), StructField("id", .long),
      StructField("list", .array(.string, containsNull: true)), StructField("v", .string),
    ])
    #expect(try table.rows() == [[.null, 1, .null, "old"]])
    try table.append("SELECT 2 AS id, 'new' AS v, 1.5 AS new, ['x'] AS list")
    #expect(try table.rows() == [["1.50", 2, ["x"], "new"], [.null, 1, .null, "old"]])
    // What a merge rewrites gets the new columns too.
    try table.merge("SELECT 1 AS id, 'merged' AS v, 2 AS new, NULL AS list")
    #expect(try table.rows() == [["1.50", 2, ["x"], "new"], ["2.00", 1, .null, "merged"]])
    #expect(try table.rows(version: 1) == [[1, "old"]])
  }

  @Test("A field that a struct gained is NULL in older files")
  func nested() throws {
    func field(_ inner: [StructField]) -> [StructField] {
      [
        StructField("s", .structure(inner)),
        StructField("l", .array(.structure(inner), containsNull: true)),
      ]
    }
    try table.create(field([StructField("a", .long)]))
    try table.append("SELECT {'a': 1} AS s, [{'a': 2}, NULL] AS l UNION ALL SELECT NULL, NULL")
    try set(field([StructField("b", .string), StructField("a", .long)]))
    #expect(
      try table.rows() == [
        [.null, .null], [["b": .null, "a": 1], [["b": .null, "a": 2], .null]],
      ])
    try table.append("SELECT {'b': 'x', 'a': 3} AS s, NULL AS l")
    #expect(
      try table.rows() == [
        [.null, .null], [["b": "x", "a": 3], .null],
        [["b": .null, "a": 1], [["b": .null, "a": 2], .null]],
      ])
  }

  @Test("A column that the table does not know is left out")
  func extra() throws {
    try table.create([StructField("id", .long), StructField("v", .string)])
    try add("SELECT 'x' AS extra, 1 AS id, 'a' AS v, 5 AS _change_type", "part-1.parquet")
    try add("SELECT 2 AS id, 7 AS extra", "part-2.parquet")
    try add("SELECT [1] AS extra", "part-3.parquet")
    #expect(try table.rows() == [[1, "a"], [2, .null], [.null, .null]])
  }

  @Test("Other spellings and narrower types are taken as the schema has them")
  func types() throws {
    try table.create([
      StructField("Id", .long), StructField("price", .decimal(precision: 18, scale: 2)),
      StructField("at", .timestamp),
    ])
    try add(
      """
      SELECT 1::TINYINT AS id, 2.5::DECIMAL(5, 1) AS PRICE, \
      TIMESTAMP '2024-01-01 10:00:00' AS "at"
      """, "a.parquet")
    try add(
      "SELECT 2::INTEGER AS ID, 3::BIGINT AS price, TIMESTAMPTZ '2024-01-01 00:00:00Z' AS \"at\"",
      "b.parquet")
    #expect(
      try table.rows() == [
        [1, "2.50", "2024-01-01T10:00:00Z"], [2, "3.00", "2024-01-01T00:00:00Z"],
      ])
  }

  @Test("Partition values are the log's, whatever folder or file says", arguments: [true, false])
  func partitionValues(sameFolder: Bool) throws {
    try table.create(
      [StructField("id", .long), StructField("p", .string), StructField("q", .long)],
      partitionedBy: ["p", "q"])
    try add(
      "SELECT 1 AS id, 'in the file' AS p", sameFolder ? "p=a/q=1/x.parquet" : "p=b/q=2/x.parquet",
      partitions: ["p": "a", "q": "1"])
    try add(
      "SELECT 2 AS id, 99 AS q", sameFolder ? "p=b/q=2/y.parquet" : "y.parquet",
      partitions: ["p": "b", "q": "2"])
    #expect(try table.rows() == [[1, "a", 1], [2, "b", 2]])
    // A value that is missing, NULL or empty is NULL.
    try add("SELECT 3 AS id", "z.parquet", partitions: ["p": nil])
    try add("SELECT 4 AS id", "w.parquet", partitions: ["p": "", "q": ""])
    #expect(
      try table.rows() == [[1, "a", 1], [2, "b", 2], [3, .null, .null], [4, .null, .null]])
  }

  @Test("Bytes as a partition are read as others write them, and are not written")
  func binaryPartition() throws {
    try table.create(
      [StructField("id", .long), StructField("b", .binary)], partitionedBy: ["b"])
    try add("SELECT 1 AS id", "x.parquet", partitions: ["b": "\u{1}a\\é"])
    try add("SELECT 2 AS id", "y.parquet", partitions: ["b": nil])
    #expect(try table.rows() == [[1, "01615cc3a9"], [2, .null]])
    let error = #expect(throws: EngineError.self) {
      try table.append("SELECT 3 AS id, 'x'::BLOB AS b")
    }
    #expect(error?.description == "bytes cannot be a partition: column 'b' is binary")
  }

  @Test("Partition values are read as every writer spells them")
  func spellings() throws {
    try table.create(
      [
        StructField("id", .long), StructField("t", .timestamp), StructField("b", .boolean),
        StructField("d", .double),
      ], partitionedBy: ["t", "b", "d"])
    let values = [
      "2024-01-01 10:00:00", "2024-01-01 10:00:00.000000", "2024-01-01T10:00:00Z",
      "2024-01-01T10:00:00.000000Z",
    ]
    for (index, value) in values.enumerated() {
      try add(
        "SELECT \(index) AS id", "f\(index).parquet",
        partitions: ["t": value, "b": "true", "d": "1.0E10"])
    }
    #expect(
      try table.rows()
        == values.indices.map {
          [.int($0), "2024-01-01T10:00:00Z", true, .number("10000000000.0")]
        })
  }

}

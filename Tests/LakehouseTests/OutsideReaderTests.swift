import Basics
import DeltaLake
import TestKit
import Testing

/// Tables as others read them: the deltalake package at every version, and DuckDB's Python package
/// on the files that the log lists.
@Suite("Readers that nobody here wrote")
struct OutsideReaderTests {
  /// Compares every version with what both readers give.
  private func compare(_ table: FolderTable, checkpointed: Bool = false) throws {
    let state = try table.table.snapshot()
    let names = state.schema.names
    let snippet = """
      import json, sys
      from readers import *
      path, names, versions = sys.argv[1], json.loads(sys.argv[2]), int(sys.argv[3])
      delta = delta_versions(path, names)
      files = {str(v): duckdb_rows(path, v, names) for v in range(versions + 1)}
      print_json([delta, files])
      """
    let found = try Python.json(
      snippet,
      [table.path, JSON.array(names.map(JSON.string)).text, String(state.version)])
    let (delta, files) = try #require(found.array.flatMap { $0.count == 2 ? ($0[0], $0[1]) : nil })
    #expect(delta.object?.count == Int(state.version) + 1)
    let partitions = Set(state.metadata.partitionColumns)
    for version in 0...state.version {
      let rows = try table.rows(version: version)
      #expect(delta[String(version)]?.array?.ordered == rows, "deltalake, version \(version)")
      // Partition values are texts where only files are read.
      let texts = rows.map { row in
        JSON.array(
          zip(names, row.array ?? []).map { name, value in
            partitions.contains(name) && !value.isNull ? .string(value.string ?? value.text) : value
          })
      }
      #expect(
        files[String(version)]?.array?.ordered == texts.ordered, "files of version \(version)")
    }
  }

  @Test("Every type, unpartitioned")
  func everyType() throws {
    let table = try FolderTable()
    try table.create(EveryType.fields)
    try table.append(EveryType.query)
    try table.append("\(EveryType.query) WHERE id > 2")
    try compare(table)
  }

  @Test("Partitioned by texts, days and numbers, with NULL and special characters")
  func partitioned() throws {
    let table = try FolderTable()
    try table.create(
      [
        StructField("id", .long), StructField("p", .string), StructField("day", .date),
        StructField("n", .integer), StructField("v", .string),
      ], partitionedBy: ["p", "day", "n"])
    try table.append(
      """
      SELECT id, p, DATE '1969-12-31' + CAST(id AS INTEGER) AS day, id - 3 AS n, 'x' AS v \
      FROM (VALUES (1, 'a b'), (2, 'a/b'), (3, 'a%b'), (4, 'a%20b'), (5, 'ü:?*='), (6, NULL), \
      (7, ''), (8, 'it''s'), (9, '"q"'), (10, 'a+b'), (11, '[x]{y}'), (12, 'a\\b'), (13, '.'), \
      (14, '#&;')) AS s(id, p)
      """)
    try table.append("SELECT 20 AS id, 'z' AS p, NULL AS day, NULL AS n, NULL AS v")
    try compare(table)
  }

  @Test("Partitioned by instants, decimals, flags and numbers with a point")
  func partitionTypes() throws {
    let table = try FolderTable()
    try table.create(
      [
        StructField("id", .long), StructField("t", .timestamp),
        StructField("d", .decimal(precision: 10, scale: 2)), StructField("b", .boolean),
        StructField("f", .double),
      ], partitionedBy: ["t", "d", "b", "f"])
    try table.append(
      """
      SELECT * FROM (VALUES \
      (1, TIMESTAMPTZ '2024-01-01 10:00:00Z', 1.5, true, 0.5), \
      (2, TIMESTAMPTZ '1969-12-31 23:59:59.999999Z', 1000000.25, false, -1e100), \
      (3, NULL, NULL, NULL, NULL)) AS s(id, t, d, b, f)
      """)
    // Written as ISO 8601 with Z, which every reader takes for UTC.
    #expect(
      Set(try table.table.snapshot().files.values.map { $0.partitionValues["t"] ?? nil }) == [
        "2024-01-01T10:00:00.000000Z", "1969-12-31T23:59:59.999999Z", nil,
      ])
    let found = try Python.json(
      """
      import sys
      from readers import *
      print_json(delta_versions(sys.argv[1], ["id", "t", "d", "b", "f"])["1"])
      """, [table.path])
    #expect(found.array?.ordered == (try table.rows()))
  }

  @Test("Merged, overwritten and partitioned again and again, every version stays readable")
  func merged() throws {
    let table = try FolderTable()
    try table.create(
      [StructField("id", .long), StructField("p", .string), StructField("v", .string)],
      partitionedBy: ["p"])
    try table.append("SELECT i AS id, 'p ' || i % 3 AS p, 'old' AS v FROM range(30) AS r(i)")
    try table.merge("SELECT i AS id, 'p ' || i % 3 AS p, 'new' AS v FROM range(20, 40) AS r(i)")
    try table.merge(
      "SELECT i AS id, NULL AS p, NULL AS v FROM range(0, 10) AS r(i)",
      whenMatched: [.init(.delete)])
    try table.merge("SELECT 25 AS id, NULL AS p, 'moved' AS v")
    try table.overwrite("SELECT 1 AS id, 'a/b' AS p, 'over' AS v")
    try table.overwrite("SELECT 1 AS id, 'a/b' AS p, 'over' AS v WHERE false")
    try compare(table)
  }

  @Test("Behind checkpoints, with columns that came later")
  func checkpointed() throws {
    let table = try FolderTable()
    try table.create(
      [StructField("id", .long, nullable: false), StructField("p", .string)], partitionedBy: ["p"])
    for number in 1...11 {
      try table.append("SELECT \(number) AS id, CASE WHEN \(number) % 3 > 0 THEN 'a b' END AS p")
    }
    let base = try table.table.snapshot()
    var metadata = base.metadata
    metadata.schemaString =
      Schema(base.schema.fields + [StructField("later", .timestamp)]).json.text
    var transaction = Transaction("ADD COLUMNS", isBlindAppend: true)
    transaction.actions = [.metaData(metadata)]
    _ = try table.table.commit(transaction, on: base)
    for number in 13...20 {
      try table.merge(
        """
        SELECT \(number - 10) AS id, 'x' AS p, TIMESTAMPTZ '2024-01-01 00:00:00.5Z' AS later
        """)
    }
    #expect(try table.table.store.info("_delta_log/00000000000000000020.checkpoint.parquet") != nil)
    let rows = try table.rows()
    let snippet = """
      import sys
      from readers import *
      from deltalake import DeltaTable
      table = DeltaTable(sys.argv[1])
      print_json([table.version(), rows(table.to_pyarrow_table(), ["id", "p", "later"])])
      """
    #expect(try Python.json(snippet, [table.path]).array?[1].array?.ordered == rows)
    // The checkpoint alone must do.
    for version in 0...19 {
      try table.table.store.delete(DeltaTable.commitPath(Int64(version)))
    }
    let found = try Python.json(snippet, [table.path])
    #expect(found.array?[0] == 20)
    #expect(found.array?[1].array?.ordered == rows)
  }

  @Test("What another writer adds is read here")
  func theirs() throws {
    let table = try FolderTable()
    try table.create(
      [StructField("id", .long), StructField("p", .string), StructField("t", .timestamp)],
      partitionedBy: ["p"])
    try table.append("SELECT 1 AS id, 'ours' AS p, TIMESTAMPTZ '2024-01-01 00:00:00Z' AS t")
    let found = try Python.json(
      """
      import sys, datetime, pyarrow as pa
      from deltalake import DeltaTable, write_deltalake
      from readers import *
      utc = datetime.timezone.utc
      at = datetime.datetime(2024, 2, 29, 12, 0, 0, 123456, tzinfo=utc)
      texts = ["a b", "a/b", "a%b", "a%20b", "ü:?", None, "it's"]
      data = pa.table({
          "id": pa.array(range(10, 10 + len(texts)), pa.int64()), "p": pa.array(texts),
          "t": pa.array([at] * len(texts), pa.timestamp("us", "UTC"))})
      write_deltalake(sys.argv[1], data, mode="append")
      DeltaTable(sys.argv[1]).delete("id = 11")
      table = DeltaTable(sys.argv[1])
      table.create_checkpoint()
      print_json(rows(table.to_pyarrow_table(), ["id", "p", "t"]))
      """, [table.path])
    #expect(found.array?.count == 7)
    #expect(try table.rows() == found.array?.ordered)
    // And written to again, behind their checkpoint.
    try table.merge("SELECT id, p, NULL AS t FROM \(table.scan())")
    #expect(try table.rows().allSatisfy { $0.array?[2] == .null })
    #expect(try table.rows().count == 7)
  }
}

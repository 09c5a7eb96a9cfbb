import DeltaLake
import TestKit
import Testing

/// Tables whose deleted rows are rewritten away, and those with deletion vectors.
private let kinds: [[String: String]] = [[:], ["delta.enableDeletionVectors": "true"]]

/// Each was broken by a writer of these tables once, and cost somebody rows.
@Suite("What a merge, a delete and an overwrite must not do")
struct MergeRuleTests {
  private let fields = [StructField("id", .long), StructField("v", .string)]

  private func files(_ table: FolderTable) -> [String] {
    Files.all(below: table.path).filter { !$0.contains("/_delta_log/") }
  }

  @Test(
    "A merge that two source rows want one row of leaves nothing behind", arguments: kinds)
  func ambiguous(configuration: [String: String]) throws {
    let table = try FolderTable()
    try table.create(
      fields, configuration: configuration.merging(["delta.enableChangeDataFeed": "true"]) { $1 },
      protocol: nil)
    try table.append("SELECT i AS id, 'old' AS v FROM range(10) AS r(i)")
    let before = files(table)
    let twice = "SELECT 3 AS id, 'a' AS v UNION ALL SELECT 3, 'b' UNION ALL SELECT 99, 'c'"
    for clauses: [MergeRequest.Clause] in [
      [.init(.update)], [.init(.delete)], [.init(.set(["v": "source.v"]))],
      [.init(.delete, when: "source.v = 'a'"), .init(.update)],
    ] {
      #expect(throws: DeltaError.ambiguousMerge(rows: 1, table: table.path)) {
        try table.merge(twice, whenMatched: clauses)
      }
    }
    #expect(files(table) == before)
    #expect(try table.table.snapshot().version == 1)
    // One of the two fits no clause, so the other one may act.
    let result = try table.merge(twice, whenMatched: [.init(.delete, when: "source.v = 'b'")])
    #expect(result.matched == [1])
    #expect(try table.rows().count == 10)
  }

  @Test(
    "A merge gives the same rows however many rows and files there are",
    arguments: [8_192, 8_193, 100_001], kinds)
  func scale(rows: Int, configuration: [String: String]) throws {
    let table = try FolderTable()
    try table.create(fields, configuration: configuration, protocol: nil)
    // Keys of one batch of the source lie in all files, and those of a file in all batches.
    for part in 0..<12 {
      try table.append("SELECT i * 12 + \(part) AS id, 'old' AS v FROM range(\(rows / 6)) AS r(i)")
    }
    let target = rows / 6 * 12
    let source = """
      SELECT * FROM (SELECT i * 3 AS id, 'new' AS v FROM range(\(rows)) AS r(i)) ORDER BY hash(id)
      """
    let matched = (target + 2) / 3
    for round in 0..<2 {
      let result = try table.merge(source)
      #expect(result.matched == [round == 0 ? Int64(matched) : Int64(rows)])
      #expect(result.inserted == (round == 0 ? Int64(rows - matched) : 0))
      #expect(result.snapshot.rowCount == Int64(target + rows - matched))
      let expected = """
        SELECT i AS id, CASE WHEN i % 3 = 0 THEN 'new' ELSE 'old' END AS v \
        FROM range(\(target)) AS r(i) \
        UNION ALL SELECT i * 3, 'new' FROM range(\(matched), \(rows)) AS r(i)
        """
      #expect(try table.differences("SELECT * FROM \(table.scan())", expected) == 0)
    }
  }

  @Test(
    "Whatever rewrites a partition takes out the very files that the log names", arguments: kinds)
  func escapedPartitions(configuration: [String: String]) throws {
    let table = try FolderTable()
    try table.create(
      [StructField("id", .long), StructField("p", .string), StructField("v", .string)],
      partitionedBy: ["p"], configuration: configuration, protocol: nil)
    let source = """
      SELECT * FROM (VALUES (1, 'a b', 'x'), (2, 'a/b', 'x'), (3, 'a%b', 'x'), (4, 'a%20b', 'x'), \
      (5, 'a%252Fb', 'x'), (6, 'ü=#?', 'x'), (7, NULL, 'x'), (11, 'a b', 'x'), (12, 'a/b', 'x')) \
      AS s(id, p, v)
      """
    let expected = try table.rows(of: source)
    func check(_ about: Comment) throws {
      let now = try table.table.snapshot()
      let before = try table.table.snapshot(version: now.version - 1)
      #expect(try table.rows() == expected, about)
      let gone = Set(before.files.keys).subtracting(now.files.keys)
      #expect(gone == Set(before.files.keys).intersection(now.tombstones.keys), about)
      #expect(now.tombstones.keys.allSatisfy { now.files[$0] == nil }, about)
      #expect(now.rowCount == 9, about)
    }
    try table.append(source)
    for _ in 0..<2 {
      try table.merge(source)
      try check("merge")
    }
    try table.update(["v": "'y'"], "id > 1")
    try table.update(["v": "'x'"])
    try check("update")
    _ = try table.table.overwrite(
      .partitions, by: Relation("(\(source))"), table.table.snapshot(),
      transaction: Transaction("WRITE", isBlindAppend: false))
    try check("overwrite")
    try table.delete("id > 10")
    try table.append("\(source) WHERE id > 10")
    try check("delete and append")
  }

  // MARK: - Constraints

  @Test("Constraints bind the rows that are stored, and no other rows on the way", arguments: kinds)
  func constraints(configuration: [String: String]) throws {
    let table = try FolderTable()
    try table.create(
      [
        StructField("id", .long, nullable: false), StructField("n", .long, nullable: false),
        StructField("v", .string),
      ], configuration: configuration, protocol: nil)
    try table.append("SELECT i AS id, i AS n, 'old' AS v FROM range(9) AS r(i)")
    _ = try table.table.addConstraint(
      "few", "n < 10", table.table.snapshot(),
      transaction: Transaction("ADD CONSTRAINT", isBlindAppend: false))
    // Rows that only say what to delete or to leave may hold anything.
    let result = try table.merge(
      "SELECT 1 AS id, 99 AS n, NULL AS v UNION ALL SELECT 2, NULL, NULL UNION ALL SELECT 50, 99, ''",
      whenMatched: [.init(.delete, when: "source.n = 99")], insertWhen: "source.n < 10")
    #expect(result.matched == [1])
    #expect(result.inserted == 0)
    let version = try table.table.snapshot().version
    // What is stored is 10, though what was given is less.
    for query in ["SELECT 3 AS id, 9.6 AS n, 'x' AS v", "SELECT 60 AS id, '10' AS n, 'x' AS v"] {
      let error = DeltaError.constraintViolated(name: "few", rows: 1, table: table.path)
      #expect(throws: error) { try table.merge(query) }
      #expect(throws: error) { try table.append(query) }
      #expect(throws: error) { try table.overwrite(query) }
    }
    #expect(throws: DeltaError.constraintViolated(name: "few", rows: 1, table: table.path)) {
      try table.update(["n": "n + 4"], "id = 7")
    }
    #expect(
      throws: DeltaError.constraintViolated(name: "id NOT NULL", rows: 1, table: table.path)
    ) { try table.merge("SELECT NULL AS id, 3 AS n, 'x' AS v") }
    #expect(try table.table.snapshot().version == version)
    #expect(try table.rows().count == 8)
  }

  @Test("A nested field that promises a value gets one wherever its struct is there")
  func nestedRequired() throws {
    let table = try FolderTable()
    let inner = DeltaType.structure([
      StructField("must", .long, nullable: false), StructField("may", .long),
    ])
    try table.create([StructField("id", .long), StructField("s", inner)])
    try table.append(
      "SELECT 1 AS id, {'must': 1, 'may': NULL} AS s UNION ALL SELECT 2, NULL")
    #expect(
      throws: DeltaError.constraintViolated(name: "s.must NOT NULL", rows: 1, table: table.path)
    ) { try table.append("SELECT 3 AS id, {'must': NULL, 'may': 1} AS s") }
    #expect(try table.rows().count == 2)
  }

  @Test("A value that does not fit its column is an error, and never NULL", arguments: kinds)
  func casts(configuration: [String: String]) throws {
    let table = try FolderTable()
    try table.create(
      [StructField("id", .long), StructField("b", .byte), StructField("d", .date)],
      configuration: configuration, protocol: nil)
    try table.append("SELECT 1 AS id, 1 AS b, DATE '2024-01-01' AS d")
    for query in [
      "SELECT 1 AS id, 'many' AS b, NULL AS d", "SELECT 1 AS id, 300 AS b, NULL AS d",
      "SELECT 1 AS id, NULL AS b, '2024-13-01' AS d", "SELECT 2 AS id, '' AS b, NULL AS d",
    ] {
      #expect(throws: (any Error).self) { try table.merge(query) }
    }
    #expect(throws: (any Error).self) { try table.update(["b": "'many'"]) }
    #expect(try table.table.snapshot().version == 1)
    #expect(try table.rows() == [[1, 1, "2024-01-01"]])
  }

  // MARK: - NULL

  @Test("Rows stay for which a condition is NULL, whole partitions too", arguments: kinds)
  func nullConditions(configuration: [String: String]) throws {
    let table = try FolderTable()
    try table.create(
      [StructField("id", .long), StructField("p", .string)], partitionedBy: ["p"],
      configuration: configuration, protocol: nil)
    try table.append(
      "SELECT * FROM (VALUES (1, 'a'), (2, 'b'), (3, NULL), (NULL, NULL), (NULL, 'b')) AS t(id, p)")
    func overwrite(_ scope: OverwriteScope, _ query: String) throws {
      _ = try table.table.overwrite(
        scope, by: Relation("(\(query))"), table.table.snapshot(),
        transaction: Transaction("WRITE", isBlindAppend: false))
    }
    #expect(try table.delete("p <> 'b'").rows == 1)
    #expect(try table.delete("id > 100 AND p = p").rows == 0)
    #expect(try table.update(["id": "0"], "id < 3").rows == 1)
    #expect(try table.rows() == [[0, "b"], [3, .null], [.null, "b"], [.null, .null]])
    try overwrite(.rows(where: "p = 'b'"), "SELECT 5 AS id, 'b' AS p")
    #expect(try table.rows() == [[3, .null], [5, "b"], [.null, .null]])
    try overwrite(.rows(where: "NOT (p = 'c')"), "SELECT 6 AS id, 'd' AS p")
    #expect(try table.rows() == [[3, .null], [6, "d"], [.null, .null]])
    // A new row for which the condition is NULL is none that it allows.
    #expect(throws: DeltaError.self) {
      try overwrite(.rows(where: "p = 'd'"), "SELECT 7 AS id, NULL AS p")
    }
    // By name the rows without a value go, and the partition without one.
    try overwrite(.rows(where: "p IS NULL"), "SELECT 8 AS id, NULL AS p")
    #expect(try table.rows() == [[6, "d"], [8, .null]])
    try overwrite(.partitions, "SELECT 9 AS id, '' AS p")
    #expect(try table.rows() == [[6, "d"], [9, .null]])
    #expect(try table.delete("p IS NULL").rows == 1)
    #expect(try table.rows() == [[6, "d"]])
  }

  @Test("A partition is replaced also where another writer spelled its value otherwise")
  func spelledPartitions() throws {
    let table = try FolderTable()
    let types: [(StructField, theirs: String, query: String)] = [
      (StructField("t", .timestamp), "2024-01-01 10:00:00", "TIMESTAMPTZ '2024-01-01 10:00:00Z'"),
      (StructField("d", .decimal(precision: 5, scale: 2)), "1.5", "1.50"),
      (StructField("x", .double), "1E2", "100.0"), (StructField("f", .float), "0.10", "0.1"),
      (StructField("n", .double), "NaN", "'nan'"),
    ]
    try table.create(
      [StructField("id", .long)] + types.map(\.0), partitionedBy: types.map(\.0.name))
    let row = types.map { "\($0.query) AS \($0.0.name)" }.joined(separator: ", ")
    let base = try table.append("SELECT 1 AS id, \(row)")
    var file = try #require(base.orderedFiles.first)
    file.partitionValues = Dictionary(uniqueKeysWithValues: types.map { ($0.0.name, $0.theirs) })
    var other = Transaction("WRITE", isBlindAppend: false)
    other.actions = [.add(file)]
    let state = try table.table.commit(other, on: base)
    _ = try table.table.overwrite(
      .partitions, by: Relation("(SELECT 2 AS id, \(row))"), state,
      transaction: Transaction("WRITE", isBlindAppend: false))
    #expect(try table.rows().map { $0.array?.first } == [2])
  }
}

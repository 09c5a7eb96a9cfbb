import Basics
import DeltaTestKit
import Testing

@testable import DeltaLake

@Suite("Files that a condition cannot hold in")
struct PruningTests {
  private let table = TestTable()

  /// Files of ten rows each: ids 0 to 9, 10 to 19 and so on; `v` is NULL in the last one.
  private func filled() throws -> Snapshot {
    table.parquet.rowsPerFile = 10
    try table.create()
    try table.append((0..<40).map { ["id": .int($0), "v": $0 < 30 ? .string("t\($0)") : .null] })
    return try table.table.snapshot()
  }

  private func kept(_ state: Snapshot, _ predicate: Predicate) throws -> [Int] {
    try state.files(matching: predicate).files.map { file in
      let stats = try JSON(parsing: try #require(file.stats))
      return Int(try #require(stats["minValues"]?["id"]?.int)) / 10
    }.sorted()
  }

  @Test("Bounds tell which files a comparison can hold in")
  func comparisons() throws {
    let state = try filled()
    #expect(try kept(state, .compare("id", .equal, .integer(15))) == [1])
    #expect(try kept(state, .compare("id", .equal, .integer(40))) == [])
    #expect(try kept(state, .compare("id", .less, .integer(10))) == [0])
    #expect(try kept(state, .compare("id", .lessOrEqual, .integer(10))) == [0, 1])
    #expect(try kept(state, .compare("id", .greater, .integer(29))) == [3])
    #expect(try kept(state, .compare("id", .greaterOrEqual, .integer(29))) == [2, 3])
    #expect(try kept(state, .compare("id", .equal, .decimal(digits: 155, scale: 1))) == [1])
    #expect(try kept(state, .compare("id", .greater, .double(28.5))) == [2, 3])
  }

  @Test("NULL satisfies no comparison, and counts of it tell where it is")
  func nulls() throws {
    let state = try filled()
    #expect(try kept(state, .compare("v", .greaterOrEqual, .string(""))) == [0, 1, 2])
    #expect(try kept(state, .isNull("v")) == [3])
    #expect(try kept(state, .isNotNull("v")) == [0, 1, 2])
    #expect(try kept(state, .isNull("id")) == [])
  }

  @Test("Conditions are joined, and an unknown one keeps what it might hold in")
  func joined() throws {
    let state = try filled()
    let low = Predicate.compare("id", .less, .integer(20))
    let high = Predicate.compare("id", .greater, .integer(12))
    #expect(try kept(state, .all([low, high])) == [1])
    #expect(try kept(state, .any([.compare("id", .equal, .integer(3)), .isNull("v")])) == [0, 3])
    #expect(try kept(state, .all([low, .unknown])) == [0, 1])
    #expect(try kept(state, .any([low, .unknown])) == [0, 1, 2, 3])
    #expect(try kept(state, .compare("nobody", .equal, .integer(1))) == [0, 1, 2, 3])
    // A text that is none of the column's type says nothing.
    #expect(try kept(state, .compare("id", .equal, .string("15"))) == [1])
    #expect(try kept(state, .compare("id", .equal, .string("x"))) == [0, 1, 2, 3])
  }

  @Test("Partition values tell too, NULL among them")
  func partitions() throws {
    let schema = Schema([StructField("p", .date), StructField("id", .long)])
    try table.create(schema, partitionedBy: ["p"])
    try table.append([
      ["p": "2025-01-01", "id": 1], ["p": "2025-01-02", "id": 2], ["id": 3],
    ])
    let state = try table.table.snapshot()
    func ids(_ predicate: Predicate) throws -> [Int] { try kept(state, predicate) }
    func days(_ predicate: Predicate) -> [String?] {
      state.files(matching: predicate).files.map { $0.partitionValues["p"] ?? nil }
        .sorted { ($0 ?? "") < ($1 ?? "") }
    }
    let day = try #require(CivilDate("2025-01-02"))
    #expect(days(.compare("p", .equal, .date(day))) == ["2025-01-02"])
    #expect(days(.compare("p", .less, .date(day))) == ["2025-01-01"])
    #expect(days(.compare("p", .equal, .string("2025-01-02"))) == ["2025-01-02"])
    #expect(days(.isNull("p")) == [nil])
    #expect(days(.isNotNull("p")) == ["2025-01-01", "2025-01-02"])
    let pruned = state.files(matching: .isNull("p"))
    #expect(pruned.skippedFiles == 2)
    #expect(pruned.bytes + pruned.skippedBytes == state.sizeInBytes)
  }

  @Test("A maximum that is cut to milliseconds still keeps the microseconds behind it")
  func milliseconds() throws {
    let log = Log()
    let schema = Schema([StructField("t", .timestamp)])
    try log.commit(
      0, #"{"protocol":{"minReaderVersion":1,"minWriterVersion":2}}"#,
      Log.metadata(schema: schema.json.text),
      """
      {"add":{"path":"a","partitionValues":{},"size":1,"modificationTime":1,"dataChange":true,\
      "stats":"{\\"numRecords\\":1,\\"minValues\\":{\\"t\\":\\"2025-01-01T00:00:00.000Z\\"},\
      \\"maxValues\\":{\\"t\\":\\"2025-01-01T00:00:00.123Z\\"},\\"nullCount\\":{\\"t\\":0}}"}}
      """)
    let state = try TestTable(log.store).table.snapshot()
    func holds(_ micros: Int64) -> Bool {
      let time = Timestamp(microseconds: 1_735_689_600_000_000 + micros)
      return !state.files(matching: .compare("t", .equal, .timestamp(time))).files.isEmpty
    }
    #expect(holds(123_000))
    #expect(holds(123_999))
    #expect(!holds(124_001))
    #expect(!holds(-1))
  }
}

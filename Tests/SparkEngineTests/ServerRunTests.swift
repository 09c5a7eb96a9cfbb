import Basics
import Engines
import Glibc
import Lakehouse
import Podium
import PodiumTesting
import Runner
import RunnerTestKit
import Storage
import TestKit
import Testing

@Suite("Runs on a server")
struct ServerRunTests {
  private static let server = Result { try SailServer() }

  private let server: SailServer

  init() throws { server = try Self.server.get() }

  /// A lake that a server computes for, and one that the embedded engine does.
  private func lakes(
    _ engine: EngineProvider = TestLake.engine
  ) throws -> (server: TestLake, here: TestLake) {
    (try TestLake(computingOn: server.address, runningWith: engine), try TestLake())
  }

  @Test("Batches with changes, deletions and bad rows come to the same as with DuckDB")
  func batches() throws {
    let (lake, here) = try lakes()
    let batches = [
      ["1,Ann,Rome,1.00,5,put", "2,Bob,Oslo,2.00,5,put", "3,Cid,Rome,x,5,put"],
      ["1,Ann,Bern,4.00,6,put", "2,,,,6,delete", "4,Dan,it's,5.50,6,put", "5,Eve,,1.00,6,put"],
      ["1,Ann,Rome,1.00,4,put", "6,Fay,Oslo,-1.00,7,put", "6,Fay,Oslo,1.00,6,put"],
    ]
    for (number, batch) in batches.enumerated() {
      for lake in [lake, here] {
        try lake.landPeople("b\(number)", batch)
        expectSuccess(try lake.run(People.tables))
      }
      try expectSame(lake, here, People.tables, "after batch \(number)")
    }
    let again = expectSuccess(try lake.run(People.tables))
    #expect(again.tables.allSatisfy { if case .upToDate = $0.status { true } else { false } })
    // A lake goes on with another engine, and back again.
    let moved = try TestLake()
    try moved.copy("", from: lake)
    for lake in [moved, here] {
      try lake.landPeople("c", "1,Ann,Lima,9.00,9,put")
      expectSuccess(try lake.run(People.tables))
    }
    try expectSame(moved, here, People.tables, "after DuckDB went on")
  }

  /// Readings with a partition, which a batch may add, change, repeat and move.
  private static let feed = Table(
    "bronze.readings", about: "One row per reading.", landing: "readings",
    columns: [
      .string("id", "The reading."), .string("day", "Its day."), .string("value", "It."),
      .string("stamp", "When, a number."),
    ])
  private static let readings = Table(
    "silver.readings", about: "One row per reading.",
    columns: [
      .string("id", "The reading."), .date("day", "Its day."), .int("value", "It.", nullable: true),
      .int("stamp", "When."),
    ], key: ["id"], write: .upsert(newestBy: "stamp"), partitionedBy: ["day"],
    expect: [.row("value is small", "value IS NULL OR value < 90", else: .quarantine)],
    query: """
      SELECT \(.text("id")) AS id, \(.date("day")) AS day, \(.integer("value")) AS value,
        \(.integer("stamp")) AS stamp, _file, _line
      FROM \(new: feed)
      """)

  @Test(
    "Large batches are resolved and merged by the server as they are here",
    arguments: Seeds.first(4))
  func largeBatches(seed: UInt64) throws {
    var random = Seeded(seed)
    let (lake, here) = try lakes(TestLake.engineInParts)
    let tables = [Self.feed, Self.readings]
    for batch in 0..<4 {
      var lines = ["id,day,value,stamp"]
      for _ in 0..<Int.random(in: 8...40, using: &random) {
        let day = Int.random(in: 1...3, using: &random)
        let value =
          Int.random(in: 0...5, using: &random) == 0
          ? "" : "\(Int.random(in: 0...95, using: &random))"
        lines.append(
          "r\(Int.random(in: 0...25, using: &random)),2025-01-0\(day),\(value),"
            + "\(Int.random(in: 1...6, using: &random))")
        if Int.random(in: 0...6, using: &random) == 0, let last = lines.last { lines.append(last) }
      }
      for lake in [lake, here] {
        try lake.land("readings/\(batch).csv", lines.joined(separator: "\n") + "\n")
      }
      let mine = expectSuccess(try lake.run(tables))
      let other = expectSuccess(try here.run(tables))
      #expect(
        mine[Self.readings]?.counts.words == other[Self.readings]?.counts.words,
        "seed \(seed), batch \(batch)")
      try expectSame(lake, here, tables, "seed \(seed), batch \(batch)")
    }
  }

  /// All readings by their days; some have none.
  private static let byDay = Table(
    "gold.by_day", about: "One row per reading.",
    columns: [.string("id", "The reading."), .date("day", "Its day.", nullable: true)], key: ["id"],
    write: .derived(by: .whole), partitionedBy: ["day"],
    query: "SELECT id, CASE WHEN stamp < 6 THEN day END AS day FROM \(readings)")

  /// All readings by their values.
  private static func byValue(rule: String) -> Table {
    Table(
      "gold.by_value", about: "One row per reading.",
      columns: [.string("id", "The reading."), .int("value", "It.", nullable: true)], key: ["id"],
      write: .derived(by: .whole), partitionedBy: ["value"],
      expect: [.row("it is good", rule, else: .quarantine)],
      query: "SELECT id, value FROM \(readings)")
  }

  @Test("The files that a server writes for partitions become the table's, NULL's too")
  func partitions() throws {
    let (lake, here) = try lakes(TestLake.engineInParts)
    let byValue = Self.byValue(rule: "id <> ''")
    let tables = [Self.feed, Self.readings, Self.byDay, byValue]
    func land(_ name: String, _ numbers: ClosedRange<Int>) throws {
      let lines = numbers.map { "r\($0),2025-01-0\(1 + $0 % 9),\($0 % 7 - 3),\($0 % 7)" }
      for lake in [lake, here] {
        try lake.land(
          "readings/\(name).csv", (["id,day,value,stamp"] + lines).joined(separator: "\n") + "\n")
        expectSuccess(try lake.run(tables))
      }
    }
    func writers(_ table: String) throws -> [String: Int] {
      let files = try lake.files("gold/\(table)").filter { $0.hasSuffix(".parquet") }
      return Dictionary(
        try files.map { file in
          let text = String(decoding: try lake.lake.files.read(file), as: UTF8.self)
          return (text.contains("datafusion") ? "Sail" : "DuckDB", 1)
        }, uniquingKeysWith: +)
    }
    try land("a", 1...60)
    try expectSame(lake, here, tables, "first")
    #expect(try writers("by_day") == ["Sail": 10])
    #expect(try writers("by_value") == ["Sail": 7])
    try land("b", 40...90)
    try expectSame(lake, here, tables, "grown")
    // Where some rows fail, Podium writes the others.
    let strict = [Self.feed, Self.readings, Self.byDay, Self.byValue(rule: "id <> 'r7'")]
    for lake in [lake, here] { expectSuccess(try lake.run(strict)) }
    try expectSame(lake, here, strict, "strict")
  }

  @Test("A missing function is told with the table's line, and the table is as it was")
  func missingFunction() throws {
    let (lake, _) = try lakes()
    let table = Table(
      "silver.broken", about: "Nothing.", columns: [.string("id", "The person.")], key: ["id"],
      write: .append,
      query: """
        SELECT
          list_extract_nothing(id) AS id, _file, _line
        FROM \(new: People.feed)
        """)
    let line = #line - 3
    try lake.landPeople("a", "1,Ann,Rome,1.00,5,put")
    let report = try lake.run([People.feed, table])
    let words = "\(try #require(report.error(table)))"
    #expect(words.hasPrefix("SparkEngineTests/ServerRunTests.swift:"))
    #expect(words.contains("list_extract_nothing"))
    #expect(words.contains("docs/portable-sql.md"))
    #expect(line > 0)
    #expect(try lake.version(table) == nil)
    #expect(report[People.feed]?.status.isGood == true)
  }

  @Test(
    "A file that the server does not find stops the table, and nothing is computed from the rest")
  func missingFile() throws {
    let (lake, _) = try lakes()
    try lake.landPeople("a", "1,Ann,Rome,1.00,5,put")
    expectSuccess(try lake.run(People.tables))
    try lake.landPeople("b", "2,Bob,Rome,1.00,5,put")
    expectSuccess(try lake.run(People.tables, "bronze silver"))
    let file = try #require(
      try lake.files("silver/people").first { $0.hasSuffix(".parquet") })
    lake.remove(file)
    let words = "\(try #require(try lake.run(People.tables).error(People.cities)))"
    #expect(words.contains("rows") || words.contains("missing"))
    #expect(!words.contains("Ann"))
  }

  @Test("A server that is lost and comes back is asked again")
  func lostAndBack() throws {
    let own = try SailServer()
    let lake = try TestLake(computingOn: own.address)
    try lake.landPeople("a", "1,Ann,Rome,1.00,5,put")
    expectSuccess(try lake.run(People.tables))
    try own.kill()
    try lake.landPeople("b", "2,Bob,Rome,1.00,5,put")
    let thread = WorkerThread {
      sleep(2)
      try? own.start()
    }
    expectSuccess(try lake.run(People.tables))
    thread?.join()
    try expect(People.cities, in: lake, is: "city | people | money\nRome | 2 | 2.00")
  }

  @Test("A server that cannot be reached is told, with what to type; DuckDB goes on")
  func unreachable() throws {
    let lake = try TestLake(computingOn: "sc://127.0.0.1:1")
    try lake.landPeople("a", "1,Ann,Rome,1.00,5,put")
    let error = #expect(throws: EngineError.self) { try lake.spark?.server() }
    let words = error?.description ?? ""
    #expect(words.contains("sc://127.0.0.1:1"))
    #expect(words.contains("--engine"))
  }

  @Test("What was exchanged is gone when the engine ends, and what others left when a run begins")
  func leftovers() throws {
    let (lake, _) = try lakes()
    try lake.lake.files.put(".podium/exchange/dead/rows-1/part.parquet", Array("x".utf8))
    try lake.landPeople("a", "1,Ann,Rome,1.00,5,put")
    expectSuccess(try lake.run(People.tables))
    #expect(try lake.files(".podium/exchange").allSatisfy { !$0.contains("dead") })
    lake.spark?.close()
    #expect(try lake.files(".podium/exchange").isEmpty)
  }
}

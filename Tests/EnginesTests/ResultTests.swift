import Basics
import Engines
import Lakehouse
import TestKit
import Testing

@Suite("Results")
struct ResultTests {
  @Test("A result of many batches has every row once, NULLs at their places")
  func batches() throws {
    let result = try Engine.connect().query(
      """
      SELECT i, CASE WHEN i % 3 > 0 THEN 'row ' || i END, [i, NULL], \
      {'half': CASE WHEN i % 7 > 0 THEN i / 2 END, 'even': i % 2 = 0} \
      FROM range(25000) AS r(i) ORDER BY i
      """)
    var row = 0
    var batches = 0
    while let batch = try result.next() {
      batches += 1
      for index in 0..<batch.rows {
        let i = Int64(row)
        #expect(batch.columns[0].int(index) == i)
        #expect(batch.columns[1].string(index) == (i % 3 > 0 ? "row \(i)" : nil))
        #expect(batch.columns[2].value(index) == .list([.int(i), .null]))
        let half: Value = i % 7 > 0 ? .double(Double(i) / 2) : .null
        #expect(
          batch.columns[3].value(index)
            == .structure([("half", half), ("even", .bool(i % 2 == 0))]))
        row += 1
      }
    }
    #expect(row == 25000)
    #expect(batches > 1)
    #expect(try result.next() == nil)
  }

  @Test("A result without rows has its columns")
  func empty() throws {
    let connection = try Engine.connect()
    let result = try connection.query("SELECT 1 AS a, 'x' AS b, [1] AS c WHERE false")
    #expect(result.fields.map(\.name) == ["a", "b", "c"])
    #expect(try result.rows().isEmpty)
    #expect(try connection.query("CREATE TEMP TABLE t AS SELECT 1 AS a").rows().count == 1)
  }

  @Test("A query is described without being run")
  func describe() throws {
    let connection = try Engine.connect()
    try connection.execute("CREATE TEMP SEQUENCE calls")
    let fields = try connection.describe(
      """
      SELECT nextval('calls') AS n, 'x' AS t, 1.5 AS d, DATE '2024-01-01' AS day, \
      TIMESTAMPTZ '2024-01-01' AS at, TIMESTAMP '2024-01-01' AS local, true AS b, 1e0::FLOAT AS f
      """)
    #expect(fields.map(\.name) == ["n", "t", "d", "day", "at", "local", "b", "f"])
    #expect(
      fields.map(\.type) == [
        .int(bits: 64, signed: true), .text(wide: false),
        .decimal(precision: 2, scale: 1, bits: 128), .date,
        .timestamp(perSecond: 1_000_000, zoned: true),
        .timestamp(perSecond: 1_000_000, zoned: false), .bool, .float,
      ])
    #expect(try connection.query("SELECT nextval('calls')").rows() == [[.int(1)]])
  }

  @Test("A column outlives its result and its connection")
  func outlives() throws {
    var column: EngineColumn?
    do {
      let result = try Engine.connect().query("SELECT 'kept ' || i FROM range(5) AS r(i)")
      column = try result.next()?.columns[0]
    }
    #expect(column?.string(4) == "kept 4")
  }

  @Test("Texts and bytes are lent without a copy, and only where there are any")
  func bytes() throws {
    let batch = try #require(
      try Engine.connect().query("SELECT 'ab' AS t, '\\x01'::BLOB AS b, NULL::VARCHAR AS n, 1 AS i")
        .next())
    #expect(batch.columns[0].withBytes(0) { Array($0) } == Array("ab".utf8))
    #expect(batch.columns[1].withBytes(0) { Array($0) } == [1])
    #expect(batch.columns[2].withBytes(0) { $0.count } == nil)
    #expect(batch.columns[3].withBytes(0) { $0.count } == nil)
    #expect(batch.columns[1].string(0) == nil)
    #expect(batch.columns[0].int(0) == nil)
  }

  @Test("Results left half-read, or not readable at all, give back what they hold")
  func abandoned() throws {
    let connection = try Engine.connect()
    let before = try residentBytes()
    for round in 0..<400 {
      let result = try connection.query("SELECT i, -i FROM range(100000) AS r(i)")
      if round % 2 == 0 { _ = try result.next() }
      let unreadable = "SELECT union_value(n := i) FROM range(100000) AS r(i)"
      #expect(throws: EngineError.self) { try connection.query(unreadable) }
    }
    // Kept, each of the 800 results would hold about a megabyte.
    #expect(try residentBytes() - before < 250 << 20)
  }

  @Test("Two connections share tables and keep temporary ones to themselves")
  func connections() throws {
    let engine = try DuckDB(.fromEnvironment(spillFolder: nil))
    let (first, second) = (try engine.connect(), try engine.connect())
    try first.execute("CREATE TABLE shared AS SELECT 1 AS a")
    try first.execute("CREATE TEMP TABLE own AS SELECT 'first' AS a")
    #expect(try second.query("SELECT a FROM shared").rows() == [[.int(1)]])
    #expect(throws: EngineError.self) { try second.query("SELECT a FROM own") }
    try second.execute("CREATE TEMP TABLE own AS SELECT 'second' AS a")
    #expect(try first.query("SELECT a FROM own").rows() == [[.text("first")]])
    #expect(try second.query("SELECT a FROM own").rows() == [[.text("second")]])
  }

  @Test("Every session is in UTC and loads no extension by itself")
  func settings() throws {
    #expect(
      try Engine.rows(
        """
        SELECT current_setting('TimeZone'), current_setting('autoinstall_known_extensions'), \
        current_setting('autoload_known_extensions')
        """) == [[.text("UTC"), .bool(false), .bool(false)]])
  }
}

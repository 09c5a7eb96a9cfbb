import Basics
import Engines
import Testing

@Suite("Taking batches in")
struct IngestTests {
  private struct Broken: Error, Hashable { let at: Int }
  private let columns: [(name: String, kind: ColumnBuffer.Kind)] = [("t", .text), ("n", .int64)]

  private func batch(_ rows: [(String?, Int64?)]) -> ColumnBatch {
    let (texts, numbers) = (ColumnBuffer(.text, rows: 1), ColumnBuffer(.int64, rows: 1))
    for (text, number) in rows {
      if let text { texts.append(text) } else { texts.appendNull() }
      if let number { numbers.append(number) } else { numbers.appendNull() }
    }
    return ColumnBatch(names: ["t", "n"], columns: [texts, numbers])
  }

  private func source(_ batches: [ColumnBatch]) -> () -> ColumnBatch? {
    var rest = batches[...]
    return { rest.popFirst() }
  }

  @Test("Texts, numbers, empty texts and missing values arrive as they were")
  func values() throws {
    let connection = try Engine.connect()
    let rows: [(String?, Int64?)] = [
      ("", .min), (nil, .max), ("😀 'x' \"y\" \\ \n", nil), (nil, nil), ("a\u{0}b", 0),
    ]
    #expect(try connection.ingest("taken", columns: columns, from: source([batch(rows)])) == 5)
    #expect(
      try Set(connection.query("SELECT t, n FROM taken").rows())
        == Set(rows.map { [$0.0.map(Value.text) ?? .null, $0.1.map(Value.int) ?? .null] }))
    #expect(
      try connection.describe("FROM taken").map(\.type) == [
        .text(wide: false), .int(bits: 64, signed: true),
      ])
  }

  @Test("Batches of every size follow each other, empty ones too")
  func batches() throws {
    let connection = try Engine.connect()
    let sizes = [0, 1, 7, 8, 9, 0, 2048, 2049, 30_000, 0]
    var next: Int64 = 0
    let batches = sizes.map { size in
      batch(
        (0..<size).map { _ in
          defer { next += 1 }
          return (next % 5 == 0 ? nil : "t\(next)", next % 3 == 0 ? nil : next)
        })
    }
    let total = Int64(sizes.reduce(0, +))
    #expect(try connection.ingest("many", columns: columns, from: source(batches)) == total)
    // The engine may store rows in another order.
    let expected = """
      SELECT CASE WHEN i % 5 > 0 THEN 't' || i END, CASE WHEN i % 3 > 0 THEN i END \
      FROM range(\(total)) AS r(i)
      """
    for query in [
      "SELECT t, n FROM many EXCEPT ALL \(expected)",
      "\(expected) EXCEPT ALL SELECT t, n FROM many",
    ] {
      #expect(try connection.query(query).rows().isEmpty)
    }
  }

  @Test("A source that ends at once gives an empty table")
  func ended() throws {
    let connection = try Engine.connect()
    #expect(try connection.ingest("none", columns: columns, from: { nil }) == 0)
    #expect(try connection.query("SELECT * FROM none").rows().isEmpty)
    #expect(try connection.describe("SELECT * FROM none").map(\.name) == ["t", "n"])
  }

  @Test(
    "What the source throws reaches the caller as itself and leaves no table", arguments: [0, 3])
  func broken(after: Int) throws {
    let connection = try Engine.connect()
    var given = 0
    #expect(throws: Broken(at: after)) {
      _ = try connection.ingest("broken", columns: columns) {
        if given == after { throw Broken(at: given) }
        given += 1
        return batch([("x", 1)])
      }
    }
    #expect(throws: EngineError.self) { try connection.query("SELECT * FROM broken") }
    #expect(
      try connection.ingest("broken", columns: columns, from: source([batch([("y", 2)])])) == 1)
  }

  @Test("An engine without memory for the rows says so and keeps none of them")
  func outOfMemory() throws {
    var settings = try DuckDBSettings.fromEnvironment(spillFolder: nil)
    settings.memoryLimit = 16 << 20
    let connection = try DuckDB(settings).connect()
    try connection.execute("SET temp_directory = ''")
    var left = 200
    #expect(throws: EngineError.self) {
      _ = try connection.ingest("much", columns: columns) {
        guard left > 0 else { return nil }
        left -= 1
        let first = left * 10_000
        return batch(
          (first..<first + 10_000).map { ("a text of some length, number \($0)", Int64($0)) })
      }
    }
    #expect(throws: EngineError.self) { try connection.query("SELECT * FROM much") }
    #expect(
      try connection.ingest("few", columns: columns, from: source([batch([("y", 2)])])) == 1)
  }

  @Test("A table that exists already stays as it is, and the source is let go")
  func exists() throws {
    let connection = try Engine.connect()
    _ = try connection.ingest("there", columns: columns, from: source([batch([("old", 1)])]))
    weak var watched: ColumnBuffer?
    do {
      let new = batch([("new", 2)])
      watched = new.columns[0]
      let error = #expect(throws: EngineError.self) {
        try connection.ingest("there", columns: columns, from: source([new]))
      }
      #expect(error?.message.contains("already exists") == true)
    }
    #expect(watched == nil)
    #expect(try connection.query("SELECT t FROM there").rows() == [[.text("old")]])
  }

  @Test("Buffers are given back once the engine has read them")
  func givenBack() throws {
    let connection = try Engine.connect()
    weak var watched: ColumnBuffer?
    var given = 0
    _ = try connection.ingest("freed", columns: columns) {
      given += 1
      guard given == 1 else { return nil }
      let batch = batch([("a", 1)])
      watched = batch.columns[0]
      return batch
    }
    #expect(watched == nil)
  }

  @Test("Any name and any column name will do")
  func names() throws {
    let connection = try Engine.connect()
    let column = ColumnBuffer(.int64)
    column.append(1)
    let odd = [(name: "a \"b\" 'c' é", kind: ColumnBuffer.Kind.int64)]
    var batches = [ColumnBatch(names: [odd[0].name], columns: [column])]
    _ = try connection.ingest("odd \"table\"", columns: odd) { batches.popLast() }
    let table = sqlName("odd \"table\"")
    #expect(
      try connection.query("SELECT \(sqlName(odd[0].name)) FROM \(table)").rows() == [[.int(1)]])
    #expect(try connection.describe("FROM \(table)").map(\.name) == [odd[0].name])
  }
}

import Basics
import DeltaLake
import Lakehouse
import TestKit
import Testing

/// Podium, the deltalake package and Sail write to one table in turn.
///
/// After every step all of them, and DuckDB, read the rows that the same steps leave in a plain table.
@Suite("Writers in turn", .serialized)
struct OutsideWriterTests {
  /// A change that every writer knows; conditions are SQL that all of them mean the same by.
  private enum Change {
    case append(String)
    /// Rows of the same id are replaced, others added.
    case merge(String)
    case delete(String)
    case update(String, where: String)
    case overwrite(String, where: String)
    /// Makes the table, partitioned; only for others than Podium.
    case create(String)
    case optimize
    case checkpoint
  }

  private enum Writer: String, CaseIterable {
    case podium, deltalake, sail
  }

  /// A table, and beside it in the engine one called `model` with the rows that it must have.
  private final class Turns {
    let table: FolderTable
    let readers: [String]
    /// The rows of each version.
    private var versions: [Int64: [JSON]] = [:]

    static let schema = Schema([
      StructField("id", .long), StructField("p", .string), StructField("v", .string),
      StructField("d", .decimal(precision: 12, scale: 2)), StructField("t", .timestamp),
    ])

    init(readers: [String]) throws {
      self.readers = readers
      table = try FolderTable(session: EngineProvider(lake: nil).session())
      try table.connection.execute("CREATE TABLE model AS \(Self.schema.emptyQuery)")
    }

    /// Rows of some ids, with a text that says who wrote them, in partitions of odd names.
    func rows(_ ids: [Int], _ text: String) -> String {
      let list = ids.map { "(\($0))" }.joined(separator: ", ")
      return """
        SELECT i::BIGINT AS id, CASE i % 5 WHEN 0 THEN NULL WHEN 1 THEN 'a b' WHEN 2 THEN 'a/b' \
        WHEN 3 THEN 'a%b' ELSE 'ü=' END AS p, '\(text) ' || i AS v, (i / 4)::DECIMAL(12, 2) AS d, \
        TIMESTAMPTZ '2024-02-29 12:00:00.123456Z' + to_hours(i) AS t FROM (VALUES \(list)) AS r(i)
        """
    }

    private func expect(_ change: Change) throws {
      let statements =
        switch change {
        case .create(let rows), .append(let rows): ["INSERT INTO model \(rows)"]
        case .merge(let rows):
          ["DELETE FROM model WHERE id IN (SELECT id FROM (\(rows)))", "INSERT INTO model \(rows)"]
        case .delete(let condition): ["DELETE FROM model WHERE \(condition)"]
        case .update(let value, let condition):
          ["UPDATE model SET v = \(value) WHERE \(condition)"]
        case .overwrite(let rows, let condition):
          ["DELETE FROM model WHERE \(condition)", "INSERT INTO model \(rows)"]
        case .optimize, .checkpoint: [String]()
        }
      for statement in statements { try table.connection.execute(statement) }
    }

    private func podium(_ change: Change) throws {
      switch change {
      case .create: break
      case .append(let rows): try table.append(rows)
      case .merge(let rows): try table.merge(rows)
      case .delete(let condition): try table.delete(condition)
      case .update(let value, let condition): try table.update(["v": value], condition)
      case .overwrite(let rows, let condition): try table.overwrite(.rows(where: condition), rows)
      case .optimize: try table.optimize()
      case .checkpoint: try table.table.writeCheckpoint(table.table.snapshot())
      }
    }

    private func outside(_ writer: Writer, _ change: Change) throws {
      func values(_ query: String) throws -> (String, JSON) {
        ("values", .array(try table.rows(of: query)))
      }
      let arguments: [(String, JSON)] =
        switch change {
        case .create(let rows): [("kind", "create"), try values(rows)]
        case .append(let rows): [("kind", "append"), try values(rows)]
        case .merge(let rows): [("kind", "merge"), try values(rows)]
        case .delete(let condition): [("kind", "delete"), ("where", .string(condition))]
        case .update(let value, let condition):
          [("kind", "update"), ("set", .string(value)), ("where", .string(condition))]
        case .overwrite(let rows, let condition):
          [("kind", "overwrite"), try values(rows), ("where", .string(condition))]
        case .optimize: [("kind", "optimize")]
        case .checkpoint: [("kind", "checkpoint")]
        }
      _ = try Outsiders.ask(
        "write",
        [("writer", .string(writer.rawValue)), ("path", .string(table.path))] + arguments)
    }

    /// Lets one of them change the table, and all read it.
    func turn(
      _ writer: Writer, _ change: Change, _ place: SourceLocation = #_sourceLocation
    ) throws {
      if writer == .podium { try podium(change) } else { try outside(writer, change) }
      try expect(change)
      let expected = try table.rows(of: "SELECT * FROM model")
      let about = "after \(writer)'s \(change)"
      #expect(try rows() == expected, "podium \(about)", sourceLocation: place)
      versions[try table.table.snapshot().version] = expected
      let names = JSON.array(Self.schema.names.map(JSON.string))
      for reader in readers {
        let found: JSON
        do {
          found = try Outsiders.ask(
            "read",
            [("reader", .string(reader)), ("path", .string(table.path)), ("names", names)])
        } catch let error as OutsideError {
          Issue.record("\(reader) \(about): \(error)", sourceLocation: place)
          continue
        }
        if found.array?.ordered != expected {
          Issue.record("\(reader) \(about): \(found.text.prefix(2000))", sourceLocation: place)
        }
      }
    }

    /// What Podium reads; others may have put the columns into another order.
    private func rows(_ version: Int64? = nil) throws -> [JSON] {
      let names = Self.schema.names.joined(separator: ", ")
      return try table.rows(of: "SELECT \(names) FROM \(table.scan(version: version))")
    }

    /// Reads all versions, behind whoever's checkpoints there are.
    func compareAll() throws {
      for (version, rows) in versions {
        #expect(try self.rows(version) == rows, "version \(version)")
      }
    }

    /// Who committed a version.
    func writer(of entry: HistoryEntry) -> Writer? {
      let text = entry.info.map { JSON.object($0.fields).text } ?? ""
      let marks: [(Writer, String)] = [
        (.podium, "Podium/"), (.deltalake, "delta-rs"), (.sail, "sail-delta"),
      ]
      return marks.first { text.contains($0.1) }?.0
    }
  }

  private static let readers = ["deltalake_query", "duckdb", "sail"]

  @Test(
    "All see the same rows after each step of each",
    arguments: [
      (false, [:]), (true, [:]), (true, ["delta.enableDeletionVectors": "true"]),
    ] as [(Bool, [String: String])])
  func turns(partitioned: Bool, configuration: [String: String]) throws {
    // Deletion vectors the package reads by its own queries alone.
    let turns = try Turns(
      readers: configuration.isEmpty ? ["deltalake"] + Self.readers : Self.readers)
    try turns.table.create(
      Turns.schema.fields, partitionedBy: partitioned ? ["p"] : [],
      configuration: configuration.merging(["delta.checkpointInterval": "5"]) { $1 }, protocol: nil)
    for (round, order) in [
      Writer.allCases, [.sail, .podium, .deltalake], [.deltalake, .sail, .podium],
    ].enumerated() {
      for (index, writer) in order.enumerated() {
        let first = (round * 3 + index) * 10
        try turns.turn(writer, .append(turns.rows(Array(first + 1...first + 10), "\(writer)")))
        // Of rows that another one wrote, if there are any yet, and of new ones.
        let theirs = [first - 8, first - 7, first - 6].filter { $0 > 0 }
        let ids = theirs + [first + 2, 1000 + first]
        try turns.turn(writer, .merge(turns.rows(ids, "\(writer) merged")))
        try turns.turn(writer, .delete("id = \(first + 3) OR id = \(first - 5)"))
        try turns.turn(
          writer, .update("'\(writer) set'", where: "id = \(first + 4) OR p = 'a/b'"))
      }
      try turns.turn([.deltalake, .podium, .deltalake][round], .optimize)
      try turns.turn([.podium, .deltalake, .podium][round], .checkpoint)
    }
    for (index, writer) in Writer.allCases.enumerated() {
      let id = 2001 + index * 5
      try turns.turn(writer, .overwrite(turns.rows([id], "\(writer) over"), where: "p = 'a b'"))
      try turns.turn(writer, .delete("p IS NULL"))
      try turns.turn(writer, .append(turns.rows([id + 4, id + 2], "\(writer) after")))
    }
    try turns.compareAll()
    // Each committed, and each wrote a checkpoint of what the others had done.
    let history = try turns.table.table.history()
    let checkpoints = try turns.table.table.store.list("_delta_log/").map(\.path).filter {
      $0.hasSuffix(".checkpoint.parquet")
    }
    for writer in Writer.allCases {
      let own = history.filter { turns.writer(of: $0) == writer }.map(\.version)
      #expect(own.count >= 13, "\(writer)")
    }
    #expect(checkpoints.count >= 5)
  }

  @Test("What another one promised, Podium keeps")
  func promises() throws {
    let table = try FolderTable()
    try table.create([StructField("id", .long), StructField("v", .string)])
    try table.append("SELECT 1 AS id, 'a' AS v")
    func ask(_ statement: String) throws {
      _ = try Python.json(
        """
        import sys
        from deltalake import DeltaTable, Field
        from deltalake.schema import PrimitiveType
        table = DeltaTable(sys.argv[1])
        \(statement)
        print("null")
        """, [table.path])
    }
    try ask("table.alter.add_constraint({'few': 'id < 10'})")
    #expect(throws: DeltaError.constraintViolated(name: "few", rows: 1, table: table.path)) {
      try table.append("SELECT 50 AS id, 'x' AS v")
    }
    try ask("table.alter.add_columns([Field('w', PrimitiveType('double'))])")
    try table.append("SELECT 2 AS id, 'b' AS v, 0.5 AS w")
    try ask("table.alter.set_table_properties({'delta.enableChangeDataFeed': 'true'})")
    let version = try table.update(["v": "'c'"], "id = 1").snapshot.version
    #expect(try table.table.snapshot().hasChangeFeed)
    let changes = try Outsiders.ask(
      "changes",
      [("path", .string(table.path)), ("names", ["id", "v", "w"]), ("first", .int(version))])
    #expect(
      changes.array?.ordered == [
        [.int(version), "update_postimage", 1, "c", .null],
        [.int(version), "update_preimage", 1, "a", .null],
      ])
    try ask("table.alter.set_table_properties({'delta.appendOnly': 'true'})")
    #expect(throws: DeltaError.appendOnly(table.path)) { try table.delete("id = 1") }
    #expect(try table.rows() == [[1, "c", .null], [2, "b", .number("0.5")]])
  }

  @Test("A table that another one made is written to by all", arguments: ["deltalake", "sail"])
  func theirs(maker: String) throws {
    let maker = try #require(Writer(rawValue: maker))
    let turns = try Turns(readers: ["deltalake"] + Self.readers)
    try turns.turn(maker, .create(turns.rows(Array(1...12), "first")))
    for (index, writer) in Writer.allCases.enumerated() {
      let first = 20 + index * 10
      try turns.turn(writer, .merge(turns.rows([index + 1, first, first + 1], "\(writer)")))
      try turns.turn(writer, .delete("id = \(first) OR id = \(index + 5)"))
      try turns.turn(writer, .append(turns.rows([first + 5], "\(writer)")))
    }
    try turns.turn(.podium, .checkpoint)
    try turns.turn(.podium, .optimize)
    for writer in Writer.allCases {
      try turns.turn(writer, .update("'\(writer)'", where: "p = 'a%b'"))
      try turns.turn(writer, .overwrite(turns.rows([7], "\(writer)"), where: "p = 'a/b'"))
    }
    try turns.compareAll()
  }
}

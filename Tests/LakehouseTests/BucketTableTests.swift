import Basics
import DeltaLake
import Engines
import Podium
import S3
import Storage
import TestKit
import Testing

@testable import Lakehouse

@Suite("A table in a bucket")
struct BucketTableTests {
  private let server: S3Server
  private let lake: Lake
  private let session: EngineSession
  private let folder: TemporaryFolder

  init() throws {
    server = try S3Server()
    folder = try TemporaryFolder()
    let variables = server.environment
    let settings = try S3Settings.fromEnvironment { variables[$0] }
    lake = try Lake(at: "s3://lake/t", settings: settings, cache: folder.path)
    session = try EngineProvider(lake: lake).session()
  }

  /// The table as a process sees it that has read nothing yet.
  private func table(clock: Clock = .system) throws -> DeltaTable {
    let variables = server.environment
    let other = try Lake(
      at: "s3://lake/t", settings: try S3Settings.fromEnvironment { variables[$0] },
      cache: folder.path, clock: clock)
    return other.table(.of(Sample.members)) { [session] in DuckDBParquet(session) }
  }

  private func append(_ number: Int, to table: DeltaTable, _ base: Snapshot) throws -> Snapshot {
    try table.append(
      Relation("(SELECT CAST(\(number) AS BIGINT) AS id)"), base,
      transaction: Transaction("WRITE", isBlindAppend: true)
    ).snapshot
  }

  @Test(
    "A commit takes three requests besides the data, and a log with a hint is listed once from there"
  )
  func requests() throws {
    let table = try table()
    var state = try table.create(
      Metadata(id: "x", schema: Schema([StructField("id", .long)])),
      transaction: Transaction("CREATE TABLE", isBlindAppend: true))
    for number in 1...3 {
      let requests = try server.requests { state = try append(number, to: table, state) }
      // That the commit before is there, the commit itself, and its checksum.
      #expect(requests.filter { !$0.contains(".parquet") }.count == 3, "\(requests)")
      #expect(requests.filter { $0.contains(".parquet") && $0.hasPrefix("PUT") }.count == 1)
    }
    for number in 4...12 { state = try append(number, to: table, state) }
    let reader = try self.table()
    let requests = try server.requests {
      let read = try reader.snapshot()
      #expect(read.version == 12 && read.rowCount == 12)
    }
    let listings = requests.filter { $0.contains("list-type=2") }
    #expect(listings.count == 1)
    #expect(listings.first?.contains("start-after=t%2Fsilver%2Fmembers%2F_delta_log%2F") == true)
    // Older commits are not asked for.
    #expect(!requests.contains { $0.contains("00000000000000000009.json") })
  }

  @Test("What a process had written of a checkpoint when it was killed goes after a day")
  func unfinishedCheckpoint() throws {
    let table = try table()
    let state = try table.create(
      Metadata(id: "x", schema: Schema([StructField("id", .long)])),
      transaction: Transaction("CREATE TABLE", isBlindAppend: true))
    let left = "_delta_log/.tmp-checkpoint-1"
    try table.store.put(left, [1, 2, 3])
    #expect(try table.cleanLog(state).isEmpty)
    let tomorrow = Timestamp(milliseconds: Clock.system.now().milliseconds + 90_000_000)
    #expect(try self.table(clock: Clock { tomorrow }).cleanLog(state).map(\.path) == [left])
    #expect(try !table.store.list("_delta_log/").contains { $0.path == left })
  }

  @Test("Rows are written, updated and read by the engine, and names may be odd")
  func rows() throws {
    let schema = Schema([
      StructField("id", .long), StructField("day", .date), StructField("word", .string),
    ])
    let table = try table()
    var state = try table.create(
      Metadata(
        id: "x", schema: schema, partitionColumns: ["word"],
        configuration: ["delta.enableDeletionVectors": "true"]),
      transaction: Transaction("CREATE TABLE", isBlindAppend: true))
    let words = ["a b", "50%", "ü/=&?#+", "'q' \"x\"", "[1-2]*{}", ""]
    let rows = words.enumerated().map {
      "SELECT CAST(\($0) AS BIGINT) AS id, DATE '2025-03-01' AS day, \(sqlLiteral($1)) AS word"
    }.joined(separator: " UNION ALL ")
    state = try table.append(
      Relation("(\(rows))"), state, transaction: Transaction("WRITE", isBlindAppend: true)
    ).snapshot
    state = try table.delete(
      where: "id = 2", state, transaction: Transaction("DELETE", reads: .table)
    ).snapshot
    state = try table.update(
      ["day": "DATE '2025-03-02'"], where: "id = 1", state,
      transaction: Transaction("UPDATE", reads: .table)
    ).snapshot
    let fresh = try self.table()
    let relation = try DuckDBParquet(session).scan(fresh.scan(fresh.snapshot()))
    let found = try session.connection.query(
      "SELECT id, CAST(day AS VARCHAR), word FROM \(relation.name) ORDER BY id"
    ).rows().map { $0.map(\.plain) }
    #expect(
      found == [
        ["0", "2025-03-01", "a b"], ["1", "2025-03-02", "50%"], ["3", "2025-03-01", "'q' \"x\""],
        ["4", "2025-03-01", "[1-2]*{}"], ["5", "2025-03-01", ""],
      ])
  }

  @Test(
    "The engine's requests that fail for a passing reason are not seen",
    arguments: ["500", "503", "429", "cut", "lost"])
  func faults(kind: String) throws {
    let table = try table()
    var state = try table.create(
      Metadata(id: "x", schema: Schema([StructField("id", .long)])),
      transaction: Transaction("CREATE TABLE", isBlindAppend: true))
    try server.fail(["every": 3, "kind": .string(kind)])
    for number in 1...8 {
      state = try append(number, to: table, state)
      let reader = try self.table()
      let relation = try DuckDBParquet(session).scan(reader.scan(reader.snapshot()))
      #expect(
        try session.count("SELECT sum(id) FROM \(relation.name)")
          == Int64(number * (number + 1) / 2))
    }
    #expect(try server.fail().failed > 8)
  }
}

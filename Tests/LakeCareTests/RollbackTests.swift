import Basics
import DeltaLake
import LakeCare
import Lakehouse
import Podium
import Runner
import RunnerTestKit
import Storage
import TestKit
import Testing

@Suite("Rolling back a run")
struct RollbackTests {
  static let tables = People.tables + [People.saleFeed, People.sales, People.log]
  let lake: TestLake

  init() throws { lake = try TestLake() }

  static let lots: [(people: [String], sales: String)] = [
    (
      [
        "1,Ann,Rome,1.00,5,put", "2,Bob,Oslo,2.00,5,put", "3,Cid,Bern,-3.00,5,put", "4,,,,5,delete",
      ],
      "s1,1,1.00,1\ns2,9,2.00,1\ns3,1,2000,1\n"
    ),
    (
      [
        "1,Ann,Wien,1.50,6,put", "2,,,,6,delete", "4,Dan,Linz,4.00,4,put", "9,Ida,Bonn,9.00,1,put",
        "10,Joe,Bonn,-9.00,1,put",
      ],
      "s1,1,1.50,2\ns4,2,2.00,1\ns5,1,3000,1\n"
    ),
    (["2,Bob,Oslo,2.50,7,put", "1,,,,7,delete", "5,Eve,Rome,-1,1,put"], "s6,2,6.00,1\n"),
  ]

  private func land(_ lot: Int, in lake: TestLake) throws {
    try lake.landPeople("p\(lot)", RollbackTests.lots[lot].people)
    try lake.land("sales/s\(lot).csv", People.saleHeader + RollbackTests.lots[lot].sales)
  }

  /// Lands a lot and takes it in.
  @discardableResult
  private func run(_ lot: Int, _ selectors: String = "") throws -> String {
    try land(lot, in: lake)
    return expectSuccess(try lake.run(RollbackTests.tables, selectors)).run
  }

  @discardableResult
  private func rollBack(
    _ run: String, withLater: Bool = false, keepLanding: Bool = false
  ) throws -> Rollback {
    let care = try lake.care(RollbackTests.tables)
    let lock = try LakeLock(lake.lake, command: "rollback", patience: 0)
    defer { withExtendedLifetime(lock) {} }
    try care.finishInterrupted()
    let rollback = try care.planRollback(
      RollbackRequest(run: run, withLater: withLater, keepLanding: keepLanding))
    try care.carryOut(rollback)
    return rollback
  }

  /// A lake into which one run took some lots.
  private func fresh(_ lots: [Int]) throws -> TestLake {
    let other = try TestLake()
    for lot in lots { try land(lot, in: other) }
    expectSuccess(try other.run(RollbackTests.tables))
    return other
  }

  private func error(_ body: () throws -> Void) -> RollbackError? {
    do { try body() } catch { return error as? RollbackError }
    return nil
  }

  @Test("All tables are as they were before it, and the next run takes its files again")
  func again() throws {
    try run(0)
    let before = try lake.copy()
    let second = try run(1)
    let after = try lake.copy()
    let rollback = try rollBack(second)
    #expect(rollback.files == 2)
    try expectSame(lake, before, RollbackTests.tables)
    try expect(.tombstones(of: People.people), in: lake, is: "id\n4")
    let next = expectSuccess(try lake.run(RollbackTests.tables))
    #expect(next[People.people]?.reason == "new rows")
    #expect(next[People.feed]?.counts.inserted == 5)
    try expectSame(lake, after, RollbackTests.tables)
    #expect(try lake.run(RollbackTests.tables).committed == [])
    expectSuccess(try lake.run(RollbackTests.tables, fullRefresh: true))
    try expectSame(lake, after, RollbackTests.tables)
  }

  @Test("The very first run leaves empty tables, and the next one fills them")
  func first() throws {
    let first = try run(0)
    let after = try lake.copy()
    try rollBack(first)
    for table in RollbackTests.tables {
      #expect(try lake.snapshot(.of(table))?.files.count == 0)
    }
    expectSuccess(try lake.run(RollbackTests.tables))
    try expectSame(lake, after, RollbackTests.tables)
    #expect(try lake.run(RollbackTests.tables).committed == [])
  }

  @Test("Files that count as taken stay out for good, also of a full refresh")
  func keptLanding() throws {
    try run(0)
    let second = try run(1)
    try rollBack(second, keepLanding: true)
    #expect(try lake.run(RollbackTests.tables).committed == [])
    let other = try fresh([0])
    try expectSame(lake, other, RollbackTests.tables)
    try run(2)
    expectSuccess(try lake.run(RollbackTests.tables, fullRefresh: true))
    try expectSame(lake, try fresh([0, 2]), RollbackTests.tables)
  }

  @Test("Runs that built on it are named, and rolled back with it where that is asked for")
  func later() throws {
    try run(0)
    let before = try lake.copy()
    let second = try run(1)
    let third = try run(2)
    #expect(error { try rollBack(second) } == .laterRuns(second, [third]))
    let rollback = try rollBack(second, withLater: true)
    #expect(rollback.runs == [second, third].sorted())
    try expectSame(lake, before, RollbackTests.tables)
    expectSuccess(try lake.run(RollbackTests.tables))
    try expectSame(lake, try fresh([0, 1, 2]), RollbackTests.tables)
    #expect(
      error { try rollBack(third) }.map { "\($0)".contains("was rolled back already") } == true)
  }

  @Test("A run that only read what it wrote is one that built on it")
  func readers() throws {
    try run(0)
    let bronze = try run(1, "bronze")
    let silver = expectSuccess(try lake.run(RollbackTests.tables, "silver")).run
    let gold = expectSuccess(try lake.run(RollbackTests.tables, "gold")).run
    #expect(error { try rollBack(bronze) } == .laterRuns(bronze, [silver, gold].sorted()))
    try rollBack(gold)
    try rollBack(silver)
    try rollBack(bronze)
    try expectSame(lake, try fresh([0]), RollbackTests.tables)
    expectSuccess(try lake.run(RollbackTests.tables))
    try expectSame(lake, try fresh([0, 1]), RollbackTests.tables)
  }

  @Test("Tables that had not read it yet go on as if it had never been")
  func behind() throws {
    try run(0)
    let bronze = try run(1, "bronze")
    try rollBack(bronze)
    #expect(try lake.run(RollbackTests.tables, "silver gold").committed == [])
    expectSuccess(try lake.run(RollbackTests.tables))
    try expectSame(lake, try fresh([0, 1]), RollbackTests.tables)
  }

  @Test("A run whose id is not known, or is the beginning of several, is asked for again")
  func names() throws {
    let first = try run(0)
    let second = try run(1)
    let near = String(second.dropLast()) + "~"
    #expect(error { try rollBack(near) } == .unknownRun(near, near: second))
    #expect(error { try rollBack("2025") } == .severalRuns("2025", [first, second].sorted()))
    try rollBack(String(second.dropLast()))
    #expect(try rollBack("latest").runs == [first])
  }

  @Test("What is the work of no run is not undone, and moved rows are no hindrance")
  func others() throws {
    try run(0)
    let second = try run(1)
    try lake.maintain(RollbackTests.tables)
    let session = try TestLake.engine.session()
    let delta = lake.lake.table(.of(People.cities)) { DuckDBParquet(session) }
    let copy = try lake.copy()
    _ = try delta.delete(
      where: "city = 'Wien'", delta.snapshot(),
      transaction: Transaction("DELETE", isBlindAppend: false))
    let version = try #require(try lake.version(People.cities))
    #expect(
      error { try rollBack(second) }
        == .otherCommit(table: "gold.cities", version: version, operation: "DELETE"))
    let care = try copy.care(RollbackTests.tables)
    try care.carryOut(try care.planRollback(RollbackRequest(run: second)))
    try expectSame(copy, try fresh([0]), RollbackTests.tables)
  }

  @Test("Where landing files are gone their rows are not thrown away unasked")
  func goneFiles() throws {
    try run(0)
    let second = try run(1)
    lake.remove("landing/people/p1.csv")
    let before = try lake.copy()
    #expect(error { try rollBack(second) } == .landingGone(["people/p1.csv"]))
    try expectSame(lake, before, RollbackTests.tables)
    try rollBack(second, keepLanding: true)
  }

  @Test(
    "One that ends before any of its commits is finished by the next command",
    arguments: [
      TableLocation.of(People.feed), .of(People.people), .quarantine(of: People.people),
      .tombstones(of: People.people), .of(People.cities), .of(People.sales), .of(People.log),
    ])
  func interrupted(_ location: TableLocation) throws {
    try run(0)
    let before = try lake.copy()
    let second = try run(1)
    try lake.block(location)
    #expect(throws: (any Error).self) { try rollBack(second) }
    try lake.giveWay(location)
    guard case .rollback(let finished) = try lake.care(RollbackTests.tables).finishInterrupted()
    else { throw TestKitError("no rollback was finished") }
    #expect(finished.runs == [second])
    try expectSame(lake, before, RollbackTests.tables)
    #expect(try lake.care(RollbackTests.tables).finishInterrupted() == nil)
    let next = expectSuccess(try lake.run(RollbackTests.tables))
    #expect(next[People.people]?.reason == "new rows")
    try expectSame(lake, try fresh([0, 1]), RollbackTests.tables)
  }

  @Test("A run that ended in the middle can be rolled back too")
  func brokenRun() throws {
    try run(0)
    try land(1, in: lake)
    try lake.block(.of(People.people))
    let broken = try lake.run(RollbackTests.tables)
    try lake.giveWay(.of(People.people))
    try rollBack(broken.run)
    #expect(try lake.openBatch(People.people) == nil)
    try expectSame(lake, try fresh([0]), RollbackTests.tables)
    expectSuccess(try lake.run(RollbackTests.tables))
    try expectSame(lake, try fresh([0, 1]), RollbackTests.tables)
  }

  @Test("Rows that were given up last are the newest work: they wait in quarantine again")
  func drop() throws {
    let first = try run(0)
    try expect(.quarantine(of: People.people), in: lake, is: "id\n3")
    #expect(try lake.drop(People.people, RollbackTests.tables) == 1)
    let ledger = try #require(try Ledger.reading(lake.lake))
    let drop = try #require(try ledger.runs(limit: 1).first)
    #expect(drop.kind == .drop)
    #expect(drop.selectors == "quarantine drop silver.people")
    #expect(try rollBack("latest").runs == [drop.run])
    try expect(.quarantine(of: People.people), in: lake, is: "id\n3")
    try expect(.droppedRows, in: lake, is: "file")
    try expectSame(lake, try fresh([0]), RollbackTests.tables)
    try rollBack("latest")
    #expect(error { try rollBack("latest") } == .noRun)
    #expect(error { try rollBack(first) } != nil)
  }

  @Test("A backfill is rolled back with all its parts")
  func backfill() throws {
    let report = Table(
      "gold.report", about: "One row per business date and city.",
      columns: [
        .date("as_of", "The business date."), .string("city", "A city."), .int("people", "People."),
      ], key: ["as_of", "city"], write: .derived(by: .partition("as_of")),
      partitionedBy: ["as_of"],
      query: "SELECT \(.asOf) AS as_of, city, people FROM \(People.cities)")
    let tables = People.tables + [report]
    try lake.landPeople("a", "1,Ann,Rome,1.00,5,put")
    expectSuccess(try lake.run(tables, asOf: "2025-03-10"))
    let first = try #require(CivilDate("2025-03-01"))
    let last = try #require(CivilDate("2025-03-03"))
    let runner = Runner(lake: lake.lake, graph: try Graph(tables), engine: TestLake.engine)
    let done = try runner.run(try runner.planBackfill(report.name, first, last, by: .day))
    try expect(
      report, in: lake, is: "as_of\n2025-03-01\n2025-03-02\n2025-03-03\n2025-03-10")
    let care = try lake.care(tables)
    let rollback = try care.planRollback(RollbackRequest(run: "latest"))
    #expect(rollback.runs == [done.id])
    try care.carryOut(rollback)
    try expect(report, in: lake, is: "as_of\n2025-03-10")
    #expect(try lake.run(tables, asOf: "2025-03-10").committed == [])
  }

  @Test("The record of runs says what was rolled back")
  func ledger() throws {
    try run(0)
    let second = try run(1)
    try rollBack(second)
    let runs = try #require(try Ledger.reading(lake.lake)).runs(limit: 5)
    #expect(runs.map(\.status) == ["succeeded", "rolled back", "succeeded"])
    #expect(runs.map(\.kind) == [.rollback, .run, .run])
    #expect(runs[0].selectors == "rollback \(second)")
  }
}

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

@Suite("Environments")
struct EnvironmentTests {
  static let tables = People.tables + [People.saleFeed, People.sales, People.log]
  let lake: TestLake

  init() throws { lake = try TestLake() }

  private func land(_ number: Int) throws {
    try lake.landPeople(
      "p\(number)", "\(number),Ann,Rome,1.00,5,put", "x,Bob,Oslo,2,\(number),put",
      "y,Cid,Oslo,-2,\(number),put", "z,,,,\(number),delete")
    try lake.land(
      "sales/s\(number).csv", People.saleHeader + "s\(number),x,1.00,\(number)\nt,9,2000,1\n")
  }

  /// Runs tables in an environment, as `run --env` does.
  @discardableResult
  private func run(
    in name: String, _ selectors: String = "", _ tables: [Table] = EnvironmentTests.tables
  ) throws -> RunReport {
    try lake.run(tables, selectors, in: name)
  }

  private func promote(
    _ name: String, _ selectors: String = "", _ tables: [Table] = EnvironmentTests.tables
  ) throws {
    try lake.promote(tables, selectors, from: name)
  }

  /// All files of production, without the record of runs.
  private func production() throws -> [String: [UInt8]] {
    Dictionary(
      uniqueKeysWithValues: try lake.files().filter {
        !$0.hasPrefix("dev_") && !$0.hasPrefix(".podium/")
      }.map { ($0, try lake.read($0)) })
  }

  private func fresh(_ tables: [Table] = EnvironmentTests.tables) throws -> TestLake {
    let other = try TestLake()
    try other.copy("landing", from: lake)
    expectSuccess(try other.run(tables))
    return other
  }

  private func error(_ body: () throws -> Void) -> EnvironmentError? {
    do { try body() } catch { return error as? EnvironmentError }
    return nil
  }

  @Test("What is run in one lies under its prefix, and nothing of production changes")
  func prefix() throws {
    try land(1)
    expectSuccess(try lake.run(EnvironmentTests.tables))
    try land(2)
    let before = try production()
    expectSuccess(try run(in: "dev"))
    #expect(try production() == before)
    #expect(try lake.names("dev_silver") == ["people", "sale_log", "sales"])
    #expect(try lake.names(".podium/environments/dev").contains("ledger.sqlite"))
    #expect(try run(in: "dev").committed == [])
    expectSuccess(try lake.run(EnvironmentTests.tables))
    let care = try lake.care(EnvironmentTests.tables)
    #expect(try care.environments().map(\.name) == ["dev"])
    #expect(try care.summary("dev").tables.count == EnvironmentTests.tables.count)
  }

  @Test("It reads from production what was not run in it, and follows it")
  func sandbox() throws {
    try land(1)
    expectSuccess(try lake.run(EnvironmentTests.tables))
    let before = try production()
    expectSuccess(try run(in: "dev", "gold.cities"))
    #expect(try production() == before)
    #expect(try lake.names("dev_gold") == ["cities"])
    #expect(try lake.files("dev_silver") == [])
    #expect(try run(in: "dev", "gold").committed == [])
    try land(2)
    expectSuccess(try lake.run(EnvironmentTests.tables, "bronze silver"))
    let next = expectSuccess(try run(in: "dev", "gold"))
    #expect(next[People.cities]?.reason.contains("of city") == true)
    try promote("dev")
    try expectSame(lake, try fresh(), EnvironmentTests.tables)
    #expect(try lake.run(EnvironmentTests.tables).committed == [])
  }

  @Test("What is promoted is production's from then on, and the next run goes on incrementally")
  func promotion() throws {
    try land(1)
    expectSuccess(try lake.run(EnvironmentTests.tables))
    try land(2)
    expectSuccess(try run(in: "dev"))
    try promote("dev")
    try expectSame(lake, try fresh(), EnvironmentTests.tables)
    #expect(try lake.run(EnvironmentTests.tables).committed == [])
    try expect(.tombstones(of: People.people), in: lake, is: "id\nz")
    try land(3)
    let run = expectSuccess(try lake.run(EnvironmentTests.tables))
    #expect(run[People.people]?.reason == "new rows")
    #expect(run[People.feed]?.counts.inserted == 4)
    try expectSame(lake, try fresh(), EnvironmentTests.tables)
    let care = try lake.care(EnvironmentTests.tables)
    try care.drop("dev")
    #expect(try care.environments() == [])
    #expect(try !lake.names().contains { $0.hasPrefix("dev_") })
    try expectSame(lake, try fresh(), EnvironmentTests.tables)
    expectSuccess(try lake.run(EnvironmentTests.tables, fullRefresh: true))
    try expectSame(lake, try fresh(), EnvironmentTests.tables)
  }

  @Test("A first promotion makes production's tables")
  func empty() throws {
    try land(1)
    expectSuccess(try run(in: "dev"))
    #expect(
      try lake.names() == [
        ".podium", "dev_bronze", "dev_gold", "dev_quarantine", "dev_silver", "landing",
      ])
    try promote("dev")
    try expectSame(lake, try fresh(), EnvironmentTests.tables)
    #expect(try lake.run(EnvironmentTests.tables).committed == [])
  }

  @Test("A changed declaration is tried on production's rows and promoted with what needs it")
  func changedDeclaration() throws {
    try land(1)
    expectSuccess(try lake.run(People.tables))
    let lenient = People.people([])
    let changed = [People.feed, lenient, People.cities(of: lenient)]
    expectSuccess(try run(in: "dev", "silver.people+", changed))
    try expect(People.people, in: lake, is: "id\n1\nx")
    // Production goes on meanwhile.
    try land(2)
    expectSuccess(try lake.run(People.tables))
    try promote("dev", "", changed)
    try expect(People.people, in: lake, is: "id\n1\nx\ny")
    try expect(.quarantine(of: People.people), in: lake, is: "id")
    let run = expectSuccess(try lake.run(changed))
    #expect(run[lenient]?.reason == "new rows")
    try expectSame(lake, try fresh(changed), changed)
  }

  @Test("It is refused where rows would be lost, or tables would no longer fit")
  func refusals() throws {
    try land(1)
    expectSuccess(try run(in: "dev"))
    try land(2)
    expectSuccess(try lake.run(EnvironmentTests.tables))
    let before = try production()
    let missing = error { try promote("dev") }
    #expect(
      missing
        == .filesMissing(
          table: People.feed.name, files: 1, example: "people/p2.csv", environment: "dev"))
    #expect(
      error { try promote("dev", "gold") }
        == .inputStays(table: People.cities.name, input: People.people.name, environment: "dev"))
    expectSuccess(try run(in: "dev", "bronze"))
    #expect(
      error { try promote("dev") }
        == .behind(table: People.people.name, input: People.feed.name, environment: "dev"))
    #expect(error { try promote("dve") } == .unknown("dve", known: ["dev"]))
    #expect(error { try lake.care(EnvironmentTests.tables).drop("dve") } != nil)
    #expect(try production() == before)
    expectSuccess(try run(in: "dev"))
    try promote("dev")
    try expectSame(lake, try fresh(), EnvironmentTests.tables)
  }

  @Test(
    "One that ends before any of its commits is finished by the next command",
    arguments: [
      TableLocation.of(People.feed), .of(People.people), .quarantine(of: People.people),
      .tombstones(of: People.people), .of(People.cities), .of(People.log),
    ])
  func interrupted(_ location: TableLocation) throws {
    try land(1)
    expectSuccess(try lake.run(EnvironmentTests.tables))
    try land(2)
    expectSuccess(try run(in: "dev"))
    try lake.block(location)
    #expect(throws: (any Error).self) { try promote("dev") }
    try lake.giveWay(location)
    guard case .promotion = try lake.care(EnvironmentTests.tables).finishInterrupted() else {
      throw TestKitError("no promotion was finished")
    }
    try expectSame(lake, try fresh(), EnvironmentTests.tables)
    #expect(try lake.run(EnvironmentTests.tables).committed == [])
    try land(3)
    expectSuccess(try lake.run(EnvironmentTests.tables))
    try expectSame(lake, try fresh(), EnvironmentTests.tables)
  }

  @Test("What is production's already is not promoted again")
  func again() throws {
    try land(1)
    expectSuccess(try run(in: "dev"))
    try promote("dev")
    let before = try production()
    #expect(try lake.care(EnvironmentTests.tables).planPromotion("dev", []).changes.isEmpty)
    // One table went on, and what needs it: the others keep their versions.
    try lake.land("sales/s2.csv", People.saleHeader + "s2,x,1.00,2\n")
    expectSuccess(try run(in: "dev"))
    let promotion = try lake.care(EnvironmentTests.tables).planPromotion("dev", [])
    #expect(
      promotion.changes.map(\.name) == [
        "bronze.sales", "silver.sale_log", "silver.sales",
      ])
    try lake.care(EnvironmentTests.tables).carryOut(promotion)
    #expect(
      before.keys.filter { $0.hasPrefix("silver/people/") }.allSatisfy(try lake.files().contains))
    try expectSame(lake, try fresh(), EnvironmentTests.tables)
    #expect(try lake.run(EnvironmentTests.tables).committed == [])
  }

  @Test("A promotion is on record, and is rolled back as a run is")
  func rolledBack() throws {
    try land(1)
    expectSuccess(try lake.run(EnvironmentTests.tables))
    let before = try lake.copy()
    try land(2)
    expectSuccess(try run(in: "dev"))
    try promote("dev")
    let ledger = try #require(try Ledger.reading(lake.lake))
    let record = try #require(try ledger.runs(limit: 1).first)
    #expect(record.kind == .promotion)
    #expect(record.selectors == "promote dev")
    #expect(record.status == "succeeded")
    #expect(try ledger.newestRun()?.kind == .run)
    let tables = try ledger.tables(of: record.run).map(\.table)
    #expect(tables.sorted() == EnvironmentTests.tables.map(\.name.description).sorted())
    let care = try lake.care(EnvironmentTests.tables)
    let rollback = try care.planRollback(RollbackRequest(run: "latest"))
    #expect(rollback.runs == [record.run])
    #expect(rollback.files == 2)
    try care.carryOut(rollback)
    try expectSame(lake, before, EnvironmentTests.tables)
    #expect(try ledger.run(record.run)?.status == "rolled back")
    #expect(try ledger.runs(limit: 1).first?.kind == .rollback)
    expectSuccess(try lake.run(EnvironmentTests.tables))
    try expectSame(lake, try fresh(), EnvironmentTests.tables)
  }

  @Test("Tables that a promotion made are without rows once it is rolled back")
  func firstRolledBack() throws {
    try land(1)
    expectSuccess(try run(in: "dev"))
    try promote("dev")
    let care = try lake.care(EnvironmentTests.tables)
    try care.carryOut(try care.planRollback(RollbackRequest(run: "latest")))
    for table in EnvironmentTests.tables { try expect(table, in: lake, is: table.columns[0].name) }
    let run = expectSuccess(try lake.run(EnvironmentTests.tables))
    #expect(run[People.people]?.reason == "it has not been computed yet")
    try expectSame(lake, try fresh(), EnvironmentTests.tables)
  }

  @Test("Rows that production gave up do not come back by a promotion")
  func givenUp() throws {
    let tables = [People.feed, People.people([.range("balance", from: 0, else: .quarantine)])]
    let people = tables[1]
    try lake.landPeople("a", "1,Ann,Rome,1.00,5,put", "2,Bob,Rome,-1.00,5,put")
    expectSuccess(try lake.run(tables))
    // The environment takes the row in; production gives it up.
    let lenient = People.people([], share: .none)
    expectSuccess(try run(in: "dev", "silver.people", [People.feed, lenient]))
    try expect(people, in: lake, is: "id\n1")
    #expect(try lake.drop(people, tables) == 1)
    #expect(
      error { try promote("dev", "", [People.feed, lenient]) }
        == .rowsGivenUp(table: people.name, environment: "dev"))
    let run = expectSuccess(try run(in: "dev", "", [People.feed, lenient]))
    #expect(run[people]?.reason == "quarantined rows of it were given up in production")
    #expect(run[people]?.counts.filtered == 1)
    #expect(try self.run(in: "dev", "", [People.feed, lenient]).committed == [])
    try promote("dev", "", [People.feed, lenient])
    try expect(people, in: lake, is: "id\n1")
    try expect(.quarantine(of: people), in: lake, is: "id")
    // Of another table nothing was given up.
    #expect(try lake.run([People.feed, lenient]).committed == [])
  }

  @Test("One that fails halfway says how far it came, and readers are told until it is finished")
  func halfDone() throws {
    try land(1)
    expectSuccess(try lake.run(EnvironmentTests.tables))
    try land(2)
    expectSuccess(try run(in: "dev"))
    try lake.block(.of(People.people))
    do {
      try promote("dev")
      Issue.record("the promotion was not stopped")
    } catch let error as HalfDone {
      #expect(error.words == "promote dev")
      #expect(error.point == .tables(4, of: 10))
      #expect(error.description.contains("'promote dev' stopped after 4 of "))
      #expect(error.description.contains("maintain"))
    }
    #expect(try LakeCare.interrupted(in: lake.lake)?.description == "promote dev")
    try lake.giveWay(.of(People.people))
    try lake.care(EnvironmentTests.tables).finishInterrupted()
    #expect(try LakeCare.interrupted(in: lake.lake) == nil)
  }

  @Test("Maintenance of production keeps what an environment has not read yet")
  func maintenance() throws {
    let time = MovingClock()
    let own = try TestLake(clock: time.clock)
    let test = EnvironmentTests(own)
    for number in 1...2 {
      try test.land(number)
      expectSuccess(try own.run(EnvironmentTests.tables))
    }
    expectSuccess(try test.run(in: "dev", "gold.cities"))
    for number in 3...4 {
      try test.land(number)
      expectSuccess(try own.run(EnvironmentTests.tables))
    }
    try own.maintain(EnvironmentTests.tables)
    time.pass(days: 8)
    let report = try own.maintain(EnvironmentTests.tables)
    #expect(report.unread.map(\.reader) == ["dev_gold.cities"])
    let run = expectSuccess(try test.run(in: "dev", "gold.cities"))
    #expect(run[People.cities]?.reason.contains("of city") == true)
  }

  private init(_ lake: TestLake) { self.lake = lake }
}

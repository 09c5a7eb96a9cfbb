import Lakehouse
import Podium
import TestKit
@testable import Runner
import RunnerTestKit
import Testing

@Suite("A plan and the run that follows it")
struct PlanTests {
  let lake: TestLake
  let tables = [People.feed, People.people, People.cities, People.saleFeed, People.sales]

  init() throws { lake = try TestLake() }

  /// Plans, runs, and compares which tables work.
  @discardableResult
  private func planAndRun(
    _ tables: [Table], _ selectors: String = "", asOf: String = "2025-03-01",
    fullRefresh: Bool = false, sourceLocation: Testing.SourceLocation = #_sourceLocation
  ) throws -> [TablePlan] {
    let plans = try lake.plan(tables, selectors, asOf: asOf, fullRefresh: fullRefresh)
    let run = try lake.run(tables, selectors, asOf: asOf, fullRefresh: fullRefresh)
    expectSuccess(run, sourceLocation: sourceLocation)
    #expect(
      plans.filter(\.works).map(\.table.description) == run.committed,
      sourceLocation: sourceLocation)
    return plans
  }

  @Test("They name the same tables, whatever happened before")
  func same() throws {
    try planAndRun(tables)
    try planAndRun(tables)
    try lake.landPeople("a", "1,Ann,Rome,1.00,5,put")
    try planAndRun(tables)
    try lake.land("sales/a.csv", People.saleHeader + "s1,1,1.00,1\n")
    try planAndRun(tables, "bronze")
    try planAndRun(tables)
    try planAndRun(tables, "silver", fullRefresh: true)
    try planAndRun(tables)
    lake.remove("silver/people")
    try planAndRun(tables)
    try planAndRun(tables)
  }

  @Test("A plan says what is to do and why, and changes nothing")
  func words() throws {
    try lake.land("people/a.ndjson", "{\"id\":\"1\",\"balance\":\"1\",\"since\":\"1\"}\n")
    let first = try lake.plan(tables)
    #expect(first.map(\.action).first == .takeFiles(files: 1, bytes: 37))
    #expect(
      first.filter { $0.table == People.people.name }.map(\.action) == [
        .rebuild("it does not exist yet", bytes: 0)
      ])
    #expect(try lake.names() == ["landing"])
    try lake.run(tables)
    try lake.land("people/b.ndjson", "{\"id\":\"2\",\"balance\":\"1\",\"since\":\"1\"}\n")
    let second = try lake.plan(tables).filter(\.works)
    #expect(
      second.map(\.action) == [
        .takeFiles(files: 1, bytes: 37), .afterInputs([People.feed.name]),
        .afterInputs([People.people.name]), .afterInputs([People.people.name]),
      ])
    try lake.run(tables, "bronze")
    let third = try lake.plan(tables).filter(\.works)
    guard case .newRows(let versions)? = third.first?.action else {
      Issue.record("\(third)")
      return
    }
    #expect(versions.map(\.input) == [People.feed.name])
    #expect(versions[0].from == 2 && versions[0].to == 2 && versions[0].rows == 1)
    #expect(versions[0].bytes > 100)
  }

  @Test("A plan tells the partitions and keys that changes touch, and what is read for them")
  func touched() throws {
    let tables = [
      People.feed, PropertyTests.people, People.saleFeed, PropertyTests.sales, PropertyTests.cities,
      DerivedShapes.placed, DerivedShapes.shares,
    ]
    try lake.landPeople("a", "1,Ann,Rome,1.00,5,put", "2,Bob,Oslo,1.00,5,put")
    try lake.land("sales/a.csv", People.saleHeader + "s1,1,1.00,1\ns2,1,2.00,2\ns3,2,2.00,3\n")
    expectSuccess(try lake.run(tables))
    try lake.landPeople("b", "1,Ann,Bern,1.00,6,put")
    expectSuccess(try lake.run(tables, "bronze silver.people"))
    let plans = try lake.plan(tables)
    func touched(_ table: Table) -> TablePlan.Touched? {
      guard case .touched(let touched)? = plans.first(where: { $0.table == table.name })?.action
      else { return nil }
      return touched
    }
    let cities = try #require(touched(PropertyTests.cities))
    #expect(cities.columns == ["city"] && cities.values == 2 && cities.partitions == [])
    #expect(cities.versions.map(\.input) == [PropertyTests.people.name])
    let placed = try #require(touched(DerivedShapes.placed))
    #expect(placed.columns == ["since"] && placed.values == 2 && placed.partitions == ["1", "2"])
    #expect(placed.bytes > 0)
    let shares = plans.first { $0.table == DerivedShapes.shares.name }
    guard case .rebuild(_, let bytes?)? = shares?.action else {
      Issue.record("\(plans)")
      return
    }
    #expect(bytes > 0)
    let run = expectSuccess(try lake.run(tables))
    #expect(run[PropertyTests.cities]?.reason == "silver.people changed: 2 values of city")
    #expect(
      run[DerivedShapes.placed]?.reason == "silver.sales, silver.people changed: 2 values of since")
  }

  @Test("What an ended run left is planned as such")
  func unfinished() throws {
    try lake.landPeople("a", "1,Ann,Rome,1.00,5,put")
    try planAndRun(tables)
    try lake.landPeople("b", "2,Bob,Rome,1.00,5,put")
    try lake.block(.of(People.people))
    let broken = try lake.run(tables)
    try lake.giveWay(.of(People.people))
    let plans = try planAndRun(tables)
    #expect(plans.first { $0.works }?.action == .retry(run: broken.run))
  }
}

@Suite("The ledger")
struct LedgerTests {
  @Test("It tells runs and tables as the report did, the newest run first")
  func content() throws {
    let lake = try TestLake()
    try lake.landPeople("a", "1,Ann,Rome,1.00,5,put", "2,B,Rome,-1.00,5,put")
    try lake.land("people/b.csv", People.header + "1,\"Ann\n")
    let first = try lake.run(People.tables)
    let second = try lake.run(People.tables, "silver gold", fullRefresh: true)
    let ledger = try Ledger(lake.lake)
    #expect(try ledger.runs(limit: 5).map(\.run) == [second.run, first.run])
    #expect(try ledger.runs(limit: 1).map(\.fullRefresh) == [true])
    let record = try #require(try ledger.run(String(first.run.prefix(24))))
    #expect(record.run == first.run && record.status == "succeeded" && record.asOf == "2025-03-01")
    #expect(record.started < record.ended ?? "")
    let tables = try ledger.tables(of: first.run)
    #expect(tables.map(\.table) == ["bronze.people", "silver.people", "gold.cities"])
    #expect(tables.map(\.counts) == first.tables.map(\.counts))
    #expect(tables.map(\.version) == first.tables.map { $0.version.map(Int.init) })
    #expect(tables.map(\.rowsAfter) == [2, 1, 1])
    #expect(tables.map(\.filesTaken) == [1, 0, 0])
    #expect(tables.map(\.filesQuarantined) == [1, 0, 0])
    #expect(tables.map(\.reason) == Array(repeating: "it does not exist yet", count: 3))
  }

  @Test("A failed run has its errors there, and what was skipped because of them")
  func failures() throws {
    let lake = try TestLake()
    let people = People.people([.row("there is nobody", "false", else: .stop)])
    try lake.landPeople("a", "1,Ann,Rome,1.00,5,put")
    let run = try lake.run([People.feed, people, People.cities(of: people)])
    let ledger = try Ledger(lake.lake)
    #expect(try ledger.run(run.run)?.status == "failed")
    let tables = try ledger.tables(of: run.run)
    #expect(tables.map(\.status) == ["committed", "failed", "skipped"])
    #expect(tables[1].error?.contains("1 row fails 'there is nobody'") == true)
    #expect(tables[2].error == "it needs silver.people, which failed")
  }

  @Test("An id that is no run's, or the beginning of several, is none")
  func unknown() throws {
    let lake = try TestLake()
    #expect(try Ledger.reading(lake.lake) == nil)
    try lake.run(People.tables)
    try lake.run(People.tables)
    let ledger = try #require(try Ledger.reading(lake.lake))
    #expect(try ledger.run("2025") == nil)
    #expect(try ledger.run("%") == nil)
  }
}

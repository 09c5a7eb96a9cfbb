import Basics
import Lakehouse
import Podium
import Runner
import RunnerTestKit
import Synchronization
import Testing

@Suite("Backfills")
struct BackfillTests {
  let lake: TestLake

  /// One row per business date and city.
  let report = Table(
    "gold.report", about: "One row per business date and city.",
    columns: [
      .date("as_of", "The business date."), .string("city", "A city."), .int("people", "People."),
    ], key: ["as_of", "city"], write: .derived(by: .partition("as_of")), partitionedBy: ["as_of"],
    expect: [.row("it is no ghost town", "city <> 'Ghost'", else: .stop)],
    query: "SELECT \(.asOf) AS as_of, city, people FROM \(People.cities)")

  /// One row per day of January with purchases.
  static let days = Table(
    "gold.sale_days", about: "One row per day with purchases.",
    columns: [.date("day", "The day."), .int("sales", "Purchases.")], key: ["day"],
    write: .derived(by: .partition("day")), partitionedBy: ["day"],
    query: """
      SELECT DATE '2025-01-01' + CAST(since AS INTEGER) AS day, COUNT(*) AS sales
      FROM \(PropertyTests.sales) GROUP BY 1
      """)

  var tables: [Table] { People.tables + [report] }

  init() throws {
    lake = try TestLake()
    try lake.landPeople("a", "1,Ann,Rome,1.00,5,put")
    expectSuccess(try lake.run(tables, asOf: "2025-03-10"))
  }

  private func runner(_ tables: [Table]) throws -> Runner {
    Runner(lake: lake.lake, graph: try Graph(tables), engine: TestLake.engine, spark: lake.spark)
  }

  private func day(_ text: String) throws -> CivilDate { try #require(CivilDate(text)) }

  private func plan(
    _ runner: Runner, _ table: Table, _ from: String, _ to: String, _ step: Backfill.Step = .day
  ) throws -> Backfill {
    try runner.planBackfill(table.name, day(from), day(to), by: step)
  }

  @Test("A table of business dates is computed as of each day, and today's work stays the same")
  func businessDates() throws {
    let runner = try runner(tables)
    let done = try runner.run(plan(runner, report, "2025-03-01", "2025-03-03", .month))
    #expect(done.status == .done)
    #expect(done.parts.map(\.rows) == [1, 1, 1])
    let ledger = try #require(try Ledger.reading(lake.lake))
    let record = try #require(try ledger.runs(limit: 1).first)
    #expect(record.run == done.id)
    #expect(record.kind == .backfill)
    #expect(record.selectors == "backfill gold.report --from 2025-03-01 --to 2025-03-03")
    #expect(record.status == "succeeded")
    #expect(try ledger.tables(of: done.id).map(\.version) == [Int(done.parts[2].version ?? 0)])
    #expect(try ledger.tables(of: done.id).map(\.counts.inserted) == [3])
    try expect(
      report, in: lake,
      is: """
        as_of      | city | people
        2025-03-01 | Rome | 1
        2025-03-02 | Rome | 1
        2025-03-03 | Rome | 1
        2025-03-10 | Rome | 1
        """)
    #expect(try lake.run(tables, asOf: "2025-03-10").committed == [])
    try lake.landPeople("b", "2,Bob,Rome,1.00,5,put")
    expectSuccess(try lake.run(tables, asOf: "2025-03-10"))
    try expect(
      report, in: lake,
      is: """
        as_of      | people
        2025-03-01 | 1
        2025-03-02 | 1
        2025-03-03 | 1
        2025-03-10 | 2
        """)
  }

  @Test("A table by days is computed for these alone, and goes on following its inputs")
  func days() throws {
    let tables = [
      People.feed, PropertyTests.people, People.saleFeed, PropertyTests.sales, Self.days,
    ]
    try lake.land("sales/a.csv", People.saleHeader + "s1,1,5.00,1\ns2,1,5.00,2\ns3,1,5.00,40\n")
    expectSuccess(try lake.run(tables))
    try lake.land("sales/b.csv", People.saleHeader + "s4,1,5.00,2\ns5,1,5.00,40\n")
    expectSuccess(try lake.run(tables, "bronze silver"))
    let runner = try runner(tables)
    let done = try runner.run(plan(runner, Self.days, "2025-01-01", "2025-01-31", .week))
    #expect(done.status == .done)
    #expect(
      done.parts.map(\.days.lowerBound.description) == [
        "2025-01-01", "2025-01-06", "2025-01-13", "2025-01-20", "2025-01-27",
      ])
    try expect(
      Self.days, in: lake, is: "day | sales\n2025-01-02 | 1\n2025-01-03 | 2\n2025-02-10 | 1")
    let run = expectSuccess(try lake.run(tables))
    #expect(run.committed == ["gold.sale_days"])
    try expect(
      Self.days, in: lake, is: "day | sales\n2025-01-02 | 1\n2025-01-03 | 2\n2025-02-10 | 2")
  }

  @Test("Parts that fail are told, the others are done, and only these run again")
  func failures() throws {
    let runner = try runner(tables)
    try lake.block(.of(report), after: 1)
    let first = try runner.run(plan(runner, report, "2025-03-01", "2025-03-03"))
    try lake.giveWay(.of(report))
    #expect(first.status == .open && first.left == 2)
    #expect(first.parts.map(\.status) == [.done, .failed, .failed])
    #expect(first.parts[1].error != nil)
    let stored = try runner.backfill(String(first.id.prefix(12)))
    #expect(stored == first)
    let parts = Mutex<[String]>([])
    let second = try runner.run(stored) { event in
      if case .started(let part) = event {
        parts.withLock { $0.append(part.days.lowerBound.description) }
      }
    }
    #expect(parts.withLock { $0 } == ["2025-03-02", "2025-03-03"])
    #expect(second.status == .done)
    #expect(throws: BackfillError.over(second.id, .done)) { try runner.run(second) }
  }

  @Test("It rests or ends after the part at hand, and one that rests goes on")
  func pause() throws {
    let runner = try runner(tables)
    let planned = try plan(runner, report, "2025-03-01", "2025-03-03")
    let lock = try LakeLock(lake.lake, command: "test", patience: 0)
    let paused = try runner.run(planned) { event in
      if case .ended = event { _ = try? runner.stop(planned, as: .paused) }
    }
    #expect(paused.status == .paused && paused.left == 2)
    let cancelled = try runner.run(paused) { event in
      if case .ended = event { _ = try? runner.stop(paused, as: .cancelled) }
    }
    withExtendedLifetime(lock) {}
    #expect(cancelled.status == .cancelled && cancelled.left == 1)
    #expect(throws: BackfillError.over(planned.id, .cancelled)) {
      try runner.stop(cancelled, as: .paused)
    }
    try expect(
      report, in: lake, is: "as_of\n2025-03-01\n2025-03-02\n2025-03-10")
  }

  @Test("A table that is not made by days is refused, and so is one of another declaration")
  func refused() throws {
    let runner = try runner(tables)
    #expect(throws: BackfillError.self) {
      try plan(runner, People.people, "2025-01-01", "2025-01-02")
    }
    #expect(throws: BackfillError.self) {
      try plan(runner, People.feed, "2025-01-01", "2025-01-02")
    }
    #expect(
      throws: BackfillError.emptyRange(from: try day("2025-01-02"), to: try day("2025-01-01"))
    ) { try plan(runner, report, "2025-01-02", "2025-01-01") }
    let other = Table(
      "gold.report", about: report.about, columns: report.columns, key: report.key,
      write: report.write, partitionedBy: ["as_of"],
      query: "SELECT \(.asOf) AS as_of, city, people + 1 AS people FROM \(People.cities)")
    let changed = try self.runner(People.tables + [other])
    #expect(throws: BackfillError.declarationChanged(other.name)) {
      try plan(changed, other, "2025-01-01", "2025-01-02")
    }
    #expect(try runner.backfills() == [])
  }
}

@Suite("A table that keeps its history")
struct KeepsHistoryTests {
  let lake: TestLake

  /// People with at least so much money.
  private func rich(_ least: Int) -> Table {
    Table(
      "gold.rich", about: "One row per rich person.",
      columns: [.string("id", "Who."), .decimal("balance", "Money.")], key: ["id"],
      write: .derived(by: .whole), expect: [.row("is rich", "balance >= \(least)", else: .drop)],
      keepsHistory: true, query: "SELECT id, balance FROM \(People.people)")
  }

  init() throws {
    lake = try TestLake()
    try lake.landPeople("a", "1,Ann,Rome,1.00,5,put", "2,Bob,Rome,9.00,5,put")
    expectSuccess(try lake.run(People.tables + [rich(1)]))
  }

  @Test("A rebuild that would lose keys is refused, and done when that is asked for")
  func refused() throws {
    let tables = People.tables + [rich(5)]
    let run = try lake.run(tables)
    guard case .losesHistory(let keys, let name, _)? = run.error(rich(5)) else {
      Issue.record("\(run.statuses)")
      return
    }
    #expect(keys == 1 && name.description == "gold.rich")
    try expect(rich(5), in: lake, is: "id\n1\n2")
    var request = RunRequest(
      selectors: [Selector("gold.rich")], asOf: try #require(CivilDate("2025-03-01")))
    request.discardHistory = true
    expectSuccess(
      try Runner(
        lake: lake.lake, graph: try Graph(tables), engine: TestLake.engine, spark: lake.spark
      ).run(request))
    try expect(rich(5), in: lake, is: "id\n2")
  }

  @Test("Keys that the inputs delete are followed")
  func deleted() throws {
    try lake.landPeople("b", "2,,,,7,delete")
    expectSuccess(try lake.run(People.tables + [rich(1)]))
    try expect(rich(1), in: lake, is: "id\n1")
  }

  @Test("A rebuild that keeps all keys goes on, and so does what the inputs' changes do")
  func allowed() throws {
    expectSuccess(try lake.run(People.tables + [rich(0)]))
    expectSuccess(try lake.run(People.tables + [rich(0)], fullRefresh: true))
    try expect(rich(0), in: lake, is: "id\n1\n2")
  }
}

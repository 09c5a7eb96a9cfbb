import Basics
import Faker
import LakeCare
import Lakehouse
import Podium
import Runner
import RunnerTestKit
import TestKit
import Testing

@Suite("Tables that keep their rows for a time")
struct RetentionTests {
  static let feed = Table(
    "bronze.visits", about: "One row per visit.", landing: "visits",
    columns: [
      .string("visit", "The visit."), .string("member", "Who."), .string("day", "When."),
      .string("seq", "Of the newest."),
    ])

  static let visits = Table(
    "silver.visits", about: "One row per member and day.",
    columns: [
      .string("member", "Who."), .date("day", "When."), .int("seq", "Of the newest."),
    ], key: ["member", "day"], write: .upsert(newestBy: "seq"), retention: .days(30, by: "day"),
    query: """
      SELECT member, TRY_CAST(day AS DATE) AS day, TRY_CAST(seq AS BIGINT) AS seq, _file, _line
      FROM \(new: feed)
      """)

  static let log = Table(
    "silver.visit_log", about: "One row per report.",
    columns: [.string("visit", "The visit."), .date("day", "When.")], key: ["visit"],
    write: .append, retention: .days(10, by: "day"),
    query: "SELECT visit, TRY_CAST(day AS DATE) AS day, _file, _line FROM \(new: feed)")

  static let days = Table(
    "gold.days", about: "One row per day.",
    columns: [.date("day", "When."), .int("members", "Who came.")], key: ["day"],
    write: .derived(by: .key("day")),
    query: "SELECT day, COUNT(*) AS members FROM \(visits) GROUP BY 1")

  static let tables = [feed, visits, log, days]
  static let header = "visit,member,day,seq\n"

  @Test("Older rows go, the younger and what is derived of them stay")
  func expire() throws {
    let lake = try TestLake()
    try lake.land(
      "visits/a.csv",
      RetentionTests.header + "v1,m1,2025-01-01,1\nv2,m2,2025-02-10,1\nv3,m3,2025-02-25,1\n")
    expectSuccess(try lake.run(RetentionTests.tables))
    #expect(
      try lake.maintain(RetentionTests.tables, dryRun: true)["silver.visits"]?.expiredRows == 1)
    try expect(RetentionTests.visits, in: lake, is: "member\nm1\nm2\nm3")
    let report = try lake.maintain(RetentionTests.tables)
    #expect(report["silver.visits"]?.expiredRows == 1)
    #expect(report["silver.visit_log"]?.expiredRows == 2)
    try expect(RetentionTests.visits, in: lake, is: "member\nm2\nm3")
    try expect(RetentionTests.log, in: lake, is: "visit\nv3")
    expectSuccess(try lake.run(RetentionTests.tables))
    try expect(RetentionTests.days, in: lake, is: "day\n2025-02-10\n2025-02-25")
    #expect(try lake.run(RetentionTests.tables).committed == [])
  }

  @Test("A run is rolled back although older rows went since, and the next run brings it again")
  func rollback() throws {
    let lake = try TestLake()
    try lake.land(
      "visits/a.csv", RetentionTests.header + "v1,m1,2025-01-01,1\nv2,m2,2025-02-10,1\n")
    expectSuccess(try lake.run(RetentionTests.tables))
    try lake.land("visits/b.csv", RetentionTests.header + "v3,m3,2025-02-25,1\n")
    expectSuccess(try lake.run(RetentionTests.tables))
    #expect(try lake.maintain(RetentionTests.tables)["silver.visits"]?.expiredRows == 1)
    let care = try lake.care(RetentionTests.tables)
    try care.carryOut(try care.planRollback(RollbackRequest(run: "latest", withLater: false)))
    try expect(RetentionTests.visits, in: lake, is: "member\nm1\nm2")
    try expect(RetentionTests.days, in: lake, is: "day\n2025-01-01\n2025-02-10")
    expectSuccess(try lake.run(RetentionTests.tables))
    #expect(try lake.maintain(RetentionTests.tables)["silver.visits"]?.expiredRows == 1)
    expectSuccess(try lake.run(RetentionTests.tables))
    try expect(RetentionTests.visits, in: lake, is: "member\nm2\nm3")
    try expect(RetentionTests.days, in: lake, is: "day\n2025-02-10\n2025-02-25")
    #expect(try lake.run(RetentionTests.tables).committed == [])
  }

  @Test(
    "Runs and maintenance in any order end as a full refresh with the same maintenance",
    arguments: Seeds.first(12))
  func equalsFullRefresh(_ seed: UInt64) throws {
    var random = SeededRandom(seed: seed, "retention")
    let lake = try TestLake()
    for file in 0..<5 {
      let lines = (0..<12).map { line -> String in
        let day = CivilDate(year: 2025, month: 1, day: Int.random(in: 1...60, using: &random))
        let member = Int.random(in: 1...4, using: &random)
        let sequence = Int.random(in: 1...9, using: &random)
        return "v\(file)-\(line),m\(member),\(day),\(sequence)\n"
      }
      try lake.land("visits/\(file).csv", RetentionTests.header + lines.joined())
      if Bool.random(using: &random) { expectSuccess(try lake.run(RetentionTests.tables)) }
      if Bool.random(using: &random) { try lake.maintain(RetentionTests.tables) }
    }
    func settle(_ lake: TestLake, fullRefresh: Bool) throws {
      expectSuccess(try lake.run(RetentionTests.tables, fullRefresh: fullRefresh))
      #expect(try lake.maintain(RetentionTests.tables).succeeded)
      expectSuccess(try lake.run(RetentionTests.tables))
    }
    let refreshed = try lake.copy()
    try settle(lake, fullRefresh: false)
    try settle(refreshed, fullRefresh: true)
    try expectSame(lake, refreshed, RetentionTests.tables, "seed \(seed)")
    let last = try lake.maintain(RetentionTests.tables)
    #expect(last.tables.map(\.expiredRows).max() == 0)
  }

  @Test("What bronze no longer keeps is gone from all that was computed of it")
  func bronze() throws {
    let time = MovingClock()
    let lake = try TestLake(clock: time.clock)
    let feed = Table(
      "bronze.visits", about: "One row per visit.", landing: "visits",
      columns: RetentionTests.feed.columns, retention: .daysAfterIngestion(100))
    let log = Table(
      "silver.visit_log", about: "One row per report.",
      columns: [.string("visit", "The visit.")], key: ["visit"], write: .append,
      query: "SELECT visit, _file, _line FROM \(new: feed)")
    try lake.land("visits/a.csv", RetentionTests.header + "v1,m1,2025-01-01,1\n")
    expectSuccess(try lake.run([feed, log]))
    let today = try #require(CivilDate(time.clock.now().date.description))
    time.pass(days: 90)
    try lake.land("visits/b.csv", RetentionTests.header + "v2,m1,2025-01-01,1\n")
    expectSuccess(try lake.run([feed, log]))
    let later = CivilDate(daysSinceEpoch: today.daysSinceEpoch + 101).description
    let report = try lake.maintain([feed, log], asOf: later)
    #expect(report["bronze.visits"]?.expiredRows == 1)
    expectSuccess(try lake.run([feed, log]))
    try expect(log, in: lake, is: "visit\nv2")
    #expect(try lake.run([feed, log]).committed == [])
    expectSuccess(try lake.run([feed, log], fullRefresh: true))
    try expect(log, in: lake, is: "visit\nv2")
  }
}

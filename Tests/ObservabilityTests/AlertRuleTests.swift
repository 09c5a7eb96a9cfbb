import Basics
import Lakehouse
@testable import Observability
import Podium
import Runner
import RunnerTestKit
import SQLite
import Testing

@Suite("When somebody is told")
struct AlertRuleTests {
  let lake: TestLake
  let tables = [People.feed, People.people]

  init() throws { lake = try TestLake() }

  private func rules(stale: String? = nil, ready: String? = nil) throws -> AlertRules {
    AlertRules(
      tool: "podium", lakeOption: " --lake x",
      settings: try WatchSettings { name in
        ["PODIUM_STALE_AFTER": stale, "PODIUM_READY_WITHIN": ready][name] ?? nil
      })
  }

  private func alerts(_ report: RunReport, _ rules: AlertRules? = nil) throws -> [Alert] {
    let ledger = try #require(try Ledger.reading(lake.lake))
    return try (rules ?? self.rules(ready: "1000d")).alerts(
      of: report, ledger, tables, now: lake.lake.clock.now())
  }

  /// Runs with a number of new people.
  @discardableResult
  private func run(_ rows: Int, _ asOf: String, since: Int) throws -> RunReport {
    if rows > 0 {
      try lake.landPeople(
        "f\(since)", (0..<rows).map { "\($0),Ann,Rome,1.00,\(since),put" })
    }
    return try lake.run(tables, asOf: asOf)
  }

  /// Saturdays of 2025.
  private let saturdays = [
    "2025-03-01", "2025-03-08", "2025-03-15", "2025-03-22", "2025-03-29", "2025-04-05",
  ]

  @Test(
    "A table that reads fewer than half of the usual rows of that day is told, from the fifth run")
  func fewRows() throws {
    for (index, day) in saturdays.prefix(3).enumerated() {
      let report = try run(10 + index, day, since: index)
      #expect(try alerts(report).isEmpty)
    }
    // The fourth such run has three before it, and is silent however little it reads.
    #expect(try alerts(try run(1, saturdays[3], since: 3)).isEmpty)
    // 10, 11, 12 and 1: the median is 10.5, half of it 5.25.
    let fine = try run(6, saturdays[4], since: 4)
    #expect(try alerts(fine).isEmpty)
    // 10, 11, 12, 1, 6: the median is 10.
    let few = try alerts(try run(4, saturdays[5], since: 5))
    #expect(few.map(\.kind) == [.fewRows, .fewRows])
    #expect(few.map(\.table) == ["bronze.people", "silver.people"])
    #expect(few[0].numbers.map(\.value) == [4, 10, 5])
    #expect(
      few[0].message
        == "it read 4 rows, less than half of the median of 10 in its last 5 runs of a Saturday. "
        + "A source may have sent too little.")
  }

  @Test("Other days of the week do not count, nor full refreshes, nor repeats that find nothing")
  func otherDays() throws {
    for (index, day) in saturdays.prefix(5).enumerated() {
      try run(10, day, since: index)
      // A repeat of the same day that finds nothing new, and a Sunday with little.
      let again = try run(0, day, since: 90)
      #expect(try alerts(again).isEmpty)
    }
    #expect(try alerts(try run(1, "2025-04-06", since: 20)).isEmpty)
    let refresh = try lake.run(tables, asOf: saturdays[5], fullRefresh: true)
    #expect(try alerts(refresh).isEmpty)
    // Nothing came at all: that is told once.
    #expect(
      try alerts(try run(0, "2025-04-12", since: 90)).map(\.table) == [
        "bronze.people", "silver.people",
      ])
    #expect(try alerts(try run(0, "2025-04-12", since: 90)).isEmpty)
  }

  @Test("The median of an even number is the mean of the two in the middle")
  func medians() {
    #expect(AlertRules.median([]) == 0)
    #expect(AlertRules.median([7]) == 7)
    #expect(AlertRules.median([9, 1, 5]) == 5)
    #expect(AlertRules.median([9, 1, 5, 6]) == 5.5)
  }

  @Test("A table that fails is told with run, rule and numbers; one that waits for it is counted")
  func failure() throws {
    let strict = People.people([
      .row("balance is not negative", "balance >= 0", else: .stop)
    ])
    let all = [People.feed, strict, People.cities(of: strict)]
    try lake.landPeople("a", "1,Ann,Rome,-5.00,5,put")
    let report = try lake.run(all)
    let alert = try #require(try alerts(report).first { $0.kind == .tableFailed })
    #expect(alert.table == "silver.people")
    #expect(alert.rule == "balance is not negative")
    #expect(alert.run == report.run)
    #expect(alert.next == "podium runs resume \(report.run) --lake x")
    #expect(alert.numbers.last?.value == 1)
    #expect(!alert.message.contains("Ann"))
    #expect(!alert.message.contains("-5"))
    #expect(try alerts(report).count == 1)
  }

  @Test("A table is stale when no run brought it up to date for longer than declared or set")
  func stale() throws {
    try run(1, "2025-03-01", since: 1)
    let ledger = try #require(try Ledger.reading(lake.lake))
    let last = try #require(
      try ledger.lastSuccesses()["silver.people"].flatMap { Timestamp(iso8601: $0) })
    func stale(_ rules: AlertRules, _ tables: [Table], after seconds: Int64) throws -> [Alert] {
      try rules.stale(
        tables, ledger, run: nil,
        now: Timestamp(microseconds: last.microseconds + seconds * 1_000_000))
    }
    #expect(try stale(rules(), tables, after: 1_000_000).isEmpty)
    let set = try rules(stale: "26h")
    #expect(try stale(set, tables, after: 26 * 3600).isEmpty)
    #expect(
      try stale(set, tables, after: 26 * 3600 + 1).map(\.table) == [
        "bronze.people", "silver.people",
      ])
    // What a table declares goes before what is set.
    let declared = [People.feed, People.people.fresh(withinHours: 2)]
    #expect(try stale(set, declared, after: 7201).map(\.table) == ["silver.people"])
    // Each day is an occasion of its own.
    let days = try [30, 31, 60].map { hours in
      try stale(set, [People.people], after: hours * 3600).first?.occasion
    }
    #expect(days[0] == days[1])
    #expect(days[0] != days[2])
  }

  @Test("Files that took too long are told once, with the slowest; those of a first load are not")
  func late() throws {
    let rules = try rules(ready: "30m")
    // The lake's clock is in 2025, the files are of today: nothing is late by it.
    #expect(try alerts(try run(1, "2025-03-01", since: 1), rules).isEmpty)
    try lake.land("people/old.csv", People.header + "9,Ann,Rome,1.00,9,put\n")
    try lake.age("people/old.csv", to: 1_740_787_200 - 3600)
    let late = try alerts(try run(0, "2025-03-01", since: 1), rules)
    #expect(late.map(\.kind) == [.late])
    #expect(late.first?.table == "bronze.people")
    #expect(late.first?.message.contains("people/old.csv took 1 h 00 min") == true)
    #expect(try alerts(try run(0, "2025-03-01", since: 1), rules).isEmpty)
  }

  @Test("A file is ready when the last table downstream in the run is, in a later run if need be")
  func readiness() throws {
    try run(1, "2025-03-01", since: 1)
    let strict = People.people([.row("balance is not negative", "balance >= 0", else: .stop)])
    try lake.land("people/old.csv", People.header + "9,Ann,Rome,-1.00,9,put\n")
    try lake.age("people/old.csv", to: 1_740_787_200 - 3600)
    let report = try lake.run([People.feed, strict])
    let ledger = try #require(try Ledger.reading(lake.lake))
    let waiting = try ledger.lags(of: report.run)
    #expect(waiting.map(\.waitingFor) == [["silver.people"]])
    #expect(waiting.map { $0.ready == nil } == [true])
    let alert = try alerts(report, rules(ready: "30m")).first { $0.kind == .late }
    #expect(alert?.message.hasSuffix("so far, and waits for silver.people.") == true)
    try lake.run(tables)
    let done = try #require(try ledger.lags(of: report.run).first)
    #expect(done.waitingFor.isEmpty)
    #expect(try #require(done.ready) > done.committed)
  }
}

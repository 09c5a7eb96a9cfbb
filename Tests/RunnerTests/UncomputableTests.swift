import Lakehouse
import Podium
import Runner
import RunnerTestKit
import Testing

/// A project whose query fails on a city's length that is no number, and whose rule fails on `7`.
private enum Fragile {
  static let cities = cities(share: .none)

  static func cities(share: ShareRule, _ rules: [Podium.Expectation] = []) -> Table {
    Table(
      "silver.people", about: "One row per person.",
      columns: [.string("id", "The person."), .int("since", "When it was so.")],
      key: ["id"], write: .upsert(newestBy: "since"), expect: rules, share: share,
      query: """
        SELECT id, CAST(since AS BIGINT) AS since, _file, _line FROM \(new: People.feed)
        """)
  }
}

@Suite("Rows for which a query ends with an error")
struct UncomputableTests {
  let lake: TestLake

  init() throws { lake = try TestLake() }

  private func land(_ file: String, _ since: [String]) throws {
    try lake.landPeople(
      file, since.enumerated().map { "\(file)\($0.offset),Ann,Rome,1.00,\($0.element),put" })
  }

  private let reason =
    "the query can be computed: Conversion Error: a value could not be converted "
    + "to INT64 (it is not shown, since it may be personal)"

  @Test("They go to quarantine with file and line, and all others get in")
  func setAside() throws {
    try land("a", ["1", "soon", "3"])
    try land("b", ["4", "5", "6", "later"])
    let run = expectSuccess(try lake.run([People.feed, Fragile.cities]))
    #expect(run[Fragile.cities]?.counts.words == "5 inserted, 2 quarantined")
    #expect(
      run[Fragile.cities]?.failures.map { "\($0.rule): \($0.rows)" } == [
        "the query can be computed: 2"
      ])
    try expect(Fragile.cities, in: lake, is: "id | since\na0 | 1\na2 | 3\nb0 | 4\nb1 | 5\nb2 | 6")
    try expect(
      .quarantine(of: Fragile.cities), in: lake,
      is: """
        id   | since | _failed_rules | _file        | _line
        NULL | NULL  | \(reason)     | people/a.csv | 3
        NULL | NULL  | \(reason)     | people/b.csv | 5
        """)
  }

  @Test("The next run goes on after them")
  func nextRun() throws {
    try land("a", ["1", "soon"])
    expectSuccess(try lake.run([People.feed, Fragile.cities]))
    try land("b", ["2"])
    let run = expectSuccess(try lake.run([People.feed, Fragile.cities]))
    #expect(run[Fragile.cities]?.counts.words == "1 inserted")
    try expect(Fragile.cities, in: lake, is: "id | since\na0 | 1\nb0 | 2")
  }

  @Test("A query that fails for every row of a batch fails, until there is a row that it can read")
  func onlyThem() throws {
    try land("a", ["x", "y", "z"])
    let run = try lake.run([People.feed, Fragile.cities])
    #expect(run.error(Fragile.cities)?.code == "query")
    #expect(try lake.version(Fragile.cities) == nil)
    try land("b", ["1"])
    let next = expectSuccess(try lake.run([People.feed, Fragile.cities]))
    #expect(next[Fragile.cities]?.counts.words == "1 inserted, 3 quarantined")
  }

  @Test("They count as rows that did not pass for the share rule")
  func shareRule() throws {
    let cities = Fragile.cities(share: ShareRule(atLeast: 0.9, ofAtLeast: 4))
    try land("a", ["1", "2", "3", "soon"])
    let run = try lake.run([People.feed, cities])
    guard case .share(let failure)? = run.error(cities) else {
      Issue.record("\(run.statuses)")
      return
    }
    #expect(failure.passed == 3)
    #expect(failure.total == 4)
    #expect(failure.rules.map(\.name) == ["the query can be computed"])
    #expect(failure.rules.flatMap(\.examples).map(\.description) == ["people/a.csv:5"])
    #expect(try lake.version(cities) == nil)
  }

  @Test("A rule that ends with an error for a row sends the row to quarantine too")
  func rule() throws {
    let rule = Podium.Expectation.row(
      "since divides a hundred", "CAST(1000 * since AS TINYINT) IS NOT NULL", else: .warn)
    let cities = Fragile.cities(share: .none, [rule])
    try land("a", ["0", "7"])
    let run = expectSuccess(try lake.run([People.feed, cities]))
    #expect(run[cities]?.counts.words == "1 inserted, 1 quarantined")
    #expect(run[cities]?.failures.map(\.rule) == ["the query can be computed"])
    try expect(cities, in: lake, is: "id | since\na0 | 0")
  }

  @Test("A query that fails without any row fails as before, with its line")
  func notTheRows() throws {
    let cities = Table(
      "silver.people", about: "One row per person.",
      columns: [.string("id", "The person."), .int("since", "When it was so.")],
      key: ["id"], write: .upsert(newestBy: "since"),
      query: """
        SELECT id, since + CAST(error('no') AS BIGINT) AS since, _file, _line
        FROM (SELECT *, (SELECT CAST(max(v) AS BIGINT) FROM (VALUES ('x')) AS t(v)) AS s
          FROM \(new: People.feed)) AS people
        """)
    try land("a", ["1"])
    let run = try lake.run([People.feed, cities])
    guard case .query(let location, _)? = run.error(cities) else {
      Issue.record("\(run.statuses)")
      return
    }
    #expect(location.file.hasSuffix("UncomputableTests.swift"))
  }
}

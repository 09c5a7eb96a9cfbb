import Lakehouse
import Podium
import Runner
import RunnerTestKit
import Testing

@Suite("Tables that change grain add up")
struct ReconcileTests {
  let lake: TestLake

  init() throws { lake = try TestLake() }

  /// Money by city over `filter`, compared with the people's.
  private func cities(
    _ write: Write = .derived(by: .key("city")), _ filter: SQL = "", _ rules: [Podium.Expectation]
  ) -> Table {
    let query: SQL =
      filter.anyText.isEmpty
      ? """
      SELECT coalesce(city, '?') AS city, COUNT(*) AS people,
        CAST(SUM(balance) AS DECIMAL(18, 2)) AS money
      FROM \(People.people) GROUP BY 1
      """
      : """
      SELECT coalesce(city, '?') AS city, COUNT(*) AS people,
        CAST(SUM(balance) AS DECIMAL(18, 2)) AS money
      FROM \(People.people) WHERE balance < 100 GROUP BY 1
      """
    return Table(
      "gold.cities", about: "One row per city.", columns: People.cities.columns, key: ["city"],
      write: write, expect: rules, share: .none, query: query)
  }

  private static let moneySource: SQL = """
    SELECT coalesce(city, '?') AS city, balance AS money FROM \(People.people)
    """

  @Test("Sums and rows that agree commit, whole and part by part", arguments: [true, false])
  func agrees(_ whole: Bool) throws {
    let cities = self.cities(
      whole ? .derived(by: .whole) : .derived(by: .key("city")), "",
      [
        .sum("money", of: ReconcileTests.moneySource),
        .rows(of: "SELECT DISTINCT coalesce(city, '?') AS city FROM \(People.people)"),
        .row("somebody has money", "money > 5", else: .quarantine),
      ])
    let tables = [People.feed, People.people, cities]
    try lake.landPeople("a", "1,Ann,Rome,1.10,5,put", "2,Bob,,20.00,5,put", "3,Cid,Oslo,7.00,5,put")
    expectSuccess(try lake.run(tables))
    try lake.landPeople("b", "1,Ann,Rome,9.00,6,put", "3,,,,6,delete", "4,Dan,Bern,1.00,6,put")
    let run = expectSuccess(try lake.run(tables))
    try expect(cities, in: lake, is: "city | money\nRome | 9.00\n? | 20.00")
    #expect(run[cities]?.reason.contains("value") == !whole)
  }

  @Test(
    "A difference stops the table with both numbers and leaves what was there",
    arguments: [true, false])
  func differs(_ whole: Bool) throws {
    let cities = self.cities(
      whole ? .derived(by: .whole) : .derived(by: .key("city")), "filtered",
      [.sum("money", of: ReconcileTests.moneySource)])
    let tables = [People.feed, People.people, cities]
    try lake.landPeople("a", "1,Ann,Rome,1.10,5,put", "2,Bob,Oslo,20.00,5,put")
    expectSuccess(try lake.run(tables))
    try lake.landPeople("b", "3,Cid,Rome,100.00,5,put", "4,Dan,Bern,2.00,5,put")
    let error = try #require(try lake.run(tables).error(cities))
    #expect(error.code == "reconciliation")
    #expect(
      error.description.contains(
        whole
          ? "a sum of money of 23.10, its source 123.10"
          : "a sum of money of 1.10 in 1 value of city, its source 101.10"), "\(error)")
    try expect(cities, in: lake, is: "city | money\nRome | 1.10\nOslo | 20.00")
    // A full refresh finds the same.
    #expect(try lake.run(tables, fullRefresh: true).error(cities)?.code == "reconciliation")
  }

  @Test("Doubles may differ by the order in which they are added, and by no more")
  func doubles() throws {
    func means(_ error: Bool) -> Table {
      let query: SQL =
        error
        ? "SELECT city, SUM(CAST(balance AS DOUBLE)) * 1.00001 AS total FROM \(People.people) GROUP BY city"
        : "SELECT city, SUM(CAST(balance AS DOUBLE)) + 1e-12 AS total FROM \(People.people) GROUP BY city"
      return Table(
        "gold.totals", about: "One row per city.",
        columns: [.string("city", "A city."), .double("total", "Money.")], key: ["city"],
        write: .derived(by: .key("city")),
        expect: [
          .sum("total", of: "SELECT city, CAST(balance AS DOUBLE) AS total FROM \(People.people)")
        ], query: query)
    }
    try lake.landPeople("a", (0..<50).map { "\($0),Ann,Rome,0.1\($0),5,put" })
    expectSuccess(try lake.run([People.feed, People.people, means(false)]))
    let run = try lake.run([People.feed, People.people, means(true)])
    #expect(run.error(means(true))?.code == "reconciliation")
  }

  /// A query over new rows that makes two of each.
  private func halves(_ write: Write, _ factor: Int, _ union: Bool = true) -> Table {
    Table(
      "silver.halves", about: "One row per half of a purchase.",
      columns: [
        .string("sale", "The purchase."), .int("half", "1 or 2."), .decimal("amount", "Money."),
        .int("since", "When."),
      ], key: ["sale", "half"], write: write,
      expect: [
        .rows(factor: factor), .range("amount", from: 0, to: 100, else: .quarantine),
        .row("it is no test", "sale <> 'test'", else: .drop),
      ], share: .none,
      query: """
        SELECT sale, half, TRY_CAST(amount AS DECIMAL(18, 2)) AS amount,
          TRY_CAST(since AS BIGINT) AS since, _file, _line
        FROM \(new: People.saleFeed) CROSS JOIN (VALUES (1), (2)) AS h(half)
        """)
  }

  @Test(
    "A query that unpivots says how many rows it makes of one, and each has one fate",
    arguments: [true, false])
  func factor(_ append: Bool) throws {
    let halves = self.halves(append ? .append : .upsert(newestBy: "since"), 2)
    let tables = [People.saleFeed, halves]
    try lake.land("sales/a.csv", People.saleHeader + "s1,1,5.00,1\ns2,1,-1,1\ntest,1,5,1\n")
    let run = expectSuccess(try lake.run(tables))
    #expect(run[halves]?.counts.words == "2 inserted, 2 filtered, 2 quarantined")
    #expect(run[halves]?.counts.read == 3)
    try lake.land("sales/b.csv", People.saleHeader + "s3,1,5.00,1\ns1,1,5.00,1\n")
    let next = expectSuccess(try lake.run(tables))
    #expect(next[halves]?.counts.words == (append ? "4 inserted" : "2 inserted, 2 unchanged"))
  }

  @Test("Another number of rows stops the table")
  func wrongFactor() throws {
    let halves = self.halves(.append, 3)
    try lake.land("sales/a.csv", People.saleHeader + "s1,1,5.00,1\n")
    let error = try #require(try lake.run([People.saleFeed, halves]).error(halves))
    #expect(error.code == "accounting")
    #expect(error.description.contains("`.rows(factor: 3)` promises 3 rows for each."))
  }

  @Test("A source without the columns by which it is compared is found without data")
  func checked() throws {
    let cities = self.cities(
      .derived(by: .key("city")), "",
      [.sum("money", of: "SELECT balance, coalesce(city, '?') AS citi FROM \(People.people)")])
    let problems = try Checker(
      tables: [People.feed, People.people, cities], engine: TestLake.engine
    ).problems().map { "\($0.rule.rawValue): \($0.message)" }
    #expect(
      problems == [
        "query-columns: the rule 'money adds up to that of the source': its query does not give "
          + "'city', by which it is compared. Did you mean 'citi'?",
        "query-columns: the rule 'money adds up to that of the source': its query does not give "
          + "'money', by which it is compared.",
      ])
  }
}

import Lakehouse
import Podium
import Runner
import RunnerTestKit
import Testing

@Suite("Rules about a whole table or run")
struct TableRuleTests {
  let lake: TestLake

  init() throws { lake = try TestLake() }

  private func finding(_ run: RunReport, _ table: Table) -> [String] {
    run[table]?.failures.compactMap(\.finding) ?? []
  }

  // Unique.

  @Test("A merged table stops where two keys get one value, the rows so far included")
  func uniqueUpsert() throws {
    let people = People.people([.unique("city", else: .stop)])
    let tables = [People.feed, people]
    try lake.landPeople("a", "1,Ann,Rome,1.00,5,put", "2,Bob,Oslo,1.00,5,put", "3,Cid,,1.00,5,put")
    expectSuccess(try lake.run(tables))
    // Both change places, another has no city either, and one is older than what is there.
    try lake.landPeople(
      "b", "1,Ann,Oslo,1.00,6,put", "2,Bob,Rome,1.00,6,put", "4,Dan,,1.00,6,put",
      "2,Bob,Oslo,1.00,4,put")
    expectSuccess(try lake.run(tables))
    try lake.landPeople("c", "5,Eve,Rome,1.00,7,put")
    let run = try lake.run(tables)
    #expect(run.error(people)?.code == "stop-rule")
    #expect(
      run.error(people)?.description.contains("1 value of city is in 2 rows") == true,
      "\(String(describing: run.error(people)))")
    try expect(people, in: lake, is: "id | city\n1 | Oslo\n2 | Rome\n3 | NULL\n4 | NULL")
    // Who had the value leaves; then the new one may have it.
    try lake.landPeople("d", "2,,,,8,delete")
    expectSuccess(try lake.run(tables))
    try expect(people, in: lake, is: "id | city\n1 | Oslo\n3 | NULL\n4 | NULL\n5 | Rome")
    // A row older than a deletion does not come back, so it is in nobody's way.
    try lake.landPeople("e", "2,Bob,Rome,1.00,7,put")
    expectSuccess(try lake.run(tables))
  }

  @Test("An appended table sees the rows so far too")
  func uniqueAppend() throws {
    let people = People.people([.unique("id", else: .warn)], write: .append)
    let tables = [People.feed, people]
    try lake.landPeople("a", "1,Ann,Rome,1.00,5,put")
    #expect(finding(expectSuccess(try lake.run(tables)), people) == [])
    try lake.landPeople("b", "1,Ann,Rome,1.00,6,put", "2,Bob,Rome,1.00,6,put")
    #expect(
      finding(expectSuccess(try lake.run(tables)), people) == ["1 value of id is in 2 rows"])
    try lake.landPeople("c", "3,Cid,Rome,1.00,6,put")
    #expect(finding(expectSuccess(try lake.run(tables)), people) == [])
  }

  @Test("A derived table sets aside all rows of a value, and takes them back when one is left")
  func uniqueDerived() throws {
    let mayors = Table(
      "gold.mayors", about: "One row per person.",
      columns: [.string("id", "A person."), .string("city", "A city.", nullable: true)],
      key: ["id"], write: .derived(by: .whole),
      expect: [.unique("city", else: .quarantine)], share: .none,
      query: "SELECT id, city FROM \(People.people)")
    let tables = [People.feed, People.people, mayors]
    try lake.landPeople("a", "1,Ann,Rome,1.00,5,put", "2,Bob,Oslo,1.00,5,put", "3,Cid,,1.00,5,put")
    try lake.landPeople("b", "4,Dan,Rome,1.00,5,put", "5,Eve,,1.00,5,put")
    expectSuccess(try lake.run(tables))
    try expect(mayors, in: lake, is: "id\n2\n3\n5")
    try expect(
      .quarantine(of: mayors), in: lake,
      is: "id | _failed_rules\n1 | city is unique\n4 | city is unique")
    try lake.landPeople("c", "4,,,,6,delete")
    expectSuccess(try lake.run(tables))
    try expect(mayors, in: lake, is: "id\n1\n2\n3\n5")
    try expect(.quarantine(of: mayors), in: lake, is: "id")
  }

  // Counts.

  @Test("A run of too few or too many rows stops; a full refresh, which reads all, is not judged")
  func bounds() throws {
    let people = People.people([.rowCount(from: 2, to: 3, else: .stop)])
    let tables = [People.feed, people]
    func lines(_ count: Int, _ prefix: String) -> [String] {
      (0..<count).map { "\(prefix)\($0),Ann,Rome,1.00,5,put" }
    }
    try lake.landPeople("a", lines(5, "a"))
    expectSuccess(try lake.run(tables))
    try lake.landPeople("b", lines(1, "b"))
    #expect(
      try lake.run(tables).error(people)?.description.contains(
        "'rows of a run are 2 to 3' failed, which stops the table: there is 1 row") == true)
    try lake.landPeople("c", lines(2, "c"))
    expectSuccess(try lake.run(tables))
    try lake.landPeople("d", lines(4, "d"))
    #expect(try lake.run(tables).error(people)?.code == "stop-rule")
    expectSuccess(try lake.run(tables, fullRefresh: true))
  }

  @Test("A run is compared with the median of the last ones, once there are enough")
  func median() throws {
    let people = People.people([
      .rowCount(atLeast: 0.5, ofMedianOf: 3, silentBefore: 2, else: .warn)
    ])
    let tables = [People.feed, people]
    var found: [[String]] = []
    // The first run computes the table whole and counts for nothing.
    for (index, count) in [50, 1, 8, 3, 4, 1].enumerated() {
      try lake.landPeople("\(index)", (0..<count).map { "\(index)x\($0),Ann,Rome,1.00,5,put" })
      found.append(finding(expectSuccess(try lake.run(tables)), people))
    }
    #expect(
      found == [
        [], [], [], [], [], ["there is 1 row, and the median of the last 3 runs is 4"],
      ])
  }

  @Test("Of a derived table all its rows are counted, also where a run computes a few")
  func derivedCount() throws {
    let cities = Table(
      "gold.cities", about: "One row per city.", columns: People.cities.columns, key: ["city"],
      write: .derived(by: .key("city")),
      expect: [
        .rowCount(atLeast: 0.9, ofMedianOf: 2, silentBefore: 1, else: .warn),
        .rowCount(to: 3, else: .stop),
      ],
      query: """
        SELECT coalesce(city, '?') AS city, COUNT(*) AS people,
          CAST(SUM(balance) AS DECIMAL(18, 2)) AS money
        FROM \(People.people) GROUP BY 1
        """)
    let tables = [People.feed, People.people, cities]
    try lake.landPeople("a", "1,Ann,Rome,1.00,5,put", "2,Bob,Oslo,1.00,5,put")
    expectSuccess(try lake.run(tables))
    try lake.landPeople("b", "3,Cid,Bern,1.00,5,put")
    #expect(finding(expectSuccess(try lake.run(tables)), cities) == [])
    try lake.landPeople("c", "3,,,,6,delete", "2,,,,6,delete")
    #expect(
      finding(expectSuccess(try lake.run(tables)), cities) == [
        "there is 1 row, and the median of the last 2 runs is 2.5"
      ])
    try lake.landPeople("d", (0..<3).map { "n\($0),Cid,City\($0),1.00,5,put" })
    #expect(try lake.run(tables).error(cities)?.code == "stop-rule")
    try expect(cities, in: lake, is: "city\nRome")
  }

  // Freshness.

  @Test("A table that gets too old is told by every run, also by one with nothing new")
  func freshness() throws {
    func things(_ age: Podium.Expectation.Age, _ action: Podium.Expectation.TableAction) -> Table {
      RowRuleTests.things(
        .upsert(newestBy: "nr"),
        [
          .freshness("seen", within: age, else: action),
          .freshness("day", within: .days(2), else: .warn),
        ])
    }
    let mild = things(.hours(36), .warn)
    let tables = [RowRuleTests.feed, mild]
    try lake.land("things/1.csv", "id,code,size,day,seen\na,,1,2025-02-26,2025-02-27T23:00:00Z\n")
    // The lake's clock says 2025-03-01; an earlier business date ends at its midnight.
    #expect(finding(expectSuccess(try lake.run(tables, asOf: "2025-02-27")), mild) == [])
    for asOf in ["2025-03-01", "2025-03-09"] {
      let run = expectSuccess(try lake.run(tables, asOf: asOf))
      #expect(run.committed == [])
      let found = finding(run, mild)
      #expect(
        found.count == 1
          && found[0].hasPrefix("the newest is 2025-02-26, 2 days before 2025-03-01T00:0"),
        "\(found)")
    }
    // A rule about age says nothing of rows: the table is not computed anew for it.
    let strict = things(.hours(24), .stop)
    let stopped = try lake.run([RowRuleTests.feed, strict])
    #expect(stopped.committed == [])
    #expect(
      stopped.error(strict)?.description.contains(
        "'seen is at most 24 hours old' failed, which stops the table: the newest is "
          + "2025-02-27T23:00:00Z, 25 hours before 2025-03-01T00:0") == true)
    // Newer rows mend it, and so would the rows that the table has where those of the run are old.
    try lake.land("things/2.csv", "id,code,size,day,seen\nb,,1,2025-02-28,2025-02-28T23:00:00Z\n")
    expectSuccess(try lake.run([RowRuleTests.feed, strict]))
    try lake.land("things/3.csv", "id,code,size,day,seen\nc,,1,2024-02-28,2024-02-28T23:00:00Z\n")
    #expect(finding(expectSuccess(try lake.run([RowRuleTests.feed, strict])), strict) == [])
  }

  // Queries.

  @Test("A query sees the table as it would be, and other tables as they are")
  func query() throws {
    let people = People.people([
      .query(
        "nobody is poorer than the mean of all by ten",
        """
        SELECT r.id FROM \(.result) AS r CROSS JOIN (SELECT AVG(balance) AS mean FROM \(.result)) AS m
        WHERE r.balance < m.mean - 10
        """, else: .stop),
      .query(
        "new people are in Rome", "SELECT 1 FROM \(.staged) WHERE city <> 'Rome'", else: .warn),
    ])
    let tables = [People.feed, people]
    try lake.landPeople("a", "1,Ann,Rome,20.00,5,put", "2,Bob,Rome,30.00,5,put")
    #expect(finding(expectSuccess(try lake.run(tables)), people) == [])
    try lake.landPeople("b", "3,Cid,Oslo,40.00,5,put")
    #expect(finding(expectSuccess(try lake.run(tables)), people) == ["its query gives 1 row"])
    try lake.landPeople("c", "4,Dan,Rome,1.00,5,put")
    let error = try #require(try lake.run(tables).error(people))
    #expect(error.description.contains("its query gives 1 row"))
    #expect(error.description.hasPrefix("RunnerTests/TableRuleTests.swift:"))
    try expect(people, in: lake, is: "id\n1\n2\n3")
    try lake.landPeople("d", "4,Dan,Rome,25.00,6,put", "2,,,,6,delete")
    try lake.landPeople("e", "1,Ann,Rome,20.00,6,put")
    expectSuccess(try lake.run(tables))
    try expect(people, in: lake, is: "id\n1\n3\n4")
  }

  @Test("A query of a rule may compare with another table, which then comes first in a run")
  func queryOverOthers() throws {
    let cities = Table(
      "gold.rich", about: "One row per city.", columns: [.string("city", "A city.")],
      key: ["city"], write: .derived(by: .key("city")),
      expect: [
        .query(
          "no city is missing",
          "SELECT p.city FROM \(People.people) AS p ANTI JOIN \(.result) AS r ON p.city = r.city",
          else: .stop)
      ], query: "SELECT city FROM \(People.people) WHERE balance > 5 GROUP BY city")
    let tables = [People.feed, People.people, cities]
    try lake.landPeople("a", "1,Ann,Rome,20.00,5,put", "2,Bob,Oslo,30.00,5,put")
    expectSuccess(try lake.run(tables))
    try lake.landPeople("b", "3,Cid,Bern,1.00,5,put")
    #expect(try lake.run(tables).error(cities)?.code == "stop-rule")
    try lake.landPeople("c", "3,Cid,Bern,6.00,6,put")
    expectSuccess(try lake.run(tables))
    try expect(cities, in: lake, is: "city\nBern\nOslo\nRome")
  }

  @Test("Histories and tables without repeats are judged as they would be too")
  func otherWrites() throws {
    let rules: [Podium.Expectation] = [
      .query(
        "nobody is in Oslo twice",
        "SELECT id FROM \(.result) WHERE city = 'Oslo' GROUP BY id HAVING COUNT(*) > 1", else: .stop
      ),
      .rowCount(to: 3, else: .warn),
    ]
    let people = Table(
      "silver.people", about: "One row per state of a person.",
      columns: [
        .string("id", "The person."), .string("city", "A city.", nullable: true),
        .int("since", "When it was so."),
      ], key: ["id"], write: .history(changedAt: "since"), expect: rules,
      query: """
        SELECT id, nullif(city, '') AS city, TRY_CAST(since AS BIGINT) AS since, _file, _line
        FROM \(new: People.feed)
        """)
    let tables = [People.feed, people]
    try lake.landPeople("a", "1,Ann,Oslo,1.00,5,put", "1,Ann,Rome,1.00,6,put", "2,Bob,Oslo,1,5,put")
    expectSuccess(try lake.run(tables))
    // The same state goes on where nothing was in between.
    try lake.landPeople("b", "2,Bob,Oslo,1.00,7,put")
    expectSuccess(try lake.run(tables))
    try lake.landPeople("c", "1,Ann,Oslo,1.00,7,put")
    #expect(try lake.run(tables).error(people)?.code == "stop-rule")
    try expect(people, in: lake, is: "id | city | since\n1 | Oslo | 5\n1 | Rome | 6\n2 | Oslo | 5")
    #expect(try lake.run(tables, fullRefresh: true).error(people)?.code == "stop-rule")
  }

  @Test("A rule that judges rows otherwise calls for the whole table, one about a run does not")
  func fingerprint() throws {
    try lake.landPeople("a", "1,Ann,Rome,1.00,5,put")
    func reason(_ rules: Podium.Expectation...) throws -> String {
      let people = People.people(rules)
      guard case .rebuild(let reason, _)? = try lake.plan([People.feed, people]).last?.action else {
        return ""
      }
      return reason
    }
    let changes: [(Podium.Expectation, Podium.Expectation)] = [
      (.range("balance", from: 0, else: .warn), .range("balance", from: 1, else: .warn)),
      (.range("balance", from: 0, else: .warn), .range("balance", from: 0, else: .quarantine)),
      (.oneOf("city", ["Rome"], else: .warn), .oneOf("city", ["Rome", "Oslo"], else: .warn)),
      (.pattern("city", "R.*", else: .warn), .pattern("city", "R.+", else: .warn)),
      (.type("_op", .int, else: .warn), .type("_op", .date, else: .warn)),
      (.unique("city", else: .warn), .unique("city", "since", else: .warn)),
      (
        .query("a", "SELECT 1 FROM \(.result) WHERE since > 9", else: .warn),
        .query("a", "SELECT 1 FROM \(.result) WHERE since > 10", else: .warn)
      ), (.required("city", else: .warn), .required("city", else: .drop)),
    ]
    for (before, after) in changes {
      expectSuccess(try lake.run([People.feed, People.people([before])]))
      #expect(try reason(before) == "", "\(before.name)")
      #expect(try reason(after) == "its declaration changed", "\(after.name)")
      #expect(try reason() == "its declaration changed", "\(after.name)")
    }
    expectSuccess(try lake.run([People.feed, People.people([])]))
    #expect(try reason(.rowCount(from: 1, else: .stop)) == "")
    #expect(try reason(.rowCount(atLeast: 0.5, ofMedianOf: 7, else: .stop)) == "")
    #expect(try lake.run([People.feed, People.people([])]).committed == [])
  }

  @Test("`check` describes a rule's query and names the line of a misspelt column")
  func checked() throws {
    let people = People.people([
      .query(
        "nobody is poor",
        """
        SELECT id FROM \(.result)
        WHERE balanse < 1
        """, else: .stop)
    ])
    let problems = try Checker(
      tables: [People.feed, people], engine: TestLake.engine
    ).problems()
    #expect(problems.map(\.rule) == [.queryRuns])
    #expect(
      problems.first?.location == SourceLocation(file: #fileID, line: #line - 7),
      "\(problems)")
  }
}

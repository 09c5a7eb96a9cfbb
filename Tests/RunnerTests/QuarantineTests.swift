import Lakehouse
import Podium
import Runner
import RunnerTestKit
import Testing

@Suite("Rows that fail a rule")
struct QuarantineTests {
  let lake: TestLake

  init() throws { lake = try TestLake() }

  @Test("A bad newer row does not hide a good older one, and is kept with rule, file and line")
  func badSecondVersion() throws {
    try lake.landPeople("a", "1,Ann,Rome,10.00,5,put")
    try lake.landPeople("b", "2,Bob,Oslo,20.00,5,put", "1,Ann,Bern,-1.00,6,put")
    let run = expectSuccess(try lake.run(People.tables))
    #expect(run[People.people]?.counts.words == "2 inserted, 1 quarantined")
    try expect(
      People.people, in: lake,
      is: """
        id | city | balance
        1  | Rome | 10.00
        2  | Oslo | 20.00
        """)
    try expect(
      .quarantine(of: People.people), in: lake,
      is: """
        id | city | balance | since | _failed_rules           | _file        | _line
        1  | Bern | -1.00   | 6     | balance is not negative | people/b.csv | 3
        """)
  }

  @Test("The same holds where the bad row comes in a later run, and a good third version wins")
  func badSecondVersionLater() throws {
    try lake.landPeople("a", "1,Ann,Rome,10.00,5,put")
    try lake.run(People.tables)
    try lake.landPeople("b", "1,Ann,Bern,-1.00,6,put")
    expectSuccess(try lake.run(People.tables))
    try expect(People.people, in: lake, is: "id | city\n1 | Rome")
    try lake.landPeople("c", "1,Ann,Linz,3.00,7,put")
    expectSuccess(try lake.run(People.tables))
    try expect(People.people, in: lake, is: "id | city\n1 | Linz")
    try expect(.quarantine(of: People.people), in: lake, is: "id | city\n1 | Bern")
  }

  @Test("A row that fails several rules is counted once and names them all")
  func severalRules() throws {
    let people = People.people([
      .row("balance is small", "balance < 100", else: .quarantine),
      .row("city is Rome", "city = 'Rome'", else: .warn),
      .row("city is short", "length(city) < 5", else: .quarantine),
    ])
    try lake.landPeople("a", "1,Ann,Istanbul,1000.00,5,put", ",Bob,Rome,1.00,5,put")
    let run = expectSuccess(try lake.run([People.feed, people]))
    #expect(run[people]?.counts.words == "2 quarantined")
    #expect(
      run[people]?.failures.map { "\($0.rule): \($0.rows)" } == [
        "id is required: 1", "balance is small: 1", "city is Rome: 1", "city is short: 1",
      ])
    try expect(
      .quarantine(of: people), in: lake,
      is: """
        city     | _failed_rules
        Istanbul | balance is small; city is short
        Rome     | id is required
        """)
  }

  @Test("A rule that is NULL for a row fails it")
  func nullFails() throws {
    let people = People.people([.row("city is not Oslo", "city <> 'Oslo'", else: .quarantine)])
    try lake.landPeople("a", "1,Ann,Rome,1.00,5,put", "2,Bob,Oslo,1.00,5,put", "3,Cid,,1.00,5,put")
    let run = expectSuccess(try lake.run([People.feed, people]))
    #expect(run[people]?.counts.words == "1 inserted, 2 quarantined")
    try expect(people, in: lake, is: "id\n1")
  }

  @Test("A value that is no number of the declared type breaks the promise of a value")
  func untypedValues() throws {
    try lake.landPeople(
      "a", "1,Ann,Rome,ten,5,put", "2,Bob,Rome,1e30,5,put", "3,Cid,Rome,1.00,noon,put",
      "4,Dan,Rome,4.00,5,put")
    expectSuccess(try lake.run(People.tables))
    try expect(People.people, in: lake, is: "id\n4")
    try expect(
      .quarantine(of: People.people), in: lake,
      is: """
        id | balance | since | _failed_rules                                | _line
        1  | NULL    | 5     | balance is required; balance is not negative | 2
        2  | NULL    | 5     | balance is required; balance is not negative | 3
        3  | 1.00    | NULL  | since is required                            | 4
        """)
  }

  @Test("A deletion without a key or a moment is bad, one without other values is not")
  func deletions() throws {
    try lake.landPeople("a", "1,,,,5,delete", ",,,,5,delete", "2,,,,,delete")
    let run = expectSuccess(try lake.run(People.tables))
    #expect(run[People.people]?.counts.words == "1 deleted, 2 quarantined")
  }

  @Test("`warn` keeps the row and counts it; `drop` leaves it out and counts it as filtered")
  func warnAndDrop() throws {
    let people = People.people([
      .row("city is known", "city IS NOT NULL", else: .warn),
      .row("it is no test row", "id <> 'test'", else: .drop),
    ])
    try lake.landPeople(
      "a", "1,Ann,,1.00,5,put", "test,Tom,Rome,1.00,5,put", "2,Bob,Rome,1.00,5,put")
    let run = expectSuccess(try lake.run([People.feed, people]))
    #expect(run[people]?.counts.words == "2 inserted, 1 filtered")
    #expect(run[people]?.failures.map(\.action) == [.warn, .drop])
    try expect(people, in: lake, is: "id\n1\n2")
    try expect(.quarantine(of: people), in: lake, is: "id")
  }

  @Test("`stop` commits nothing of the table and its quarantine, and tells file and line")
  func stopRule() throws {
    let people = People.people([
      .row("balance is below a million", "balance < 1000000", else: .stop),
      .row("balance is not negative", "balance >= 0", else: .quarantine),
    ])
    try lake.landPeople("a", "1,Ann,Rome,1.00,5,put")
    expectSuccess(try lake.run([People.feed, people]))
    let version = try lake.version(people)
    try lake.landPeople("b", "2,Bob,Rome,-1.00,5,put", "3,Cid,Rome,2000000.00,5,put")
    let run = try lake.run([People.feed, people])
    let error = try #require(run.error(people))
    #expect(error.code == "stop-rule")
    #expect(error.description.hasPrefix("RunnerTests/QuarantineTests.swift:"))
    #expect(error.description.contains("people/b.csv:3"))
    #expect(try lake.version(people) == version)
    try expect(.quarantine(of: people), in: lake, is: "id")
  }

  @Test("A stopped table goes on once its declaration lets the rows through")
  func stopMended() throws {
    let strict = People.people([.row("balance is small", "balance < 10", else: .stop)])
    let mild = People.people([.row("balance is small", "balance < 10", else: .quarantine)])
    try lake.landPeople("a", "1,Ann,Rome,1.00,5,put", "2,Bob,Rome,100.00,5,put")
    #expect(try lake.run([People.feed, strict]).error(strict)?.code == "stop-rule")
    let run = expectSuccess(try lake.run([People.feed, mild]))
    #expect(run[mild]?.counts.words == "1 inserted, 1 quarantined")
  }

  @Test("Too small a share of good rows commits nothing; a run of few rows is not judged")
  func shareRule() throws {
    let people = People.people(share: ShareRule(atLeast: 0.8, ofAtLeast: 10))
    try lake.landPeople("a", "1,Ann,Rome,1.00,5,put", "2,Bob,Rome,-1.00,5,put")
    #expect(expectSuccess(try lake.run([People.feed, people])).committed.count == 2)
    let bad = (10..<13).map { "\($0),Bob,Rome,-1.00,5,put" }
    let good = (13..<20).map { "\($0),Bob,Rome,1.00,5,put" }
    try lake.landPeople("b", bad + good)
    let run = try lake.run([People.feed, people])
    #expect(run.error(people)?.code == "share-rule")
    try expect(people, in: lake, is: "id\n1")
    try expect(.quarantine(of: people), in: lake, is: "id\n2")
    let more = (20..<25).map { "\($0),Bob,Rome,1.00,5,put" }
    try lake.landPeople("c", more)
    let next = expectSuccess(try lake.run([People.feed, people]))
    #expect(next[people]?.counts.words == "12 inserted, 3 quarantined")
  }

  @Test("A share that is just met commits, and exact repeats count for nothing")
  func shareJustMet() throws {
    let people = People.people(share: ShareRule(atLeast: 0.8, ofAtLeast: 10))
    let bad = (10..<12).map { "\($0),Bob,Rome,-1.00,5,put" }
    let good = (12..<20).map { "\($0),Bob,Rome,1.00,5,put" }
    let lines = bad + good + good
    try lake.landPeople("a", lines)
    let run = expectSuccess(try lake.run([People.feed, people]))
    #expect(run[people]?.counts.words == "8 inserted, 8 deduplicated, 2 quarantined")
  }

  @Test("A derived table's bad rows go to quarantine and leave it when they become good")
  func derivedQuarantine() throws {
    let cities = Table(
      "gold.cities", about: "One row per city.",
      columns: [.string("city", "A city."), .int("people", "People there.")], key: ["city"],
      write: .derived(by: .key("city")),
      expect: [.row("somebody has company", "people > 1", else: .quarantine)],
      query: "SELECT city, COUNT(*) AS people FROM \(People.people) GROUP BY city")
    let tables = [People.feed, People.people, cities]
    try lake.landPeople(
      "a", "1,Ann,Rome,1.00,5,put", "2,Bob,Oslo,1.00,5,put", "3,Cid,Oslo,1.00,5,put")
    expectSuccess(try lake.run(tables))
    try expect(cities, in: lake, is: "city | people\nOslo | 2")
    try expect(.quarantine(of: cities), in: lake, is: "city | people\nRome | 1")
    try lake.landPeople("b", "4,Dan,Rome,1.00,5,put")
    expectSuccess(try lake.run(tables))
    try expect(cities, in: lake, is: "city | people\nOslo | 2\nRome | 2")
    try expect(.quarantine(of: cities), in: lake, is: "city")
  }
}

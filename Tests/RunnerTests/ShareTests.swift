import Podium
import Runner
import RunnerTestKit
import TestKit
import Testing

@Suite("A share of good rows that is too small")
struct ShareTests {
  let lake: TestLake

  init() throws { lake = try TestLake() }

  private func people(atLeast share: Double) -> Table {
    People.people(share: ShareRule(atLeast: share, ofAtLeast: 10))
  }

  /// Five good rows from line 2 on, four with a negative balance, one whose number is no number.
  private func landMixedRows() throws {
    let lines =
      (0..<5).map { "g\($0),Ann Secret,Rome,1.00,5,put" }
      + (0..<4).map { "b\($0),Bob Secret,Rome,-1.00,5,put" } + ["n,Cid Secret,Rome,1.00,x,put"]
    try lake.landPeople("a", lines)
  }

  private func rerun(_ people: Table) throws -> TableOutcome? {
    expectSuccess(try lake.run([People.feed, people]))[people]
  }

  @Test("The error names the rules, their first rows by file and line, the state and the way on")
  func words() throws {
    try landMixedRows()
    let people = people(atLeast: 0.825)
    let error = try lake.run([People.feed, people]).error(people)
    #expect(error?.code == "share-rule")
    #expect(
      error?.description
        == "only 5 of 10 rows passed, less than 82.5 %: 1 fails 'since is required' "
        + "(people/a.csv:11); 4 fail 'balance is not negative' (people/a.csv:7, people/a.csv:8, "
        + "people/a.csv:9, …). Nothing was written to the table or its quarantine; its new rows wait "
        + "in the tables that it reads, and the next run judges them again. Land corrected rows in a "
        + "file of a new name, so that enough pass, or mend the rule; or let the failing rows go to "
        + "quarantine by a smaller share at \(people.declaredAt), such as "
        + "`share: ShareRule(atLeast: 0.50)`. Then run again.")
    #expect(try lake.version(people) == nil)
    #expect(try lake.names("quarantine") == [])
  }

  @Test("The way on by corrected rows in a new file works, and the bad rows go to quarantine then")
  func corrected() throws {
    try landMixedRows()
    let people = people(atLeast: 0.6)
    #expect(try lake.run([People.feed, people]).error(people)?.code == "share-rule")
    let lines = (0..<4).map { "b\($0),Bob,Rome,1.00,6,put" } + ["n,Cid,Rome,1.00,5,put"]
    try lake.landPeople("b", lines)
    #expect(try rerun(people)?.counts.words == "10 inserted, 5 quarantined")
  }

  @Test("The way on by the share that the error names works")
  func loosened() throws {
    try landMixedRows()
    let strict = people(atLeast: 0.95)
    #expect(
      try lake.run([People.feed, strict]).error(strict)?.description.contains("atLeast: 0.50")
        == true)
    #expect(try rerun(people(atLeast: 0.5))?.counts.words == "5 inserted, 5 quarantined")
  }

  @Test("A derived table's error names no files")
  func derived() throws {
    let lines = (0..<9).map { "p\($0),Ann,C\($0 / 2),1.00,5,put" }
    try lake.landPeople("a", lines)
    let cities = Table(
      "gold.cities", about: "One row per city.",
      columns: [.string("city", "A city."), .int("people", "People there.")], key: ["city"],
      write: .derived(by: .key("city")),
      expect: [.row("somebody has company", "people > 1", else: .quarantine)],
      share: ShareRule(atLeast: 0.9, ofAtLeast: 5),
      query: "SELECT city, COUNT(*) AS people FROM \(People.people) GROUP BY city")
    let error = try lake.run([People.feed, People.people, cities]).error(cities)
    #expect(
      error?.description
        == "only 4 of 5 rows passed, less than 90 %: 1 fails 'somebody has company'. Nothing was "
        + "written to the table or its quarantine. Correct the rows that it reads, or mend the rule; "
        + "or let the failing rows go to quarantine by a smaller share at \(cities.declaredAt), such "
        + "as `share: ShareRule(atLeast: 0.80)`. Then run again.")
  }
}

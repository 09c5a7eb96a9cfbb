import Lakehouse
import Podium
import Runner
import RunnerTestKit
import Testing

@Suite("Quarantined rows that are given up")
struct DropTests {
  let lake: TestLake
  private let people = People.people([.range("balance", from: 0, else: .quarantine)], share: .none)
  private var tables: [Table] { [People.feed, people] }

  init() throws { lake = try TestLake() }

  @Test("They leave the quarantine, are on record, and stay away whatever is computed anew")
  func drops() throws {
    try lake.landPeople("a", "1,Ann,Rome,1.00,5,put", "2,Bob,Rome,-1.00,5,put", "3,,,,,delete")
    try lake.landPeople("b", "1,Ann,Rome,-1.00,6,put")
    expectSuccess(try lake.run(tables))
    #expect(
      try lake.waiting(tables) == [
        "silver.people: balance is at least 0: 2", "silver.people: since is required: 1",
      ])
    let filter = QuarantineFilter(rules: ["balance is at least 0"])
    #expect(try lake.drop(people, tables, filter, reason: "a test till") == 2)
    #expect(try lake.waiting(tables) == ["silver.people: since is required: 1"])
    try expect(
      .droppedRows, in: lake,
      is: """
        table_name    | file         | line | failed_rules          | reason      | dropped_by
        silver.people | people/a.csv | 3    | balance is at least 0 | a test till | tester
        silver.people | people/b.csv | 2    | balance is at least 0 | a test till | tester
        """)
    // Under milder rules too they are left out, and counted.
    for rules: [Podium.Expectation] in [[.range("balance", from: 0, else: .quarantine)], []] {
      let people = People.people(rules, share: .none)
      let run = expectSuccess(try lake.run([People.feed, people], fullRefresh: true))
      #expect(run[people]?.counts.words == "1 inserted, 2 filtered, 1 quarantined")
      #expect(
        run[people]?.failures.map { "\($0.rule): \($0.rows)" } == [
          "since is required: 1", "dropped from quarantine: 2",
        ])
      try expect(people, in: lake, is: "id | balance\n1 | 1.00")
    }
    #expect(try lake.drop(people, tables, filter) == 0)
  }

  @Test("Only what a run put there may be given up, and rows that a query fails on")
  func byRun() throws {
    try lake.landPeople("a", "1,Ann,Rome,-1.00,5,put")
    expectSuccess(try lake.run(tables))
    try lake.landPeople("b", "2,Bob,Rome,-1.00,5,put")
    let run = expectSuccess(try lake.run(tables))
    #expect(try lake.drop(people, tables, QuarantineFilter(run: run.run)) == 1)
    try expect(.quarantine(of: people), in: lake, is: "id\n1")
    #expect(try lake.drop(people, tables, QuarantineFilter(run: "nothing")) == 0)
  }

  @Test("A process that ends between the two commits has done no harm")
  func crash() throws {
    try lake.landPeople("a", "1,Ann,Rome,-1.00,5,put", "2,Bob,Rome,1.00,5,put")
    expectSuccess(try lake.run(tables))
    try lake.block(.quarantine(of: people))
    #expect(throws: RunError.self) { try lake.drop(people, tables) }
    try lake.giveWay(.quarantine(of: people))
    #expect(try lake.waiting(tables) == ["silver.people: balance is at least 0: 1"])
    #expect(try lake.drop(people, tables) == 1)
    #expect(try lake.waiting(tables) == [])
    try expect(.droppedRows, in: lake, is: "file\npeople/a.csv")
  }

  @Test("A line with several records, of which one passed, is not given up")
  func oneLine() throws {
    try lake.land(
      "people/a.json",
      #"""
      [{"id":"1","balance":"1","since":"5","op":"put"}, {"id":"2","balance":"-1","since":"5","op":"put"}]
      """#)
    expectSuccess(try lake.run(tables))
    let error = #expect(throws: RunError.self) { try lake.drop(people, tables) }
    #expect(error?.description.contains("only whole lines can be given up") == true)
    #expect(try lake.waiting(tables) == ["silver.people: balance is at least 0: 1"])
  }
}

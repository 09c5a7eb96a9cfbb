import Lakehouse
import Podium
import Runner
import RunnerTestKit
import Testing

@Suite("A table that depends on the business date")
struct BusinessDateTests {
  let lake: TestLake
  let report = Table(
    "gold.report", about: "One row per business date and city.",
    columns: [
      .date("as_of", "The business date."), .string("city", "A city."), .int("people", "People."),
    ], key: ["as_of", "city"], write: .derived(by: .partition("as_of")), partitionedBy: ["as_of"],
    query: """
      SELECT \(.asOf) AS as_of, city, people FROM \(People.cities)
      """)

  var tables: [Table] { People.tables + [report] }

  init() throws {
    lake = try TestLake()
    try lake.landPeople("a", "1,Ann,Rome,1.00,5,put")
  }

  @discardableResult
  private func run(_ date: String) throws -> RunReport {
    expectSuccess(try lake.run(tables, asOf: date))
  }

  private func expectReport(_ rows: String) throws { try expect(report, in: lake, is: rows) }

  @Test("Each date has a partition of its own, and an earlier one keeps its rows")
  func twoDates() throws {
    try run("2025-03-01")
    try lake.landPeople("b", "2,Bob,Rome,1.00,5,put")
    let run = try run("2025-03-02")
    #expect(run.committed.count == 4)
    try expectReport(
      """
      as_of      | city | people
      2025-03-01 | Rome | 1
      2025-03-02 | Rome | 2
      """)
  }

  @Test("The same date with nothing new runs nothing, another date runs this table alone")
  func sameDate() throws {
    try run("2025-03-01")
    #expect(try lake.run(tables, asOf: "2025-03-01").committed == [])
    let run = try run("2025-03-02")
    #expect(run.committed == ["gold.report"])
    #expect(run[report]?.reason == "the business date changed")
  }

  @Test("A date that comes again is computed again, alone")
  func earlierDateAgain() throws {
    try run("2025-03-01")
    try run("2025-03-02")
    try lake.landPeople("b", "1,Ann,Oslo,1.00,6,put")
    try run("2025-03-01")
    try expectReport(
      """
      as_of      | city | people
      2025-03-01 | Oslo | 1
      2025-03-02 | Rome | 1
      """)
  }

  @Test("A date without rows any more has no partition left")
  func emptied() throws {
    try run("2025-03-01")
    try lake.landPeople("b", "1,,,,6,delete")
    try run("2025-03-01")
    try expectReport("as_of | city | people")
  }

  @Test("Its quarantine keeps the rows of other dates")
  func quarantineByDate() throws {
    let picky = Table(
      "gold.report", about: "One row per business date and city.",
      columns: report.columns, key: report.key, write: report.write, partitionedBy: ["as_of"],
      expect: [.row("there are people", "people > 1", else: .quarantine)],
      query: "SELECT \(.asOf) AS as_of, city, people FROM \(People.cities)")
    let tables = People.tables + [picky]
    expectSuccess(try lake.run(tables, asOf: "2025-03-01"))
    expectSuccess(try lake.run(tables, asOf: "2025-03-02"))
    expectSuccess(try lake.run(tables, asOf: "2025-03-02", fullRefresh: true))
    try expect(
      .quarantine(of: picky), in: lake,
      is: """
        as_of      | city
        2025-03-01 | Rome
        2025-03-02 | Rome
        """)
  }

  @Test("The run's date is in the ledger")
  func recorded() throws {
    let run = try run("2025-03-02")
    #expect(try Ledger(lake.lake).run(run.run)?.asOf == "2025-03-02")
  }
}

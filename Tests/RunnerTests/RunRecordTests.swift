import Basics
import Lakehouse
import Podium
import TestKit
@testable import Runner
import RunnerTestKit
import SQLite
import Testing

@Suite("The record of runs")
struct RunRecordTests {
  let lake: TestLake
  let tables = [People.feed, People.people]

  init() throws {
    lake = try TestLake()
    try lake.landPeople("a", "1,Ann,Rome,1.00,5,put")
  }

  private func ledger() throws -> Ledger { try #require(try Ledger.reading(lake.lake)) }

  /// Makes the newest run look as if its process had been killed.
  private func killNewest() throws {
    try ledger().database.execute("UPDATE runs SET status = 'running', ended = NULL")
  }

  @Test("A run that was killed is interrupted as soon as another one begins")
  func nextRun() throws {
    try lake.run(tables)
    try killNewest()
    try lake.run(tables)
    let runs = try ledger().runs(limit: 9)
    #expect(runs.map(\.status) == ["succeeded", "interrupted"])
    #expect(runs.map { $0.ended == nil } == [false, true])
  }

  @Test("Whoever looks at the runs finds a killed one interrupted, but not one that is at work")
  func looking() throws {
    try lake.run(tables)
    try killNewest()
    do {
      let lock = try LakeLock(lake.lake, command: "podium run", patience: 0)
      try ledger().interruptDeadRuns(lake.lake, tables)
      #expect(try ledger().runs(limit: 1).map(\.status) == ["running"])
      withExtendedLifetime(lock) {}
    }
    try ledger().interruptDeadRuns(lake.lake, tables)
    #expect(try ledger().runs(limit: 1).map(\.status) == ["interrupted"])
  }

  @Test("Of a run that was killed before its word on a commit, the table's log tells")
  func commitWithoutWord() throws {
    let run = try lake.run(tables).run
    let whole = try ledger().tables(of: run)
    try killNewest()
    try ledger().database.execute("DELETE FROM run_tables WHERE table_name <> 'bronze.people'")
    try ledger().interruptDeadRuns(lake.lake, tables)
    let told = try ledger().tables(of: run)
    #expect(told.map(\.table) == whole.map(\.table))
    #expect(told.map(\.version) == whole.map(\.version))
    #expect(told.map(\.counts) == whole.map(\.counts))
    #expect(told.map(\.status) == ["committed"] + whole.dropFirst().map { _ in "interrupted" })
  }

  @Test("It has each table once, in the order of the run, also those that were skipped")
  func tablesOfARun() throws {
    try lake.run(tables)
    try lake.landPeople("b", "2,Bob,Rome,1.00,6,put")
    lake.remove("silver/people/_delta_log")
    try lake.write("{", to: "bronze/people/_delta_log/00000000000000000002.json")
    let report = try lake.run(tables)
    #expect(!report.succeeded)
    #expect(report.ledgerFailure == nil)
    let records = try ledger().tables(of: report.run)
    #expect(records.map(\.table) == ["bronze.people", "silver.people"])
    #expect(records.map(\.status) == ["failed", "skipped"])
  }
}

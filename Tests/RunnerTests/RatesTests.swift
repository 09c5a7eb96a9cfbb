import Basics
import Lakehouse
import Podium
@testable import Runner
import RunnerTestKit
import SQLite
import Testing

@Suite("How the runs of some days went")
struct RatesTests {
  @Test("Failed tables and interrupted runs count against it, skipped tables do not count")
  func rates() throws {
    let lake = try TestLake()
    try lake.landPeople("a", "1,Ann,Rome,1.00,5,put")
    try lake.run(People.tables)
    try lake.landPeople("b", "1,Ann,Rome,-1.00,6,put")
    let strict = People.people([.row("balance is not negative", "balance >= 0", else: .stop)])
    try lake.run([People.feed, strict, People.cities(of: strict)])
    try lake.run(People.tables)
    let ledger = try #require(try Ledger.reading(lake.lake))
    try ledger.database.execute(
      "UPDATE runs SET status = 'interrupted' WHERE rowid = (SELECT max(rowid) FROM runs)")
    let start = Timestamp(microseconds: 1_740_787_200_000_000)
    let rates = try ledger.successRates(since: start)
    #expect(rates.runs.attempted == 3)
    #expect(rates.runs.succeeded == 1)
    // Three, two of which one failed, and three.
    #expect(rates.tables.attempted == 8)
    #expect(rates.tables.succeeded == 7)
    #expect(rates.tables.share == 0.875)
    #expect(rates.byTable.map(\.name) == ["bronze.people", "gold.cities", "silver.people"])
    #expect(rates.byTable.map(\.tables.attempted) == [3, 2, 3])
    #expect(rates.byTable.map(\.tables.succeeded) == [3, 2, 2])
    #expect(rates.days.map(\.name) == ["2025-03-01"])
    // A table that a killed run was at work on was attempted, and what is no run does not count.
    try ledger.database.execute("UPDATE runs SET status = 'running' WHERE rowid = 3")
    try ledger.database.execute(
      "DELETE FROM run_tables WHERE rowid = (SELECT max(rowid) FROM run_tables)")
    let run = try #require(try ledger.runs(limit: 1).first).run
    try ledger.beginTable(People.cities.name, 2, run)
    try ledger.interruptRuns(lake.lake, [], ended: nil)
    #expect(try ledger.tables(of: run).map(\.status) == ["up to date", "committed", "interrupted"])
    try ledger.record(
      .promotion, "promoted", "promote dev", tables: [(People.people.name, 9)], at: start)
    let killed = try ledger.successRates(since: start)
    #expect(killed.runs == rates.runs)
    #expect(killed.tables.attempted == 8)
    #expect(killed.tables.succeeded == 6)
    let later = Timestamp(microseconds: start.microseconds + 30 * 86_400_000_000)
    #expect(try ledger.successRates(since: later) == SuccessRates())
  }
}

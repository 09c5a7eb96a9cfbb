import Basics
import Lakehouse
@testable import Observability
import Podium
import Runner
import RunnerTestKit
import TestKit
import Testing

@Suite("The log of a run")
struct RunLogTests {
  let lake: TestLake

  init() throws { lake = try TestLake() }

  /// Runs with a log, and gives its lines.
  private func run(
    _ tables: [Table] = People.tables, days: Int = 14
  ) throws -> (report: RunReport, lines: [JSON], log: RunLog) {
    let log = RunLog(lake.lake, days: days)
    let runner = Runner(lake: lake.lake, graph: try Graph(tables), engine: TestLake.engine)
    let report = try runner.run(
      RunRequest(jobs: 1, asOf: CivilDate(year: 2025, month: 3, day: 1)), onEvent: log.record)
    log.record(report)
    let lines = days > 0 ? try RunLogFiles(lake.lake).lines(of: report.run, from: 0).lines : []
    return (report, lines, log)
  }

  @Test(
    "It tells begin and end, each step of each table, commits with versions, and no row's value")
  func whole() throws {
    try lake.landPeople(
      "a", "1,Annabella,Rome,1.00,5,put", "2,Benedict,Paris,-7.77,5,put",
      "3,Cleopatra,Oslo,2.00,5,put")
    let (report, lines, log) = try run()
    #expect(log.failure == nil)
    let events = lines.compactMap { $0["event"]?.string }
    #expect(events.first == "run.started")
    #expect(events.last == "run.ended")
    #expect(Set(lines.map { $0["run"]?.string }) == [report.run])
    func of(_ table: String, _ event: String) -> [JSON] {
      lines.filter { $0["table"]?.string == table && $0["event"]?.string == event }
    }
    let steps = of("silver.people", "table.step").compactMap { $0["step"]?.string }
    #expect(steps == ["bind", "stage", "resolve", "quarantine", "write"])
    #expect(of("silver.people", "table.step").first?["rows"]?.int == 3)
    #expect(
      of("bronze.people", "table.step").compactMap { $0["step"]?.string } == ["read", "write"])
    let ended = try #require(of("silver.people", "table.ended").first)
    #expect(ended["rowsRead"]?.int == 3)
    #expect(ended["inserted"]?.int == 2)
    #expect(ended["quarantined"]?.int == 1)
    #expect(ended["level"]?.string == "warning")
    #expect(ended["rules"]?.array?.first?["rule"]?.string == "balance is not negative")
    #expect(ended["rules"]?.array?.first?["rate"]?.double == 0.333333)
    #expect(ended["versionBefore"] == .null)
    #expect(ended["version"]?.int == report.tables[1].version)
    #expect(ended["addedBytes"]?.int ?? 0 > 0)
    #expect(!of("quarantine.people", "table.committed").isEmpty)
    let end = try #require(lines.last)
    #expect(end["status"]?.string == "succeeded")
    #expect(end["committed"]?.int == 3)
    let text = lines.map(\.text).joined()
    for value in ["Annabella", "Benedict", "Cleopatra", "7.77", "Paris"] {
      #expect(!text.contains(value))
    }
    let file = try #require(RunLogFiles(lake.lake).path(of: report.run))
    #expect(try Files.mode(file) == 0o600)
  }

  @Test("A second run tells the versions before and after it; a failure its code and words")
  func second() throws {
    try lake.landPeople("a", "1,Ann,Rome,1.00,5,put")
    let first = try run().report
    try lake.landPeople("b", "1,Ann,Rome,2.00,6,put")
    let lines = try run().lines
    let ended = lines.first {
      $0["table"]?.string == "silver.people" && $0["event"]?.string == "table.ended"
    }
    #expect(ended?["versionBefore"]?.int == first.tables[1].version)
    #expect(ended?["version"]?.int == first.tables[1].version.map { $0 + 1 })
    try lake.landPeople("c", "1,Ann,Rome,-2.00,7,put")
    let strict = People.people([.row("balance is not negative", "balance >= 0", else: .stop)])
    let failed = try run([People.feed, strict, People.cities(of: strict)]).lines
    let table = failed.filter { $0["event"]?.string == "table.ended" }
    #expect(table.map { $0["level"]?.string } == ["info", "error", "warning"])
    #expect(table[1]["error"]?["code"]?.string == "stop-rule")
    #expect(table[2]["because"]?.string == "silver.people")
    #expect(failed.last?["status"]?.string == "failed")
  }

  @Test("Old logs go by themselves, younger ones stay, and none is written where none is wanted")
  func retention() throws {
    try lake.landPeople("a", "1,Ann,Rome,1.00,5,put")
    let folder = "\(lake.path)/.podium/logs"
    let now = lake.lake.clock.now().microseconds / 1_000_000
    for (name, days) in [("old.jsonl", 15), ("young.jsonl", 13), ("old.txt", 99)] {
      try Files.write("{}\n", to: "\(folder)/\(name)")
      try Files.age("\(folder)/\(name)", to: Int(now) - days * 86_400)
    }
    let (report, _, _) = try run()
    #expect(Set(Files.names(folder)) == ["young.jsonl", "old.txt", "\(report.run).jsonl"])
    let (silent, _, _) = try run(days: 0)
    #expect(RunLogFiles(lake.lake).path(of: silent.run) == nil)
  }

  @Test("A log that cannot be written is told and does not stop the run")
  func unwritable() throws {
    try lake.landPeople("a", "1,Ann,Rome,1.00,5,put")
    try Files.write("", to: "\(lake.path)/.podium/logs")
    let log = RunLog(lake.lake, days: 14)
    let runner = Runner(
      lake: lake.lake, graph: try Graph(People.tables), engine: TestLake.engine)
    let report = try runner.run(
      RunRequest(asOf: CivilDate(year: 2025, month: 3, day: 1)), onEvent: log.record)
    #expect(report.succeeded)
    #expect(log.failure?.contains("logs") == true)
  }
}

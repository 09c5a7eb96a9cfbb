import Basics
import Faker
import LakeCare
import Lakehouse
import Podium
import Runner
import RunnerTestKit
import TestKit
import Testing

@Suite("Any sequence of runs, rollbacks, promotions, maintenance and crashes")
struct CarePropertyTests {
  static let people = People.people(share: .none)
  static let cities = People.cities(of: people)
  static let log = Table(
    "silver.sale_log", about: "One row per report of a purchase.",
    columns: People.log.columns, key: ["sale"], write: .append, expect: People.log.expectations,
    share: .none,
    query: """
      SELECT sale, TRY_CAST(amount AS DECIMAL(18, 2)) AS amount, _file, _line
      FROM \(new: People.saleFeed)
      """)
  static let sales = Table(
    "silver.sales", about: "One row per purchase of a known person.",
    columns: People.sales.columns, key: ["sale"], write: .upsert(newestBy: "since"),
    expect: [.references("id", in: people, else: .quarantine)], share: .none,
    query: """
      SELECT sale, id, TRY_CAST(amount AS DECIMAL(18, 2)) AS amount,
        TRY_CAST(since AS BIGINT) AS since, _file, _line
      FROM \(new: People.saleFeed)
      """)
  static let tables = [People.feed, people, cities, People.saleFeed, sales, log]

  @Test("It ends with the tables of one run over everything", arguments: Seeds.first(16))
  func equalsOneRun(_ seed: UInt64) throws {
    var random = SeededRandom(seed: seed, "care")
    let lake = try TestLake()
    let whole = try TestLake()
    var steps: [String] = []
    for file in 0..<8 {
      for lake in [lake, whole] { try land(file, seed, in: lake) }
      for _ in 0..<Int.random(in: 1...3, using: &random) {
        steps.append(try step(lake, &random))
      }
    }
    try lake.care(CarePropertyTests.tables).finishInterrupted()
    expectSuccess(try lake.run(CarePropertyTests.tables))
    expectSuccess(try whole.run(CarePropertyTests.tables))
    let about = "seed \(seed): \(steps.joined(separator: ", "))"
    try expectSame(lake, whole, CarePropertyTests.tables, about)
    #expect(try lake.run(CarePropertyTests.tables).committed == [], "\(about)")
    expectSuccess(try lake.run(CarePropertyTests.tables, fullRefresh: true))
    try expectSame(lake, whole, CarePropertyTests.tables, "full refresh, \(about)")
  }

  private func land(_ file: Int, _ seed: UInt64, in lake: TestLake) throws {
    var random = SeededRandom(seed: seed &* 100 &+ UInt64(file), "files")
    func pick(_ values: String...) -> String {
      values[Int.random(in: values.indices, using: &random)]
    }
    let people = (0..<6).map { _ in
      let since = Int.random(in: 1...9, using: &random)
      return pick("a", "b", "c", "d", "e") + ",Ann," + pick("Rome", "Oslo", "") + ","
        + pick("1.00", "2.50", "-1", "x") + ",\(since)," + pick("put", "put", "put", "delete")
    }
    try lake.landPeople("p\(file)", people)
    let sales = (0..<5).map { _ in
      "s\(Int.random(in: 1...9, using: &random))," + pick("a", "b", "c", "z") + ","
        + pick("1.00", "5.00", "2000") + ",\(Int.random(in: 1...9, using: &random))\n"
    }
    try lake.land("sales/s\(file).csv", People.saleHeader + sales.joined())
  }

  /// Does something to a lake; what it was.
  private func step(_ lake: TestLake, _ random: inout SeededRandom) throws -> String {
    let tables = CarePropertyTests.tables
    let care = try lake.care(tables)
    try care.finishInterrupted()
    let crash = Int.random(in: 0..<4, using: &random) == 0
    let blocked = tables[Int.random(in: tables.indices, using: &random)]
    if crash { try lake.block(.of(blocked)) }
    defer { try? lake.giveWay(.of(blocked)) }
    let about = crash ? " (blocked \(blocked.name))" : ""
    switch Int.random(in: 0..<8, using: &random) {
    case 0...2:
      let selectors = ["", "bronze", "bronze silver", "silver.people+"]
      let chosen = selectors[Int.random(in: selectors.indices, using: &random)]
      try lake.run(tables, chosen)
      return "run '\(chosen)'\(about)"
    case 3...4:
      let runs = try Ledger.reading(lake.lake)?.runs(limit: 9) ?? []
      guard let run = runs.randomElement(using: &random)?.run else { return "nothing" }
      do {
        let later = Bool.random(using: &random)
        let rollback = try care.planRollback(RollbackRequest(run: run, withLater: later))
        try care.carryOut(rollback)
        return "rollback of \(rollback.runs.count)\(about)"
      } catch let error as RollbackError {
        return "refused rollback: \(error)"
      } catch { return "broken rollback\(about)" }
    case 5:
      try lake.maintain(tables)
      return "maintain\(about)"
    default:
      do {
        let selectors = ["", "silver gold", "gold"].randomElement(using: &random) ?? ""
        try lake.run(tables, selectors, in: "dev")
        try lake.promote(tables, from: "dev")
        try care.drop("dev")
        return "promotion of '\(selectors)'\(about)"
      } catch let error as EnvironmentError {
        return "refused promotion: \(error)"
      } catch { return "broken promotion\(about)" }
    }
  }
}

import Basics
import Lakehouse
import Podium
import Runner
import RunnerTestKit
import TestKit
import Testing

@Suite("Any sequence of runs over a gym")
struct GymPropertyTests {
  @Test("It ends with the tables of a full refresh", arguments: Seeds.first(50))
  func equalsFullRefresh(_ seed: UInt64) throws {
    let tables = try RandomGym.tables(for: seed)
    var gym = try RandomGym(seed: seed)
    let lake = try TestLake()
    let lots = gym.lots()
    for (index, lot) in lots.enumerated() {
      for file in lot { try lake.land(file.path, bytes: file.bytes) }
      // Now and then the day goes on between runs.
      let day = gym.once(in: 3) ? gym.lastDay + (index + 1 - lots.count) : gym.lastDay
      try run(lake, &gym, tables, day)
    }
    let asOf = gym.lastDay.description
    expectSuccess(try lake.run(tables, asOf: asOf))
    #expect(try lake.plan(tables, asOf: asOf).filter(\.works) == [], "seed \(seed)")
    let whole = try lake.copy()
    expectSuccess(try whole.run(tables, "silver gold", asOf: asOf, fullRefresh: true))
    try expectSame(lake, whole, tables, "seed \(seed)")
  }

  /// A run of some of the tables, now and then one that ends before a commit.
  private func run(
    _ lake: TestLake, _ gym: inout RandomGym, _ tables: [Table], _ day: CivilDate
  ) throws {
    var blocked: TableLocation?
    if gym.once(in: 2) {
      let table = gym.one(of: tables)
      let location = gym.one(of: [
        TableLocation.of(table), .quarantine(of: table), .tombstones(of: table),
      ])
      try lake.block(location, after: gym.one(of: [0, 0, 1]))
      blocked = location
    }
    let some = gym.one(of: tables).name.description
    let selectors = gym.one(of: ["", "", "bronze", "bronze silver", "+\(some)", "\(some)+"])
    let report = try lake.run(tables, selectors, asOf: day.description)
    if let blocked { try lake.giveWay(blocked) } else { expectSuccess(report) }
  }
}

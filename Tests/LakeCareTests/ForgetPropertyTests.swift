import Basics
import Faker
import LakeCare
import Lakehouse
import Podium
import Runner
import RunnerTestKit
import TestKit
import Testing

@Suite("Forgetting in any lake")
struct ForgetPropertyTests {
  @Test(
    "Nothing is left, and the tables are those of a lake that never knew", arguments: Seeds.first(1)
  )
  func equalsNeverKnown(_ seed: UInt64) throws {
    var random = SeededRandom(seed: seed, "forget")
    let lake = try TestLake()
    let other = try TestLake()
    var steps: [String] = []
    for number in 0..<3 {
      try ClubFiles.land(number, &random, in: [(lake, true), (other, false)])
      let selection = ["", "", "bronze", "bronze silver"][Int.random(in: 0...3, using: &random)]
      let date = "2025-03-0\(number + 1)"
      steps.append("run '\(selection)'")
      for lake in [lake, other] { try lake.run(Club.tables, selection, asOf: date) }
      steps.append(try disturb(lake, selection, date, &random))
    }
    let isSettled = Bool.random(using: &random)
    if isSettled {
      for lake in [lake, other] { expectSuccess(try lake.run(Club.tables, asOf: "2025-03-05")) }
    }
    let about = "seed \(seed): \(steps.joined(separator: ", "))"
    #expect(try !lake.files(holding: ClubFiles.traces).isEmpty, "\(about)")
    let report = try lake.forget("MEM-0003", from: Club.tables)
    #expect(report.left == [], "\(about)")
    #expect(try lake.files(holding: ClubFiles.traces) == [], "\(about)")
    if isSettled { #expect(report.later.map(\.reason) == [], "\(about)") }

    let next = expectSuccess(try lake.run(Club.tables, asOf: "2025-03-05"))
    if isSettled { #expect(next.committed == [], "\(about)") }
    #expect(next.tables.compactMap(\.outside) == [], "\(about)")
    #expect(next.tables.flatMap { $0.files?.changed ?? [] } == [], "\(about)")
    if !isSettled { expectSuccess(try other.run(Club.tables, asOf: "2025-03-05")) }
    try expectSame(lake, other, Club.tables, about)
    #expect(try lake.waiting(Club.tables) == other.waiting(Club.tables), "\(about)")
    guard Nightly.isOn || seed > 1 else { return }
    expectSuccess(try lake.run(Club.tables, asOf: "2025-03-05", fullRefresh: true))
    try expectSame(lake, other, Club.tables, "full refresh, \(about)")
    #expect(try lake.files(holding: ClubFiles.traces) == [], "full refresh, \(about)")
  }

  /// Something that changes no row in the end.
  private func disturb(
    _ lake: TestLake, _ selection: String, _ date: String, _ random: inout SeededRandom
  ) throws -> String {
    switch Int.random(in: 0..<6, using: &random) {
    case 0:
      try lake.maintain(Club.tables)
      return "maintain"
    case 1:
      try lake.replay(Club.members, Club.tables)
      return "replay"
    case 2:
      try lake.run(Club.tables, selection, in: "dev", asOf: date)
      guard Bool.random(using: &random) else { return "environment" }
      try lake.promote(Club.tables, from: "dev")
      return "promotion"
    default: return "nothing"
    }
  }
}

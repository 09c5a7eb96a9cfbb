import Basics
import CLITestKit
import Glibc
import RunnerTestKit
import TestKit
import Testing

@Suite("Clocks that are set back")
struct ClockTests {
  private static let day = 86_400

  @Test("Between runs and within them: the same tables, and the order in which things happened")
  func setBack() throws {
    var random = Seeded(7)
    let month = try Month(lots: 6, &random)
    let calm = try Month.gym.get().empty()
    let gym = try Month.gym.get().empty()
    let clock = ShiftedClock(gym: gym)
    var runs: [String] = []
    // Days by which the clock is wrong, in the beginning of a run and from its middle on.
    let shifts = [(0, 0), (-3, -3), (0, -2), (-40, -41), (-1, -1), (0, 0)]
    for (number, shift) in shifts.enumerated() {
      for gym in [calm, gym] { try month.land(number, in: gym) }
      let asOf = month.lots[number].asOf
      try calm.run(expecting: 0, asOf: asOf)

      let start = time(nil)
      try clock.set(shift.0 * ClockTests.day)
      let run = try gym.startRun("--json", asOf: asOf, environment: clock.environment)
      while run.isRunning, !Files.names("\(gym.path)/.podium/batches").contains(where: isBatch) {
        usleep(1_000)
      }
      try clock.set(shift.1 * ClockTests.day)
      let outcome = try run.wait()
      #expect(outcome.status == 0, "lot \(number): \(outcome.errors)")
      runs.insert(try #require(try outcome.json["run"]?.string), at: 0)
      try clock.stamp(since: start, by: shift.1 * ClockTests.day)
      try gym.expectEqual(to: calm, "lot \(number), \(shift)")

      let told = try gym.podium("runs", "--json").json.array ?? []
      #expect(told.map { $0["run"]?.string } == runs)
      #expect(told.allSatisfy { $0["status"]?.string == "succeeded" })
    }
    // Run ids tell what the clock said, so they do not ascend; nothing depends on it.
    #expect(runs.sorted(by: >) != runs)
    let newest = try #require(runs.first)
    #expect(try gym.podium("logs", "--json").output.contains(newest))
    let latest = try gym.podium("rollback", "latest", "--dry-run", "--json")
    #expect(latest.output.contains(newest) && latest.status == 0, "\(latest.errors)")
    try keepsVersions(gym)
    try gym.expectEqual(to: calm, "after maintenance")
    #expect(Set(try gym.run(expecting: 0, asOf: "2025-01-31").statuses) == ["up to date"])
  }

  private func isBatch(_ name: String) -> Bool { name.hasSuffix(".json") }

  /// Expects that maintenance leaves all versions of a table, which are of today whatever the clock
  /// said, with times that ascend.
  private func keepsVersions(_ gym: Gym) throws {
    #expect(try gym.podium("maintain", "--as-of", "2025-01-01").status == 0)
    let history = try gym.podium("table", "history", "silver.members", "--json").json.array ?? []
    let versions = history.compactMap { $0["version"]?.int }
    #expect(versions == (0...(versions.first ?? 0)).reversed())
    let times = history.compactMap { $0["timestamp"]?.string }
    #expect(times == times.sorted(by: >) && Set(times).count == versions.count)
    for version in versions {
      let outcome = try gym.podium("table", "cat", "silver.members", "--version", "\(version)")
      #expect(outcome.status == 0, "version \(version): \(outcome.errors)")
    }
  }
}

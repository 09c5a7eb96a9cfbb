import CLITestKit
import Glibc
import RunnerTestKit
import TestKit
import Testing

@Suite("Two runs at once")
struct TwoRunsTests {
  @Test("Started over and over while files come, they make the tables of one run over all of them")
  func overAndOver() throws {
    var random = Seeded(3)
    let month = try Month(lots: Nightly.count(4, atNight: 40), &random)
    let (gym, whole) = (try Month.gym.get().empty(), try Month.gym.get().empty())
    let lastDay = "2025-01-31"
    var (accepted, refused) = (0, 0)
    for number in month.lots.indices {
      // The first files come before the runs, the others while they are at work.
      for gym in [gym, whole] where number == 0 { try month.land(0, in: gym) }
      let waits = ["60s", random.once(in: 2) ? "0s" : "60s"]
      let runs = try waits.map { try gym.startRun("--json", "--wait", $0, asOf: lastDay) }
      if number + 1 < month.lots.count {
        usleep(UInt32.random(in: 0..<1_500_000, using: &random))
        for gym in [gym, whole] { try month.land(number + 1, in: gym) }
      }
      let outcomes = try runs.map { try $0.wait() }
      for (index, outcome) in outcomes.enumerated() {
        guard outcome.status != 0 else {
          accepted += 1
          continue
        }
        refused += 1
        #expect(outcome.status == 1)
        let holder = "is in use by process \(runs[1 - index].process) ('podium run', since "
        #expect(outcome.errors.contains(holder), "\(outcome.errors)")
        #expect(waits[index] == "0s" && outcomes[1 - index].status == 0)
      }
    }
    try gym.run(expecting: 0, asOf: lastDay)
    try whole.run(expecting: 0, asOf: lastDay)
    try gym.expectEqual(to: whole, "\(accepted) runs, \(refused) refused")
    let told = try gym.podium("runs", "--limit", "1000", "--json").json.array ?? []
    #expect(told.count == accepted + 1)
    #expect(told.allSatisfy { $0["status"]?.string == "succeeded" })
    #expect(Set(try gym.run(expecting: 0, asOf: lastDay).statuses) == ["up to date"])
  }

  @Test("The second waits, then ends with 1 and says who holds the lake; the first goes on")
  func twoRuns() throws {
    let gym = try Gym.fresh.get().copy()
    let first = try gym.startRun("--json")
    // It is held while it has the lock.
    while (try? Files.text("\(gym.path)/.podium/lock"))?.hasSuffix("}") != true { usleep(2_000) }
    first.send(SIGSTOP)
    let second = try gym.run("--json", "--wait", "1s")
    #expect(second.status == 1)
    #expect(second.errors.contains("waiting for process \(first.process) ('podium run', since "))
    #expect(second.errors.contains("is in use by process \(first.process) ('podium run', since "))
    #expect(second.errors.contains("; waited 1 s. Nothing was changed. Try again when it has"))
    #expect(try second.json["error"]?["code"]?.string == "lake")

    // One that waits longer comes after the first, and finds everything done.
    let third = try gym.startRun("--json", "--wait", "60s")
    while !third.errorsSoFar.contains("waiting for") { usleep(2_000) }
    first.send(SIGCONT)
    let (ended, late) = (try first.wait(), try third.wait())
    #expect(ended.status == 0, "\(ended.errors)")
    #expect(late.status == 0, "\(late.errors)")
    #expect(Set(try late.statuses) == ["up to date"])
    try gym.recover(like: try Gym.finished.get())
  }
}

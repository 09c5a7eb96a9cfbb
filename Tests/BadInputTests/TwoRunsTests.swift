import CLITestKit
import Glibc
import RunnerTestKit
import TestKit
import Testing

@Suite("Two runs at once")
struct TwoRunsTests {
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

import CLITestKit
import Glibc
import RunnerTestKit
import Testing

@Suite("Full disks")
struct FullDiskTests {
  @Test(
    "A run on a full disk ends with 1 and says so; with more room the next one makes all tables",
    .enabled(if: Disk.isAllowed, "mounting needs rights"),
    arguments: [200, 400, 600])
  func fullDisk(_ kilobytes: Int) throws {
    let disk = try Disk(bytes: kilobytes << 10)
    defer { withExtendedLifetime(disk) {} }
    let gym = try Gym.fresh.get().landed(in: "\(disk.path)/lake")
    let outcome = try gym.run("--json")
    #expect(outcome.status == 1, "\(outcome.errors)")
    #expect(outcome.errors.contains("error: "))
    #expect(outcome.errors.contains("full") || outcome.errors.contains("No space left"))
    let json = try outcome.json
    #expect(json["succeeded"] == .bool(false) || json["error"] != nil)
    try gym.expectNothingPersonal(outcome, #_sourceLocation)
    try disk.resize(to: 64 << 20)
    try gym.recover(like: try Gym.finished.get())
  }

  @Test(
    "Where no file may grow beyond a limit it is the same",
    arguments: [1 << 10, 16 << 10, 48 << 10])
  func largestFile(_ bytes: Int) throws {
    let gym = try Gym.fresh.get().copy()
    let outcome = try gym.run(largestFile: bytes)
    #expect(outcome.status == 1, "\(outcome.errors)")
    if bytes > 1 << 10 { #expect(outcome.errors.contains("error: ")) }
    try gym.expectNothingPersonal(outcome, #_sourceLocation)
    try gym.recover(like: try Gym.finished.get())
  }
}

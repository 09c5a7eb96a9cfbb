import Basics
import CLITestKit
import Glibc
import RunnerTestKit
import S3
import Storage
import TestKit
import Testing

@Suite("Runs on a bucket whose server fails")
struct BucketFaultTests {
  /// The rows that a run leaves which nothing disturbs, here as if another machine had made them.
  private static let calm = Result { try BucketGym.finished.get().mirror() }

  @Test(
    "Failures that pass cost time and no row",
    arguments: [("500", 7), ("503", 11), ("429", 13), ("cut", 9), ("lost", 9), ("silent", 150)])
  func passing(kind: String, every: Int) throws {
    let server = try S3Server()
    let gym = try BucketGym.landed.get().copy(on: server)
    try server.fail(["every": .int(every), "kind": .string(kind)])
    let outcome = try gym.run("--jobs", "2")
    let (requests, failed) = try server.fail()
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(failed * Int64(every) > requests - 2 * Int64(every))
    try expectSame(gym.mirror(), BucketFaultTests.calm.get(), BucketGym.tables.get(), kind)
    #expect(try gym.run().output.contains("up to date"))
  }

  @Test("A commit that was written and is said to be there is neither lost nor written twice")
  func denied() throws {
    let server = try S3Server()
    let gym = try BucketGym.landed.get().copy(on: server)
    try server.fail([
      "every": 3, "kind": "denied", "methods": ["PUT"], "path": "_delta_log/0",
    ])
    let outcome = try gym.run("--jobs", "2")
    #expect(try server.fail().failed > 10)
    #expect(outcome.status == 0, "\(outcome.errors)")
    try expectSame(gym.mirror(), BucketFaultTests.calm.get(), BucketGym.tables.get())
  }

  @Test("A run that waits for its server in vain can be stopped, and the next one goes on")
  func gone() throws {
    let server = try S3Server()
    let gym = try BucketGym.landed.get().copy(on: server)
    let program = try gym.startRun()
    usleep(1_500_000)
    try server.fail(["every": 1, "kind": "503"])
    usleep(300_000)
    program.send(SIGTERM)
    let stopped = try program.wait()
    #expect(stopped.status != 0)
    try server.fail()
    let outcome = try gym.run()
    #expect(outcome.status == 0, "\(outcome.errors)")
    try expectSame(gym.mirror(), BucketFaultTests.calm.get(), BucketGym.tables.get())
  }

  @Test("After each kill -9 the same command makes the rows of a run that was left alone")
  func killed() throws {
    let seed = Seeds.first(1).lowerBound
    var random = Seeded(seed)
    let gym = try BucketGym.landed.get().copy()
    for number in 0..<Nightly.count(5, atNight: 40) {
      let program = try gym.startRun()
      usleep(UInt32.random(in: 0..<4_000_000, using: &random))
      program.send(SIGKILL)
      _ = try program.wait()
      // Nothing that is half done is seen.
      let mirror = try gym.mirror()
      for table in try BucketGym.tables.get() {
        #expect(throws: Never.self, "seed \(seed), kill \(number)") {
          try mirror.snapshot(.of(table))
        }
      }
    }
    let outcome = try gym.run()
    #expect(outcome.status == 0, "seed \(seed): \(outcome.errors)")
    try expectSame(
      gym.mirror(), BucketFaultTests.calm.get(), BucketGym.tables.get(), "seed \(seed)")
    // Hours later nothing is left that no commit names.
    let clock = try ShiftedClock(gym: Month.gym.get())
    try clock.set(3 * 3600)
    let care = try gym.podium(
      "maintain", "--as-of", "2025-01-01", environment: clock.environment)
    #expect(care.status == 0, "\(care.errors)")
    let objects = try gym.store.list("").map(\.path)
    let logs = try objects.filter { $0.contains("/_delta_log/") && $0.hasSuffix(".json") }
      .map { String(decoding: try gym.store.read($0), as: UTF8.self) }.joined()
    let orphans = objects.filter {
      $0.hasSuffix(".parquet") && !$0.contains("_delta_log")
        && !logs.contains(lastPathComponent($0))
    }
    #expect(orphans == [], "files that belong to nothing")
    try expectSame(gym.mirror(), BucketFaultTests.calm.get(), BucketGym.tables.get())
  }
}

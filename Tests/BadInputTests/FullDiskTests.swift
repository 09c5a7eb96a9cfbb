import CLITestKit
import Glibc
import RunnerTestKit
import TestKit
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
    if kilobytes > 200 {
      #expect(outcome.errors.contains("goes on from here."))
      #expect(json["tables"]?.array?.count == (try Gym.part.get()).count)
    }
    try gym.expectNothingPersonal(outcome, #_sourceLocation)
    try disk.resize(to: 64 << 20)
    try gym.recover(like: try Gym.finished.get())
  }

  @Test(
    "Wherever in a run the disk gets full, the same command goes on once there is room",
    .enabled(if: Disk.isAllowed, "mounting needs rights"),
    arguments: Seeds.first(UInt64(Nightly.count(4, atNight: 40))))
  func fullAtAnyMoment(_ seed: UInt64) throws {
    var random = Seeded(seed)
    let disk = try Disk(bytes: 64 << 20)
    defer { withExtendedLifetime(disk) {} }
    let gym = try Gym.fresh.get().landed(in: "\(disk.path)/lake")
    var moments: [String] = []
    for _ in 0...Int.random(in: 0...1, using: &random) {
      let run = try gym.startRun("--json")
      let moment = try wait(run, in: gym, &random)
      try disk.fill()
      let outcome = try run.wait()
      moments.append("\(moment): \(outcome.status)")
      if outcome.status != 0 {
        #expect(outcome.status == 1, "seed \(seed), \(moments): \(outcome.errors)")
        let words = ["full", "No space left", "disk I/O error"]
        #expect(words.contains { outcome.errors.contains($0) }, "\(outcome.errors)")
        let json = try outcome.json
        #expect(json["succeeded"] == .bool(false) || json["error"] != nil)
      }
      try gym.expectNothingPersonal(outcome, #_sourceLocation)
      try disk.resize(to: 64 << 20)
    }
    print("seed \(seed): the disk got full after \(moments)")
    try gym.recover(like: try Gym.finished.get())
  }

  /// Waits for some moment of a run, by how many files its tables' folders have.
  private func wait(
    _ run: RunningProgram, in gym: Gym, _ random: inout Seeded
  ) throws -> String {
    let files = Int.random(in: 0..<170, using: &random)
    let landed = Files.all(below: gym.path).count
    while run.isRunning, Files.all(below: gym.path).count < landed + files { usleep(1_000) }
    return "\(files) files"
  }

  @Test(
    "Where no file may grow beyond a limit, a run says which one would have, and the next goes on",
    arguments: [1 << 10, 8 << 10])
  func largestFile(_ bytes: Int) throws {
    let gym = try Gym.fresh.get().copy()
    let outcome = try gym.run(largestFile: bytes)
    #expect(outcome.status == 1, "\(outcome.errors)")
    if bytes > 1 << 10 {
      // The first few bytes of words fit into a kilobyte, and no more.
      #expect(
        outcome.errors.hasPrefix(
          "error: the lake \(gym.path) cannot be changed: could not write "
            + "\(gym.path)/.podium/ledger.sqlite: "))
      #expect(outcome.errors.contains("the limit of file sizes is reached. Nothing was changed."))
    }
    try gym.expectNothingPersonal(outcome, #_sourceLocation)
    try gym.recover(like: try Gym.finished.get())
  }

  @Test("A table that needs a longer file fails alone, with all that needs it")
  func longTable() throws {
    let gym = try Gym.finished.get().copy()
    let number = 20_000
    let visits = (0..<number).map { number in
      "{\"visit_id\":\"W\(number * 7919 % 1_000_003)\",\"member_id\":\"M0000003\","
        + "\"location_id\":\"L03\",\"login_at\":\"2025-01-01T08:24:30-08:00\"}\n"
    }.joined()
    let files: [(name: String, bytes: [UInt8])] = [
      ("gym_visits/many.ndjson", Array(visits.utf8)),
      ("daily_activity/few.csv", try Activity(day: 3).bytes()),
    ]
    for file in files { try gym.lake.land(file.name, bytes: file.bytes) }
    let outcome = try gym.run(expecting: 1, largestFile: 128 << 10)
    #expect(try outcome.table("bronze.gym_visits")["status"]?.string == "failed")
    #expect(try outcome.table("silver.gym_visits")["because"]?.string == "bronze.gym_visits")
    #expect(try outcome.rows("silver.daily_activity", "inserted") == 11)
    #expect(outcome.errors.contains("error: bronze.gym_visits: "))
    #expect(outcome.errors.contains("File too large"), "\(outcome.errors)")
    #expect(outcome.errors.contains("committed: bronze.daily_activity@2, silver.daily_activity@2"))
    #expect(outcome.errors.contains(" --lake \(gym.path)' goes on from here."))
    #expect(outcome.errors.contains("'podium runs resume 2"))
    try gym.recover(like: try Gym.finished(with: files))
  }
}

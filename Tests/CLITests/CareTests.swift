import Basics
import CLITestKit
import Faker
import Glibc
import RunnerTestKit
import Storage
import TestKit
import Testing

@Suite("Commands that look after a lake, killed at any moment")
struct CareTests {
  /// Starts a command and kills it after some time, which may be after its end.
  private func kill(_ gym: Gym, _ words: [String], after microseconds: UInt32) throws {
    let program = try Program.start(words + ["--lake", gym.path])
    usleep(microseconds)
    program.send(SIGKILL)
    _ = try program.wait()
  }

  /// Has the next command that changes the lake finish what was begun.
  private func settle(_ gym: Gym) throws {
    #expect(try gym.podium("maintain", "bronze.members", "--keep-landing").status == 0)
  }

  /// A moment within what a command takes.
  private func moment(_ seed: UInt64, of microseconds: UInt32) -> UInt32 {
    var random = SeededRandom(seed: seed, "care")
    return UInt32.random(in: 1_000...microseconds, using: &random)
  }

  /// Half as long again as a command takes on a copy of a gym, in microseconds.
  private func duration(_ gym: Gym, _ words: [String]) throws -> UInt32 {
    let copy = try gym.copy()
    let start = monotonicSeconds()
    #expect(try Program.run(words + ["--lake", copy.path]).status == 0)
    return UInt32((monotonicSeconds() - start) * 1_500_000)
  }

  @Test("A rollback has been done or not, and the next run goes on from there")
  func rollback() throws {
    let before = try Gym.partFinished.get().copy()
    let after = try before.copy()
    try after.landMember()
    #expect(try after.run().status == 0)
    let time = try duration(after, ["rollback", "latest"])
    var done = 0
    for seed in UInt64(1)...8 {
      let gym = try after.copy()
      try kill(gym, ["rollback", "latest"], after: moment(seed, of: time))
      try settle(gym)
      let undone = try gym.lake.differences(from: before.lake, Gym.part.get()).isEmpty
      if undone { done += 1 }
      #expect(
        try undone || gym.lake.differences(from: after.lake, Gym.part.get()).isEmpty, "seed \(seed)"
      )
      #expect(try gym.run().status == 0)
      try expectSame(gym.lake, after.lake, Gym.part.get(), "seed \(seed)")
    }
    #expect(done > 0)
  }

  @Test("A rollback that was interrupted and is asked for again is done once")
  func rollbackAgain() throws {
    let before = try Gym.partFinished.get().copy()
    let gym = try before.copy()
    try gym.landMember()
    #expect(try gym.run().status == 0)
    let log = "\(gym.path)/silver/members/_delta_log"
    let newest = Files.names(log).filter { $0.hasSuffix(".json") }.count
    let digits = String(newest)
    let obstacle = "\(log)/\(String(repeating: "0", count: 20 - digits.utf8.count))\(digits).json"
    try Files.makeFolder(obstacle)
    let failed = try gym.podium("rollback", "latest")
    #expect(failed.status == 1)
    #expect(failed.errors.contains("stopped after"))
    #expect(failed.errors.contains("command that changes the lake"))
    let told = try gym.podium("tables")
    #expect(told.status == 0)
    #expect(told.errors.contains("is half done"))
    #expect(told.errors.contains("maintain --lake"))
    rmdir(obstacle)
    let done = try gym.podium("rollback", "latest")
    #expect(done.status == 0)
    #expect(done.output.contains("1 run rolled back"))
    #expect(try gym.lake.differences(from: before.lake, Gym.part.get()) == [])
    #expect(try !gym.podium("tables").errors.contains("half done"))
  }

  @Test("A promotion has been done or not, and production goes on from there")
  func promotion() throws {
    let before = try Gym.partFinished.get().copy()
    let gym = try before.copy()
    try gym.landMember()
    #expect(try gym.run("--env", "dev").status == 0)
    let after = try gym.copy()
    #expect(try after.podium("promote", "dev").status == 0)
    let time = try duration(gym, ["promote", "dev"])
    var done = 0
    for seed in UInt64(1)...8 {
      let gym = try gym.copy()
      try kill(gym, ["promote", "dev"], after: moment(seed, of: time))
      try settle(gym)
      let promoted = try gym.lake.differences(from: after.lake, Gym.part.get()).isEmpty
      if promoted { done += 1 }
      #expect(
        try promoted || gym.lake.differences(from: before.lake, Gym.part.get()).isEmpty,
        "seed \(seed)")
      #expect(try gym.run().status == 0)
      try expectSame(gym.lake, after.lake, Gym.part.get(), "seed \(seed)")
    }
    #expect(done > 0)
  }

  @Test("A backup that was killed leaves earlier points whole, and the next one goes on")
  func backup() throws {
    let gym = try Gym.partFinished.get().copy()
    let folder = try Files.makeTemporaryFolder()
    let backup = ["backup", "\(folder)/safe"]
    let time = try duration(gym, ["backup", "\(folder)/measured"])
    for seed in UInt64(1)...6 {
      try kill(gym, backup, after: moment(seed, of: time))
      #expect(try Program.run(backup + ["--lake", gym.path]).status == 0)
      #expect(try gym.podium("backup", "\(folder)/safe", "--verify").status == 0)
      let lake = "\(folder)/lake\(seed)"
      let restore = ["restore-lake", "\(folder)/safe"]
      let program = try Program.start(restore + ["--lake", lake])
      usleep(moment(seed, of: time))
      program.send(SIGKILL)
      _ = try program.wait()
      if kindOfFile(lake) == .missing {
        #expect(try Program.run(restore + ["--lake", lake]).status == 0)
      }
      let back = gym.with(try TestLake(owning: lake))
      try expectSame(back.lake, gym.lake, Gym.part.get(), "seed \(seed)")
      #expect(Set(try back.run("--json").statuses) == ["up to date"])
    }
  }

  @Test("Maintenance that was killed leaves the rows as they are, and nothing for runs to do")
  func maintenance() throws {
    let gym = try Gym.partFinished.get().copy()
    for number in 1...3 {
      try gym.lake.land(
        "members/m\(number).ndjson",
        "{\"sequence\":\(999_990 + number),\"op\":\"insert\",\"member_id\":\"M\(number)x\","
          + "\"full_name\":\"A B\",\"home_club\":\"L01\",\"signup_date\":\"2025-01-05\","
          + "\"email_consent\":true,\"changed_at\":\"2025-01-05T00:00:00Z\"}\n")
      #expect(try gym.run().status == 0)
    }
    let maintain = ["maintain", "--as-of", Gym.lastDay]
    let time = try duration(gym, maintain)
    for seed in UInt64(1)...6 {
      let copy = try gym.copy()
      try kill(copy, maintain, after: moment(seed, of: time))
      try expectSame(copy.lake, gym.lake, Gym.part.get(), "seed \(seed)")
      #expect(try copy.podium("maintain", "--as-of", Gym.lastDay).status == 0)
      #expect(Set(try copy.run("--json").statuses) == ["up to date"])
      try expectSame(copy.lake, gym.lake, Gym.part.get(), "seed \(seed)")
    }
  }

  @Test("What they print fits 80 columns, and JSON is JSON")
  func output() throws {
    let gym = try Gym.finished.get().copy()
    let folder = try Files.makeTemporaryFolder()
    #expect(try gym.run("--env", "dev", "gold").status == 0)
    let commands = [
      ["maintain", "--as-of", Gym.lastDay, "--dry-run"], ["maintain", "--as-of", Gym.lastDay],
      ["rollback", "latest", "--dry-run"],
      ["forget", "M0000001", "--dry-run"], ["backup", "\(folder)/safe"],
      ["backup", "\(folder)/safe", "--list"],
      ["env", "list"], ["promote", "dev", "--dry-run"], ["promote", "dev"],
      ["env", "drop", "dev", "--dry-run"], ["env", "drop", "dev"],
    ]
    for words in commands {
      let outcome = try Program.run(words + ["--lake", gym.path])
      #expect(outcome.status == 0, "\(words): \(outcome.errors)")
      let wide = outcome.output.split(separator: "\n").filter { displayWidth(String($0)) > 80 }
      #expect(wide == [], "\(words)")
      guard !words.contains("drop"), words != ["promote", "dev"] else { continue }
      let json = try Program.run(words + ["--json", "--lake", gym.path])
      #expect(throws: Never.self) { try json.json }
    }
  }

  @Test("Wrong names are wrong usage, with what may be meant")
  func names() throws {
    let gym = try Gym.finished.get().copy()
    #expect(try gym.run("--env", "dev", "gold.fact_daily").status == 0)
    func refused(_ words: String..., says words2: String) throws {
      let outcome = try Program.run(words + ["--lake", gym.path])
      #expect(outcome.status == 2)
      #expect(outcome.errors.contains(words2), "\(outcome.errors)")
    }
    try refused("maintain", "silver.member", says: "Did you mean 'silver.members'?")
    try refused("promote", "dve", says: "there is no environment 'dve'. Did you mean 'dev'?")
    try refused("tables", "--env", "dve", says: "Did you mean 'dev'?")
    try refused("env", "drop", "dve", says: "Did you mean 'dev'?")
    try refused("rollback", "nothing", says: "no table has a commit of a run 'nothing'")
    try refused("run", "--env", "gold", says: "is no name of an environment")
    try refused("generate", "--env", "dev", says: "landing belongs to production")
    try refused(
      "table", "optimize", "silver.members", "--env", "dev",
      says: "silver.members is production's; the environment only reads it.")
    try refused("restore-lake", gym.path, says: "no backup of Podium's")
  }
}

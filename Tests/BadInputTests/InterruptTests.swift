import CLITestKit
import Faker
import Glibc
import RunnerTestKit
import TestKit
import Testing

@Suite("Runs that are ended in the middle")
struct InterruptTests {
  private static let seed = UInt64.random(in: 0..<1 << 32)

  /// Ends a run after so many lines of its progress and a moment more.
  /// - Returns: whether the run was still going.
  private func interrupt(_ gym: Gym, _ signal: Int32, lines: Int, moment: Int) throws -> Bool {
    let run = try gym.startRun()
    while run.isRunning, run.errorsSoFar.utf8.count(where: { $0 == 0x0A }) < lines { usleep(3_000) }
    usleep(UInt32(moment))
    run.send(signal)
    let outcome = try run.wait()
    // A run that is stopped before it has begun is ended by the signal itself.
    let ended = signal == SIGKILL ? [-signal] : [-signal, 128 + signal]
    #expect(ended.contains(outcome.status) || outcome.status == 0, "\(outcome.errors)")
    try gym.expectNothingPersonal(outcome, #_sourceLocation)
    return ended.contains(outcome.status)
  }

  @Test(
    "After Ctrl-C or kill -9 at any moment, the next run makes all tables",
    arguments: 0..<12)
  func once(_ number: Int) throws {
    var random = SeededRandom(seed: InterruptTests.seed &+ UInt64(number))
    let gym = try Gym.fresh.get().copy()
    let (lines, moment) = (
      Int.random(in: 0..<70, using: &random), Int.random(in: 0..<20_000, using: &random)
    )
    let signal = number % 2 == 0 ? SIGINT : SIGKILL
    let ended = try interrupt(gym, signal, lines: lines, moment: moment)
    let about =
      "seed \(InterruptTests.seed), \(signal) after \(lines) lines and \(moment) µs: \(ended)"
    print(about)
    try gym.recover(like: try Gym.finished.get())
  }

  @Test(
    "A signal ends a run with one line, its number and a record, and the next run goes on",
    arguments: [(SIGINT, "interrupted"), (SIGTERM, "stopped by a signal")])
  func stopped(_ signal: Int32, _ words: String) throws {
    let gym = try Gym.fresh.get().copy()
    let run = try gym.startRun()
    while !run.errorsSoFar.contains("started ") { usleep(3_000) }
    run.send(signal)
    let outcome = try run.wait()
    #expect(outcome.status == 128 + signal)
    #expect(outcome.output == "")
    let lines = outcome.errors.split(separator: "\n").map(String.init)
    #expect(lines.count { $0.hasPrefix(words) } == 1)
    let record = try gym.podium("runs", "--json").json.array?.first
    #expect(
      lines.last == "\(words): what was committed stays, and 'podium runs resume "
        + "\(record?["run"]?.string ?? "?") --lake \(gym.path)' goes on from here.")
    #expect(record?["status"]?.string == "interrupted")
    #expect(record?["ended"]?.string != nil)
    try gym.recover(like: try Gym.finished.get())
  }

  @Test("With --json a stopped run is an error on standard output")
  func stoppedJSON() throws {
    let gym = try Gym.fresh.get().copy()
    let run = try gym.startRun("--json")
    while Files.names("\(gym.path)/bronze").isEmpty { usleep(3_000) }
    run.send(SIGINT)
    let outcome = try run.wait()
    #expect(outcome.status == 130)
    #expect(try outcome.json["error"]?["code"]?.string == "interrupted")
  }

  @Test("A run that was killed is told as interrupted, with the tables that it had committed")
  func killed() throws {
    let gym = try Gym.fresh.get().copy()
    let run = try gym.startRun()
    while run.errorsSoFar.occurrences(of: "done bronze") < 2 { usleep(3_000) }
    run.send(SIGKILL)
    #expect(try run.wait().status == -SIGKILL)
    let record = try #require(try gym.podium("runs", "--json").json.array?.first)
    #expect(record["status"]?.string == "interrupted")
    #expect(record["ended"] == .null)
    let id = try #require(record["run"]?.string)
    let tables = try gym.podium("runs", "show", id, "--json").json["tables"]?.array ?? []
    #expect(tables.contains { $0["status"]?.string == "committed" })
    #expect(tables.count < (try Gym.part.get()).count)
    try gym.recover(like: try Gym.finished.get())
    let statuses = try gym.podium("runs", "--json").json.array?.map { $0["status"]?.string }
    #expect(statuses == ["succeeded", "succeeded", "interrupted"])
  }

  @Test("A lake whose runs are killed again and again comes to the same tables")
  func again() throws {
    var random = SeededRandom(seed: InterruptTests.seed &+ 1000)
    print("seed \(InterruptTests.seed)")
    let gym = try Gym.fresh.get().copy()
    var kills = 0
    for _ in 0..<6 {
      let lines = Int.random(in: 2..<16, using: &random)
      let moment = Int.random(in: 0..<10_000, using: &random)
      if try interrupt(gym, SIGKILL, lines: lines, moment: moment) { kills += 1 }
    }
    #expect(kills >= 1)
    try gym.recover(like: try Gym.finished.get())
  }
}

extension String {
  /// How often a text stands in this one.
  fileprivate func occurrences(of part: String) -> Int { ranges(of: part).count }
}

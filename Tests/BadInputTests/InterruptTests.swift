import CLITestKit
import Faker
import Glibc
import RunnerTestKit
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
    #expect(outcome.status == -signal || outcome.status == 0, "\(outcome.errors)")
    try gym.expectNothingPersonal(outcome, #_sourceLocation)
    return outcome.status == -signal
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

  @Test("Ctrl-C ends a run, and the next one goes on")
  func controlC() throws {
    let gym = try Gym.fresh.get().copy()
    let run = try gym.startRun()
    while !run.errorsSoFar.contains("started ") { usleep(3_000) }
    run.send(SIGINT)
    #expect(try run.wait().status == -SIGINT)
    try gym.recover(like: try Gym.finished.get())
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

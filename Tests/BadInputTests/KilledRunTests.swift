import CLITestKit
import Basics
import Glibc
import RunnerTestKit
import TestKit
import Testing

@Suite("Runs over a month that are killed")
struct KilledRunTests {
  @Test("After each kill -9 the same command makes the tables of a run that was left alone")
  func killed() throws {
    let seed = Seeds.first(1).lowerBound
    var random = Seeded(seed)
    let wanted = Nightly.count(5, atNight: 100)
    let month = try Month(lots: wanted * 6 / 5, &random)
    let calm = try Month.gym.get().empty()
    let lake = try Month.gym.get().empty()
    var scene = KilledLake(gym: lake)
    for number in month.lots.indices {
      let asOf = month.lots[number].asOf
      for gym in [calm, lake] { try month.land(number, in: gym) }
      let start = monotonicSeconds()
      try calm.run(expecting: 0, asOf: asOf)
      let seconds = monotonicSeconds() - start
      while scene.kills < wanted {
        let moment = KilledLake.Moment(of: lake, seconds, &random)
        try scene.kill(asOf, moment)
        guard random.once(in: 4) else { break }
      }
      let about = "seed \(seed), lot \(number), \(scene.last)"
      let outcome = try lake.run(expecting: 0, asOf: asOf)
      try scene.checkEnd(of: outcome, about)
      try lake.expectEqual(to: calm, about)
    }
    print("\(scene.kills) runs killed, \(scene.recorded) of them on record")
    #expect(scene.kills == wanted)
    #expect(scene.recorded > wanted / 2)
    try scene.checkRecord()
    try lake.maintainLater()
    try lake.expectEqual(to: calm, "after maintenance")
    let idle = try lake.run(expecting: 0, asOf: "2025-01-31")
    #expect(Set(try idle.statuses) == ["up to date"])
  }
}

extension Gym {
  /// Expects the tables, quarantines and refused files of another gym, and nothing unfinished.
  func expectEqual(to other: Gym, _ about: String) throws {
    try expectSame(lake, other.lake, Gym.part.get(), about)
    let refused = ["source", "file", "code", "reason", "line", "content_hash"]
    #expect(
      try lake.rows(.quarantinedFiles, refused) == other.lake.rows(.quarantinedFiles, refused),
      "\(about)")
    #expect(unfinished == [], "\(about)")
  }

  /// Maintains the lake as if two hours had passed, and expects that nothing stays that no commit
  /// names.
  ///
  /// Seen from the month's first day, no row is too old to be kept.
  func maintainLater() throws {
    let then = time(nil) - 7200
    for file in Files.all(below: path) { try Files.age(file, to: then) }
    let outcome = try podium("maintain", "--as-of", "2025-01-01", "--json")
    #expect(outcome.status == 0, "\(outcome.errors)")
    for log in Set(Files.all(below: path).filter { $0.contains("/_delta_log/") }.map(folder)) {
      let commits = try Files.names(log).filter { $0.hasSuffix(".json") }
        .map { try Files.text("\(log)/\($0)") }.joined()
      let table = folder(log)
      let orphans = Files.all(below: table).filter { file in
        file.hasSuffix(".parquet") && folder(file) != log
          && !commits.contains(file.dropFirst(folder(file).count + 1))
      }
      #expect(orphans == [], "files that stay and belong to nothing")
    }
  }

  private func folder(_ file: String) -> String {
    file.lastIndex(of: "/").map { String(file[..<$0]) } ?? ""
  }
}

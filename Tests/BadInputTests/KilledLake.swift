import Basics
import CLITestKit
import Glibc
import Lakehouse
import RunnerTestKit
import TestKit
import Testing

/// A lake whose runs are killed, and what became of them.
struct KilledLake {
  /// When a run is killed.
  enum Moment {
    case seconds(Double)
    /// After so many changes in a folder, or in the end after a time.
    case changes(folder: String, Int, atMost: Double)

    /// Some moment of a run that takes about so long.
    init(of gym: Gym, _ seconds: Double, _ random: inout Seeded) {
      let time = Double.random(in: 0..<seconds * 0.8, using: &random)
      let logs = Set(
        Files.all(below: gym.path).compactMap { file in
          file.firstRange(of: "_delta_log/").map { String(file[..<$0.upperBound]) }
        })
      // Most of its time a run computes; what matters is when it writes.
      let batches = "\(gym.path)/.podium/batches"
      let folders = logs.sorted() + Array(repeating: batches, count: 8)
      guard !random.once(in: 2), let folder = folders.randomElement(using: &random),
        access(folder, F_OK) == 0
      else {
        self = .seconds(time)
        return
      }
      self = .changes(folder: folder, Int.random(in: 1...8, using: &random), atMost: time)
    }
  }

  let gym: Gym
  /// Runs that were killed.
  private(set) var kills = 0
  /// Those of them that had got as far as the record of runs.
  private(set) var recorded = 0
  /// When the last one was killed.
  private(set) var last = "none killed"
  private var statuses: [String] = []

  init(gym: Gym) { self.gym = gym }

  /// Starts a run and kills it at a moment, if it has not ended by then.
  mutating func kill(_ asOf: String, _ moment: Moment) throws {
    let run = try gym.startRun(asOf: asOf)
    switch moment {
    case .seconds(let seconds): usleep(UInt32(seconds * 1e6))
    case .changes(let folder, let count, let seconds):
      let watch = try FolderWatch([folder])
      let start = monotonicSeconds()
      var seen = 0
      while seen < count, monotonicSeconds() - start < seconds {
        seen += watch.wait(for: 1, quietMilliseconds: 20)
      }
    }
    run.send(SIGKILL)
    let outcome = try run.wait()
    try gym.expectNothingPersonal(outcome, #_sourceLocation)
    last = "\(moment)"
    guard outcome.status == -SIGKILL else {
      #expect(outcome.status == 0, "\(outcome.errors)")
      statuses.insert("succeeded", at: 0)
      return
    }
    kills += 1
    let runs = try gym.podium("runs", "--limit", "1000", "--json").json.array ?? []
    if runs.count > statuses.count {
      recorded += 1
      // One that was killed after its last word had succeeded.
      let succeeded = runs.first?["status"]?.string == "succeeded"
      #expect((runs.first?["ended"] != .null) == succeeded, "\(last)")
      statuses.insert(succeeded ? "succeeded" : "interrupted", at: 0)
    }
    #expect(runs.map { $0["status"]?.string } == statuses, "\(last)")
  }

  /// Expects that the run which came after the kills is on record.
  mutating func checkEnd(of outcome: Program.Outcome, _ about: String) throws {
    statuses.insert("succeeded", at: 0)
    let runs = try gym.podium("runs", "--limit", "1000", "--json").json.array ?? []
    #expect(runs.map { $0["status"]?.string } == statuses, "\(about)")
    #expect(runs.first?["run"] == (try outcome.json)["run"], "\(about)")
  }

  /// Expects that the record tells of all commits that the tables' logs tell of, and of no others.
  func checkRecord() throws {
    var logged: Set<String> = []
    for table in try Gym.part.get() {
      let delta = gym.lake.lake.table(.of(table)) { throw TestKitError("no rows are read here") }
      for commit in try delta.history() {
        guard let run = commit.info?["podiumRun"]?.string else { continue }
        logged.insert("\(run) \(table.name)")
      }
    }
    var told: Set<String> = []
    for entry in try gym.podium("runs", "--limit", "1000", "--json").json.array ?? [] {
      let run = try #require(entry["run"]?.string)
      let tables = try gym.podium("runs", "show", run, "--json").json["tables"]?.array ?? []
      for table in tables
      where ["committed", "interrupted"].contains(table["status"]?.string ?? "")
        // A table that the run was at work on when it was killed has none.
        && table["version"]?.int != nil
      {
        told.insert("\(run) \(table["table"]?.string ?? "")")
      }
    }
    #expect(logged.subtracting(told) == [], "commits of which the record knows nothing")
    #expect(told.subtracting(logged) == [], "commits of which the log knows nothing")
  }
}

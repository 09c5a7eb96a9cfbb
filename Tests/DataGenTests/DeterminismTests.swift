import Basics
import Storage
import Synchronization
import TestKit
import Testing

@testable import DataGen

@Suite("The generator's promise of equal bytes")
struct DeterminismTests {
  private let small = GymOptions(
    members: 150, clubs: 2, days: 9, seed: 5, quirks: 0.1, heartRateEvery: 60,
    heartRateShare: 0.2)

  @Test("The same options give the same bytes, on one thread and on several")
  func sameBytes() throws {
    let first = try contents(makeGym(small))
    for width in [1, 4] {
      let store = MemoryStore()
      _ = try GymGenerator(small, width: width).generate(into: store)
      #expect(try contents(store) == first)
    }
    var other = small
    other.seed = 6
    #expect(try contents(makeGym(other)) != first)
    #expect(first.keys.contains("class_attendance/class_attendance_2025-01-01.ndjson"))
    #expect(first.keys.contains("daily_activity/daily_activity_2025-01-09.csv"))
  }

  @Test(
    "Days written in three calls equal those written in one, the truth included",
    arguments: GymFormat.allCases)
  func continued(format: GymFormat) throws {
    var options = small
    options.format = format
    let whole = try contents(makeGym(options))
    options.days = 4
    let store = try makeGym(options)
    let partial = try contents(store)
    let second = try GymGenerator(GymOptions(days: 3)).generate(into: store, continuing: true)
    let third = try GymGenerator(GymOptions(days: 2, seed: 5, format: format))
      .generate(into: store, continuing: true)
    #expect(second.days == 7 && second.daysWritten == 3)
    #expect(third.days == 9 && third.daysWritten == 2)
    let all = try contents(store)
    #expect(Set(all.keys) == Set(whole.keys))
    for (path, bytes) in whole { #expect(all[path] == bytes, "\(path)") }
    // Files of earlier days were not touched.
    for (path, bytes) in partial where !path.hasPrefix("_truth") {
      #expect(all[path] == bytes, "\(path)")
    }
  }

  @Test("A source holds the same bytes whether or not others are written", arguments: [0.0, 0.1])
  func subsets(quirks: Double) throws {
    var options = small
    options.quirks = quirks
    let whole = try contents(makeGym(options))
    for source in GymSource.allCases {
      options.sources = [source]
      let alone = try contents(makeGym(options)).filter { !$0.key.hasPrefix("_truth") }
      #expect(!alone.isEmpty)
      #expect(alone == whole.filter { $0.key.hasPrefix(source.rawValue + "/") }, "\(source)")
    }
  }

  @Test("After a failure at any write, continuing gives what an undisturbed run gives")
  func crashes() throws {
    let options = GymOptions(
      members: 60, clubs: 1, days: 3, seed: 3, quirks: 0.1,
      sources: [.members, .memberships, .classAttendance, .gymVisits])
    let whole = try contents(makeGym(options))
    var failures = 0
    for allowed in 1..<100 {
      let store = FailingStore(allowed: allowed)
      do {
        _ = try GymGenerator(options, width: 1).generate(into: store)
        break
      } catch let error as StorageError {
        #expect(error.code == .injected)
        failures += 1
      }
      store.repair()
      let record = try GymRecord(reading: store)
      #expect(record.days < 3)
      let rest = GymOptions(days: 3 - record.days)
      _ = try GymGenerator(rest).generate(into: store, continuing: true)
      #expect(try contents(store.base) == whole, "after \(allowed) writes")
    }
    // One record at the beginning, then the files and the record of each day, then the truth.
    #expect(failures == whole.count - 1 + 1 + 3 - 1)
  }

  @Test("Continuing an interrupted first day begins with it")
  func interruptedAtOnce() throws {
    let store = FailingStore(allowed: 1)
    #expect(throws: StorageError.self) {
      try GymGenerator(small).generate(into: store)
    }
    store.repair()
    let summary = try GymGenerator(GymOptions(days: 9)).generate(into: store, continuing: true)
    #expect(summary.days == 9)
    #expect(try contents(store.base) == contents(makeGym(small)))
  }

  @Test("Progress is told once a day and adds up to the summary")
  func progress() throws {
    var told: [(Int, Int)] = []
    var rows = 0
    let store = MemoryStore()
    let summary = try GymGenerator(small).generate(into: store) { day, of, count in
      told.append((day, of))
      rows += count
    }
    #expect(told.map(\.0) == Array(1...9))
    #expect(told.allSatisfy { $0.1 == 9 })
    #expect(rows == summary.rows)
    let files = try store.list("").filter { !$0.path.hasPrefix("_truth") }
    #expect(summary.sources.reduce(0) { $0 + $1.files } == files.count)
    #expect(summary.sources.reduce(0) { $0 + Int64($1.bytes) } == files.reduce(0) { $0 + $1.size })
    #expect(try summary.truth == JSON(parsing: store.read("_truth/truth.json")))
    #expect(try summary.expected == JSON(parsing: store.read("_truth/expected.json")))
  }
}

/// A store in memory whose writes fail after a number of them.
final class FailingStore: StoreInFront {
  let base = MemoryStore()
  private let left: Mutex<Int>

  init(allowed: Int) { left = Mutex(allowed) }

  func repair() { left.withLock { $0 = .max } }

  func put(_ path: String, _ bytes: [UInt8]) throws(StorageError) {
    let fails = left.withLock { left in
      left -= 1
      return left < 0
    }
    if fails { throw StorageError(.injected, .write, path) }
    try base.put(path, bytes)
  }
}

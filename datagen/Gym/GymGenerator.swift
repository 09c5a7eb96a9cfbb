import Basics
import Storage
import Synchronization

/// Simulates a chain of gyms day by day and writes what its systems would send.
///
/// Files lie at `<source>/<source>_yyyy-MM-dd.<format>`, one for each day and source that has
/// rows, in parts `_p1`, `_p2` … where one would exceed 64 MB before compression. The same options
/// give the same bytes; days written in several calls equal those written in one. The folder
/// `_truth` says how the gym began and what is in the files; see `datagen/README.md`.
///
/// The files hold names, addresses and telephone numbers of invented people: hand in a store that
/// only the owner may read, as for real ones.
public struct GymGenerator: Sendable {
  private let options: GymOptions
  private let width: Int

  /// - Parameter width: how many threads work at the same time.
  public init(_ options: GymOptions = GymOptions(), width: Int = 2) {
    self.options = options
    self.width = max(1, width)
  }

  /// Writes the days of a new gym, or further days of one that is there.
  ///
  /// `_truth/generator.json` is written after the files of each day, so a call that ends in the
  /// middle of a day can be continued: that day is written anew, with the same bytes.
  /// - Parameters:
  ///   - store: an empty place, or one with a gym where `continuing` is true.
  ///   - continuing: goes on where the gym in the store ended, with the choices it began with.
  ///   - exports: a folder that gets the exports of the last day (`GymExport`), in place of those
  ///     that are there; nil for none. `_truth/exports.json` says what is in them.
  ///   - progress: called after each day with its number from 1, the number of days this call
  ///     writes, and the rows of the day.
  /// - Throws: `GymError` for choices that make no gym or contradict the one there; `StorageError`.
  public func generate(
    into store: any ObjectStore, continuing: Bool = false,
    exports: (any ObjectStore)? = nil,
    progress: (_ day: Int, _ of: Int, _ rows: Int) -> Void = { _, _, _ in }
  ) throws -> GymSummary {
    var record = try continuing ? existing(in: store) : fresh(in: store)
    let settings = record.settings
    let begin = record.days
    let days = try settings.days(options, after: begin)
    if !continuing { try store.put(GymRecord.path, record.bytes) }

    let simulation = Simulator(Simulation(settings, exports: exports != nil))
    var exported = GymExports()
    let feeds = settings.sources.map { SourceFeed($0.writer(simulation.state), store, settings) }
    var events = simulation.next()
    for index in 0..<begin + days {
      let isLast = index == begin + days - 1
      let writes = index >= begin
      let before = feeds.reduce(0) { $0 + $1.written.rows }
      // Tomorrow is simulated while today is written.
      let today = events
      let tomorrow = Mutex<DayEvents?>(nil)
      if exports != nil { exported.add(today) }
      let jobs = [nil] + feeds.map(Optional.some)
      _ = try concurrentMap(isLast ? Array(jobs.dropFirst()) : jobs, width: width) { feed in
        if let feed {
          try feed.add(today, writes: writes)
        } else {
          let made = simulation.next()
          tomorrow.withLock { $0 = made }
        }
      }
      if let made = tomorrow.withLock({ $0 }) { events = made }
      guard writes else { continue }
      record.days = index + 1
      if isLast {
        try writeTruth(record, simulation.state, feeds, into: store)
        if let exports {
          let truth = Truth.exports(
            settings, days: record.days, try exported.write(simulation.state, into: exports))
          try store.put(GymExports.truthPath, Array((truth.text + "\n").utf8))
        }
      }
      try store.put(GymRecord.path, record.bytes)
      progress(
        index - begin + 1, days, feeds.reduce(0) { $0 + $1.written.rows } - before)
    }
    return summary(record, days, simulation.state, feeds)
  }

  private func fresh(in store: any ObjectStore) throws -> GymRecord {
    let settings = try GymSettings(options)
    _ = try settings.days(options, after: 0)
    if let first = try store.listFolder("").first {
      throw GymError.folderNotEmpty(store.address(""), example: first.path)
    }
    return GymRecord(settings: settings, days: 0)
  }

  private func existing(in store: any ObjectStore) throws -> GymRecord {
    let record = try GymRecord(reading: store)
    try record.agree(with: options, record: store.address(GymRecord.path))
    return record
  }

  private func writeTruth(
    _ record: GymRecord, _ state: Simulation, _ feeds: [SourceFeed], into store: any ObjectStore
  ) throws {
    let writers = feeds.map(\.writer)
    let counts = Truth.counts(
      record.settings, days: record.days, instructors: state.timetable.instructors.count, writers)
    let expected = Truth.expected(record.settings, days: record.days, state, writers)
    for (path, json) in [(Truth.countsPath, counts), (Truth.expectedPath, expected)] {
      try store.put(path, Array((json.text + "\n").utf8))
    }
  }

  private func summary(
    _ record: GymRecord, _ days: Int, _ state: Simulation, _ feeds: [SourceFeed]
  ) -> GymSummary {
    let writers = feeds.map(\.writer)
    return GymSummary(
      settings: record.settings, days: record.days, daysWritten: days,
      sources: feeds.map(\.written),
      truth: Truth.counts(
        record.settings, days: record.days, instructors: state.timetable.instructors.count,
        writers),
      expected: Truth.expected(record.settings, days: record.days, state, writers))
  }
}

/// The simulation, which one task at a time may drive.
private final class Simulator: @unchecked Sendable {
  private(set) var state: Simulation

  init(_ simulation: Simulation) { state = simulation }

  func next() -> DayEvents { state.next() }
}

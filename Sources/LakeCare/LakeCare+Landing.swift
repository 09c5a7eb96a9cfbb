import Basics
import DeltaLake
import Lakehouse
import Podium
import Runner
import Storage

extension LakeCare {
  /// Removes the landing files of a bronze table that were taken in long since.
  ///
  /// Their rows stand in bronze, and so does the record that they were taken: the same file is not
  /// taken again. Bronze alone has the rows afterwards, so nothing is removed while one of its data
  /// files is missing.
  /// - Returns: nil where there is nothing to remove.
  func cleanLanding(
    _ table: Table, _ source: LandingSource, _ retention: Int64, dryRun: Bool
  ) throws -> LandingUpkeep? {
    let delta = delta(.of(table))
    guard let state = try delta.state() else { return nil }
    let (moment, overflow) = lake.clock.now().milliseconds.subtractingReportingOverflow(retention)
    guard !overflow else { return nil }
    // It saves hashing files that did not change; without it they are read.
    let ledger = try (try? Ledger.reading(lake)) ?? .empty()
    let files = try ledger.takenFiles(
      source, state, before: Timestamp(milliseconds: moment), lake)
    guard !files.isEmpty else { return nil }
    let needed = try delta.files(of: delta.snapshot())
    let there = Set(try delta.store.list("").map(\.path))
    let missing = needed.filter { !there.contains($0) && !$0.hasPrefix("/") }.sorted()
    if let first = missing.first {
      return LandingUpkeep(
        source: source.folder, removed: RemovedFiles(),
        refusal: "\(table.name) lost its data file \(first)")
    }
    if !dryRun { try lake.landing.delete(files.map(\.path)) }
    var removed = RemovedFiles()
    removed.files = files.count
    removed.bytes = files.reduce(0) { $0 &+ $1.size }
    return LandingUpkeep(source: source.folder, removed: removed, refusal: nil)
  }
}

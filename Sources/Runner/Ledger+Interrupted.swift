import Basics
import DeltaLake
import Lakehouse
import Podium
import SQLite

extension Ledger {
  /// Sets runs that have not ended to `interrupted`.
  ///
  /// A run that is killed between a commit and its word on it would be silent about the table. The
  /// tables' logs know: such a table becomes `interrupted` too, with the version that it committed, as
  /// does one that the run was at work on. Nothing says that it was done, so going on with the run
  /// works on it again.
  ///
  /// The caller holds the lake's lock, or is the run.
  /// - Parameters:
  ///   - tables: all of the project.
  ///   - ended: when that was, where it is known.
  public func interruptRuns(_ lake: Lake, _ tables: [Table], ended: Timestamp?) throws {
    let running = try runningRuns()
    for run in running {
      let known = Set(
        try self.tables(of: run).filter { $0.status != "running" }.map(\.table))
      for (position, table) in tables.enumerated() where !known.contains(table.name.description) {
        let delta = lake.table(.of(table)) { throw RunError.other("no rows are read here") }
        // A log that cannot be read is told by the next run.
        let commits = (try? delta.history(limit: Ledger.commitsOfOneRun)) ?? []
        let own = commits.filter { $0.info?[CommitTag.run]?.string == run }
        guard !own.isEmpty else { continue }
        // Where the run is still there, it may have found its word meanwhile.
        try? insert(
          TableOutcome(told: table.name, own), position, run, status: "interrupted")
      }
    }
    _ = try database.run(
      "UPDATE run_tables SET status = 'interrupted' WHERE status = 'running'")
    _ = try database.run(
      "UPDATE runs SET ended = ?, status = 'interrupted' WHERE status = 'running'",
      [.string(ended?.text(decimals: 0))])
    if !running.isEmpty { try save() }
  }

  /// A run seldom commits more often to one table.
  private static let commitsOfOneRun = 20

  private func runningRuns() throws(SQLiteError) -> [String] {
    try database.rows("SELECT run FROM runs WHERE status = 'running'").map {
      (row) throws(SQLiteError) in try row.text("run")
    }
  }

  /// Sets runs that were killed to `interrupted`, where no run is at work.
  public func interruptDeadRuns(_ lake: Lake, _ tables: [Table]) throws {
    guard try !runningRuns().isEmpty else { return }
    if isCopy {
      if LakeLock.isFree(lake) { try interruptRuns(lake, tables, ended: nil) }
      return
    }
    guard let lock = try? LakeLock(lake, command: "podium runs", patience: 0) else { return }
    defer { withExtendedLifetime(lock) {} }
    try interruptRuns(lake, tables, ended: nil)
  }
}

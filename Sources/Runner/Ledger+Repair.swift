import Basics
import DeltaLake
import Glibc
import Lakehouse
import Podium
import SQLite
import Storage

/// A ledger that was damaged and has been replaced.
public struct LedgerRepair: Hashable, Sendable {
  /// Where the damaged file lies now.
  public let movedTo: String
  /// Runs that the tables' logs still tell of.
  public let runs: Int
}

/// A ledger that cannot be read.
public struct LedgerDamage: Error, Hashable, Sendable, CustomStringConvertible {
  public let path: String

  public var description: String {
    "the record of runs, \(path), is damaged. The tables are not affected: the next run puts it "
      + "aside and makes a new one of what the tables' logs tell."
  }
}

extension SQLiteError {
  /// True where the file is no database or a broken one.
  var isDamage: Bool { code == .notADatabase || code == .corrupt }
}

extension Ledger {
  /// Opens the ledger for a run and does the first work with it.
  ///
  /// A damaged one is moved aside and made anew. That loses nothing which Podium works with: content
  /// hashes of landing files are computed again, and which files and versions were consumed stands
  /// in the tables' logs. The caller holds the lake's lock.
  static func open(
    _ lake: Lake, _ tables: [Table], _ body: (Ledger) throws -> Void
  ) throws -> (ledger: Ledger, repair: LedgerRepair?) {
    do {
      let ledger = try Ledger(lake)
      try body(ledger)
      return (ledger, nil)
    } catch let error as SQLiteError where error.isDamage {
      guard let aside = moveAside(lake) else { throw error }
      let ledger = try Ledger(lake)
      let runs = try ledger.rebuild(lake, tables)
      try body(ledger)
      return (ledger, LedgerRepair(movedTo: aside, runs: runs))
    }
  }

  /// Renames the ledger and the files beside it; nil where that is not possible.
  private static func moveAside(_ lake: Lake) -> String? {
    let path = Ledger.path(lake)
    let aside = "\(path).damaged-\(lake.clock.now().compact)"
    for suffix in ["-wal", "-shm"] { rename(path + suffix, aside + suffix) }
    guard rename(path, aside) == 0 else { return nil }
    if !lake.isLocal { try? lake.records.delete(file) }
    return aside
  }

  /// Fills an empty ledger with the runs that the tables' logs tell of.
  ///
  /// A log knows which run committed which version and what became of its rows; not what the run was
  /// asked for, nor what failed or was up to date.
  /// - Returns: how many runs there are.
  func rebuild(_ lake: Lake, _ tables: [Table]) throws -> Int {
    var runs: [String: (first: Timestamp, last: Timestamp)] = [:]
    try database.transaction {
      for (position, table) in tables.enumerated() {
        let delta = lake.table(.of(table)) { throw RunError.other("no rows are read here") }
        // A log that cannot be read is told by the run itself.
        for (run, commits) in Ledger.byRun((try? delta.history()) ?? []) {
          let times = commits.map(\.timestamp)
          guard let first = times.min(), let last = times.max() else { continue }
          runs[run] = (min(first, runs[run]?.first ?? first), max(last, runs[run]?.last ?? last))
          try insert(TableOutcome(told: table.name, commits), position, run)
        }
      }
      for (run, times) in runs.sorted(by: { $0.value.first < $1.value.first }) {
        try insertRebuilt(run, Ledger.start(of: run) ?? times.first.text(decimals: 0), times.last)
      }
    }
    return runs.count
  }

  private static func byRun(_ history: [HistoryEntry]) -> [String: [HistoryEntry]] {
    var runs: [String: [HistoryEntry]] = [:]
    for entry in history {
      if let run = entry.info?[CommitTag.run]?.string { runs[run, default: []].append(entry) }
    }
    return runs
  }

  /// When a run began, as its id tells: `yyyyMMddTHHmmssZ-…`.
  private static func start(of run: String) -> String? {
    let text = run.prefix(16)
    let digits = text.filter { ("0"..."9").contains($0) }
    guard digits.utf8.count == 14, text.utf8.count == 16, text.hasSuffix("Z") else { return nil }
    let parts = Array(digits)
    func part(_ range: Range<Int>) -> String { String(parts[range]) }
    return "\(part(0..<4))-\(part(4..<6))-\(part(6..<8))"
      + "T\(part(8..<10)):\(part(10..<12)):\(part(12..<14))Z"
  }
}

extension TableOutcome {
  /// What the commits of one run tell of a table.
  init(told table: TableName, _ commits: [HistoryEntry]) {
    func sum(_ name: String) -> Int64 {
      commits.reduce(0) {
        $0.addingReportingOverflow(Int64($1.metrics["podium.rows.\(name)"] ?? "") ?? 0).partialValue
      }
    }
    self.init(
      table, .committed, reason: "told by the table's log",
      result: JobResult(
        counts: RowCounts(read: sum("read"), fate: sum), failures: [],
        version: commits.map(\.version).max() ?? 0, rows: nil))
  }
}

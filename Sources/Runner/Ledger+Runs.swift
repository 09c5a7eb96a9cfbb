import Basics
import Lakehouse
import Podium
import SQLite

/// A run as the ledger remembers it.
public struct RunRecord: Hashable, Sendable {
  public let run: String
  /// UTC, `yyyy-MM-ddTHH:mm:ssZ`.
  public let started: String
  public let ended: String?
  /// The business date; empty where it is not known.
  public let asOf: String
  public let selectors: String
  public let fullRefresh: Bool
  /// `succeeded`, `failed`, `running`, `interrupted` for a run that was stopped or killed,
  /// `rolled back`, or `rebuilt` for one of which only the tables' logs tell.
  public let status: String
  /// The run that it went on with; nil for one of its own.
  public let resumes: String?
  /// Tables worked on at the same time.
  public let jobs: Int
  /// True if tables that keep their history were allowed to lose keys.
  public let discardHistory: Bool
  public let kind: RunKind
  /// The part of the landing zone that it was asked to take in; nil for all.
  public let subset: Subset?
}

/// One table of a run as the ledger remembers it.
public struct RunTableRecord: Hashable, Sendable {
  public let table: String
  public let status: String
  public let reason: String
  public let error: String?
  public let version: Int?
  public let rowsAfter: Int?
  public let seconds: Double
  public let counts: RowCounts
  public let filesTaken: Int
  public let filesQuarantined: Int
  public let filesChanged: Int
}

extension Ledger {
  func begin(_ context: RunContext, _ request: RunRequest) throws(SQLiteError) {
    // A backfill that goes on has been on record before.
    for table in ["run_tables", "rule_failures"] where request.kind == .backfill {
      _ = try database.run("DELETE FROM \(table) WHERE run = ?", [.text(context.run)])
    }
    _ = try database.run(
      """
      INSERT OR REPLACE INTO runs (
        run, started, as_of, selectors, full_refresh, status, resumes, jobs, discard_history, kind,
        subset)
      VALUES (?, ?, ?, ?, ?, 'running', ?, ?, ?, ?, ?)
      """,
      [
        .text(context.run), .text(context.started.text(decimals: 0)),
        .text(request.asOf.description),
        .text(request.selectors.map(\.text).joined(separator: " ")), .bool(request.fullRefresh),
        .string(request.resumes), .int(request.jobs), .bool(request.discardHistory),
        .text(request.kind.rawValue), .string(request.subset?.json.text),
      ])
  }

  func finish(_ run: String, _ status: String, _ now: Timestamp) throws(SQLiteError) {
    _ = try database.run(
      "UPDATE runs SET ended = ?, status = ? WHERE run = ?",
      [.text(now.text(decimals: 0)), .text(status), .text(run)])
  }

  /// Puts something on record that is no run and was done.
  /// - Parameters:
  ///   - words: what it was asked for.
  ///   - tables: what it changed, with the versions that it committed.
  package func record(
    _ kind: RunKind, _ id: String, _ words: String, tables: [(name: TableName, version: Int64)],
    at now: Timestamp
  ) throws {
    let moment = now.text(decimals: 0)
    try database.transaction {
      _ = try database.run(
        """
        INSERT OR REPLACE INTO runs (
          run, started, ended, as_of, selectors, full_refresh, status, kind)
        VALUES (?, ?, ?, '', ?, 0, 'succeeded', ?)
        """, [.text(id), .text(moment), .text(moment), .text(words), .text(kind.rawValue)])
      for (position, table) in tables.enumerated() {
        let result = JobResult(
          counts: RowCounts(), failures: [], version: table.version, rows: nil)
        try insertRows(
          TableOutcome(table.name, .committed, reason: words, result: result), position, id,
          "committed")
      }
    }
    try save()
  }

  func insertRebuilt(
    _ run: String, _ started: String, _ ended: Timestamp
  ) throws(SQLiteError) {
    _ = try database.run(
      """
      INSERT INTO runs (run, started, ended, as_of, selectors, full_refresh, status)
      VALUES (?, ?, ?, '', '', 0, 'rebuilt')
      """, [.text(run), .text(started), .text(ended.text(decimals: 0))])
  }

  /// - Parameter status: another word than the outcome's own.
  func insert(
    _ outcome: TableOutcome, _ position: Int, _ run: String, status: String? = nil
  ) throws {
    try database.transaction {
      try insertRows(outcome, position, run, status ?? outcome.status.word)
    }
  }

  /// Notes that a run works on a table.
  func beginTable(_ table: TableName, _ position: Int, _ run: String) throws(SQLiteError) {
    _ = try database.run(
      """
      INSERT OR IGNORE INTO run_tables VALUES (?, ?, ?, 'running', '', NULL, NULL, NULL, 0, 0, 0, 0,
        0, 0, 0, 0, 0, 0, 0, 0, 0)
      """, [.text(run), .text(table.description), .int(position)])
  }

  private func insertRows(
    _ outcome: TableOutcome, _ position: Int, _ run: String, _ status: String
  ) throws(SQLiteError) {
    _ = try database.run(
      "DELETE FROM run_tables WHERE run = ? AND table_name = ? AND status = 'running'",
      [.text(run), .text(outcome.table.description)])
    var error: String?
    switch outcome.status {
    case .failed(let reason): error = reason.description
    case .skipped(let table): error = "it needs \(table), which failed"
    case .committed, .upToDate: break
    }
    let counts = outcome.counts
    _ = try database.run(
      "INSERT INTO run_tables VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
      .positional(
        [
          .text(run), .text(outcome.table.description), .int(position),
          .text(status), .text(outcome.reason), .string(error),
          .int(outcome.version.map(Int.init)), .int(outcome.rows.map(Int.init)),
          .real(outcome.seconds), .integer(counts.read),
        ] + counts.fates.map { .integer($0.rows) } + [
          .int(outcome.files?.taken ?? 0), .int(outcome.files?.quarantined.count ?? 0),
          .int(outcome.files?.changed.count ?? 0),
        ]))
    for failure in outcome.failures {
      _ = try database.run(
        "INSERT INTO rule_failures VALUES (?, ?, ?, ?, ?)",
        [
          .text(run), .text(outcome.table.description), .text(failure.rule),
          .text(failure.action.rawValue), .integer(failure.rows),
        ])
    }
  }

  /// The newest runs, newest first: in the order in which they began, whatever the clock said.
  public func runs(limit: Int) throws(SQLiteError) -> [RunRecord] {
    try records("ORDER BY rowid DESC LIMIT ?", [.int(limit)])
  }

  /// The run that began last, and nothing else that is on record.
  public func newestRun() throws(SQLiteError) -> RunRecord? {
    try records("WHERE kind = 'run' ORDER BY rowid DESC LIMIT 1", []).first
  }

  /// The run with an id, or with an id that begins so where only one does.
  public func run(_ id: String) throws(SQLiteError) -> RunRecord? {
    let near = try runs(beginning: id)
    return near.count == 1 ? near[0] : nil
  }

  /// The runs whose ids begin so, newest first; only the one that has the whole id, if one has.
  public func runs(beginning id: String) throws(SQLiteError) -> [RunRecord] {
    let near = try records(
      "WHERE substr(run, 1, length(?)) = ? ORDER BY rowid DESC",
      [.text(id), .text(id)])
    return near.first { $0.run == id }.map { [$0] } ?? near
  }

  private func records(_ rest: String, _ values: Bindings) throws(SQLiteError) -> [RunRecord] {
    var records: [RunRecord] = []
    for row in try database.rows("SELECT * FROM runs \(rest)", values) {
      records.append(
        RunRecord(
          run: try row.text("run"), started: try row.text("started"),
          ended: try row.textOrNil("ended"), asOf: try row.text("as_of"),
          selectors: try row.text("selectors"), fullRefresh: try row.bool("full_refresh"),
          status: try row.text("status"), resumes: try row.textOrNil("resumes"),
          jobs: try row.int("jobs"), discardHistory: try row.bool("discard_history"),
          kind: RunKind(rawValue: try row.text("kind")) ?? .run,
          subset: try row.textOrNil("subset").flatMap { try? JSON(parsing: $0) }
            .flatMap(Subset.init)))
    }
    return records
  }

  /// The tables of a run, in the order of the run.
  public func tables(of run: String) throws(SQLiteError) -> [RunTableRecord] {
    var records: [RunTableRecord] = []
    let rows = try database.rows(
      "SELECT * FROM run_tables WHERE run = ? ORDER BY position", [.text(run)])
    for row in rows {
      let counts = try RowCounts(read: Int64(row.int("rows_read"))) {
        (fate) throws(SQLiteError) in Int64(try row.int(fate))
      }
      records.append(
        RunTableRecord(
          table: try row.text("table_name"), status: try row.text("status"),
          reason: try row.text("reason"), error: try row.textOrNil("error"),
          version: try row.intOrNil("version"), rowsAfter: try row.intOrNil("rows_after"),
          seconds: try row.double("seconds"), counts: counts,
          filesTaken: try row.int("files_taken"),
          filesQuarantined: try row.int("files_quarantined"),
          filesChanged: try row.int("files_changed")))
    }
    return records
  }
}

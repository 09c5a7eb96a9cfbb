import Basics
import Podium
import SQLite

/// How long a landing file took from its arrival until its rows could be queried everywhere.
public struct FileLag: Hashable, Sendable {
  public let file: String
  /// The table that took it in.
  public let table: String
  /// The run that did.
  public let run: String
  /// When it was last written.
  public let arrived: Timestamp
  /// When its rows were committed to bronze.
  public let committed: Timestamp
  /// When the last table downstream of it in that run was up to date; nil where one is not yet.
  public let ready: Timestamp?
  /// The tables downstream that are not yet up to date.
  public let waitingFor: [String]
  /// True if the table did not exist before: its files lay there before anybody took them in.
  public let isFirstLoad: Bool

  /// Seconds from arrival to ready, or so far.
  public func seconds(now: Timestamp) -> Double {
    Double((ready ?? now).microseconds &- arrived.microseconds) / 1e6
  }
}

extension Ledger {
  /// Writes down the files that a table took in, and which tables have to follow.
  func insert(
    _ arrivals: [FileReport.Arrival], _ table: TableName, _ run: String, waitingFor: [TableName],
    isFirstLoad: Bool
  ) throws(SQLiteError) {
    let waiting = " " + waitingFor.map { "\($0) " }.joined()
    for arrival in arrivals {
      _ = try database.run(
        "INSERT OR REPLACE INTO file_lags VALUES (?, ?, ?, ?, ?, ?, ?, ?, 0)",
        .positional([
          .text(arrival.file), .text(table.description), .text(run),
          .integer(arrival.arrived.microseconds), .integer(arrival.committed.microseconds),
          waitingFor.isEmpty ? .integer(arrival.committed.microseconds) : .null, .text(waiting),
          .bool(isFirstLoad),
        ]))
    }
  }

  /// Writes down that a table is up to date: files wait for it no longer.
  func tableIsReady(_ table: TableName, at now: Timestamp) throws(SQLiteError) {
    let name = DatabaseValue.text(" \(table) ")
    _ = try database.run(
      """
      UPDATE file_lags SET waiting = replace(waiting, ?, ' '),
        ready = CASE WHEN replace(waiting, ?, ' ') = ' ' THEN ? END
      WHERE ready IS NULL AND instr(waiting, ?) > 0
      """, .positional([name, name, .integer(now.microseconds), name]))
  }

  /// Forgets files that arrived before a moment.
  func forgetArrivals(before: Timestamp) throws(SQLiteError) {
    _ = try database.run(
      "DELETE FROM file_lags WHERE committed < ?", [.integer(before.microseconds)])
  }

  /// The files that a run took in, or that it found still waiting for tables.
  public func lags(of run: String) throws(SQLiteError) -> [FileLag] {
    try lags("run = ? OR ready IS NULL", [.text(run)])
  }

  /// Files of which nobody was told yet that they took longer than so many seconds; those of a
  /// table's first load are left out.
  public func lateFiles(
    longerThan seconds: Int, now: Timestamp
  ) throws(SQLiteError) -> [FileLag] {
    try lags(
      "NOT told AND NOT first_load AND coalesce(ready, ?) - arrived > ?",
      [.integer(now.microseconds), .integer(Int64(clamping: seconds) &* 1_000_000)])
  }

  /// Writes down that somebody was told of late files.
  public func markTold(_ files: [FileLag]) throws(SQLiteError) {
    for file in files {
      _ = try database.run(
        "UPDATE file_lags SET told = 1 WHERE file = ? AND run = ?",
        [.text(file.file), .text(file.run)])
    }
  }

  private func lags(_ condition: String, _ values: Bindings) throws(SQLiteError) -> [FileLag] {
    var lags: [FileLag] = []
    let rows = try database.rows(
      "SELECT * FROM file_lags WHERE \(condition) ORDER BY table_name, arrived, file", values)
    for row in rows {
      let waiting = try row.text("waiting").split(separator: " ").map(String.init)
      lags.append(
        FileLag(
          file: try row.text("file"), table: try row.text("table_name"), run: try row.text("run"),
          arrived: Timestamp(microseconds: Int64(try row.int("arrived"))),
          committed: Timestamp(microseconds: Int64(try row.int("committed"))),
          ready: try row.intOrNil("ready").map { Timestamp(microseconds: Int64($0)) },
          waitingFor: waiting, isFirstLoad: try row.bool("first_load")))
    }
    return lags
  }
}

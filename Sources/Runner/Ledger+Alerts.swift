import Basics
import SQLite

/// An alert as the ledger remembers it.
public struct AlertRecord: Hashable, Sendable {
  /// What it is about, so that nobody is told twice: a run's id, or what a stale table waits since.
  public let occasion: String
  /// Empty for the run as a whole.
  public let table: String
  public let kind: String
  /// Its facts.
  public let facts: JSON
  public let at: Timestamp
  /// The channels that have not taken it yet.
  public var pending: [String]

  public init(
    occasion: String, table: String, kind: String, facts: JSON, at: Timestamp, pending: [String]
  ) {
    self.occasion = occasion
    self.table = table
    self.kind = kind
    self.facts = facts
    self.at = at
    self.pending = pending
  }
}

extension Ledger {
  /// Writes an alert down; false where it has been before.
  public func insert(_ alert: AlertRecord) throws(SQLiteError) -> Bool {
    try database.run(
      "INSERT OR IGNORE INTO alerts VALUES (?, ?, ?, ?, ?, ?)",
      .positional([
        .text(alert.occasion), .text(alert.table), .text(alert.kind), .text(alert.facts.text),
        .integer(alert.at.microseconds), .text(alert.pending.joined(separator: " ")),
      ])) > 0
  }

  /// The newest alerts, newest first.
  public func alerts(limit: Int) throws(SQLiteError) -> [AlertRecord] {
    try alerts("ORDER BY at DESC, rowid DESC LIMIT ?", [.int(limit)])
  }

  /// Alerts since a moment that a channel has not taken, oldest first.
  public func pendingAlerts(since: Timestamp) throws(SQLiteError) -> [AlertRecord] {
    try alerts("WHERE pending <> '' AND at >= ? ORDER BY rowid", [.integer(since.microseconds)])
  }

  /// Writes down which channels have still to take an alert.
  public func setPending(_ alert: AlertRecord) throws(SQLiteError) {
    _ = try database.run(
      "UPDATE alerts SET pending = ? WHERE occasion = ? AND table_name = ? AND kind = ?",
      .positional([
        .text(alert.pending.joined(separator: " ")), .text(alert.occasion), .text(alert.table),
        .text(alert.kind),
      ]))
  }

  private func alerts(_ rest: String, _ values: Bindings) throws(SQLiteError) -> [AlertRecord] {
    var records: [AlertRecord] = []
    for row in try database.rows("SELECT * FROM alerts \(rest)", values) {
      let facts = try row.text("facts")
      records.append(
        AlertRecord(
          occasion: try row.text("occasion"), table: try row.text("table_name"),
          kind: try row.text("kind"), facts: (try? JSON(parsing: facts)) ?? .null,
          at: Timestamp(microseconds: Int64(try row.int("at"))),
          pending: try row.text("pending").split(separator: " ").map(String.init)))
    }
    return records
  }
}

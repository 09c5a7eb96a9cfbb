import Basics
import SQLite

/// How many of the things that were attempted succeeded.
public struct SuccessRate: Hashable, Sendable {
  public internal(set) var attempted = 0
  public internal(set) var succeeded = 0

  /// 0 to 1; nil where nothing was attempted.
  public var share: Double? { attempted > 0 ? Double(succeeded) / Double(attempted) : nil }

  static func += (sum: inout SuccessRate, more: SuccessRate) {
    sum.attempted += more.attempted
    sum.succeeded += more.succeeded
  }
}

/// How runs and tables fared over some days.
///
/// A run was attempted when it has ended, and succeeded when every table committed or was up to date;
/// one that was interrupted did not. A table was attempted when a run worked on it or found it up to
/// date, and did not succeed where the run was interrupted before it had told how the table fared; one
/// that was skipped, since a table it needs had failed, was not attempted. Replays, backfills and what
/// else is on record beside runs do not count.
public struct SuccessRates: Hashable, Sendable {
  /// One day, or one table.
  public struct Part: Hashable, Sendable {
    /// The UTC day, `yyyy-MM-dd`, or the table.
    public let name: String
    public internal(set) var runs = SuccessRate()
    public internal(set) var tables = SuccessRate()
  }

  public internal(set) var runs = SuccessRate()
  public internal(set) var tables = SuccessRate()
  /// The days on which something was attempted, the newest first.
  public internal(set) var days: [Part] = []
  /// The tables that were attempted, by name.
  public internal(set) var byTable: [Part] = []

  /// Nothing was attempted.
  public init() {}
}

extension Ledger {
  /// The rates of the runs that began since a moment.
  public func successRates(since: Timestamp) throws(SQLiteError) -> SuccessRates {
    var rates = SuccessRates()
    var days: [String: SuccessRates.Part] = [:]
    var tables: [String: SuccessRates.Part] = [:]
    let from: Bindings = [.text(since.text(decimals: 0))]
    let runs = try database.rows(
      """
      SELECT substr(started, 1, 10) AS day, count(*) AS attempted,
        sum(status = 'succeeded') AS succeeded
      FROM runs WHERE status IN ('succeeded', 'failed', 'interrupted') AND kind = 'run' AND started >= ? GROUP BY 1
      """, from)
    for row in runs {
      let day = try row.text("day")
      let rate = try SuccessRate(row)
      rates.runs += rate
      days[day, default: SuccessRates.Part(name: day)].runs += rate
    }
    let attempts = try database.rows(
      """
      SELECT substr(r.started, 1, 10) AS day, t.table_name, count(*) AS attempted,
        sum(t.status NOT IN ('failed', 'interrupted')) AS succeeded
      FROM run_tables AS t JOIN runs AS r USING (run)
      WHERE t.status IN ('committed', 'up to date', 'failed', 'interrupted') AND r.status <> 'rebuilt'
        AND r.kind = 'run' AND r.started >= ? GROUP BY 1, 2
      """, from)
    for row in attempts {
      let (day, table) = (try row.text("day"), try row.text("table_name"))
      let rate = try SuccessRate(row)
      rates.tables += rate
      days[day, default: SuccessRates.Part(name: day)].tables += rate
      tables[table, default: SuccessRates.Part(name: table)].tables += rate
    }
    rates.days = days.values.sorted { $0.name > $1.name }
    rates.byTable = tables.values.sorted { $0.name < $1.name }
    return rates
  }
}

extension SuccessRate {
  fileprivate init(_ row: DatabaseRow) throws(SQLiteError) {
    attempted = try row.int("attempted")
    succeeded = try row.int("succeeded")
  }
}

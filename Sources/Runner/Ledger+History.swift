import Basics
import Podium
import SQLite

extension Ledger {
  /// The rows that a table read in its newest runs before one, on business dates of the same day of
  /// the week, the newest first.
  ///
  /// Only runs in which the table committed or was up to date count, nothing else that is on record;
  /// not full refreshes, which read
  /// everything, and not a repeat on a business date that found nothing new.
  public func rowsRead(
    by table: String, before run: String, limit: Int
  ) throws(SQLiteError) -> [Int64] {
    var numbers: [Int64] = []
    let rows = try database.rows(
      """
      SELECT t.rows_read FROM run_tables AS t JOIN runs AS r USING (run)
      JOIN runs AS now ON now.run = ?
      WHERE t.table_name = ? AND t.status IN ('committed', 'up to date') AND r.full_refresh = 0
        AND r.kind = 'run' AND r.as_of <> '' AND strftime('%w', r.as_of) = strftime('%w', now.as_of)
        AND r.rowid < now.rowid AND NOT (\(Ledger.isRepeat))
      ORDER BY r.rowid DESC LIMIT ?
      """, [.text(run), .text(table), .int(limit)])
    for row in rows { numbers.append(Int64(try row.int("rows_read"))) }
    return numbers
  }

  /// True if a table found nothing new in a run and an earlier run of the same business date had
  /// brought it up to date.
  public func isRepeat(_ table: String, in run: String) throws(SQLiteError) -> Bool {
    try database.first(
      """
      SELECT 1 FROM run_tables AS t JOIN runs AS r USING (run)
      WHERE r.run = ? AND t.table_name = ? AND \(Ledger.isRepeat)
      """, [.text(run), .text(table)]) != nil
  }

  private static let isRepeat = """
    t.status = 'up to date' AND EXISTS (
      SELECT 1 FROM run_tables AS t1 JOIN runs AS r1 USING (run)
      WHERE t1.table_name = t.table_name AND t1.status IN ('committed', 'up to date')
        AND r1.as_of = r.as_of AND r1.rowid < r.rowid)
    """

  /// When each table was last brought up to date, UTC as `yyyy-MM-ddTHH:mm:ssZ`.
  public func lastSuccesses() throws(SQLiteError) -> [String: String] {
    var times: [String: String] = [:]
    let rows = try database.rows(
      """
      SELECT table_name, max(coalesce(r.ended, r.started)) AS at
      FROM run_tables JOIN runs AS r USING (run)
      WHERE run_tables.status IN ('committed', 'up to date') AND r.kind IN ('run', 'promotion')
      GROUP BY table_name
      """)
    for row in rows { times[try row.text("table_name")] = try row.text("at") }
    return times
  }

  /// The run that goes on with one, directly or through others; itself where none does.
  public func lastResumption(of run: String) throws(SQLiteError) -> String {
    var last = run
    var seen: Set<String> = [run]
    while let row = try database.first(
      "SELECT run FROM runs WHERE resumes = ? ORDER BY rowid DESC LIMIT 1", [.text(last)])
    {
      last = try row.text("run")
      // A record that was changed by hand may go in circles.
      guard seen.insert(last).inserted else { break }
    }
    return last
  }
}

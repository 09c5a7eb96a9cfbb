internal import CSQLite

/// A compiled statement, run as often as wanted with other values each time.
///
/// It keeps its database open and, like it, is used by one thread at a time.
public final class Statement {
  /// The text it was compiled from.
  public let sql: String
  /// The result's columns; empty for a statement that gives no rows.
  public private(set) var columns: [String] = []
  let database: Database
  let handle: OpaquePointer
  private var isRunning = false
  private var timesCompiled: Int32 = 0

  init(_ database: Database, _ sql: String) throws(SQLiteError) {
    guard !sql.utf8.contains(0) else { throw .nulInText }
    let (first, rest) = Statement.compile(database, sql)
    guard let first else {
      if rest == nil { throw database.failure(sql: sql, mayQuoteValues: false) }
      throw .notOneStatement(sql: sql)
    }
    self.database = database
    self.sql = sql
    handle = first
    // What follows may be comments, but no second statement.
    if let rest, !rest.isEmpty {
      let (second, ending) = Statement.compile(database, rest)
      sqlite3_finalize(second)
      guard second == nil, ending != nil else { throw .notOneStatement(sql: sql) }
    }
    columns = readColumns()
  }

  deinit { sqlite3_finalize(handle) }

  /// The statement and the text after it; no text where SQLite refused it.
  private static func compile(
    _ database: Database, _ sql: String
  ) -> (statement: OpaquePointer?, rest: String?) {
    var statement: OpaquePointer?
    var rest: String?
    sql.withCString { text in
      var tail: UnsafePointer<CChar>?
      guard sqlite3_prepare_v2(database.handle, text, -1, &statement, &tail) == SQLITE_OK else {
        return
      }
      rest = tail.map { String(cString: $0) } ?? ""
    }
    return (statement, rest)
  }

  /// Runs it and gives the number of rows it inserted, updated or deleted.
  @discardableResult
  public func run(_ values: Bindings = []) throws(SQLiteError) -> Int {
    let before = sqlite3_total_changes64(database.handle)
    try start(values)
    defer { finish() }
    while try step(values) {}
    guard sqlite3_total_changes64(database.handle) != before else { return 0 }
    return Int(sqlite3_changes64(database.handle))
  }

  /// All rows.
  public func rows(_ values: Bindings = []) throws(SQLiteError) -> [DatabaseRow] {
    try start(values)
    defer { finish() }
    var rows: [DatabaseRow] = []
    while try step(values) { rows.append(row()) }
    return rows
  }

  /// The first row; nil where there is none.
  public func first(_ values: Bindings = []) throws(SQLiteError) -> DatabaseRow? {
    try start(values)
    defer { finish() }
    return try step(values) ? row() : nil
  }

  /// Hands on one row after the other, without holding them all; an error thrown by `body` ends it.
  public func forEach(
    _ values: Bindings = [], _ body: (DatabaseRow) throws -> Void
  ) throws {
    try start(values)
    defer { finish() }
    while try step(values) { try body(row()) }
  }

  private func start(_ values: Bindings) throws(SQLiteError) {
    guard !isRunning else { throw .statementRunning(sql: sql) }
    try bind(values)
    isRunning = true
  }

  private func step(_ values: Bindings) throws(SQLiteError) -> Bool {
    switch sqlite3_step(handle) {
    case SQLITE_ROW: return true
    case SQLITE_DONE: return false
    default: throw database.failure(sql: sql, mayQuoteValues: values.holdText)
    }
  }

  private func finish() {
    sqlite3_reset(handle)
    sqlite3_clear_bindings(handle)
    isRunning = false
  }

  private func row() -> DatabaseRow {
    // SQLite compiles a statement anew after a change of the schema; `SELECT *` may differ then.
    let compiled = sqlite3_stmt_status(handle, SQLITE_STMTSTATUS_REPREPARE, 0)
    if compiled != timesCompiled {
      timesCompiled = compiled
      columns = readColumns()
    }
    return DatabaseRow(
      columns: columns, values: (0..<sqlite3_data_count(handle)).map(value))
  }

  private func readColumns() -> [String] {
    (0..<sqlite3_column_count(handle)).map { index in
      sqlite3_column_name(handle, index).map { String(cString: $0) } ?? ""
    }
  }
}

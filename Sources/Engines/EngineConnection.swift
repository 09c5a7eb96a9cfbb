import Basics
internal import CADBC
import Synchronization

/// An engine that is running: connections to it see the same databases and files.
public final class EngineDatabase: @unchecked Sendable {
  let driver: ADBCDriver
  let handle: UnsafeMutablePointer<AdbcDatabase>

  /// Starts an engine.
  /// - Parameters:
  ///   - library: the shared library's path or name.
  ///   - entry: the driver's entry point.
  ///   - options: database options by name, for example `path`.
  public init(library: String, entry: String, options: [(String, String)]) throws(EngineError) {
    driver = try ADBCDriver(library: library, entry: entry)
    handle = .allocate(capacity: 1)
    handle.initialize(to: AdbcDatabase())
    let functions = driver.functions.pointee
    var failure = CallError()
    func check(_ status: AdbcStatusCode?) throws(EngineError) {
      guard let status else { throw EngineError(.notADriver, "\(library): a function is missing") }
      if status != 0 { throw failure.take(sql: "", status: status) }
    }
    try check(functions.DatabaseNew?(handle, &failure.raw))
    for (name, value) in options {
      try check(functions.DatabaseSetOption?(handle, name, value, &failure.raw))
    }
    try check(functions.DatabaseInit?(handle, &failure.raw))
  }

  deinit {
    var failure = CallError()
    _ = driver.functions.pointee.DatabaseRelease?(handle, &failure.raw)
    handle.deallocate()
  }

  /// Opens a connection, for use by one thread at a time.
  public func connect() throws(EngineError) -> EngineConnection {
    try EngineConnection(to: self)
  }
}

/// One session with an engine, for one thread at a time.
public final class EngineConnection {
  let database: EngineDatabase
  let handle: UnsafeMutablePointer<AdbcConnection>
  private let ended = Atomic(false)

  init(to database: EngineDatabase) throws(EngineError) {
    self.database = database
    handle = .allocate(capacity: 1)
    handle.initialize(to: AdbcConnection())
    let functions = database.driver.functions.pointee
    var failure = CallError()
    var status = functions.ConnectionNew?(handle, &failure.raw) ?? 1
    if status == 0 {
      status = functions.ConnectionInit?(handle, database.handle, &failure.raw) ?? 1
    }
    if status != 0 { throw failure.take(sql: "", status: status) }
  }

  deinit {
    end()
    handle.deallocate()
  }

  /// Ends the session now, also for statements of other threads, where the driver allows for that.
  func end() {
    guard !ended.exchange(true, ordering: .acquiringAndReleasing) else { return }
    var failure = CallError()
    _ = database.driver.functions.pointee.ConnectionRelease?(handle, &failure.raw)
  }

  /// Runs a statement and reads its result, a batch at a time.
  public func query(_ sql: String) throws(EngineError) -> EngineResult {
    let statement = try EngineStatement(on: self, sql: sql)
    return try statement.query()
  }

  /// Runs a statement whose result nobody needs.
  public func execute(_ sql: String) throws(EngineError) {
    let result = try query(sql)
    while try result.next() != nil {}
  }

  /// The names and types of a query's columns, without running it.
  public func describe(_ sql: String) throws(EngineError) -> [EngineField] {
    try EngineStatement(on: self, sql: sql).schema()
  }

  /// Creates a temporary table and fills it with batches; there is none where that fails.
  /// - Returns: rows taken in.
  public func ingest(
    _ table: String, columns: [(name: String, kind: ColumnBuffer.Kind)],
    from next: @escaping () throws -> ColumnBatch?
  ) throws -> Int64 {
    let source = BatchStream(columns: columns, next: next)
    let statement = try EngineStatement(on: self, sql: "")
    do {
      _ = try statement.ingest(table: table, source: source)
      if let error = source.error { throw error }
      return try checkKept(table, source.rows)
    } catch {
      // The engine keeps the rows that came before, and a table that was there already.
      if source.rows > 0 || source.error != nil {
        try? execute("DROP TABLE IF EXISTS temp.\(sqlName(table))")
      }
      // It reports that the stream broke; the reason is the reader's.
      throw source.error ?? error
    }
  }

  /// Refuses a table that has fewer rows than were handed over: an engine that runs out of memory
  /// while it takes them in may keep that to itself.
  private func checkKept(_ table: String, _ rows: Int64) throws(EngineError) -> Int64 {
    let name = "temp.\(sqlName(table))"
    let kept = try query("SELECT count(*) FROM \(name)").rows().first?.first?.int ?? 0
    guard kept == rows else {
      try? execute("DROP TABLE IF EXISTS \(name)")
      throw EngineError(.outOfMemory, "it kept \(kept) of \(rows) rows that it was given")
    }
    return kept
  }
}

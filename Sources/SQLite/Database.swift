import Basics
internal import CSQLite

/// An open SQLite database.
///
/// A database and its statements are used by one thread at a time. They are not `Sendable`, so the
/// compiler holds callers to it. It closes when the last reference to it and to its statements is
/// gone.
public final class Database {
  /// The file's path; `:memory:` for a database without a file.
  public let path: String
  let handle: OpaquePointer
  /// How many savepoints have been opened, so that each has a name of its own.
  var savepoints = 0

  /// Opens a file.
  public convenience init(
    _ path: String, _ options: DatabaseOptions = DatabaseOptions()
  ) throws(SQLiteError) {
    // SQLite takes both for databases that vanish when they are closed.
    let place = path == ":memory:" ? "./:memory:" : path
    guard !path.isEmpty else {
      throw .failed(Failure(.cannotOpen, 14, "the path is empty", sql: "", path: path))
    }
    try self.init(place: place, path: path, options)
  }

  /// A database without a file, gone when it is closed.
  public static func inMemory() throws(SQLiteError) -> Database {
    try Database(place: ":memory:", path: ":memory:", DatabaseOptions(journal: .rollback))
  }

  private init(
    place: String, path: String, _ options: DatabaseOptions
  ) throws(SQLiteError) {
    guard !path.utf8.contains(0) else { throw .nulInText }
    var handle: OpaquePointer?
    let result = sqlite3_open_v2(options.place(place), &handle, options.flags, nil)
    guard let handle else {
      throw .failed(Failure(.outOfMemory, result, "no memory to open it", sql: "", path: path))
    }
    self.handle = handle
    self.path = path
    sqlite3_extended_result_codes(handle, 1)
    guard result == SQLITE_OK else { throw failure(sql: "", mayQuoteValues: false) }
    sqlite3_busy_timeout(handle, Int32(clamping: options.busyMilliseconds))
    for pragma in options.pragmas { try execute(pragma) }
    if !options.access.writes {
      // The first look at the file, so that another kind of file is refused here.
      try execute("PRAGMA schema_version")
    } else {
      try set(options.journal)
    }
  }

  deinit { sqlite3_close_v2(handle) }

  /// True if nothing can be written, also where that was asked for: SQLite then opens a file whose
  /// rights do not allow it to read it.
  public var isReadOnly: Bool { sqlite3_db_readonly(handle, "main") == 1 }

  private func set(_ journal: DatabaseOptions.Journal) throws(SQLiteError) {
    let wanted = journal == .wal ? "wal" : "delete"
    let sql = "PRAGMA journal_mode = \(wanted)"
    let mode = try first(sql)?.text(0)
    guard mode != wanted, path != ":memory:" else { return }
    throw .failed(
      Failure(.other, 1, "the journal mode stays '\(mode ?? "")'", sql: sql, path: path))
  }

  /// The error that SQLite holds for the call that failed last.
  func failure(sql: String, mayQuoteValues: Bool) -> SQLiteError {
    let extended = sqlite3_extended_errcode(handle)
    let message = sqlite3_errmsg(handle).map { String(cString: $0) } ?? ""
    let code = SQLiteCode(extended)
    return .failed(
      Failure(
        code, extended,
        code == .statement && mayQuoteValues ? Failure.withoutValues(message) : message,
        sql: sql, path: path))
  }
}

/// How a database is opened.
public struct DatabaseOptions: Hashable, Sendable {
  /// What may be done with the file.
  public enum Access: Hashable, Sendable {
    /// The database is not changed, and the file must be there.
    ///
    /// Of one in the mode `wal` the two files beside it are made where they are missing, and stay.
    case readOnly
    /// Nothing at all is written, and nothing beside the file is looked at: only for a file that
    /// nobody changes meanwhile, and beside which no `-wal` waits to be taken in.
    case atRest
    /// The file must be there.
    case readWrite
    /// The file is created where there is none.
    case create

    var writes: Bool { self == .readWrite || self == .create }
  }

  /// How a change becomes safe on disk.
  public enum Journal: Hashable, Sendable {
    /// Readers and one writer at the same time; two more files lie beside the database.
    case wal
    /// One file at rest, as for a database to be copied or published.
    case rollback
  }

  public var access: Access
  public var journal: Journal
  /// How long a statement waits for another process's lock before it fails as `busy`.
  public var busyMilliseconds: Int
  /// True where each commit is to outlive a loss of power; false where a crash of the process is
  /// all that must not hurt.
  public var survivesPowerLoss: Bool

  public init(
    access: Access = .create, journal: Journal = .wal, busyMilliseconds: Int = 5000,
    survivesPowerLoss: Bool = true
  ) {
    self.access = access
    self.journal = journal
    self.busyMilliseconds = max(0, busyMilliseconds)
    self.survivesPowerLoss = survivesPowerLoss
  }

  var flags: Int32 {
    let shared = SQLITE_OPEN_NOMUTEX
    switch access {
    case .readOnly: return shared | SQLITE_OPEN_READONLY
    case .atRest: return shared | SQLITE_OPEN_READONLY | SQLITE_OPEN_URI
    case .readWrite: return shared | SQLITE_OPEN_READWRITE
    case .create: return shared | SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE
    }
  }

  /// The path as SQLite is given it.
  func place(_ path: String) -> String {
    guard access == .atRest else { return path }
    return "file:\(PercentEncoding.encode(path: path))?immutable=1"
  }

  var pragmas: [String] {
    [
      "PRAGMA foreign_keys = ON", "PRAGMA trusted_schema = OFF",
      "PRAGMA synchronous = \(survivesPowerLoss ? "FULL" : "NORMAL")",
    ]
  }
}

/// Why a database could not do what it was asked.
///
/// No error holds a bound value. The text of a statement is in it, so values belong into bindings.
public enum SQLiteError: Error, Hashable, Sendable {
  /// SQLite refused, for a reason of its own.
  case failed(Failure)
  /// Not as many values as the statement has parameters.
  case wrongCount(expected: Int, given: Int, sql: String)
  /// A value for a name that the statement does not have.
  case unknownParameter(String, sql: String)
  /// No value for a name that the statement has; the name is empty for a `?`.
  case missingParameter(String, sql: String)
  /// The text holds no statement, or more than one.
  case notOneStatement(sql: String)
  /// A statement is run again from within its own rows.
  case statementRunning(sql: String)
  /// A path or a statement holds the character 0, where C would end it.
  case nulInText
  /// The result has no such column.
  case noColumn(String, near: String?)
  /// The column holds something else than was asked for.
  case wrongKind(column: String, expected: DatabaseValue.Kind, found: DatabaseValue.Kind)
  /// The file has a schema that this program does not know.
  case newerVersion(found: Int, known: Int, path: String)
  /// The versions of migrations are not 1, 2, 3 and so on.
  case migrationsOutOfOrder([Int])

  /// True if there was no room for the file that SQLite wants beside a database with a write-ahead
  /// log (`SQLITE_IOERR_SHMSIZE`): the disk is full, or a limit of file sizes is reached.
  public var isWithoutRoom: Bool {
    if case .failed(let failure) = self { return failure.resultCode == 10 | 19 << 8 }
    return false
  }

  /// SQLite's reason; nil for an error of the caller's.
  public var code: SQLiteCode? {
    if case .failed(let failure) = self { return failure.code }
    return nil
  }
}

/// What SQLite said.
public struct Failure: Hashable, Sendable {
  public let code: SQLiteCode
  /// SQLite's own extended result code (sqlite.org/rescode.html).
  public let resultCode: Int32
  /// SQLite's own words.
  public let message: String
  /// The statement; empty where the file was being opened.
  public let sql: String
  public let path: String

  init(_ code: SQLiteCode, _ resultCode: Int32, _ message: String, sql: String, path: String) {
    self.code = code
    self.resultCode = resultCode
    self.message = message
    self.sql = sql
    self.path = path
  }

  /// A message of a statement that failed while it ran, cut off before anything that it may quote.
  ///
  /// Only functions and virtual tables quote what they were given, as in `bad JSON path: 'x'`, and
  /// all of them report the general code; constraints name tables and columns.
  static func withoutValues(_ message: String) -> String {
    var kept = message[...]
    if let quote = kept.firstIndex(where: { "'\"[".contains($0) }) { kept = kept[..<quote] }
    if let colon = kept.firstIndex(of: ":") { kept = kept[...colon] }
    guard kept.count < message.count else { return message }
    while kept.last == " " { kept.removeLast() }
    return kept + " …"
  }
}

/// A coarse, stable reason that callers may match.
public enum SQLiteCode: Hashable, Sendable {
  /// Another connection holds the lock; trying again can help.
  case busy
  /// A value breaks a rule of the schema.
  case constraint(Constraint)
  case cannotOpen
  case readOnly
  case diskFull
  case inputOutput
  /// The file is no database.
  case notADatabase
  /// The file is a database, but damaged.
  case corrupt
  case outOfMemory
  case tooBig
  case interrupted
  /// The statement itself is wrong, or a function in it failed.
  case statement
  case other

  /// The kind of rule.
  public enum Constraint: Hashable, Sendable {
    case unique, primaryKey, notNull, foreignKey, check, other
  }

  /// True where the same call may succeed later.
  public var isRetryable: Bool { self == .busy }
}

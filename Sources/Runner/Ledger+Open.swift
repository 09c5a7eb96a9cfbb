import Lakehouse
import SQLite
import Storage

extension Ledger {
  /// The database of a lake's ledger, made where it does not exist.
  static func database(of lake: Lake) throws -> Database {
    try lake.local.createFolder("")
    let database = try Database(path(lake), DatabaseOptions(survivesPowerLoss: false))
    guard !database.isReadOnly else {
      throw StorageError(.permissionDenied, .write, path(lake))
    }
    return database
  }

  /// What an error says of a lake whose ledger cannot be written for want of rights or room; nil for
  /// any other error.
  static func refusal(_ error: any Error, _ lake: Lake) -> LakeError? {
    let refused: StorageError
    switch error {
    case let error as StorageError: refused = error
    case let error as SQLiteError where error.code == .readOnly:
      refused = StorageError(.permissionDenied, .write, path(lake))
    case let error as SQLiteError where error.code == .diskFull:
      refused = StorageError(.diskFull, .write, path(lake))
    case let error as SQLiteError where error.isWithoutRoom:
      refused = StorageError(
        .failed, .write, path(lake),
        detail: "the disk is full, or the limit of file sizes is reached")
    default: return nil
    }
    return .fixed(path: lake.root, refused)
  }

  /// Opens the ledger of a lake to write to it; nil where there is none yet.
  /// - Throws: `LedgerDamage` where the file is no ledger, `StorageError` where it may not be read,
  ///   `LakeError` where it may not be written.
  public static func existing(_ lake: Lake) throws -> Ledger? {
    guard try isThere(lake) else { return nil }
    do { return try Ledger(lake) } catch let error as SQLiteError where error.isDamage {
      throw LedgerDamage(path: path(lake))
    }
  }

  /// Opens the ledger of a lake to read it, also where nothing can be written; nil where there is none
  /// yet.
  ///
  /// Where it cannot be written, since the user may only read or the disk is full, it is read into
  /// memory: what is changed in it stays there, be it the schema of an older program or a dead run's
  /// status. Elsewhere it is opened as for writing, since connections of SQLite that only read leave
  /// files behind beside a database with a write-ahead log.
  /// - Throws: `LedgerDamage` where the file is no ledger, `StorageError` where it may not be read.
  public static func reading(_ lake: Lake) throws -> Ledger? {
    guard try isThere(lake) else { return nil }
    do {
      do { return try Ledger(lake) } catch is LakeError {
      } catch let error as SQLiteError where error.isOfWriting {}
      return try Ledger(copy(lake), isCopy: true)
    } catch let error as SQLiteError where error.isDamage {
      throw LedgerDamage(path: path(lake))
    }
  }

  /// A ledger in memory with nothing in it.
  public static func empty() throws -> Ledger { try Ledger(.inMemory(), isCopy: true) }

  /// True if there is a ledger; an error where nobody can tell, or where it may not be read.
  private static func isThere(_ lake: Lake) throws(StorageError) -> Bool {
    try fetch(lake)
    guard try lake.local.info(file) != nil else { return false }
    try LocalFile(reading: path(lake)).close()
    return true
  }

  /// The ledger in memory.
  private static func copy(_ lake: Lake) throws(SQLiteError) -> Database {
    let path = path(lake)
    do throws(SQLiteError) {
      return try Database(path, DatabaseOptions(access: .readOnly)).inMemoryCopy()
    } catch {
      // SQLite wants a file beside it that cannot be made; it is not needed where nobody writes and
      // all is in the one file.
      guard error.isOfWriting, (try? lake.local.info(file + "-wal"))??.size ?? 0 == 0 else {
        throw error
      }
      return try Database(path, DatabaseOptions(access: .atRest)).inMemoryCopy()
    }
  }
}

extension SQLiteError {
  /// True where a database could not be opened that may still be read: for want of rights or room.
  fileprivate var isOfWriting: Bool {
    switch code {
    case .readOnly, .cannotOpen, .diskFull, .inputOutput: true
    default: false
    }
  }
}

internal import CSQLite

extension Database {
  /// The database as it is, in memory: what is changed there changes nothing on disk.
  public func inMemoryCopy() throws(SQLiteError) -> Database {
    let copy = try Database.inMemory()
    guard let backup = sqlite3_backup_init(copy.handle, "main", handle, "main") else {
      throw copy.failure(sql: "", mayQuoteValues: false)
    }
    var result = sqlite3_backup_step(backup, -1)
    var waits = 0
    // Another process may be writing at this moment.
    while result == SQLITE_BUSY || result == SQLITE_LOCKED, waits < 100 {
      waits += 1
      sqlite3_sleep(50)
      result = sqlite3_backup_step(backup, -1)
    }
    sqlite3_backup_finish(backup)
    guard result == SQLITE_DONE else {
      let message = sqlite3_errstr(result).map { String(cString: $0) } ?? ""
      throw .failed(Failure(SQLiteCode(result), result, message, sql: "", path: path))
    }
    return copy
  }

  /// Writes the database as it is into a new file, also while others write to it (`VACUUM INTO`).
  ///
  /// - Parameter path: where no file may be yet.
  public func copy(to path: String) throws(SQLiteError) {
    _ = try run("VACUUM INTO ?", [.text(path)])
  }
}

internal import CSQLite

extension Database {
  /// True between the begin of a transaction and its end.
  public var isInTransaction: Bool { sqlite3_get_autocommit(handle) == 0 }

  /// Does all of `body` or nothing: a thrown error undoes every change and is thrown on.
  ///
  /// It takes its lock against other writers at once, so that none of its statements fails as `busy`.
  /// Inside another transaction it is a savepoint, so that a failed part can be undone alone.
  public func transaction<Result>(_ body: () throws -> Result) throws -> Result {
    guard !isInTransaction else { return try savepoint(body) }
    try execute("BEGIN IMMEDIATE")
    do {
      let result = try body()
      try execute("COMMIT")
      return result
    } catch {
      // Some errors, a full disk for one, have rolled back already.
      if isInTransaction { try? execute("ROLLBACK") }
      throw error
    }
  }

  private func savepoint<Result>(_ body: () throws -> Result) throws -> Result {
    savepoints += 1
    let name = "part_\(savepoints)"
    try execute("SAVEPOINT \(name)")
    do {
      let result = try body()
      try execute("RELEASE \(name)")
      return result
    } catch {
      if isInTransaction { try? execute("ROLLBACK TO \(name); RELEASE \(name)") }
      throw error
    }
  }
}

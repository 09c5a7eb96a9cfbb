internal import CSQLite

/// When a transaction takes its lock.
public enum TransactionKind: String, Hashable, Sendable {
  /// With the first statement; a first read and a later write may fail as `busy`.
  case deferred
  /// At once, against other writers.
  case immediate
}

extension Database {
  /// True between the begin of a transaction and its end.
  public var isInTransaction: Bool { sqlite3_get_autocommit(handle) == 0 }

  /// Does all of `body` or nothing: a thrown error undoes every change and is thrown on.
  ///
  /// Inside another transaction it is a savepoint, so that a failed part can be undone alone.
  public func transaction<Result>(
    _ kind: TransactionKind = .immediate, _ body: () throws -> Result
  ) throws -> Result {
    guard !isInTransaction else { return try savepoint(body) }
    try execute("BEGIN \(kind.rawValue)")
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

/// One step that brings a database's schema to a version.
public struct Migration: Sendable {
  /// The version after the step, 1 for the first.
  public let version: Int
  let apply: @Sendable (Database) throws -> Void

  /// A step of statements.
  public init(to version: Int, _ sql: String) {
    self.init(to: version) { try $0.execute(sql) }
  }

  /// A step that needs more than statements; it runs inside a transaction.
  public init(to version: Int, _ apply: @escaping @Sendable (Database) throws -> Void) {
    self.version = version
    self.apply = apply
  }
}

extension Database {
  /// The number in the file's header that applications use for their schema's version.
  public func userVersion() throws(SQLiteError) -> Int {
    try first("PRAGMA user_version")?.int(0) ?? 0
  }

  /// Writes the schema's version; part of the transaction that is open.
  public func setUserVersion(_ version: Int) throws(SQLiteError) {
    try execute("PRAGMA user_version = \(Int32(clamping: version))")
  }

  /// Brings the schema to the newest version, all steps in one transaction, and gives the versions
  /// that were reached on the way.
  ///
  /// - Throws: `newerVersion` where a later program has been here, `migrationsOutOfOrder` where
  ///   the versions are not 1, 2, 3 and so on; what a step throws.
  @discardableResult
  public func migrate(_ steps: [Migration]) throws -> [Int] {
    guard steps.map(\.version) == Array(1..<(steps.count + 1)) else {
      throw SQLiteError.migrationsOutOfOrder(steps.map(\.version))
    }
    guard try pending(steps) else { return [] }
    return try transaction {
      // Another process may have done it while this one waited for the lock.
      guard try pending(steps) else { return [] }
      let done = try userVersion()
      let open = steps.dropFirst(done)
      for step in open { try step.apply(self) }
      try setUserVersion(steps.count)
      return open.map(\.version)
    }
  }

  private func pending(_ steps: [Migration]) throws(SQLiteError) -> Bool {
    let version = try userVersion()
    guard (0...steps.count).contains(version) else {
      throw .newerVersion(found: version, known: steps.count, path: path)
    }
    return version < steps.count
  }
}

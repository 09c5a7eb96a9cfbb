import Synchronization

/// A database that several threads use in turn.
public final class SharedDatabase: Sendable {
  private let database: Mutex<Database>

  /// Takes over a database that nobody else holds.
  public init(_ database: consuming sending Database) {
    self.database = Mutex(database)
  }

  /// Lends the database to `body`, and makes other threads wait until it returns.
  ///
  /// `body` is `@Sendable` so that neither the database nor a statement can leave it; results are
  /// returned. Called again from within `body` it would wait for itself.
  public func use<Result: Sendable, Failed: Error>(
    _ body: @Sendable (Database) throws(Failed) -> Result
  ) throws(Failed) -> Result {
    try database.withLock { (database) throws(Failed) in try body(database) }
  }
}

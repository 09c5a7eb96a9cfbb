import Basics
import Engines
import Lakehouse
import Storage
import Synchronization

/// A Spark Connect server that computes the queries of tables for a process.
///
/// The server reads the lake's files and writes Parquet into a folder of the lake; what is committed is
/// Podium's own work.
public final class SparkEngine: Sendable {
  public let settings: SparkConnectSettings
  /// Where the server's rows go, and what it is given besides the lake's files.
  let exchange: any ObjectStore
  private let session = Mutex<SparkSession?>(nil)

  /// Nothing is asked of the server yet.
  public init(_ settings: SparkConnectSettings, lake: Lake) {
    self.settings = settings
    exchange = lake.exchange.folder(randomUUID(), rights: .ownerOnly, followsLinks: false)
  }

  /// What the server is.
  /// - Throws: where it cannot be reached or used.
  public func server() throws -> SparkServer { try begun().connection.server }

  /// The session, begun where there is none.
  func begun() throws -> SparkSession {
    // Jobs wait for the one that begins it: they would all do the same.
    try session.withLock { session in
      if let session { return session }
      let begun = SparkSession(try SparkConnect(settings))
      session = begun
      return begun
    }
  }

  /// Forgets a session whose server was lost; the next job begins another one.
  func forget(_ lost: SparkSession) {
    session.withLock { if $0 === lost { $0 = nil } }
  }

  /// Ends the session, and removes what was exchanged.
  public func close() {
    session.withLock { $0 = nil }
    try? exchange.deleteFolder("")
  }

  deinit { close() }
}

extension Lake {
  /// Where servers that compute for the lake put rows, and find what they are given.
  var exchange: any ObjectStore {
    records.folder("exchange", rights: .ownerOnly, followsLinks: false)
  }

  /// Removes what servers wrote for processes that are gone; for who holds the lake's lock.
  public func removeDeadExchanges() {
    try? exchange.deleteFolder("")
  }
}

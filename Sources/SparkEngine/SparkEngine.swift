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
  /// The name of its folder.
  private let id = randomUUID()
  private let lake: Lake
  private let onStatement: @Sendable (String, Double) -> Void
  private let session = Mutex<SparkSession?>(nil)
  private let isGivenUp = Atomic(false)

  /// Nothing is asked of the server yet.
  /// - Parameter onStatement: is told each statement that ended, and how many seconds it took.
  public init(
    _ settings: SparkConnectSettings, lake: Lake,
    onStatement: @escaping @Sendable (String, Double) -> Void = { _, _ in }
  ) {
    self.settings = settings
    self.onStatement = onStatement
    self.lake = lake
    exchange = lake.exchange.folder(id, rights: .ownerOnly, followsLinks: false)
  }

  /// Readies it for work on a lake that this process has locked: what servers wrote for processes that
  /// are gone is removed, and the rows of all views are counted anew.
  public func begin() {
    lake.removeLeftovers(except: id)
    session.withLock { $0?.forgetViews() }
  }

  /// What the server is.
  /// - Throws: where it cannot be reached or used.
  public func server() throws -> SparkServer { try begun().connection.server }

  /// The session, begun where there is none.
  func begun() throws -> SparkSession {
    // Jobs wait for the one that begins it: they would all do the same.
    try session.withLock { session in
      if let session { return session }
      let begun = SparkSession(try SparkConnect(settings, onStatement: onStatement))
      isGivenUp.store(false, ordering: .relaxed)
      session = begun
      return begun
    }
  }

  /// True after a table waited for a lost server in vain: others need not wait as long.
  public var wasGivenUp: Bool { isGivenUp.load(ordering: .relaxed) }

  /// Remembers that a table waited in vain.
  public func giveUp() { isGivenUp.store(true, ordering: .relaxed) }

  /// Forgets a session whose server was lost; the next job begins another one.
  func forget(_ lost: SparkSession) {
    session.withLock { if $0 === lost { $0 = nil } }
  }

  /// Ends the session, and removes what was exchanged.
  public func close() {
    let last = session.withLock { session in
      defer { session = nil }
      return session
    }
    last?.connection.close()
    try? exchange.deleteFolder("")
  }

  deinit { close() }
}

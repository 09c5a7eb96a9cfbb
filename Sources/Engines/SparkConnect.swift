import Basics
import Synchronization

/// How a Spark Connect server is reached, and how long it may take.
public struct SparkConnectSettings: Hashable, Sendable {
  /// Path of `libadbc_driver_spark.so`.
  public var library: String
  public var address: SparkAddress
  /// Seconds that a statement may take.
  public var timeout: Double
  /// Seconds after which a statement that goes on is doubted: the server is asked for a sign of life.
  public var patience: Double

  public init(
    library: String, address: SparkAddress, timeout: Double = 3_600, patience: Double = 60
  ) {
    self.library = library
    self.address = address
    self.timeout = timeout
    self.patience = patience
  }
}

/// A session on a Spark Connect server, for any number of threads.
///
/// Each statement has a connection of its own for as long as it runs; all of them are one session to the
/// server, with the same temporary views. A statement runs on a thread that is given up where the server
/// no longer answers.
public final class SparkConnect: Sendable {
  /// The variable that names the driver's library.
  public static let libraryVariable = "PODIUM_SPARK_DRIVER"

  public let settings: SparkConnectSettings
  /// What the server is.
  public let server: SparkServer
  private let database: EngineDatabase
  private let idle: Mutex<[Idle]>

  /// A connection that nobody uses.
  private struct Idle: @unchecked Sendable {
    let connection: EngineConnection
  }

  /// Begins a session.
  /// - Throws: where the server cannot be reached, or is none that Podium knows.
  public init(_ settings: SparkConnectSettings) throws(EngineError) {
    self.settings = settings
    let address = settings.address
    do {
      database = try EngineDatabase(
        library: settings.library, entry: "AdbcDriverInit",
        options: [("uri", address.text(session: randomUUID()))])
    } catch {
      throw error.isOfLibrary ? error : error.told(of: address)
    }
    let database = database
    let probe = StatementWatch(limit: 30, patience: 30)
    let answer = try probe.run(of: address, isAlive: { true }) {
      () throws(EngineError) -> String in
      let connection = try database.connect()
      return try connection.query("SELECT version()").rows().first?.first?.string ?? ""
    }
    server = try SparkServer(answer, at: address)
    idle = Mutex([])
    for setting in server.kind == .apacheSpark ? SparkConnect.sparkSettings : [] {
      try execute(setting)
    }
  }

  /// Times are instants in UTC, and Parquet has them in microseconds. The two optimiser rules give a
  /// plan that fails, or takes minutes to be made, for unions of many files.
  private static let sparkSettings = [
    "SET TIME ZONE 'UTC'", "SET spark.sql.parquet.outputTimestampType=TIMESTAMP_MICROS",
    "SET spark.sql.ansi.enabled=true",
    "SET spark.sql.files.ignoreMissingFiles=false", "SET spark.sql.files.ignoreCorruptFiles=false",
  ]

  /// Runs a statement whose result nobody needs.
  public func execute(_ sql: String) throws(EngineError) {
    try run(sql) { connection throws(EngineError) in try connection.execute(sql) }
  }

  /// All rows of a query; for results known to be small.
  public func rows(_ sql: String) throws(EngineError) -> [[Value]] {
    try run(sql) { connection throws(EngineError) in try connection.query(sql).rows() }
  }

  /// The names and types of a query's columns, without running it.
  public func describe(_ sql: String) throws(EngineError) -> [EngineField] {
    try run(sql) { connection throws(EngineError) in try connection.describe(sql) }
  }

  /// Hands the batches of a query over one by one, on another thread.
  public func read(
    _ sql: String, _ body: @escaping @Sendable (EngineBatch) throws(EngineError) -> Void
  ) throws(EngineError) {
    try run(sql) { connection throws(EngineError) in
      let result = try connection.query(sql)
      while let batch = try result.next() { try body(batch) }
    }
  }

  /// True if the server answers a small question within half a minute.
  public func answers() -> Bool {
    let watch = StatementWatch(limit: 30, patience: 30)
    let answer: [[Value]]? = try? watch.run(of: settings.address, isAlive: { true }) {
      [self] () throws(EngineError) in
      let connection = try take()
      let rows = try connection.query("SELECT 1").rows()
      give(connection)
      return rows
    }
    return answer != nil
  }

  private func run<Output: Sendable>(
    _ sql: String,
    _ body: @escaping @Sendable (EngineConnection) throws(EngineError) -> Output
  ) throws(EngineError) -> Output {
    let watch = StatementWatch(limit: settings.timeout, patience: settings.patience)
    return try watch.run(of: settings.address, isAlive: { [self] in answers() }) {
      [self] () throws(EngineError) -> Output in
      let connection = try take()
      let output = try body(connection)
      give(connection)
      return output
    }
  }

  private func take() throws(EngineError) -> EngineConnection {
    if let known = idle.withLock({ $0.popLast() }) { return known.connection }
    return try database.connect()
  }

  /// A connection on which a statement failed is not used again.
  private func give(_ connection: EngineConnection) {
    let free = Idle(connection: connection)
    idle.withLock { $0.append(free) }
  }
}

extension EngineError {
  /// The same with the server's address, where the server is what failed.
  func told(of address: SparkAddress) -> EngineError {
    switch code {
    case .serverLost:
      let reason = message.replacing("[Spark] ", with: "").replacing(#/^.*desc = /#, with: "")
        .replacing("\"", with: "")
      return EngineError(
        .serverLost, "the server at \(address) cannot be reached or was lost: \(reason)", sql: sql)
    default: return self
    }
  }
}

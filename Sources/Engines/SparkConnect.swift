import Basics
import Synchronization

/// How a Spark Connect server is reached, and how long it may take.
public struct SparkConnectSettings: Hashable, Sendable {
  /// Path of `libadbc_driver_spark.so`.
  public var library: String
  public var address: SparkAddress
  /// Seconds that a statement may take.
  public var timeout: Double
  /// Seconds after which a statement that goes on is doubted: the server has to take a connection.
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
/// All statements go over one connection, whose end is the session's: each is a call of its own to the
/// server. A statement runs on a thread that is given up where the server no longer answers.
public final class SparkConnect: Sendable {
  /// The variable that names the driver's library.
  public static let libraryVariable = "PODIUM_SPARK_DRIVER"

  /// The beginning of the names of all views that Podium makes on servers.
  public static let viewPrefix = "podium_"
  /// A view of one row that is there as long as the session is: a server that was replaced has a new
  /// session of the same id, without views and settings.
  public static let sessionView = viewPrefix + "session"

  public let settings: SparkConnectSettings
  /// What the server is.
  public let server: SparkServer
  private let shared: Mutex<Shared?>
  /// Is told each statement that ended, and how many seconds it took.
  private let onStatement: @Sendable (String, Double) -> Void

  /// The driver makes a call to the server for each statement, from whichever thread.
  private struct Shared: @unchecked Sendable {
    let connection: EngineConnection
  }

  /// Begins a session.
  /// - Throws: where the server cannot be reached, or is none that Podium knows.
  /// - Parameter onStatement: is told each statement that ended, and how many seconds it took.
  public init(
    _ settings: SparkConnectSettings,
    onStatement: @escaping @Sendable (String, Double) -> Void = { _, _ in }
  ) throws(EngineError) {
    self.settings = settings
    self.onStatement = onStatement
    let address = settings.address
    let watch = StatementWatch(limit: min(300, settings.timeout), patience: 30)
    let session = address.text(session: randomUUID())
    let (connection, answer) = try watch.run(of: address, isAlive: address.listens) {
      () throws(EngineError) -> (Shared, String) in
      let database = try EngineDatabase(
        library: settings.library, entry: "AdbcDriverInit", options: [("uri", session)])
      let connection = try database.connect()
      let answer = try connection.query("SELECT version()").rows().first?.first?.string ?? ""
      return (Shared(connection: connection), answer)
    }
    server = try SparkServer(answer, at: address)
    shared = Mutex(connection)
    for setting in server.kind == .apacheSpark ? SparkConnect.sparkSettings : [] {
      try execute(setting)
    }
    try execute("CREATE OR REPLACE TEMPORARY VIEW \(SparkConnect.sessionView) AS SELECT 1 AS one")
    let moment = "SELECT unix_timestamp(TIMESTAMP '2026-07-01 00:00:00'), current_timezone()"
    let told = try rows(moment).first ?? []
    guard told.first?.int == 1_782_864_000 else {
      throw EngineError(
        .wrongServer,
        "the server at \(address) computes in the time zone \(told.last?.string ?? "of its own"); "
          + "Podium needs UTC. No table was changed. Start it on a machine whose time zone is UTC.")
    }
  }

  deinit { close() }

  /// Times are instants in UTC, and Parquet has them in microseconds; what is missing is an error.
  ///
  /// Two rules of the optimiser make plans that Apache Spark 4 then refuses itself, for a union that is
  /// read twice (`PLAN_VALIDATION_FAILED_RULE_IN_BATCH`).
  private static let sparkSettings = [
    "SET TIME ZONE 'UTC'", "SET spark.sql.parquet.outputTimestampType=TIMESTAMP_MICROS",
    "SET spark.sql.ansi.enabled=true", "SET spark.sql.files.ignoreMissingFiles=false",
    "SET spark.sql.files.ignoreCorruptFiles=false",
    "SET spark.sql.optimizer.excludedRules="
      + "org.apache.spark.sql.catalyst.optimizer.RemoveRedundantAliases,"
      + "org.apache.spark.sql.catalyst.optimizer.PushProjectionThroughUnion",
  ]

  /// Ends the session: the server forgets its views and stops what it still computes for it.
  public func close() {
    let last = shared.withLock { shared in
      defer { shared = nil }
      return shared
    }
    last?.connection.end()
  }

  /// Runs a statement whose result nobody needs.
  public func execute(_ sql: String) throws(EngineError) {
    try run(sql) { connection throws(EngineError) in try connection.execute(sql) }
  }

  /// All rows of a query; for results known to be small.
  public func rows(_ sql: String) throws(EngineError) -> [[Value]] {
    try run(sql) { connection throws(EngineError) in try connection.query(sql).rows() }
  }

  /// The names and types of a query's columns, without computing its rows.
  ///
  /// Lines of the query are one further down in errors.
  public func describe(_ sql: String) throws(EngineError) -> [EngineField] {
    let none = "SELECT * FROM (\n\(sql)\n) AS q LIMIT 0"
    return try run(none) { connection throws(EngineError) in try connection.query(none).fields }
  }

  private func run<Output: Sendable>(
    _ sql: String,
    _ body: @escaping @Sendable (EngineConnection) throws(EngineError) -> Output
  ) throws(EngineError) -> Output {
    guard let shared = shared.withLock({ $0 }) else {
      throw EngineError(.cancelled, "the session with the server was ended")
    }
    let watch = StatementWatch(limit: settings.timeout, patience: settings.patience)
    let start = monotonicSeconds()
    let output = try watch.run(of: settings.address, isAlive: settings.address.listens) {
      () throws(EngineError) -> Output in try body(shared.connection)
    }
    onStatement(sql, monotonicSeconds() - start)
    return output
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

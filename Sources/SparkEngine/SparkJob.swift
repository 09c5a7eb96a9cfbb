import Basics
import DeltaLake
import Engines
import Lakehouse
import Storage

/// The inputs of one table's query on a server, and what it computes of them.
///
/// For one thread.
public final class SparkJob {
  /// What an input of a query stands for.
  public enum Source {
    /// The rows of files, by some columns.
    case scan(Scan, columns: [String])
    /// What the embedded engine gives for a query; it is copied for the server.
    case query(String)
  }

  /// What a server wrote.
  public struct Output {
    /// The Parquet files' addresses.
    public let files: [String]
    /// The columns that the query gives.
    public let columns: [EngineField]
    /// A query of the embedded engine for the rows.
    public let query: String
    /// Paths of the files in the folder for what is exchanged.
    let paths: [String]
  }

  private let engine: SparkEngine
  private let session: EngineSession
  private var sources: [String: Source] = [:]
  /// Folders of what was computed, which go with the job.
  private var folders: [String] = []

  public init(_ engine: SparkEngine, _ session: EngineSession) {
    self.engine = engine
    self.session = session
  }

  deinit { for folder in folders { try? engine.exchange.deleteFolder(folder) } }

  /// Says what an input is until it is said anew.
  public func bind(_ alias: String, to source: Source) { sources[alias.lowercased()] = source }

  /// Has the server compute a query of its inputs and write its rows.
  /// - Parameters:
  ///   - text: portable SQL; its lines are those of errors after `linesBefore`.
  ///   - order: columns by which the rows are sorted.
  public func compute(
    _ text: String, inputs: [String], sortedBy order: [String] = []
  ) throws -> Output {
    let server = try engine.begun()
    do { return try compute(text, inputs, order, server) } catch let error as EngineError {
      if error.code == .serverLost || error.code == .timedOut { engine.forget(server) }
      throw error
    }
  }

  /// Lines of a computed statement before the query's own.
  public static let linesBefore = 1

  private func compute(
    _ text: String, _ inputs: [String], _ order: [String], _ server: SparkSession
  ) throws -> Output {
    let views = SparkViews(session: server, engine: session, exchange: engine.exchange)
    var names: [String: String] = [:]
    var scans: [(alias: String, scan: Scan, columns: [String])] = []
    for alias in inputs.map({ $0.lowercased() }) {
      switch sources[alias] {
      case .scan(let scan, let columns)?: scans.append((alias, scan, columns))
      case .query(let query)?: names[alias] = try views.copy(of: query)
      case nil: continue
      }
    }
    let made = try views.views(scans.map { ($0.scan, $0.columns) })
    for (scan, name) in zip(scans, made) { names[scan.alias] = name }
    let query = SparkSQL.translated(text, names: names)
    let columns = try server.connection.describe("SELECT * FROM (\n\(query)\n) AS q")
    let sorting = order.isEmpty ? "" : " ORDER BY \(SparkSQL.names(order))"
    let folder = "rows-\(uniqueName())"
    folders.append(folder)
    try engine.exchange.createFolder("")
    let address = engine.exchange.address(folder)
    let told = try server.connection.rows(
      """
      INSERT OVERWRITE DIRECTORY \(SparkSQL.literal(views.serverPath(address))) USING parquet \
      OPTIONS (compression 'snappy', skip_arrow_metadata 'true') SELECT * FROM (
      \(query)
      ) AS q\(sorting)
      """)
    return try output(folder, columns, told.first?.first?.int, server)
  }

  /// Looks at what a server wrote.
  /// - Parameter told: how many rows it told of; nil where it told nothing.
  private func output(
    _ folder: String, _ columns: [EngineField], _ told: Int64?, _ server: SparkSession
  ) throws -> Output {
    let files = try engine.exchange.list(folder + "/").filter {
      $0.path.hasSuffix(".parquet") && $0.size > 0
    }
    let addresses = files.map { engine.exchange.address($0.path) }
    let empty = columns.map { "CAST(NULL AS \($0.type.duckDB)) AS \(sqlName($0.name))" }
      .joined(separator: ", ")
    let list = addresses.map(sqlLiteral).joined(separator: ", ")
    let query =
      addresses.isEmpty
      ? "SELECT \(empty) WHERE false"
      : "SELECT * FROM read_parquet([\(list)], hive_partitioning = false)"
    if let told {
      let written = try session.count("SELECT count(*) FROM (\(query))")
      guard written == told else {
        throw SparkError.rowsLost(
          written: written, told: told, server: server.connection.settings.address)
      }
    }
    return Output(files: addresses, columns: columns, query: query, paths: files.map(\.path))
  }
}

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
    /// A query of the embedded engine for the rows.
    public let query: String
    /// The files that hold them.
    public let files: ParquetFiles
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
  ///   - inputs: the names by which it calls its inputs.
  ///   - schema: columns that are written with these types where nothing is lost by it; all others as
  ///     they come.
  ///   - order: columns by which the rows are sorted.
  public func compute(
    _ text: String, inputs: [String], as schema: Schema, sortedBy order: [String] = []
  ) throws -> Output {
    let server = try engine.begun()
    do { return try compute(text, inputs, schema, order, server) } catch let error as EngineError {
      if error.code == .serverLost || error.code == .timedOut { engine.forget(server) }
      throw error
    }
  }

  /// Lines of a computed statement before the query's own.
  public static let linesBefore = 1

  private func compute(
    _ text: String, _ inputs: [String], _ schema: Schema, _ order: [String], _ server: SparkSession
  ) throws -> Output {
    let views = SparkViews(session: server, engine: session, exchange: engine.exchange)
    let query = SparkSQL.translated(text, names: try names(of: inputs, views))
    let given = try server.connection.describe(query).map {
      StructField($0.name, try DeltaType($0.type, column: $0.name, file: "the query"))
    }
    let columns = given.map { field in
      let name = SparkSQL.name(field.name)
      guard let wanted = schema.fields.first(where: { $0.name == field.name })?.type,
        wanted != field.type, wanted.holds(field.type), let type = wanted.spark
      else { return name }
      return "CAST(\(name) AS \(type)) AS \(name)"
    }
    let sorting = order.isEmpty ? "" : " ORDER BY \(SparkSQL.names(order))"
    let folder = "rows-\(uniqueName())"
    folders.append(folder)
    try engine.exchange.createFolder("")
    let path = SparkSQL.literal(views.serverPath(engine.exchange.address(folder)))
    let told = try server.connection.rows(
      """
      INSERT OVERWRITE DIRECTORY \(path) USING parquet OPTIONS (compression 'snappy', \
      skip_arrow_metadata 'true') SELECT \(columns.joined(separator: ", ")) FROM (
      \(query)
      ) AS q\(sorting)
      """)
    return try output(folder, given, told.first?.first?.int, order, server)
  }

  /// What inputs are called on the server.
  private func names(of inputs: [String], _ views: SparkViews) throws -> [String: String] {
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
    return names
  }

  /// Looks at what a server wrote.
  /// - Parameter told: how many rows it told of; nil where it told nothing.
  private func output(
    _ folder: String, _ columns: [StructField], _ told: Int64?, _ order: [String],
    _ server: SparkSession
  ) throws -> Output {
    let files = try engine.exchange.list(folder + "/").filter {
      $0.path.hasSuffix(".parquet") && $0.size > 0
    }
    let list = files.map { sqlLiteral(engine.exchange.address($0.path)) }.joined(separator: ", ")
    let query =
      files.isEmpty
      ? Schema(columns).emptyQuery
      : "SELECT * FROM read_parquet([\(list)], hive_partitioning = false)"
    if let told {
      let written = try session.count("SELECT count(*) FROM (\(query))")
      guard written == told else {
        throw SparkError.rowsLost(
          written: written, told: told, server: server.connection.settings.address)
      }
    }
    return Output(
      query: query,
      files: ParquetFiles(store: engine.exchange, files: files, sortedBy: order))
  }
}

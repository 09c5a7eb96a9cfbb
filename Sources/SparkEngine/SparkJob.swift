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

  let engine: SparkEngine
  let session: EngineSession
  private var sources: [String: Source] = [:]
  /// Folders of what was computed, which go with the job.
  var folders: [String] = []
  /// Files of what the embedded engine wrote, which go with it too.
  var shared: [String] = []

  public init(_ engine: SparkEngine, _ session: EngineSession) {
    self.engine = engine
    self.session = session
  }

  deinit {
    for folder in folders { try? engine.exchange.deleteFolder(folder) }
    try? engine.exchange.delete(shared)
  }

  /// Says what an input is until it is said anew.
  public func bind(_ alias: String, to source: Source) { sources[alias.lowercased()] = source }

  /// Has the server compute a query of its inputs and write its rows.
  /// - Parameters:
  ///   - text: portable SQL; its lines are those of errors after `linesBefore`.
  ///   - inputs: the names by which it calls its inputs.
  ///   - schema: columns that are written with these types where nothing is lost by it; all others as
  ///     they come.
  ///   - more: columns that are computed from the others, in portable SQL.
  /// - Returns: nil where more columns are wanted, and the others have not got the types of the schema.
  public func compute(
    _ text: String, inputs: [String], as schema: Schema, _ layout: Layout,
    adding more: [(field: StructField, sql: String)] = []
  ) throws -> Output? {
    try onServer { server in
      let views = views(server)
      let query = SparkSQL.translated(text, names: try names(of: inputs, views))
      let columns = try fields(of: query, server).map { SparkJob.column($0, in: schema) }
      let written = columns.map(\.field)
      var rows = "SELECT \(columns.map(\.sql).joined(separator: ", ")) FROM (\n\(query)\n) AS q"
      if !more.isEmpty {
        guard
          schema.fields.allSatisfy({ wanted in
            written.contains { $0.name == wanted.name && $0.type == wanted.type }
          })
        else { return nil }
        let added = more.map {
          "\(SparkSQL.translated($0.sql)) AS \(SparkSQL.name($0.field.name))"
        }
        rows = "SELECT *, \(added.joined(separator: ", ")) FROM (\(rows)) AS q"
      }
      return try write(rows, written + more.map(\.field), layout, views)
    }
  }

  /// A column of a query as it is written: with the type of a schema where nothing is lost by it.
  private static func column(
    _ given: StructField, in schema: Schema
  ) -> (field: StructField, sql: String) {
    let name = SparkSQL.name(given.name)
    guard let wanted = schema.fields.first(where: { $0.name == given.name })?.type,
      wanted != given.type, wanted.holds(given.type), let type = wanted.spark
    else { return (given, name) }
    return (StructField(given.name, wanted), "CAST(\(name) AS \(type)) AS \(name)")
  }

  /// Lines of a computed statement before the query's own.
  public static let linesBefore = 1

  /// Calls the server, and forgets it where it is lost.
  func onServer<Result>(_ body: (SparkSession) throws -> Result) throws -> Result {
    let server = try engine.begun()
    do { return try body(server) } catch let error as EngineError {
      if error.code == .serverLost || error.code == .timedOut { engine.forget(server) }
      throw error
    }
  }

  func views(_ server: SparkSession) -> SparkViews {
    SparkViews(session: server, engine: session, exchange: engine.exchange)
  }

  func fields(of query: String, _ server: SparkSession) throws -> [StructField] {
    try server.connection.describe(query).map {
      StructField($0.name, try DeltaType($0.type, column: $0.name, file: "the query"))
    }
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
    if inputs.isEmpty { try views.checkSession() }
    let made = try views.views(scans.map { ($0.scan, $0.columns) })
    for (scan, name) in zip(scans, made) { names[scan.alias] = name }
    return names
  }
}

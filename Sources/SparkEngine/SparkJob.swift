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
    /// The same with one more column, `SparkJob.rowColumn`, that numbers them.
    public let numbered: String
    public let rows: Int64
    let columns: [StructField]
    /// The files that hold them, those of each partition apart.
    public let parts: [DeltaTable.PartitionFiles]

    var addresses: [String] {
      parts.flatMap { part in part.files.files.map { part.files.store.address($0.path) } }
    }
  }

  /// A column with a number for each row that a server wrote.
  public static let rowColumn = "_row"

  let engine: SparkEngine
  let session: EngineSession
  private var sources: [String: Source] = [:]
  /// Folders of what was computed, which go with the job.
  private var folders: [String] = []
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
  ///   - order: columns by which the rows are sorted.
  ///   - partitions: columns by which they go into folders, where a folder's name can tell their values.
  ///   - isOne: true if all of them go into the same.
  ///   - more: columns that are computed from the others, in portable SQL.
  /// - Returns: nil where more columns are wanted, and the others have not got the types of the schema.
  public func compute(
    _ text: String, inputs: [String], as schema: Schema, sortedBy order: [String] = [],
    partitionedBy partitions: [String] = [], inOnePartition isOne: Bool = false,
    adding more: [(field: StructField, sql: String)] = []
  ) throws -> Output? {
    try onServer { server in
      let views = views(server)
      let query = SparkSQL.translated(text, names: try names(of: inputs, views))
      let given = try fields(of: query, server)
      var columns: [String] = []
      let written = given.map { field in
        let name = SparkSQL.name(field.name)
        guard let wanted = schema.fields.first(where: { $0.name == field.name })?.type,
          wanted != field.type, wanted.holds(field.type), let type = wanted.spark
        else {
          columns.append(name)
          return field
        }
        columns.append("CAST(\(name) AS \(type)) AS \(name)")
        return StructField(field.name, wanted)
      }
      var rows = "SELECT \(columns.joined(separator: ", ")) FROM (\n\(query)\n) AS q"
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
      return try write(
        rows, written + more.map(\.field), sortedBy: order, partitionedBy: partitions,
        inOnePartition: isOne, views)
    }
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

  /// Has the server write the rows of a query, which begins in the statement's first line.
  func write(
    _ query: String, _ columns: [StructField], sortedBy order: [String] = [],
    partitionedBy partitions: [String] = [], inOnePartition isOne: Bool = false,
    _ views: SparkViews
  ) throws -> Output {
    let name = uniqueName()
    let folder = "rows-\(name)"
    folders.append(folder)
    try engine.exchange.createFolder("")
    let path = SparkSQL.literal(views.serverPath(engine.exchange.address(folder)))
    let options = "USING parquet OPTIONS (compression 'snappy', skip_arrow_metadata 'true')"
    let isParted =
      !partitions.isEmpty
      && partitions.allSatisfy { name in
        columns.contains { $0.name == name && $0.type.namesFolders }
      }
    let sorting = (isParted && !isOne ? partitions.filter { !order.contains($0) } : []) + order
    var rows = query
    if isParted {
      // Sail would write NULL as the first day, or as 0.
      let texts = columns.map { column in
        let name = SparkSQL.name(column.name)
        return partitions.contains(column.name)
          ? "coalesce(CAST(\(name) AS STRING), \(SparkSQL.literal(SparkJob.nullFolder))) AS \(name)"
          : name
      }
      rows = "SELECT \(texts.joined(separator: ", ")) FROM (\(query)) AS p"
    }
    if !sorting.isEmpty { rows += " ORDER BY \(SparkSQL.names(sorting))" }
    guard isParted else {
      let told = try views.session.connection.rows(
        "INSERT OVERWRITE DIRECTORY \(path) \(options) \(rows)")
      return try output(folder, columns, told.first?.first?.int, order, [], views.session)
    }
    // Only tables of a catalog have partitions; the name goes at once, the files stay.
    let table = SparkSQL.name("podium_\(name)")
    defer { try? views.session.connection.execute("DROP TABLE IF EXISTS \(table)") }
    let told = try views.session.connection.rows(
      """
      CREATE TABLE \(table) \(options) PARTITIONED BY (\(SparkSQL.names(partitions))) \
      LOCATION \(path) AS \(rows)
      """)
    return try output(folder, columns, told.first?.first?.int, order, partitions, views.session)
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

  /// Looks at what a server wrote.
  /// - Parameter told: how many rows it told of; nil where it told nothing.
  private func output(
    _ folder: String, _ columns: [StructField], _ told: Int64?, _ order: [String],
    _ partitions: [String], _ server: SparkSession
  ) throws -> Output {
    let files = try engine.exchange.list(folder + "/").filter {
      $0.path.hasSuffix(".parquet") && $0.size > 0
    }
    let list = files.map { sqlLiteral(engine.exchange.address($0.path)) }.joined(separator: ", ")
    let types = columns.filter { partitions.contains($0.name) }
      .map { "\(sqlName($0.name)): \($0.type.duckDB)" }.joined(separator: ", ")
    let folders =
      partitions.isEmpty
      ? "hive_partitioning = false" : "hive_partitioning = true, hive_types = {\(types)}"
    func query(_ more: String) -> String {
      files.isEmpty
        ? "SELECT *\(more.isEmpty ? "" : ", CAST(0 AS BIGINT) AS \(SparkJob.rowColumn)") "
          + "FROM (\(Schema(columns).emptyQuery))"
        : "SELECT \(sqlNames(columns.map(\.name)))\(more) FROM read_parquet([\(list)], \(folders))"
    }
    // Fewer rows than this are in a file.
    let number = ", CAST(file_index AS BIGINT) * 1099511627776 + file_row_number"
    let plain = query("")
    let rows = try session.count("SELECT count(*) FROM (\(plain))")
    guard rows == told ?? rows else {
      throw SparkError.rowsLost(
        written: rows, told: told ?? rows, server: server.connection.settings.address)
    }
    let parts = Dictionary(grouping: files) { file in
      partitions.map { SparkJob.value(of: $0, in: file.path) }
    }
    return Output(
      query: plain, numbered: query("\(number) AS \(SparkJob.rowColumn)"), rows: rows,
      columns: columns,
      parts: parts.map { values, files in
        DeltaTable.PartitionFiles(
          ParquetFiles(store: engine.exchange, files: files, sortedBy: order),
          values: Dictionary(uniqueKeysWithValues: zip(partitions, values)))
      })
  }

  /// What Hive, and all who came after it, call the folder of NULL.
  private static let nullFolder = "__HIVE_DEFAULT_PARTITION__"

  /// The value that a path's folders tell of a column; nil for NULL.
  private static func value(of column: String, in path: String) -> String? {
    let start = "\(column)="
    let folder = path.split(separator: "/").first { $0.hasPrefix(start) }
    guard let text = folder?.dropFirst(start.count), text != nullFolder else { return nil }
    return String(text)
  }
}

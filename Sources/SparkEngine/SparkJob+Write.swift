import Basics
import DeltaLake
import Engines
import Lakehouse
import Storage

extension SparkJob {
  /// How rows lie in the files that a server writes.
  public struct Layout {
    /// Columns by which the rows of a file are sorted.
    let order: [String]
    /// Columns that folders tell; not used where names of folders cannot tell their values.
    let partitions: [String]
    /// True if all rows go into one partition.
    let isOnePartition: Bool

    public init(
      sortedBy order: [String] = [], partitionedBy partitions: [String] = [],
      inOnePartition isOnePartition: Bool = false
    ) {
      self.order = order
      self.partitions = partitions
      self.isOnePartition = isOnePartition
    }

    /// The same for rows with these columns.
    fileprivate func fitting(_ columns: [StructField]) -> Layout {
      SparkJob.writes(partitions: columns.filter { partitions.contains($0.name) })
        ? self : Layout(sortedBy: order)
    }

    /// What sorts the rows that are written: a server writes one partition after the other.
    fileprivate var sorting: String {
      let columns = (isOnePartition ? [] : partitions.filter { !order.contains($0) }) + order
      return columns.isEmpty ? "" : " ORDER BY \(SparkSQL.names(columns))"
    }
  }

  /// What a server wrote.
  public struct Output {
    public let rows: Int64
    let columns: [StructField]
    let partitions: [String]
    /// The files that hold the rows, those of each partition apart.
    public let parts: [DeltaTable.PartitionFiles]

    var addresses: [String] {
      parts.flatMap { part in part.files.files.map { part.files.store.address($0.path) } }
    }

    /// A query of the embedded engine for the rows.
    public var query: String { query() }

    /// The same with one more column, `Scan.rowColumn`, that numbers them.
    public var numbered: String {
      // A file has fewer rows than this.
      query("CAST(file_index AS BIGINT) * 1099511627776 + file_row_number")
    }

    private func query(_ number: String? = nil) -> String {
      let addresses = addresses
      guard !addresses.isEmpty else {
        let more = number == nil ? [] : [StructField(Scan.rowColumn, .long)]
        return Schema(columns + more).emptyQuery
      }
      let types = columns.filter { partitions.contains($0.name) }
        .map { "\(sqlName($0.name)): \($0.type.duckDB)" }.joined(separator: ", ")
      let folders =
        partitions.isEmpty
        ? "hive_partitioning = false" : "hive_partitioning = true, hive_types = {\(types)}"
      return """
        SELECT \(sqlNames(columns.map(\.name)))\(number.map { ", \($0) AS \(Scan.rowColumn)" } ?? "") \
        FROM read_parquet([\(addresses.map(sqlLiteral).joined(separator: ", "))], \(folders))
        """
    }
  }

  /// True if a server can write the partitions of these columns.
  public static func writes(partitions columns: [StructField]) -> Bool {
    columns.allSatisfy(\.type.namesFolders)
  }

  /// Has the server write the rows of a query over views.
  public func write(_ query: String, _ layout: Layout = Layout()) throws -> Output {
    try onServer { server in
      try write(query, fields(of: query, server), layout, views(server))
    }
  }

  /// Has the server write the rows of a query, which begins in the statement's first line.
  func write(
    _ query: String, _ columns: [StructField], _ layout: Layout, _ views: SparkViews
  ) throws -> Output {
    let layout = layout.fitting(columns)
    let name = uniqueName()
    let folder = "rows-\(name)"
    folders.append(folder)
    try engine.exchange.createFolder("")
    let path = SparkSQL.literal(views.serverPath(engine.exchange.address(folder)))
    let options = "USING parquet OPTIONS (compression 'snappy', skip_arrow_metadata 'true')"
    let connection = views.session.connection
    guard !layout.partitions.isEmpty else {
      let told = try connection.rows(
        "INSERT OVERWRITE DIRECTORY \(path) \(options) \(query)\(layout.sorting)")
      return try output(folder, columns, told, layout, views.session)
    }
    // Sail would write NULL as the first day, or as 0.
    let texts = columns.map { column in
      let name = SparkSQL.name(column.name)
      return layout.partitions.contains(column.name)
        ? "coalesce(CAST(\(name) AS STRING), \(SparkSQL.literal(PartitionFolder.null))) AS \(name)"
        : name
    }
    // Only tables of a catalog have partitions; the name goes at once, the files stay.
    let table = SparkSQL.name("podium_\(name)")
    defer { try? connection.execute("DROP TABLE IF EXISTS \(table)") }
    let told = try connection.rows(
      """
      CREATE TABLE \(table) \(options) PARTITIONED BY (\(SparkSQL.names(layout.partitions))) \
      LOCATION \(path) AS SELECT \(texts.joined(separator: ", ")) FROM (\(query)) AS p\(layout.sorting)
      """)
    return try output(folder, columns, told, layout, views.session)
  }

  /// Looks at what a server wrote.
  /// - Parameter answer: the number of rows, where it told that.
  private func output(
    _ folder: String, _ columns: [StructField], _ answer: [[Value]], _ layout: Layout,
    _ server: SparkSession
  ) throws -> Output {
    let files = try engine.exchange.list(folder + "/").filter {
      $0.path.hasSuffix(".parquet") && $0.size > 0
    }
    let parts = Dictionary(grouping: files) { file in
      let values = PartitionFolder.values(of: file.path)
      return Dictionary(values.map { ($0.name, $0.value) }) { first, _ in first }
    }.map { values, files in
      DeltaTable.PartitionFiles(
        ParquetFiles(store: engine.exchange, files: files, sortedBy: layout.order), values: values)
    }
    let query = Output(rows: 0, columns: columns, partitions: layout.partitions, parts: parts).query
    let rows = try session.count("SELECT count(*) FROM (\(query))")
    let told = answer.first?.first?.int ?? rows
    guard rows == told else {
      throw SparkError.rowsLost(
        written: rows, told: told, server: server.connection.settings.address)
    }
    return Output(rows: rows, columns: columns, partitions: layout.partitions, parts: parts)
  }
}

import Basics
import Glibc

/// How a DuckDB inside this process is set up.
public struct DuckDBSettings: Hashable, Sendable {
  /// Path of `libduckdb.so`.
  public var library: String
  /// Bytes DuckDB may use before it spills.
  public var memoryLimit: Int64
  /// Threads it computes with.
  public var threads: Int
  /// Folder it spills to.
  public var spillFolder: String?

  public init(library: String, memoryLimit: Int64, threads: Int, spillFolder: String? = nil) {
    self.library = library
    self.memoryLimit = memoryLimit
    self.threads = threads
    self.spillFolder = spillFolder
  }
}

/// DuckDB, embedded: one in-memory database that all connections share.
public struct DuckDB: Sendable {
  /// How it was set up.
  public let settings: DuckDBSettings
  private let database: EngineDatabase

  /// Loads the library and starts an in-memory database.
  /// - Parameter threads: how many it computes with at first; as many as the settings say where nil.
  public init(_ settings: DuckDBSettings, threads: Int? = nil) throws(EngineError) {
    self.settings = settings
    database = try EngineDatabase(
      library: settings.library, entry: "duckdb_adbc_init", options: [("path", ":memory:")])
    let connection = try database.connect()
    let count = min(threads ?? settings.threads, settings.threads)
    for statement in instanceSettings(threads: count) + DuckDB.sparkMacros {
      try connection.execute(statement)
    }
  }

  /// Changes how many threads it computes with, also for queries that run.
  public func setThreads(_ count: Int) throws(EngineError) {
    try database.connect().execute("SET threads = \(max(1, count))")
  }

  /// Opens a session with the time zone UTC.
  public func connect() throws(EngineError) -> EngineConnection {
    let connection = try database.connect()
    try connection.execute("SET TimeZone = 'UTC'")
    return connection
  }

  private func instanceSettings(threads: Int) -> [String] {
    var statements = [
      "SET autoinstall_known_extensions = false",
      "SET autoload_known_extensions = false",
      "SET memory_limit = '\(settings.memoryLimit / 1_048_576)MiB'",
      "SET threads = \(threads)",
      "SET preserve_insertion_order = false",
      "SET parquet_metadata_cache = true",
    ]
    if let folder = settings.spillFolder {
      statements.append("SET temp_directory = \(sqlLiteral(folder))")
    }
    return statements
  }
}

/// A text as an SQL literal.
public func sqlLiteral(_ text: String) -> String { "'\(text.replacingSigns(["'": "''"]))'" }

/// A name as an SQL identifier, always quoted.
public func sqlName(_ name: String) -> String { "\"\(name.replacingSigns(["\"": "\"\""]))\"" }

/// Names as SQL identifiers, separated by commas.
public func sqlNames(_ names: some Sequence<String>) -> String {
  names.map(sqlName).joined(separator: ", ")
}

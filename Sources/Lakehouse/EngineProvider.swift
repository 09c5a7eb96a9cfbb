import Basics
import Engines
import Glibc
import S3
import Storage
import Synchronization

/// Starts the embedded engine when it is first needed and hands out sessions.
public final class EngineProvider: Sendable {
  private let settings: @Sendable () throws -> DuckDBSettings
  /// How many rows sessions work on at once.
  private let rowsAtOnce: Int64
  /// What lets the engine read and write in buckets; nil where it need not.
  private let buckets: BucketAccess?
  /// The engine once it is needed, and whether it computes with one thread.
  private let state: Mutex<(engine: DuckDB?, isSmall: Bool)>

  /// Bytes from which on reading them is faster with all threads.
  ///
  /// Below, handing work over to other threads costs more than it saves: a day's batch of 35 tables
  /// took a sixth less processor time.
  private static let worthwhileBytes: Int64 = 16 << 20

  /// - Parameters:
  ///   - startsSmall: true for an engine with one thread until `reads(bytes:)` tells of much to read.
  ///   - rowsAtOnce: how many rows sessions work on at once.
  ///   - buckets: how buckets are reached; nil where the engine needs none.
  ///   - settings: asked once, when the engine is first needed.
  public init(
    startsSmall: Bool = false, rowsAtOnce: Int64 = EngineSession.manyRows,
    buckets: S3Settings? = nil, settings: @escaping @Sendable () throws -> DuckDBSettings
  ) {
    self.buckets = buckets.map(BucketAccess.init)
    self.settings = settings
    self.rowsAtOnce = rowsAtOnce
    state = Mutex((engine: nil, isSmall: startsSmall))
  }

  /// DuckDB as the environment says, spilling into the lake.
  /// - Parameters:
  ///   - startsSmall: true for one thread until `reads(bytes:)` tells of much to read.
  ///   - rowsAtOnce: how many rows sessions work on at once.
  ///   - buckets: how buckets are reached; as the lake's is where it is nil.
  public convenience init(
    lake: Lake?, startsSmall: Bool = false, rowsAtOnce: Int64 = EngineSession.manyRows,
    buckets: S3Settings? = nil
  ) {
    self.init(
      startsSmall: startsSmall, rowsAtOnce: rowsAtOnce, buckets: buckets ?? lake?.buckets
    ) {
      // DuckDB makes its own folder there, and none above it.
      if let lake, !lake.isLocal || kindOfFile(lake.local.root) == .folder {
        try? lake.local.createFolder("spill")
      }
      return try DuckDBSettings.fromEnvironment(spillFolder: lake?.spillFolder)
    }
  }

  /// A new session, for one thread at a time.
  public func session() throws -> EngineSession {
    let duckDB = try state.withLock { state in
      if let engine = state.engine { return engine }
      let started = try DuckDB(settings(), threads: state.isSmall ? 1 : nil)
      state.engine = started
      return started
    }
    let connection = try duckDB.connect()
    try buckets?.open(for: connection, library: duckDB.settings.library)
    return EngineSession(
      connection, rowGroupBytes: duckDB.settings.rowGroupBytes, rowsAtOnce: rowsAtOnce)
  }

  /// Refuses a library that is missing or none, without loading it: who works on many tables would
  /// otherwise hear of it from each.
  public func check() throws {
    try SharedLibrary.check(settings().library)
  }

  /// Tells that so many bytes are going to be read: where they are many, the engine computes with all
  /// its threads from now on.
  public func reads(bytes: Int64) throws {
    guard bytes >= EngineProvider.worthwhileBytes else { return }
    try state.withLock { state in
      guard state.isSmall else { return }
      state.isSmall = false
      if let engine = state.engine { try engine.setThreads(engine.settings.threads) }
    }
  }

  /// How the engine is set up; nil before it was needed.
  public var running: DuckDBSettings? { state.withLock { $0.engine?.settings } }
}

extension DuckDBSettings {
  /// Bytes of rows that each thread gathers before it writes them: a small part of the memory that
  /// all of them may use, since wide rows would otherwise fill it before a row group has its rows.
  var rowGroupBytes: Int64 {
    min(128 << 20, max(1 << 20, memoryLimit / Int64(16 * max(1, threads))))
  }

  /// The version of DuckDB that `make setup` installs.
  public static let version = "1.5.5"

  /// Settings from `PODIUM_DUCKDB` (the library), `PODIUM_MEMORY_LIMIT` (such as `4GB`) and
  /// `PODIUM_THREADS`; half of the machine's memory and all its cores otherwise.
  public static func fromEnvironment(spillFolder: String?) throws(EngineError) -> DuckDBSettings {
    let memory = Int64(sysconf(Int32(_SC_PHYS_PAGES))) * Int64(sysconf(Int32(_SC_PAGESIZE)))
    let cores = max(1, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN))))
    let settings: Settings
    do { settings = try Settings() } catch { throw EngineError(.statement, error.description) }
    let library: String
    if let named = settings.library {
      library = named
    } else {
      library = try LibrarySearch.find("libduckdb.so", in: "duckdb-\(version)")
    }
    return DuckDBSettings(
      library: library, memoryLimit: settings.memoryLimit ?? memory / 2,
      threads: settings.threads ?? cores,
      spillFolder: spillFolder)
  }

}

/// Finds libraries that are loaded when they are needed.
enum LibrarySearch {
  /// The library beside the program, else the one that `make setup` put into the user's cache folder,
  /// else the system's.
  /// - Parameter folder: of that cache, with the version.
  static func find(_ name: String, in folder: String) throws(EngineError) -> String {
    let home = environment("HOME").map { $0 + "/.cache" }
    let cache = environment("XDG_CACHE_HOME") ?? home
    var places: [String] = []
    if let program = programPath() { places.append("\(parentPath(program))/\(name)") }
    if let cache { places.append("\(cache)/podium/\(folder)/\(name)") }
    places += ["/usr/local/lib/\(name)", "/usr/lib/\(name)"]
    if let found = places.first(where: { kindOfFile($0) == .file }) { return found }
    throw EngineError(
      .libraryMissing, "\(name) is at none of \(places.joined(separator: ", "))")
  }
}

extension SparkConnectSettings {
  /// The version of the driver that `make setup` installs.
  public static let driverVersion = "0.3.0"

  /// A server, with the driver and the time limit that the environment names.
  public init(_ address: SparkAddress, _ settings: Settings) throws(EngineError) {
    let library: String
    if let named = settings.sparkDriver {
      library = named
    } else {
      library = try LibrarySearch.find(
        "libadbc_driver_spark.so", in: "adbc-driver-spark-\(SparkConnectSettings.driverVersion)")
    }
    self.init(
      library: library, address: address, timeout: Double(settings.engineTimeout ?? 3_600))
  }
}

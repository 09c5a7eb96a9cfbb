import Basics
import DeltaLake
import Engines
import Lakehouse
import Podium
import Runner
import S3
import SparkEngine
import Storage
import Synchronization
import TestFiles

/// A lake in a place of its own that is gone when the test is over: a folder of this machine or, where
/// `PODIUM_TEST_LAKES` names a place in a bucket (`s3://bucket/prefix`), a place below that one.
public final class TestLake: Sendable {
  /// The lake's folder, or its place in a bucket.
  public let path: String
  public let lake: Lake

  /// True if lakes lie in folders of this machine.
  public static let isLocal = bucket == nil
  private static let bucket = environment("PODIUM_TEST_LAKES")

  /// How the bucket is reached; nil where there is none.
  private static let buckets = bucket == nil ? nil : try? S3Settings.fromEnvironment()

  /// All lakes of a test process share one engine, which knows nothing of lakes.
  public static let engine = EngineProvider(lake: nil, startsSmall: true, buckets: buckets)

  /// Another engine, which treats a few rows as the other one treats many millions.
  package static let engineInParts = EngineProvider(
    lake: nil, startsSmall: true, rowsAtOnce: 3, buckets: buckets)

  /// A place for a lake where nothing is.
  public static func makePlace() throws -> String {
    try bucket.map { "\($0)/\(uniqueName())" } ?? Files.makeTemporaryFolder()
  }

  /// What runs compute with.
  private let runsWith: EngineProvider
  /// The server that computes the queries of tables, where `PODIUM_TEST_ENGINE` names one
  /// (`sc://host:port`); nil elsewhere.
  public let spark: SparkEngine?

  /// True if a server computes the queries of tables.
  public static let isOnServer = server != nil
  private static let server = environment("PODIUM_TEST_ENGINE").flatMap(SparkAddress.init)

  private static func spark(
    _ lake: Lake, _ server: SparkAddress? = TestLake.server
  ) throws -> SparkEngine? {
    try server.map { SparkEngine(try SparkConnectSettings($0, Settings()), lake: lake) }
  }

  /// An empty lake; its clock begins on 2025-03-01 and goes on a second with every look at it.
  public convenience init() throws {
    try self.init(owning: try TestLake.makePlace(), from: 0)
  }

  /// A lake that another program fills; the folder goes with it.
  public convenience init(owning path: String) throws { try self.init(owning: path, from: 0) }

  /// An empty lake whose runs compute with an engine of their own.
  package convenience init(runningWith engine: EngineProvider) throws {
    try self.init(owning: try TestLake.makePlace(), from: 0, engine)
  }

  /// An empty lake whose tables' queries a server computes (`sc://host:port`).
  package convenience init(
    computingOn server: String, runningWith engine: EngineProvider = TestLake.engine
  ) throws {
    try self.init(
      owning: try TestLake.makePlace(), from: 0, engine, server: SparkAddress(server))
  }

  private init(
    owning path: String, from second: Int64, _ engine: EngineProvider = TestLake.engine,
    server: SparkAddress? = TestLake.server
  ) throws {
    self.path = path
    runsWith = engine
    let seconds = Atomic<Int64>(second)
    lake = try Lake(
      at: path, settings: TestLake.buckets,
      clock: Clock {
        let passed = seconds.wrappingAdd(1, ordering: .relaxed).newValue
        return Timestamp(microseconds: (1_740_787_200 + passed) * 1_000_000)
      })
    spark = try TestLake.spark(lake, server)
  }

  /// An empty lake with a clock of its own.
  public init(clock: Clock) throws {
    path = try TestLake.makePlace()
    runsWith = TestLake.engine
    lake = try Lake(at: path, settings: TestLake.buckets, clock: clock)
    spark = try TestLake.spark(lake)
  }

  /// A lake with a copy of another one's content, and a clock of its own.
  public init(copying other: TestLake, clock: Clock) throws {
    path = try TestLake.makePlace()
    runsWith = other.runsWith
    lake = try Lake(at: path, settings: TestLake.buckets, clock: clock)
    spark = try TestLake.spark(lake)
    try take(from: other)
  }

  deinit {
    if lake.isLocal {
      Files.remove(path)
    } else {
      try? lake.files.deleteFolder("")
      Files.remove(parentPath(lake.local.root))
    }
  }

  /// Another lake with the same content.
  public func copy() throws -> TestLake {
    let copy = try TestLake(owning: TestLake.makePlace(), from: 100_000, runsWith)
    try copy.take(from: self)
    return copy
  }

  private func take(from other: TestLake) throws {
    if lake.isLocal { return try Files.copy(other.path, to: path) }
    for path in try other.files() { try lake.files.copy(path, of: other.lake.files, to: path) }
  }

  /// Puts a file into the landing zone.
  public func land(_ file: String, _ text: String) throws {
    try land(file, bytes: Array(text.utf8))
  }

  /// Puts a file into the landing zone.
  public func land(_ file: String, bytes: [UInt8]) throws {
    try write(bytes, to: "landing/\(file)")
  }

  /// Sets when a landing file was last written, in seconds since 1970.
  public func age(_ file: String, to seconds: Int) throws {
    try Files.age("\(path)/landing/\(file)", to: seconds)
  }

  /// Takes a file or folder out of the lake.
  public func remove(_ relative: String) {
    if lake.isLocal { return Files.remove("\(path)/\(relative)") }
    try? lake.files.delete(relative)
    try? lake.files.deleteFolder(relative)
  }

  /// Brings tables up to date, as `run` does.
  /// - Parameter selectors: layers and tables, separated by spaces; all where it is empty.
  @discardableResult
  public func run(
    _ tables: [Table], _ selectors: String = "", asOf: String = "2025-03-01",
    fullRefresh: Bool = false, jobs: Int = 1
  ) throws -> RunReport {
    try runner(tables).run(try request(selectors, asOf, fullRefresh, jobs))
  }

  /// What `run` would do.
  public func plan(
    _ tables: [Table], _ selectors: String = "", asOf: String = "2025-03-01",
    fullRefresh: Bool = false
  ) throws -> [TablePlan] {
    try runner(tables).plan(try request(selectors, asOf, fullRefresh, 1))
  }

  /// What lies in the landing zone and no table takes in.
  public func strays(_ tables: [Table], _ selectors: String) throws -> [LandingStray] {
    try runner(tables).strays(try request(selectors, "2025-03-01", false, 1).selectors)
  }

  private func runner(_ tables: [Table]) throws -> Runner {
    Runner(lake: lake, graph: try Graph(tables), engine: runsWith, spark: spark)
  }

  private func request(
    _ selectors: String, _ asOf: String, _ fullRefresh: Bool, _ jobs: Int
  ) throws -> RunRequest {
    guard let date = CivilDate(asOf) else { throw TestKitError("no date: \(asOf)") }
    return RunRequest(
      selectors: selectors.split(separator: " ").map { Selector(String($0)) },
      fullRefresh: fullRefresh, jobs: jobs, asOf: date)
  }
}

extension TestLake {
  /// Judges a table's quarantined rows again, as `quarantine replay` does.
  @discardableResult
  public func replay(
    _ table: Table, _ tables: [Table], rules: [String]? = nil, asOf: String = "2025-03-01"
  ) throws -> ReplayResult {
    guard let date = CivilDate(asOf) else { throw TestKitError("no date: \(asOf)") }
    return try runner(tables).replay(table, rules: rules, asOf: date)
  }

  /// Gives a table's quarantined rows up, as `quarantine drop` does.
  @discardableResult
  public func drop(
    _ table: Table, _ tables: [Table], _ filter: QuarantineFilter = QuarantineFilter(),
    reason: String = ""
  ) throws -> Int64 {
    try runner(tables).drop(
      table, filter, DropDecision(by: "tester", reason: reason), asOf: CivilDate(daysSinceEpoch: 0))
  }

  /// What waits in quarantine, a line for each table and rule, and for each file.
  public func waiting(_ tables: [Table]) throws -> [String] {
    let quarantine = Quarantine(
      lake: lake, tables: tables, session: try TestLake.engine.session())
    return try quarantine.rows().map { "\($0.table): \($0.rule): \($0.rows)" }
      + quarantine.files().map { "\($0.table): \($0.file)" }
  }
}

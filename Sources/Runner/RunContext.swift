import Basics
import DeltaLake
import Lakehouse
import Podium

/// What all tables of one run share.
public struct RunContext: Sendable {
  public let lake: Lake
  public let engine: EngineProvider
  public let tables: LakeTables
  /// The run's id: its start in UTC and a random part.
  public let run: String
  /// When it began.
  public let started: Timestamp
  /// The business date.
  public let asOf: CivilDate
  /// True to compute silver and gold anew from bronze.
  public let fullRefresh: Bool

  public init(
    lake: Lake, engine: EngineProvider, tables: LakeTables, asOf: CivilDate, fullRefresh: Bool
  ) {
    self.lake = lake
    self.engine = engine
    self.tables = tables
    self.asOf = asOf
    self.fullRefresh = fullRefresh
    started = lake.clock.now()
    let stamp = started.text(decimals: 0).filter { $0 != "-" && $0 != ":" }
    var random = SystemRandomNumberGenerator()
    run = "\(stamp)-\(String(random.next() as UInt32 | 0x1000_0000, radix: 16))"
  }
}

extension RunContext {
  /// The newest version and progress of a table; nil where there is none.
  ///
  /// An engine is started only for logs without a checksum file.
  func state(_ location: TableLocation) throws -> TableState? {
    try tables.state(location) { [engine] in DuckDBParquet(try engine.session()) }
  }
}

/// One table's work within a run: its session, and the names that its query uses.
///
/// For one thread.
final class TableJob {
  let context: RunContext
  let table: Table
  let session: EngineSession
  let location: TableLocation
  private var views: Set<String> = []

  init(_ context: RunContext, _ table: Table) throws {
    self.context = context
    self.table = table
    session = try context.engine.session()
    location = .of(table)
  }

  var delta: DeltaTable { context.tables.table(location, session) }

  /// The state of a declared table; nil where it does not exist.
  func snapshot(_ table: Table) throws -> Snapshot? {
    try context.tables.snapshot(.of(table), session)
  }

  /// Defines the name by which the query calls an input.
  func bind(_ input: SQL.Input, to query: String) throws {
    views.insert(input.alias)
    try session.connection.execute("CREATE OR REPLACE TEMP VIEW \(input.alias) AS \(query)")
  }

  /// Binds a whole table, without the columns that Podium adds, at a state; an empty one where the
  /// table does not exist.
  func bindWhole(_ table: Table, _ snapshot: Snapshot?) throws {
    let input = SQL.Input(table: table, onlyNew: false)
    let names = table.declaredSchema.names.map { "\"\($0)\"" }.joined(separator: ", ")
    guard let snapshot else {
      try bind(input, to: table.declaredSchema.emptyQuery)
      return
    }
    let delta = context.tables.table(.of(table), session)
    let relation = try DuckDBParquet(session).scan(delta.scan(snapshot))
    try bind(input, to: "SELECT \(names) FROM \(relation.name)")
  }

  /// The progress mark of an input in the table's transactions: it names the input's identity, so
  /// that an input made anew is read from its beginning.
  static func progressID(_ input: TableName, _ identity: String) -> String {
    "podium/\(input)/\(identity)"
  }

  /// Creates the table, empty, where it does not exist; brings its schema up to the declaration
  /// where that only added columns.
  func metadata(existing: Snapshot?) -> Metadata {
    var configuration = existing?.metadata.configuration ?? [:]
    configuration[PropertyName.fingerprint] = Fingerprint.of(table)
    return Metadata(
      id: existing?.metadata.id ?? identity(), name: table.name.description,
      description: table.about, schema: table.storedSchema,
      partitionColumns: table.storedPartitions, configuration: configuration,
      createdTime: existing?.metadata.createdTime ?? context.lake.clock.now().milliseconds)
  }

  private func identity() -> String { randomUUID() }

  /// A transaction that says which run it belongs to.
  func transaction(_ operation: String, blindAppend: Bool = false) -> Transaction {
    var transaction = Transaction(operation, isBlindAppend: blindAppend)
    transaction.tags = [JSON.Member("podiumRun", .string(context.run))]
    return transaction
  }
}

/// Names of Podium's own table properties.
enum PropertyName {
  /// What the declaration meant when the table was last computed.
  static let fingerprint = "podium.fingerprint"
}

import Basics
import DeltaLake
import Engines
import Lakehouse
import Podium
import SparkEngine
import Storage

/// What all tables of one run share.
public struct RunContext: Sendable {
  public let lake: Lake
  public let engine: EngineProvider
  /// What computes the queries of tables instead of it; nil where it does so itself.
  public let spark: SparkEngine?
  public let tables: LakeTables
  /// What tables have begun and not committed.
  let batches: any ObjectStore
  /// The run's id: its start in UTC and a random part.
  public let run: String
  /// When it began.
  public let started: Timestamp
  /// The business date.
  public let asOf: CivilDate
  /// True to compute silver and gold anew from bronze.
  public let fullRefresh: Bool
  /// True if a rebuild may lose keys of tables that keep their history.
  public let discardHistory: Bool
  /// The part of the landing zone that is taken in; nil for all.
  let subset: Subset?
  /// Is told what happens.
  public let watch: @Sendable (RunEvent) -> Void

  /// - Parameter run: the run's id; nil for a new one.
  public init(
    lake: Lake, engine: EngineProvider, spark: SparkEngine? = nil, tables: LakeTables,
    run: String? = nil, asOf: CivilDate, fullRefresh: Bool, discardHistory: Bool = false,
    subset: Subset? = nil,
    watch: @escaping @Sendable (RunEvent) -> Void = { _ in }
  ) {
    self.lake = lake
    self.engine = engine
    self.spark = spark
    self.tables = tables
    batches = lake.isLocal ? lake.batches : KnownNames(lake.batches)
    self.asOf = asOf
    self.fullRefresh = fullRefresh
    self.discardHistory = discardHistory
    self.subset = subset
    self.watch = watch
    started = lake.clock.now()
    self.run = run ?? RunContext.newID(started)
  }

  /// An id for a run, or for what is on record beside runs.
  package static func newID(_ started: Timestamp) -> String {
    var random = SystemRandomNumberGenerator()
    return "\(started.compact)-\(String(random.next() as UInt32 | 0x1000_0000, radix: 16))"
  }
}

extension RunContext {
  /// The newest version and progress of a table; nil where there is none.
  ///
  /// An engine is started only for logs without a checksum file.
  func state(_ location: TableLocation) throws -> TableState? {
    try tables.state(location) { [engine] in DuckDBParquet(try engine.session()) }
  }

  /// Looks at the logs of tables before they are needed one by one.
  func look(at selected: [Table]) {
    let places = selected.flatMap { table -> [TableLocation] in
      [.of(table)] + (table.query == nil ? [] : [.quarantine(of: table)])
        + (table.write.changesRows ? [.tombstones(of: table)] : [])
    }
    let inputs = selected.flatMap(\.upstream).map(TableLocation.of)
    var seen: Set<TableLocation> = []
    tables.look(
      at: (places + inputs + [.quarantinedFiles, .droppedRows]).filter { seen.insert($0).inserted }
    ) { [engine] in DuckDBParquet(try engine.session()) }
  }

  /// When a version of a declared table was committed, in milliseconds since 1970; nil where its
  /// commit is gone.
  func commitTime(of table: Table, _ version: Int64) -> Int64? {
    DeltaTable.commitTime(version, in: lake.store(.of(table)))
  }

  /// True if a version of a declared table is there with all its files.
  func isReadable(_ table: Table, _ version: Int64) -> Bool {
    let delta = lake.table(.of(table)) { [engine] in DuckDBParquet(try engine.session()) }
    do { return try delta.hasFiles(delta.snapshot(version: version).orderedFiles) } catch {
      return false
    }
  }

  /// True if versions of a declared table after one, up to another one, changed its rows, or may have.
  func rowsChanged(_ table: Table, _ from: Int64, _ to: Int64) -> Bool {
    do {
      return try DeltaTable.firstChange(after: from, through: to, in: lake.store(.of(table))) != nil
    } catch {
      return true
    }
  }
}

/// One table's work within a run: its session, and the names that its query uses.
///
/// For one thread.
final class TableJob {
  let context: RunContext
  let table: Table
  let session: EngineSession
  /// The query's inputs on a server; nil where the embedded engine computes it.
  let spark: SparkJob?
  let location: TableLocation
  /// Rows that a derived table will hold, where a rule counted them.
  var rowsAfter: Int64?
  /// The last version of the table that was known when it was decided what to do, −1 where there was
  /// none; work on a part of a table does not know more than those before it did.
  var base: Int64
  /// Further actions that the table's next commit carries.
  var carried: [Action] = []

  init(_ context: RunContext, _ table: Table, base: Int64? = nil) throws {
    guard context.lake.owns(.of(table)) else {
      throw RunError.other(
        "\(table.name) is production's; the environment only reads it. "
          + "\(CommandHint.command("run \(table.name)")) in the environment makes one of its own.")
    }
    self.context = context
    self.table = table
    self.base = try base ?? context.lastSeen(table)
    let session = try context.engine.session()
    self.session = session
    spark = context.spark.map { SparkJob($0, session) }
    location = .of(table)
  }

  var delta: DeltaTable { context.tables.table(location, session) }

  /// A declared table, read through this job's session.
  func delta(of table: Table) -> DeltaTable { context.tables.table(.of(table), session) }

  /// The state of a declared table; nil where it does not exist.
  func snapshot(_ table: Table) throws -> Snapshot? {
    try context.tables.snapshot(.of(table), session)
  }

  /// Tells the engine that files are searched for some rows: most of their parts are passed over.
  func searches(_ files: [AddFile]) throws {
    try context.engine.reads(bytes: files.reduce(0) { $0 &+ $1.size } / 8)
  }

  /// Defines the name by which the query calls an input.
  /// - Parameter source: what that is to a server; where it is nil, the rows are copied for one.
  func bind(_ input: SQL.Input, to query: String, as source: SparkJob.Source? = nil) throws {
    try session.connection.execute("CREATE OR REPLACE TEMP VIEW \(input.alias) AS \(query)")
    spark?.bind(input.alias, to: source ?? .query("SELECT * FROM \(input.alias)"))
  }

  /// Binds a whole table, without the columns that Podium adds, at a state; an empty one where the
  /// table does not exist.
  func bindWhole(_ table: Table, _ snapshot: Snapshot?) throws {
    let input = SQL.Input(table: table, onlyNew: false)
    guard let snapshot else {
      try bindNothing(input, table.declaredSchema)
      return
    }
    try context.engine.reads(bytes: snapshot.sizeInBytes)
    let scan = try delta(of: table).scan(snapshot)
    let relation = try DuckDBParquet(session).scan(scan)
    let names = table.declaredSchema.names
    try bind(
      input, to: "SELECT \(sqlNames(names)) FROM \(relation.name)",
      as: .scan(scan, columns: names))
  }

  /// Binds an input that has no rows.
  func bindNothing(_ input: SQL.Input, _ schema: Schema) throws {
    try bind(
      input, to: schema.emptyQuery,
      as: .scan(Scan(files: [], schema: schema, partitionColumns: []), columns: schema.names))
  }

  /// Binds a whole table at the version that a batch pins: a retry must come to the same rows and
  /// the same verdicts.
  /// - Returns: the table's state; nil where the batch knows none.
  @discardableResult
  func bindPinned(_ table: Table, _ batch: Batch) throws -> Snapshot? {
    let pinned = batch.inputs.first { $0.name == table.name }
    let state = try pinned.map { try self.state(of: table, version: $0.to) }
    try bindWhole(table, state)
    return state
  }

  /// Binds the tables that the rules refer to and the query does not read whole.
  func bindReferences(_ query: SQL, _ batch: Batch) throws {
    for expectation in table.expectations {
      guard case .reference(_, let reference) = expectation.test,
        !query.inputs.contains(SQL.Input(table: reference.table, onlyNew: false))
      else { continue }
      try bindPinned(reference.table, batch)
    }
  }

  /// Binds the tables that rules refer to anew, after another query read them.
  func rebindReferences(_ batch: Batch) throws {
    for table in table.referred { try bindPinned(table, batch) }
  }

  /// The state of a declared table at a version.
  func state(of table: Table, version: Int64) throws -> Snapshot {
    if let current = try snapshot(table), current.version == version { return current }
    return try delta(of: table).snapshot(version: version)
  }

  /// The progress mark of an input in the table's transactions: it names the input's identity, so
  /// that an input made anew is read from its beginning.
  static func progressID(_ input: TableName, _ identity: String) -> String {
    "podium/\(input)/\(identity)"
  }

  /// The metadata that the declaration asks for; identity, time of creation and further properties
  /// are those of a table that exists.
  func metadata(existing: Snapshot?) -> Metadata {
    var configuration = existing?.metadata.configuration ?? [:]
    configuration[PropertyName.fingerprint] = Fingerprint.of(table)
    configuration[PropertyName.rules] = RuleBook(table).text
    configuration[Metadata.clusteredByKey] =
      table.clusteredBy.isEmpty ? nil : table.clusteredBy.joined(separator: ",")
    // Rows that are updated here and there would otherwise have whole files written anew.
    if table.write.changesRows {
      configuration["delta.enableDeletionVectors"] = "true"
      let compacts = configuration[Metadata.autoCompactKey]
      configuration[Metadata.autoCompactKey] = compacts ?? "true"
    }
    return Metadata(
      id: existing?.metadata.id ?? randomUUID(), name: table.name.description,
      description: table.about, schema: table.storedSchema,
      partitionColumns: table.storedPartitions, configuration: configuration,
      createdTime: existing?.metadata.createdTime ?? context.lake.clock.now().milliseconds)
  }

  /// A transaction that says which run it belongs to.
  func transaction(_ operation: String, blindAppend: Bool = false) -> Transaction {
    var transaction = Transaction(operation, isBlindAppend: blindAppend)
    transaction.tags = [
      JSON.Member(CommitTag.run, .string(context.run)), JSON.Member(CommitTag.base, .int(base)),
    ]
    if !carried.isEmpty { transaction.tags.append(JSON.Member(TableJob.replayTag, .bool(true))) }
    return transaction
  }
}

extension Timestamp {
  /// `yyyyMMddTHHmmssZ`.
  var compact: String { text(decimals: 0).filter { $0 != "-" && $0 != ":" } }

  /// An SQL literal with all digits.
  var sql: String { "TIMESTAMPTZ '\(text(decimals: 6, separator: " ", zone: "+00"))'" }
}

/// Names of Podium's own table properties.
enum PropertyName {
  /// What the declaration meant when the table was last computed.
  static let fingerprint = "podium.fingerprint"
  /// What its rules meant then.
  static let rules = "podium.rules"
}

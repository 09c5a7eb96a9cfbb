import Basics
import DeltaLake
import Glibc
import Lakehouse
import Podium
import TestKit
import Testing

/// Declarations of a small lake.
enum Sample {
  static let visits = Table(
    "bronze.visits", about: "One row per swipe.", landing: "visits",
    columns: [.string("member_id", "The member.")])
  static let members = Table(
    "silver.members", about: "One row per member.",
    columns: [
      .string("member_id", "The member."), .date("day", "The day."),
      .decimal("paid", "Paid, in dollars.", nullable: true),
      .timestamp("changed_at", "Last change."),
    ],
    key: ["member_id"], write: .upsert(newestBy: "changed_at"), partitionedBy: ["day"],
    query: "SELECT 1 FROM \(new: visits)")
  static let pii = Table(
    "silver.member_pii", about: "One row per member.",
    columns: [
      .string("member_id", "The member."), .string("email", "E-mail.", personal: true),
    ], key: ["member_id"], write: .derived(by: .whole), query: "SELECT 1 FROM \(members)")
  static let daily = Table(
    "gold.daily", about: "One row per day.", columns: [.date("day", "The day.")], key: ["day"],
    write: .derived(by: .key("day")), query: "SELECT 1 FROM \(members)")
}

@Suite("Where things lie in a lake")
struct LakeTests {
  @Test("A table lies in the folder of its name, and what is personal is private")
  func locations() {
    func shown(_ location: TableLocation) -> [String] {
      [location.name, location.folder, location.isPrivate ? "private" : "open"]
    }
    #expect(shown(.of(Sample.visits)) == ["bronze.visits", "bronze/visits", "private"])
    #expect(shown(.of(Sample.members)) == ["silver.members", "silver/members", "open"])
    #expect(shown(.of(Sample.pii)) == ["silver.member_pii", "silver/member_pii", "private"])
    #expect(shown(.of(Sample.daily)) == ["gold.daily", "gold/daily", "open"])
    #expect(
      shown(.quarantine(of: Sample.members))
        == ["quarantine.members", "quarantine/members", "private"])
    #expect(
      shown(.quarantine(of: Sample.daily))
        == ["quarantine.gold_daily", "quarantine/gold_daily", "private"])
    #expect(shown(.quarantinedFiles) == ["quarantine.files", "quarantine/files", "private"])
    #expect(
      shown(.tombstones(of: Sample.members))
        == ["tombstones of silver.members", ".podium/tombstones/silver.members", "private"])
  }

  @Test("A lake is a folder, made when something is written")
  func folder() throws {
    let folder = try TemporaryFolder()
    try Files.write("x", to: folder.file("file"))
    #expect(throws: LakeError.notAFolder(folder.path + "/file")) {
      try Lake(at: folder.path + "/file")
    }
    let lake = try Lake(at: folder.path + "/a/../b/./lake/")
    #expect(lake.root == folder.path + "/b/lake")
    #expect(try !lake.exists())
    try lake.records.createFolder("")
    #expect(try lake.exists())
    #expect(lake.spillFolder.hasPrefix(lake.root + "/.podium/spill/"))
  }

  @Test("Only the owner may look into a private table")
  func rights() throws {
    let folder = try TemporaryFolder()
    let lake = try Lake(at: folder.path + "/lake")
    let session = try Engine.session()
    for (table, isOpen) in [(Sample.pii, false), (Sample.members, true)] {
      let delta = lake.table(.of(table)) { DuckDBParquet(session) }
      let base = try delta.create(
        Metadata(id: "x", schema: Schema([StructField("id", .long)])),
        transaction: Transaction("CREATE TABLE", isBlindAppend: true))
      _ = try delta.append(
        Relation("(SELECT 1 AS id)"), base, transaction: Transaction("WRITE", isBlindAppend: true))
      var status = stat()
      #expect(stat(lake.root + "/" + TableLocation.of(table).folder, &status) == 0)
      // Others may look into an open table as far as the user lets them.
      let masked = try umaskOfProcess()
      #expect(status.st_mode & 0o777 == (isOpen ? 0o777 & ~masked : 0o700))
    }
  }

  private func umaskOfProcess() throws -> mode_t {
    let line = try Files.text("/proc/self/status").split(separator: "\n").first {
      $0.hasPrefix("Umask:")
    }
    return try #require(line.flatMap { mode_t($0.dropFirst(6).drop { $0 == "\t" }, radix: 8) })
  }

  @Test("Declared columns are stored under the names and types of Delta")
  func schemas() {
    #expect(
      Sample.members.storedSchema.fields.map { "\($0.name) \($0.type.name ?? "") \($0.nullable)" }
        == [
          "member_id string false", "day date false", "paid decimal(18,2) true",
          "changed_at timestamp false", "_file string true", "_line long true",
        ])
    #expect(
      Sample.visits.storedSchema.names == [
        "member_id", "_rescued", "_file", "_line", "_run", "_ingested_at", "_ingest_date",
      ])
    #expect(Sample.visits.storedSchema["member_id"]?.nullable == true)
    #expect(Sample.visits.storedPartitions == ["_ingest_date"])
    #expect(Sample.members.storedPartitions == ["day"])
    #expect(Sample.daily.storedSchema.names == ["day"])
    #expect(Sample.members.declaredSchema["paid"]?.comment == "Paid, in dollars.")
    #expect(Sample.members.quarantineSchema.fields.filter { !$0.nullable }.isEmpty)
    #expect(
      Set(Sample.members.quarantineSchema.names).isSuperset(
        of: ["member_id", "_failed_rules", "_file", "_line", "_run", "_quarantined_at"]))
    #expect(
      Set(Sample.visits.storedSchema.names.filter { $0.hasPrefix("_") })
        .isSubset(of: TechnicalColumn.all))
  }
}

@Suite("Names in SQL")
struct CatalogTests {
  private let folder: TemporaryFolder
  private let lake: Lake
  private let catalog: Catalog
  private let session: EngineSession

  private func entry(_ name: String) throws -> Catalog.Entry? {
    try catalog.entries().first { $0.location.name == name }
  }

  init() throws {
    folder = try TemporaryFolder()
    lake = try Lake(at: folder.path + "/lake")
    catalog = Catalog(
      lake: lake, tables: [Sample.visits, Sample.members, Sample.pii, Sample.daily])
    // An engine of its own: views are seen by all sessions of an engine.
    session = try EngineProvider(lake: lake).session()
  }

  private func create(_ location: TableLocation, _ schema: Schema, _ query: String) throws {
    let session = session
    let delta = lake.table(location) { DuckDBParquet(session) }
    let base = try delta.create(
      Metadata(id: "x", schema: schema), transaction: Transaction("CREATE", isBlindAppend: true))
    _ = try delta.append(
      Relation("(\(query))"), base, transaction: Transaction("WRITE", isBlindAppend: true))
  }

  private let row = """
    SELECT 'm1' AS member_id, DATE '2024-01-01' AS day, 1.5 AS paid, \
    TIMESTAMPTZ '2024-01-01 00:00:00Z' AS changed_at, 'f' AS _file, 1 AS _line
    """

  @Test("A declared table is an empty one until it is there, and then shows its newest rows")
  func declared() throws {
    let sql = "SELECT count(*), max(member_id) FROM silver.members"
    try catalog.defineViews(for: sql, in: session)
    #expect(try session.row(sql).map(\.plain) == ["0", ""])
    #expect(
      try session.connection.describe("FROM silver.members").map(\.name)
        == Sample.members.storedSchema.names)
    try create(.of(Sample.members), Sample.members.storedSchema, row)
    try catalog.defineViews(for: sql, in: session)
    #expect(try session.row(sql).map(\.plain) == ["1", "m1"])
    let delta = lake.table(.of(Sample.members)) { DuckDBParquet(session) }
    _ = try delta.append(
      Relation("(\(row))"), delta.snapshot(),
      transaction: Transaction("WRITE", isBlindAppend: true))
    try catalog.defineViews(for: sql, in: session)
    #expect(try session.row(sql).map(\.plain) == ["2", "m1"])
  }

  @Test("Only the tables that a text names are read")
  func onlyNamed() throws {
    try catalog.defineViews(
      for: "SELECT 'gold.daily' FROM Silver.\"members\" -- bronze.visits", in: session)
    #expect(
      try session.connection.query(
        "SELECT schema_name || '.' || view_name FROM duckdb_views() WHERE NOT internal"
      ).rows() == [[.text("silver.members")]])
    try catalog.defineViews(for: "SELECT * FROM unknown.table", in: session)
  }

  @Test("Quarantines that exist are tables too")
  func quarantines() throws {
    #expect(
      try catalog.entries().map(\.location.name)
        == ["bronze.visits", "silver.members", "silver.member_pii", "gold.daily"])
    #expect(try entry("quarantine.members") == nil)
    try create(
      .quarantine(of: Sample.members), Schema([StructField("why", .string)]), "SELECT 'x' AS why")
    try create(.quarantinedFiles, Schema([StructField("file", .string)]), "SELECT 'f' AS file")
    #expect(
      try catalog.entries().map(\.location.name).suffix(2)
        == ["quarantine.members", "quarantine.files"])
    #expect(try entry("quarantine.members")?.table == nil)
    #expect(try entry("silver.members")?.table == Sample.members)
    let sql = "SELECT why, file FROM quarantine.members, quarantine.files"
    try catalog.defineViews(for: sql, in: session)
    #expect(try session.row(sql).map(\.plain) == ["x", "f"])
  }

  @Test("A quarantine that does not exist is an empty one, with the columns it would have")
  func noQuarantine() throws {
    let sql = "FROM quarantine.members"
    // Its table is missing too, and that is what is told.
    #expect(try catalog.defineViews(for: sql, in: session).missing == ["silver.members"])
    try create(.of(Sample.members), Sample.members.storedSchema, row)
    #expect(try catalog.defineViews(for: sql, in: session).missing == [])
    #expect(
      try session.connection.describe(sql).map(\.name) == Sample.members.quarantineSchema.names)
    #expect(try session.count("SELECT count(*) FROM quarantine.members") == 0)
    let files = "FROM quarantine.files"
    #expect(try catalog.defineViews(for: files, in: session).missing == [])
    #expect(
      try session.connection.describe(files).map(\.name)
        == Schema.quarantinedFiles.names + ["resolved_at"])
  }

  @Test(
    "The names in a text are those of layer and table, in any spelling",
    arguments: [
      (
        "SELECT * FROM silver.members m JOIN gold.daily USING (day)",
        ["gold.daily", "silver.members"]
      ),
      ("FROM \"silver\" . \"Members\"", ["silver.members"]),
      ("SELECT m.day FROM silver.members AS m", ["m.day", "silver.members"]),
      ("SELECT 'silver.members', 1.5 -- gold.daily\n/* bronze.visits */", []),
      ("SELECT silver.members.day", ["silver.members", "members.day"]),
      ("silver.", []), (".members", []), ("", []), ("a", []), ("a.", []),
    ])
  func names(sql: String, expected: [String]) {
    #expect(Catalog.names(in: sql) == Set(expected))
  }
}

@Suite("Sessions")
struct SessionTests {
  @Test("Temporary tables have names that nothing else has, and go when dropped")
  func temporary() throws {
    let session = try Engine.session()
    let first = try session.stage("rows", as: "SELECT 7 AS a")
    let second = try session.stage("rows", as: "SELECT 8 AS a UNION ALL SELECT NULL")
    #expect(first != second)
    #expect(try session.count("SELECT a FROM \(first)") == 7)
    #expect(try session.count("SELECT count(*) FROM \(second)") == 2)
    #expect(try session.row("SELECT a FROM \(second) WHERE false").isEmpty)
    #expect(try session.count("SELECT a FROM \(second) WHERE false") == 0)
    session.drop(table: first)
    session.drop(table: first)
    #expect(throws: (any Error).self) { try session.count("SELECT a FROM \(first)") }
  }

  @Test("The engine starts when a session is asked for, once")
  func provider() throws {
    let provider = EngineProvider(lake: nil)
    #expect(provider.running == nil)
    let sessions = try [provider.session(), provider.session()]
    #expect(provider.running != nil)
    try sessions[0].connection.execute("CREATE TABLE shared AS SELECT 1 AS a")
    #expect(try sessions[1].count("SELECT a FROM shared") == 1)
  }
}

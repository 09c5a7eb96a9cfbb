import Lakehouse
import Podium
import Runner
import RunnerTestKit
import TestKit
import Testing

@Suite("Any sequence of runs")
struct PropertyTests {
  /// Never stopped by a share, so that every sequence of runs comes to its end.
  static let people = People.people(share: .none)

  static let sales = Table(
    "silver.sales", about: "One row per purchase of a known person.",
    columns: People.sales.columns, key: ["sale"], write: .upsert(newestBy: "since"),
    expect: [.references("id", in: people, else: .quarantine)], share: .none,
    query: """
      SELECT sale, id, TRY_CAST(amount AS DECIMAL(18, 2)) AS amount,
        TRY_CAST(since AS BIGINT) AS since, _file, _line
      FROM \(new: People.saleFeed)
      """)

  static let log = Table(
    "silver.sale_log", about: "One row per report of a purchase.",
    columns: People.log.columns, key: ["sale"], write: .append, expect: People.log.expectations,
    share: .none,
    query: """
      SELECT sale, TRY_CAST(amount AS DECIMAL(18, 2)) AS amount, _file, _line
      FROM \(new: People.saleFeed)
      """)

  static let cities = People.cities(of: people)

  /// What the people of each city bought, as of the business date.
  static let spending = Table(
    "gold.spending", about: "One row per business date and city.",
    columns: [
      .date("as_of", "The business date."), .string("city", "A city."),
      .decimal("spent", "What its people paid."), .double("mean", "The mean of it."),
    ], key: ["as_of", "city"], write: .derived(by: .partition("as_of")), partitionedBy: ["as_of"],
    expect: [.row("somebody paid", "spent > 1", else: .quarantine)], share: .none,
    query: """
      SELECT \(.asOf) AS as_of, c.city, CAST(SUM(s.amount) AS DECIMAL(18, 2)) AS spent,
        AVG(CAST(s.amount AS DOUBLE)) AS mean
      FROM \(cities) AS c
      JOIN \(people) AS p ON coalesce(p.city, '?') = c.city
      JOIN \(sales) AS s ON s.id = p.id
      GROUP BY c.city
      """)

  private static let plain = [People.feed, people, People.saleFeed, sales, log, cities, spending]
  private static let derived = DerivedShapes.tables
  private static let others = ReferringShapes.tables + WrittenShapes.tables

  /// The tables of a seed: all of them, or those of one kind with what they read, so that many seeds
  /// take little time.
  static func tables(of seed: UInt64) -> [Table] {
    let all = plain + derived + others
    guard !seed.isMultiple(of: 10) else { return all }
    var wanted = [plain, derived, others][Int(seed % 3)]
    var names: Set<TableName> = []
    while let table = wanted.popLast() {
      if names.insert(table.name).inserted { wanted += table.upstream }
    }
    return all.filter { names.contains($0.name) }
  }

  @Test(
    "It ends with the tables of one run over everything, and of a full refresh",
    arguments: Seeds.first(250))
  func equalsOneRun(_ seed: UInt64) throws {
    let tables = PropertyTests.tables(of: seed)
    var feed = RandomFeed(seed: seed)
    let whole = try TestLake()
    for file in feed.files { try whole.land(file.path, file.text) }
    expectSuccess(try whole.run(tables))

    // One in four is worked on as if a few rows were many millions.
    let lake =
      try seed % 4 == 1 ? TestLake(runningWith: TestLake.engineInParts) : TestLake()
    for lot in feed.lots() {
      for file in lot { try lake.land(file.path, file.text) }
      try run(tables, lake, &feed)
    }
    let last = expectSuccess(try lake.run(tables))
    checkFates(last)
    try expectSame(lake, whole, tables, "seed \(seed): runs and one run differ")
    #expect(try lake.run(tables).committed == [], "seed \(seed)")
    #expect(try lake.plan(tables).filter(\.works) == [], "seed \(seed)")

    checkFates(expectSuccess(try lake.run(tables, fullRefresh: true)))
    try expectSame(lake, whole, tables, "seed \(seed): a full refresh differs")
  }

  /// A run of some of the tables, now and then one that ends before a commit.
  private func run(
    _ tables: [Table], _ lake: TestLake, _ feed: inout RandomFeed
  ) throws {
    var blocked: [TableLocation] = []
    if feed.once(in: 3) {
      let table = feed.one(of: tables)
      let places: [TableLocation] = [
        .of(table), .quarantine(of: table), .tombstones(of: table),
      ]
      let location = feed.one(of: places)
      try lake.block(location, after: feed.one(of: [0, 1]))
      blocked.append(location)
    }
    let selectors = feed.one(of: ["", "", "bronze", "bronze silver", "silver.people+"])
    let report = try lake.run(
      tables, selectors, fullRefresh: feed.once(in: 8), jobs: feed.one(of: [1, 2]))
    for location in blocked { try lake.giveWay(location) }
    checkFates(report)
    if blocked.isEmpty { expectSuccess(report) }
  }

  /// Rows read one by one have one fate each.
  private func checkFates(_ report: RunReport) {
    for outcome in report.tables where outcome.status.word == "committed" {
      let derived = [DerivedShapes.placed.name, ReferringShapes.checked.name]
      guard outcome.table.layer != .gold, !derived.contains(outcome.table) else { continue }
      #expect(outcome.counts.read == outcome.counts.accounted, "\(outcome.table)")
    }
  }
}

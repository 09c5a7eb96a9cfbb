import Basics
import Lakehouse
import Podium
import Runner
import RunnerTestKit
import TestKit
import Testing

/// Tables of all layers that others change between two runs.
@Suite("A table that others change between two runs")
struct OutsideChangeTests {
  private static let computed = [
    PropertyTests.people, PropertyTests.log, WrittenShapes.states, DerivedShapes.best,
    DerivedShapes.trend, PropertyTests.spending,
  ]
  static let tables =
    [People.feed, People.saleFeed, PropertyTests.sales, PropertyTests.cities] + computed

  /// A condition that some rows of a table fulfil and others do not, and a column with another value.
  private static func some(_ table: Table) -> (condition: String, set: [String: String]) {
    switch table.name.description {
    case "bronze.people": ("id = '2'", ["balance": "'77.00'"])
    case "bronze.sales": ("sale = 's2'", ["amount": "'7.50'"])
    case "silver.sale_log": ("sale = 's2'", ["amount": "CAST(7.50 AS DECIMAL(18, 2))"])
    case "gold.best_buyers": ("id = '2'", ["spent": "CAST(7.50 AS DECIMAL(18, 2))"])
    case "gold.sales_trend": ("since = 2", ["amount": "CAST(7.50 AS DECIMAL(18, 2))"])
    case "gold.spending": ("city = 'Oslo'", ["spent": "CAST(7.50 AS DECIMAL(18, 2))"])
    default: ("id = '2'", ["balance": "CAST(77.00 AS DECIMAL(18, 2))"])
    }
  }

  /// A key that no row has.
  private static func new(_ table: Table) -> [String: String] {
    switch table.name.description {
    case "bronze.sales", "silver.sale_log": ["sale": "'s99'"]
    case "gold.sales_trend": ["since": "CAST(99 AS BIGINT)"]
    case "gold.spending": ["city": "'Lima'"]
    case "gold.best_buyers": ["city": "'Lima'"]
    default: ["id": "'99'"]
    }
  }

  private static func changes(
    _ writer: OutsideWriter, _ table: Table
  ) -> [ForeignChange] {
    let (condition, set) = some(table)
    let new = new(table)
    let changes: [ForeignChange] = [
      .append(set: new, where: condition),
      // The same key once more.
      .append(set: set, where: condition),
      .update(set: set, where: condition),
      // Raw rows have no key, so one that is there once is replaced.
      table.landing == nil
        ? .merge(set: new, where: condition)
        : .merge(set: set, where: condition.replacing("2'", with: "3'")),
      .delete(where: condition), .overwrite(set: set, where: "true"),
    ]
    return writer == .sail ? changes : changes + [.restore]
  }

  private func filledLake() throws -> TestLake {
    let lake = try TestLake()
    try lake.landPeople(
      "a", "1,Ann,Rome,1.00,5,put", "2,Bob,Oslo,2.00,5,put", "3,Cid,Rome,3.00,5,put",
      "4,Dan,Bern,4.00,5,put", "4,,,,6,delete")
    try lake.land(
      "sales/a.csv",
      People.saleHeader + "s1,1,5.00,1\ns2,2,6.00,2\ns3,3,7.00,3\ns4,4,8.00,4\ns5,1,9.00,2\n")
    expectSuccess(try lake.run(Self.tables))
    return lake
  }

  private func expectFullRefresh(_ lake: TestLake, _ about: String) throws {
    let whole = try lake.copy()
    expectSuccess(try whole.run(Self.tables, fullRefresh: true))
    try expectSame(lake, whole, Self.tables, about)
  }

  @Test("What others do to a computed table is told and undone", arguments: OutsideWriter.allCases)
  func computed(writer: OutsideWriter) throws {
    let lake = try filledLake()
    let before = try lake.copy()
    for (index, _) in Self.changes(writer, People.people).enumerated() {
      // All tables at once in one round, and one of them alone in the next.
      let changed = index.isMultiple(of: 2) ? Self.computed : [Self.computed[index % 6]]
      var versions: [TableName: Int64] = [:]
      for table in changed {
        try lake.change(table, by: writer, Self.changes(writer, table)[index])
        versions[table.name] = try lake.version(table)
      }
      let about = "\(writer)'s \(Self.changes(writer, People.people)[index])"
      let plan = try lake.plan(Self.tables)
      let run = expectSuccess(try lake.run(Self.tables))
      for table in changed {
        let outcome = try #require(run[table])
        let outside = try #require(outcome.outside, "\(about) of \(table.name)")
        #expect(outside.effect == .undone)
        #expect(outside.commits.last?.version == versions[table.name], "\(about) of \(table.name)")
        #expect(outcome.reason.hasPrefix("it was changed outside of runs, by version "))
        guard case .rebuild(let reason, _)? = plan.first(where: { $0.table == table.name })?.action
        else {
          Issue.record("the plan does not rebuild \(table.name) after \(about)")
          continue
        }
        #expect(reason == outcome.reason)
      }
      for outcome in run.tables where versions[outcome.table] == nil {
        #expect(outcome.outside == nil, "\(about): \(outcome.table)")
      }
      try expectSame(lake, before, Self.tables, about)
      let next = try lake.run(Self.tables)
      #expect(next.committed == [], "\(about)")
      #expect(next.tables.allSatisfy { $0.outside == nil }, "\(about)")
    }
    try expectFullRefresh(lake, "\(writer)")
  }

  @Test(
    "What others do to raw rows is told, and all tables follow", arguments: OutsideWriter.allCases)
  func raw(writer: OutsideWriter) throws {
    let lake = try filledLake()
    for (index, kind) in Self.changes(writer, People.feed).enumerated() {
      for table in [People.feed, People.saleFeed] {
        try lake.change(table, by: writer, Self.changes(writer, table)[index])
      }
      let run = expectSuccess(try lake.run(Self.tables))
      #expect(run[People.feed]?.outside?.effect == .followed, "\(kind)")
      let reason = try #require(run[People.people]?.reason)
      if case .append = kind {
        #expect(reason == "new rows")
      } else {
        #expect(reason == "bronze.people lost or rewrote rows", "\(kind)")
      }
      try expectFullRefresh(lake, "\(writer)'s \(kind) of bronze")
      #expect(try lake.run(Self.tables).committed == [], "\(kind)")
    }
    // Files that come afterwards are taken in as ever, and what others did is known by then.
    try lake.landPeople("z", "5,Eve,Rome,5.00,9,put")
    let run = expectSuccess(try lake.run(Self.tables))
    #expect(run[People.feed]?.outside != nil)
    #expect(run[People.people]?.reason == "new rows")
    try lake.landPeople("y", "6,Eve,Rome,5.00,9,put")
    #expect(try lake.run(Self.tables)[People.feed]?.outside == nil)
    try expectFullRefresh(lake, "\(writer) afterwards")
  }

  @Test("Files that others only put together or clear away change nothing")
  func upkeep() throws {
    let lake = try filledLake()
    for number in 1...3 {
      try lake.landPeople("b\(number)", "\(number),Ann,Bern,\(number).50,1\(number),put")
      expectSuccess(try lake.run(Self.tables))
    }
    for change in [ForeignChange.optimize, .vacuum] {
      for table in Self.tables { try lake.change(table, by: .deltalake, change) }
      let run = expectSuccess(try lake.run(Self.tables))
      #expect(run.committed == [], "\(change)")
      #expect(run.tables.allSatisfy { $0.outside == nil }, "\(change)")
    }
    try lake.landPeople("c", "3,,,,99,delete", "2,Bob,Rome,9.00,99,put")
    expectSuccess(try lake.run(Self.tables))
    try expectFullRefresh(lake, "after upkeep")
  }

  @Test(
    "Files that others cleared away before they were read cost a rebuild and no row",
    arguments: [People.feed, PropertyTests.people])
  func vacuumedTooEarly(_ input: Table) throws {
    let lake = try filledLake()
    try lake.landPeople("b", "1,,,,9,delete", "2,Bob,Rome,9.00,9,put")
    let isRaw = input.landing != nil
    expectSuccess(try lake.run(Self.tables, isRaw ? "bronze" : "bronze silver"))
    try lake.change(input, by: .deltalake, .optimize)
    try lake.change(input, by: .deltalake, .vacuum)
    let run = expectSuccess(try lake.run(Self.tables))
    let reader = isRaw ? PropertyTests.people : PropertyTests.cities
    #expect(run[reader]?.reason == "\(input.name) lost or rewrote rows")
    try expectFullRefresh(lake, "after a vacuum of \(input.name)")
  }

  @Test("A commit that others make while a run works is found by the next one")
  func during() throws {
    let lake = try filledLake()
    let before = try lake.copy()
    try lake.landPeople("b", "1,Ann,Rome,8.00,9,put")
    let cities = PropertyTests.cities
    let runner = Runner(
      lake: lake.lake, graph: try Graph(Self.tables), engine: TestLake.engine, spark: lake.spark)
    let request = RunRequest(jobs: 1, asOf: try #require(CivilDate("2025-03-01")))
    _ = try runner.run(request) { event in
      guard case .started(cities.name) = event else { return }
      try? lake.change(
        cities, by: .deltalake, .append(set: ["city": "'Lima'"], where: "city = 'Rome'"))
    }
    let next = expectSuccess(try lake.run(Self.tables))
    #expect(next[cities]?.outside?.commits.count == 1)
    try expectFullRefresh(lake, "after a commit between")
    try before.landPeople("b", "1,Ann,Rome,8.00,9,put")
    expectSuccess(try before.run(Self.tables))
    try expectSame(lake, before, Self.tables)
  }

  @Test("A table that keeps its history keeps what others wrote, and says so")
  func history() throws {
    let kept = Table(
      "silver.people", about: "One row per person.", columns: People.people.columns, key: ["id"],
      write: .upsert(newestBy: "since", deleteWhen: "_op = 'delete'"), share: .none,
      keepsHistory: true,
      query: try #require(People.people.query))
    let tables = [People.feed, kept]
    let lake = try TestLake()
    try lake.landPeople("a", "1,Ann,Rome,1.00,5,put")
    expectSuccess(try lake.run(tables))
    try lake.change(kept, by: .deltalake, .append(set: ["id": "'99'"], where: "true"))
    let run = expectSuccess(try lake.run(tables))
    #expect(run.committed == [])
    #expect(run[kept]?.outside?.effect == .kept)
    try expect(kept, in: lake, is: "id | city\n1 | Rome\n99 | Rome")
    #expect(
      try lake.plan(tables).last?.warnings
        == [try #require(run[kept]?.outside).description])
  }
}

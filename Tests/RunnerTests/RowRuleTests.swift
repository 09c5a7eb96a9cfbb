import Lakehouse
import Podium
import Runner
import RunnerTestKit
import Testing

@Suite("Rules about single rows, of each kind")
struct RowRuleTests {
  static let feed = Table(
    "bronze.things", about: "One row per thing.", landing: "things",
    columns: [
      .string("id", "The thing."), .string("code", "A code."), .string("size", "A number."),
      .string("day", "A day."), .string("seen", "An instant."),
    ])

  /// Things by one of the ways of writing, with some rules.
  static func things(_ write: Write, _ rules: [Podium.Expectation]) -> Table {
    let columns: [Column] = [
      .string("id", "The thing."), .string("code", "A code.", nullable: true),
      .double("size", "A number.", nullable: true), .date("day", "A day.", nullable: true),
      .timestamp("seen", "An instant.", nullable: true), .int("nr", "The order."),
    ]
    let select: SQL = """
      SELECT id, code, \(.double("size")) AS size, \(.date("day")) AS day,
        \(.timestamp("seen")) AS seen, 1 AS nr, size AS _size, day AS _day, _file, _line
      FROM \(new: feed)
      """
    if case .derived = write {
      return Table(
        "gold.things", about: "One row per thing.", columns: columns, key: ["id"], write: write,
        expect: rules, share: .none,
        query: """
          SELECT id, code, size, day, seen, nr, CAST(size AS STRING) AS _size,
            CAST(day AS STRING) AS _day FROM \(things(.append, []))
          """)
    }
    return Table(
      "silver.things", about: "One row per thing.", columns: columns, key: ["id"], write: write,
      expect: rules, share: .none, query: select)
  }

  static let writes: [Write] = [.append, .upsert(newestBy: "nr"), .derived(by: .key("id"))]

  /// Ids of the rows that pass each kind of rule; what is read is the same for all.
  static let kinds:
    [(rule: @Sendable (Podium.Expectation.Action) -> Podium.Expectation, good: String)] =
      [
        ({ .required("code", else: $0) }, "abde"),
        ({ .oneOf("code", ["AB-1", "x"], else: $0) }, "abce"),
        ({ .pattern("code", "[A-Z]{2}-[0-9]+", else: $0) }, "abc"),
        ({ .range("size", from: 0, to: 9.5, else: $0) }, "ade"),
        ({ .range("size", from: 1, else: $0) }, "abde"),
        ({ .range("day", from: "2025-01-01", to: "2025-12-31", else: $0) }, "abde"),
        ({ .range("seen", to: "2025-01-01 12:00:00", else: $0) }, "acde"),
        ({ .row("it is a or b", "id IN ('a', 'b')", else: $0) }, "ab"),
      ]

  @Test(
    "Each kind does what it is declared to do, in each way of writing", arguments: kinds.indices)
  func actions(_ index: Int) throws {
    let (make, good) = RowRuleTests.kinds[index]
    for write in RowRuleTests.writes {
      for action: Podium.Expectation.Action in [.warn, .quarantine, .drop, .stop] {
        let lake = try TestLake()
        try lake.land(
          "things/1.csv",
          """
          id,code,size,day,seen
          a,AB-1,1,2025-01-01,2025-01-01T12:00:00Z
          b,AB-1,9.6,2025-12-31,2025-01-01T12:00:00.000001Z
          c,,-1,2024-12-31,2024-01-01

          """)
        try lake.land("things/2.csv", "id,code,size,day,seen\nd,AB-12x,5,,\ne,x,,2025-05-05,\n")
        let things = RowRuleTests.things(write, [make(action)])
        let tables =
          [RowRuleTests.feed]
          + (write == RowRuleTests.writes[2] ? [RowRuleTests.things(.append, [])] : []) + [things]
        let run = try lake.run(tables)
        let bad = "abcde".filter { !good.contains($0) }
        let about = "\(make(action).name) \(action) \(write)"
        if action == .stop {
          #expect(run.error(things)?.code == "stop-rule", "\(about)")
          #expect(try lake.version(things) == nil, "\(about)")
          continue
        }
        expectSuccess(run)
        let kept = action == .warn ? "abcde" : good
        try expect(things, in: lake, is: "id\n" + kept.map { "\($0)\n" }.joined())
        try expect(
          .quarantine(of: things), in: lake,
          is: "id\n" + (action == .quarantine ? bad.map { "\($0)\n" }.joined() : ""))
        #expect(
          run[things]?.failures.map { "\($0.action) \($0.rows)" } == ["\(action) \(bad.count)"],
          "\(about)")
      }
    }
  }

  @Test("What could not be read is told by its text, also where the query reads it otherwise")
  func unreadable() throws {
    let lake = try TestLake()
    try lake.land(
      "things/1.csv",
      "id,code,size,day,seen\na,,1e3,2025-01-01,\nb,,many,,\nc,,,31.12.2025,\nd,,nan,2025-02-30,\n")
    let things = RowRuleTests.things(
      .append,
      [
        .readable("size", else: .quarantine), .readable("day", from: "_day", else: .quarantine),
        .type("_size", .int, else: .warn), .type("_day", .date, else: .warn),
      ])
    let run = expectSuccess(try lake.run([RowRuleTests.feed, things]))
    try expect(
      .quarantine(of: things), in: lake,
      is: """
        id | _failed_rules
        b  | size can be read
        c  | day can be read
        d  | size can be read; day can be read
        """)
    #expect(
      run[things]?.failures.map { "\($0.rule): \($0.rows)" } == [
        "size can be read: 2", "day can be read: 2", "_size can be read as BIGINT: 3",
        "_day can be read as DATE: 2",
      ])
  }

  @Test(
    "A column that promises a value may stop the table where it lacks one, instead of quarantine")
  func requiredStops() throws {
    let lake = try TestLake()
    try lake.landPeople("a", "1,Ann,Rome,,5,put")
    let people = People.people([.required("balance", else: .stop)])
    let run = try lake.run([People.feed, people])
    #expect(run.error(people)?.description.contains("'balance is required'") == true)
    let mild = People.people([.required("balance", else: .drop)])
    #expect(expectSuccess(try lake.run([People.feed, mild]))[mild]?.counts.words == "1 filtered")
  }

  @Test("Below a rule's own share the table stops; above it, or of few rows, its action applies")
  func shares() throws {
    let lake = try TestLake()
    let people = People.people(
      [.row("balance is not negative", "balance >= 0", else: .quarantine).atLeast(0.75, of: 8)],
      share: .none)
    let tables = [People.feed, people]
    func lines(_ prefix: String, good: Int, bad: Int) -> [String] {
      (0..<good).map { "\(prefix)g\($0),Ann,Rome,1.00,5,put" }
        + (0..<bad).map { "\(prefix)b\($0),Bob,Rome,-1.00,5,put" }
    }
    try lake.landPeople("a", lines("a", good: 1, bad: 6))
    #expect(
      expectSuccess(try lake.run(tables))[people]?.counts.words == "1 inserted, 6 quarantined")
    try lake.landPeople("b", lines("b", good: 6, bad: 2))
    #expect(
      expectSuccess(try lake.run(tables))[people]?.counts.words == "6 inserted, 2 quarantined")
    try lake.landPeople("c", lines("c", good: 6, bad: 3))
    let error = try #require(try lake.run(tables).error(people))
    #expect(error.code == "share-rule")
    #expect(
      error.description.hasPrefix(
        "only 6 of 9 rows passed a rule with a share of its own, less than 75 %: 3 fail 'balance is "
          + "not negative' (people/c.csv:8, people/c.csv:9, people/c.csv:10)."))
    #expect(error.description.contains("such as `.atLeast(0.66)`"))
    try expect(
      .quarantine(of: people), in: lake, is: "city" + String(repeating: "\nRome", count: 8))
  }
}

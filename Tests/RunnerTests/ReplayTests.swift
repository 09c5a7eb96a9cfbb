import Lakehouse
import Podium
import Runner
import RunnerTestKit
import Testing

@Suite("Quarantined rows that are judged again")
struct ReplayTests {
  let lake: TestLake

  init() throws { lake = try TestLake() }

  private static let strict = People.people([
    .range("balance", from: 0, else: .quarantine),
    .oneOf("city", ["Rome", "Oslo"], else: .quarantine),
  ])
  private static let mild = People.people([
    .range("balance", from: -10, else: .quarantine),
    .oneOf("city", ["Rome", "Oslo"], else: .quarantine),
  ])

  /// The lake equals one that is computed anew by the same declarations.
  private func expectFullRefresh(_ tables: [Table]) throws {
    let whole = try lake.copy()
    expectSuccess(try whole.run(tables, fullRefresh: true))
    try expectSame(lake, whole, tables, "a full refresh differs")
    #expect(try lake.run(tables).committed == [])
  }

  @Test(
    "Under a milder rule the good ones come in by their own order; the others stay as they were")
  func milder() throws {
    try lake.landPeople(
      "a", "1,Ann,Rome,1.00,5,put", "2,Bob,Rome,-5.00,4,put", "3,Cid,Rome,-20.00,4,put",
      "4,Dan,Bern,-5.00,4,put", "5,Eve,Rome,-5.00,9,put")
    try lake.landPeople(
      "b", "1,Ann,Oslo,-1.00,6,put", "2,Bob,Oslo,2.00,3,put", "5,,,,10,delete",
      "1,Ann,Rome,-2.00,4,put")
    expectSuccess(try lake.run([People.feed, ReplayTests.strict]))
    let tables = [People.feed, ReplayTests.mild]
    let result = try lake.replay(ReplayTests.mild, tables)
    #expect(result.rebuilt == nil)
    #expect(result.judged == 6)
    #expect(result.released == 4)
    #expect(result.counts.words == "2 updated, 2 superseded, 2 quarantined")
    try expect(
      ReplayTests.mild, in: lake, is: "id | city | balance\n1 | Oslo | -1.00\n2 | Rome | -5.00")
    try expect(
      .quarantine(of: ReplayTests.mild), in: lake,
      is: """
        id | _failed_rules             | _file        | _line
        3  | balance is at least -10   | people/a.csv | 4
        4  | city is one of Rome, Oslo | people/a.csv | 5
        """)
    try expectFullRefresh(tables)
  }

  @Test("Rows that stay keep the run and the moment at which they came there")
  func keepsMoment() throws {
    try lake.landPeople("a", "3,Cid,Rome,-20.00,4,put")
    let run = expectSuccess(try lake.run([People.feed, ReplayTests.strict]))
    let before = try lake.rows(.quarantine(of: ReplayTests.strict), ["_run", "_quarantined_at"])
    try lake.replay(ReplayTests.mild, [People.feed, ReplayTests.mild])
    #expect(
      try lake.rows(.quarantine(of: ReplayTests.mild), ["_run", "_quarantined_at"]) == before)
    #expect(before.rows.first?.first == run.run)
  }

  @Test("What calls for the whole table is told, and done", arguments: 0..<4)
  func rebuilds(_ index: Int) throws {
    let changes: [Table] = [
      // A stricter rule beside a milder one, another condition, a rule that left rows out, a query.
      People.people([
        .range("balance", from: -10, else: .quarantine),
        .oneOf("city", ["Rome"], else: .quarantine),
      ]),
      People.people([.row("balance is fine", "balance >= -10", else: .quarantine)]),
      People.people([.range("balance", from: -10, else: .drop)]),
      People.people(
        [.range("balance", from: -10, else: .quarantine)], write: .upsert(newestBy: "since")),
    ]
    try lake.landPeople("a", "1,Ann,Rome,1.00,5,put", "2,Bob,Oslo,-5.00,4,put")
    expectSuccess(try lake.run([People.feed, ReplayTests.strict]))
    let tables = [People.feed, changes[index]]
    let result = try lake.replay(changes[index], tables)
    #expect(result.rebuilt == "its declaration changed")
    #expect(result.released == (index == 0 ? 0 : 1))
    try expectFullRefresh(tables)
  }

  @Test("One rule's rows may be judged alone; those of other rules that changed are judged too")
  func oneRule() throws {
    try lake.landPeople(
      "a", "1,Ann,Bern,1.00,5,put", "2,Bob,Rome,-5.00,4,put", "3,Cid,Rome,-20.00,4,put")
    expectSuccess(try lake.run([People.feed, ReplayTests.strict]))
    var tables = [People.feed, ReplayTests.mild]
    let other = try lake.replay(
      ReplayTests.mild, tables, rules: ["city is one of Rome, Oslo"])
    #expect(other.alsoChanged == ["balance is at least 0"])
    #expect(other.judged == 3)
    #expect(other.released == 1)
    try expectFullRefresh(tables)
    // Nothing changed since: only the rows asked for are looked at, and none gets in.
    let same = try lake.replay(
      ReplayTests.mild, tables, rules: ["city is one of Rome, Oslo"])
    #expect(same.judged == 1)
    #expect(same.released == 0)
    let free = People.people([.oneOf("city", ["Rome", "Oslo", "Bern"], else: .quarantine)])
    tables = [People.feed, free]
    #expect(try lake.replay(free, tables).released == 2)
    try expectFullRefresh(tables)
  }

  @Test("New rows wait for the next run, which judges them by the new rules")
  func newRows() throws {
    try lake.landPeople("a", "1,Ann,Rome,-5.00,5,put")
    expectSuccess(try lake.run([People.feed, ReplayTests.strict]))
    try lake.landPeople("b", "1,Ann,Oslo,-6.00,6,put", "2,Bob,Rome,-20.00,5,put")
    let tables = [People.feed, ReplayTests.mild]
    expectSuccess(try lake.run([People.feed]))
    #expect(try lake.replay(ReplayTests.mild, tables).counts.words == "1 inserted")
    try expect(ReplayTests.mild, in: lake, is: "id | city\n1 | Rome")
    let run = expectSuccess(try lake.run(tables))
    #expect(run[ReplayTests.mild]?.counts.words == "1 updated, 1 quarantined")
    try expectFullRefresh(tables)
  }

  @Test("A replay that ends before or between its commits is done once", arguments: [0, 1])
  func crash(_ write: Int) throws {
    func people(_ low: Int64) -> Table {
      People.people(
        [.range("balance", from: .integer(low), else: .quarantine)],
        write: write == 0 ? .append : .upsert(newestBy: "since", deleteWhen: "_op = 'delete'"))
    }
    let mild = people(-10)
    let tables = [People.feed, mild]
    for place in [TableLocation.of(mild), .quarantine(of: mild)] {
      for next in ["replay", "run", "refresh"] {
        let lake = try TestLake()
        try lake.landPeople("a", "1,Ann,Rome,-1.00,5,put", "2,Bob,Rome,-20.00,5,put")
        try lake.landPeople("b", "1,Ann,Oslo,3.00,4,put")
        expectSuccess(try lake.run([People.feed, people(0)]))
        try lake.block(place)
        #expect(throws: RunError.self) { try lake.replay(mild, tables) }
        try lake.giveWay(place)
        switch next {
        case "replay": try lake.replay(mild, tables)
        case "run": expectSuccess(try lake.run(tables))
        default: expectSuccess(try lake.run(tables, fullRefresh: true))
        }
        let whole = try lake.copy()
        expectSuccess(try whole.run(tables, fullRefresh: true))
        try expectSame(lake, whole, tables, "\(place.name), \(next)")
        #expect(try lake.run(tables).committed == [])
      }
    }
  }

  @Test("Several records on one line, of which some passed, call for the whole table")
  func oneLine() throws {
    try lake.land(
      "people/a.json",
      #"""
      [{"id":"1","city":"Rome","balance":"1","since":"5","op":"put"}, {"id":"2","city":"Rome","balance":"-1","since":"5","op":"put"}]
      """#)
    func people(_ low: Int64) -> Table {
      People.people([.range("balance", from: .integer(low), else: .quarantine)], write: .append)
    }
    expectSuccess(try lake.run([People.feed, people(0)]))
    let tables = [People.feed, people(-5)]
    let result = try lake.replay(people(-5), tables)
    #expect(result.rebuilt == "which records its quarantined rows came from is not certain")
    try expect(people(-5), in: lake, is: "id\n1\n2")
    try expectFullRefresh(tables)
  }

  @Test("A derived table is computed anew; a table without quarantined rows is left alone")
  func derived() throws {
    func cities(_ low: Int64) -> Table {
      Table(
        "gold.cities", about: "One row per city.", columns: People.cities.columns, key: ["city"],
        write: .derived(by: .key("city")),
        expect: [.range("money", from: .integer(low), else: .quarantine)],
        share: .none,
        query: """
          SELECT coalesce(city, '?') AS city, COUNT(*) AS people,
            CAST(SUM(balance) AS DECIMAL(18, 2)) AS money
          FROM \(People.people) GROUP BY 1
          """)
    }
    try lake.landPeople("a", "1,Ann,Rome,1.00,5,put", "2,Bob,Oslo,20.00,5,put")
    expectSuccess(try lake.run([People.feed, People.people, cities(10)]))
    let tables = [People.feed, People.people, cities(0)]
    let result = try lake.replay(cities(0), tables)
    #expect(result.rebuilt == "the rows of a derived table are results, not records")
    #expect(result.released == 1)
    try expectFullRefresh(tables)
    let version = try lake.version(People.people)
    #expect(try lake.replay(People.people, tables).judged == 0)
    #expect(try lake.version(People.people) == version)
    #expect(throws: DropRefused.self) { try lake.drop(cities(0), tables) }
  }

  @Test("A quarantined file is read again, and what is still torn is on record once")
  func files() throws {
    try lake.landPeople("a", "1,Ann,Rome,1.00,5,put")
    try lake.land("people/b.csv", People.header + "2,\"Bob,Rome,1.00,5,put\n")
    try lake.land("people/c.csv", People.header + "3,\"Cid,Rome,1.00,5,put\n")
    expectSuccess(try lake.run([People.feed, People.people]))
    let tables = [People.feed, People.people]
    #expect(
      try lake.waiting(tables) == [
        "bronze.people: people/b.csv", "bronze.people: people/c.csv",
      ])
    try lake.landPeople("b", "2,Bob,Rome,1.00,5,put")
    try lake.landPeople("d", "4,Dan,Rome,1.00,5,put")
    let result = try lake.replay(People.feed, tables)
    #expect(result.judged == 2)
    #expect(result.released == 1)
    #expect(try lake.waiting(tables) == ["bronze.people: people/c.csv"])
    try expect(
      TableLocation.quarantinedFiles, in: lake, is: "file\npeople/b.csv\npeople/c.csv")
    expectSuccess(try lake.run(tables))
    try expect(People.people, in: lake, is: "id\n1\n2\n4")
    #expect(try lake.drop(People.feed, tables) == 1)
    #expect(try lake.waiting(tables) == [])
    #expect(try lake.drop(People.feed, tables) == 0)
  }
}

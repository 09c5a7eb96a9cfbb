import Lakehouse
import Podium
import Runner
import RunnerTestKit
import Testing

@Suite("Rows that refer to another table")
struct ForeignKeyTests {
  let lake: TestLake
  let tables = [People.feed, People.people, People.saleFeed, People.sales]

  init() throws {
    lake = try TestLake()
    try lake.landPeople("a", "1,Ann,Rome,1.00,5,put")
  }

  @Test("A reference to nothing goes to quarantine, no reference at all passes the rule")
  func unknown() throws {
    let sales = Table(
      "silver.sales", about: "One row per purchase.",
      columns: [.string("sale", "The purchase."), .string("id", "Who bought.", nullable: true)],
      key: ["sale"], write: .append,
      expect: [.references("id", in: People.people, else: .quarantine)],
      query: "SELECT sale, id, _file, _line FROM \(new: People.saleFeed)")
    try lake.land("sales/a.csv", People.saleHeader + "s1,1,5.00,1\ns2,9,5.00,1\ns3,,5.00,1\n")
    expectSuccess(try lake.run([People.feed, People.people, People.saleFeed, sales]))
    try expect(sales, in: lake, is: "sale | id\ns1 | 1\ns3 | NULL")
    try expect(
      .quarantine(of: sales), in: lake,
      is: """
        sale | id | _failed_rules | _file       | _line
        s2   | 9  | id is known   | sales/a.csv | 3
        """)
  }

  @Test("A quarantined row is taken when what it refers to arrives")
  func parentArrives() throws {
    try lake.land("sales/a.csv", People.saleHeader + "s1,1,5.00,1\ns2,2,6.00,1\n")
    expectSuccess(try lake.run(tables))
    try expect(People.sales, in: lake, is: "sale\ns1")
    try lake.landPeople("b", "2,Bob,Oslo,1.00,5,put")
    expectSuccess(try lake.run(tables))
    try expect(People.sales, in: lake, is: "sale\ns1\ns2")
    try expect(.quarantine(of: People.sales), in: lake, is: "sale")
  }

  @Test("A row leaves the table when what it refers to is deleted")
  func parentLeaves() throws {
    try lake.land("sales/a.csv", People.saleHeader + "s1,1,5.00,1\n")
    expectSuccess(try lake.run(tables))
    try lake.landPeople("b", "1,,,,7,delete")
    expectSuccess(try lake.run(tables))
    try expect(People.sales, in: lake, is: "sale")
    try expect(.quarantine(of: People.sales), in: lake, is: "sale\ns1")
  }

  @Test("Nothing is judged again where the other table did not change")
  func nothingNew() throws {
    try lake.land("sales/a.csv", People.saleHeader + "s1,1,5.00,1\ns2,2,6.00,1\n")
    expectSuccess(try lake.run(tables))
    #expect(try lake.run(tables).committed == [])
    #expect(try lake.plan(tables).filter(\.works) == [])
  }

  @Test("Only the rows that wait for what arrives are read again")
  func onlyWaitingRows() throws {
    try lake.land(
      "sales/a.csv", People.saleHeader + "s1,1,5.00,1\ns2,2,6.00,1\ns3,3,7.00,1\ns4,3,8.00,1\n")
    expectSuccess(try lake.run(tables))
    try lake.landPeople("b", "3,Cid,Oslo,1.00,5,put")
    try lake.land("sales/b.csv", People.saleHeader + "s5,1,5.00,1\n")
    let run = expectSuccess(try lake.run(tables))
    let counts = try #require(run[People.sales]).counts
    #expect(counts.read == 3 && counts.inserted == 3, "\(counts)")
    #expect(run[People.sales]?.reason == "silver.people changed: 2 rows judged again")
    #expect(try lake.operations(.of(People.sales)) == ["CREATE TABLE", "OVERWRITE", "MERGE"])
    try expect(People.sales, in: lake, is: "sale | id\ns1 | 1\ns3 | 3\ns4 | 3\ns5 | 1")
    try expect(.quarantine(of: People.sales), in: lake, is: "sale | _line\ns2 | 3")
  }

  @Test("An older row of a key comes back when the newer one refers to nothing any more")
  func olderComesBack() throws {
    try lake.landPeople("b", "2,Bob,Oslo,1.00,5,put")
    try lake.land("sales/a.csv", People.saleHeader + "s1,1,5.00,1\ns1,2,6.00,2\ns2,2,7.00,1\n")
    expectSuccess(try lake.run(tables))
    try expect(People.sales, in: lake, is: "sale | id\ns1 | 2\ns2 | 2")
    try lake.landPeople("c", "2,,,,7,delete")
    expectSuccess(try lake.run(tables))
    #expect(try lake.operations(.of(People.sales)) == ["CREATE TABLE", "OVERWRITE", "MERGE"])
    try expect(People.sales, in: lake, is: "sale | id\ns1 | 1")
    try expect(
      .quarantine(of: People.sales), in: lake, is: "sale | id | _line\ns1 | 2 | 3\ns2 | 2 | 4")
    try lake.landPeople("d", "2,Bob,Oslo,1.00,8,put")
    expectSuccess(try lake.run(tables))
    try expect(People.sales, in: lake, is: "sale | id\ns1 | 2\ns2 | 2")
    try expect(.quarantine(of: People.sales), in: lake, is: "sale | id | _line")
  }

  @Test("A row that was dropped comes in when what it refers to arrives")
  func dropped() throws {
    let sales = Table(
      "silver.sales", about: "One row per purchase.", columns: People.sales.columns, key: ["sale"],
      write: .upsert(newestBy: "since"),
      expect: [.references("id", in: People.people, else: .drop)], query: People.salesQuery)
    let tables = [People.feed, People.people, People.saleFeed, sales]
    try lake.land("sales/a.csv", People.saleHeader + "s1,1,5.00,1\ns1,2,6.00,2\ns2,2,7.00,1\n")
    expectSuccess(try lake.run(tables))
    try expect(sales, in: lake, is: "sale | id\ns1 | 1")
    try lake.landPeople("b", "2,Bob,Oslo,1.00,5,put")
    let run = expectSuccess(try lake.run(tables))
    try expect(sales, in: lake, is: "sale | id\ns1 | 2\ns2 | 2")
    #expect(run[sales]?.counts.read == 3)
    #expect(try lake.operations(.of(sales)) == ["CREATE TABLE", "OVERWRITE", "MERGE"])
  }

  @Test("Values that change nothing of what a table refers to make nothing be judged again")
  func otherChanges() throws {
    try lake.land("sales/a.csv", People.saleHeader + "s1,1,5.00,1\ns2,2,6.00,1\n")
    expectSuccess(try lake.run(tables))
    try lake.landPeople("b", "1,Ann,Oslo,1.00,6,put")
    let run = expectSuccess(try lake.run(tables))
    #expect(run[People.sales]?.counts.read == 0)
    try expect(People.sales, in: lake, is: "sale\ns1")
    try expect(.quarantine(of: People.sales), in: lake, is: "sale\ns2")
  }

  @Test("The share of good rows is that of the run's own rows")
  func share() throws {
    let sales = Table(
      "silver.sales", about: "One row per purchase.", columns: People.sales.columns, key: ["sale"],
      write: .upsert(newestBy: "since"),
      expect: [
        .references("id", in: People.people, else: .quarantine),
        .row("it is worth something", "amount > 0", else: .quarantine),
      ], share: ShareRule(atLeast: 0.6, ofAtLeast: 4), query: People.salesQuery)
    let tables = [People.feed, People.people, People.saleFeed, sales]
    try lake.landPeople("b", "2,Bob,Oslo,1.00,5,put")
    let good = (1...8).map { "a\($0),2,5.00,1\n" }.joined()
    try lake.land("sales/a.csv", People.saleHeader + good)
    expectSuccess(try lake.run(tables))
    try lake.landPeople("c", "2,,,,7,delete")
    try lake.land("sales/b.csv", People.saleHeader + "b1,1,0,1\nb2,1,0,1\nb3,1,2,1\nb4,1,2,1\n")
    let run = try lake.run(tables)
    guard case .share(let failure)? = run.error(sales) else {
      Issue.record("\(run.statuses)")
      return
    }
    #expect(failure.passed == 2 && failure.total == 4)
  }

  /// Purchases as one array on a single line.
  private static let onOneLine = """
    [{"sale":"s1","id":"1","amount":"5","since":"1"},{"sale":"s2","id":"2","amount":"6","since":"2"},\
    {"sale":"s3","id":"3","amount":"7","since":"3"},{"sale":"s3","id":"1","amount":"8","since":"1"}]

    """

  private func referring(_ write: Write) -> Table {
    Table(
      "silver.sales", about: "One row per purchase.", columns: People.sales.columns, key: ["sale"],
      write: write, expect: [.references("id", in: People.people, else: .quarantine)],
      share: .none, query: People.salesQuery)
  }

  @Test("Records that share a line with those judged again are left as they are")
  func oneLine() throws {
    for write in [Write.append, .upsert(newestBy: "since"), .history(changedAt: "since")] {
      let lake = try TestLake()
      let sales = referring(write)
      let tables = [People.feed, People.people, People.saleFeed, sales]
      try lake.landPeople("a", "1,Ann,Rome,1.00,5,put")
      try lake.land("sales/a.json", Self.onOneLine)
      expectSuccess(try lake.run(tables))
      try expect(sales, in: lake, is: "sale | id\ns1 | 1\ns3 | 1")
      try lake.landPeople("b", "2,Bob,Oslo,1.00,5,put")
      let run = expectSuccess(try lake.run(tables))
      try expect(sales, in: lake, is: "sale | id\ns1 | 1\ns2 | 2\ns3 | 1")
      try expect(.quarantine(of: sales), in: lake, is: "sale | id\ns3 | 3")
      #expect(run[sales]?.counts.inserted == (write == .history(changedAt: "since") ? 0 : 1))
      try lake.landPeople("c", "3,Cid,Oslo,1.00,5,put", "1,,,,9,delete")
      expectSuccess(try lake.run(tables))
      try expect(sales, in: lake, is: "sale | id\ns2 | 2\ns3 | 3")
      try expect(.quarantine(of: sales), in: lake, is: "sale | id\ns1 | 1\ns3 | 1")
      let whole = try TestLake()
      for (name, line) in [
        ("a", "1,Ann,Rome,1.00,5,put"), ("b", "2,Bob,Oslo,1.00,5,put"),
        ("c", "3,Cid,Oslo,1.00,5,put"), ("d", "1,,,,9,delete"),
      ] { try whole.landPeople(name, line) }
      try whole.land("sales/a.json", Self.onOneLine)
      expectSuccess(try whole.run(tables))
      try expectSame(lake, whole, [sales])
    }
  }

  @Test("A late record changes its own history alone, whatever shares its line")
  func historiesOnOneLine() throws {
    let sales = referring(.history(changedAt: "since"))
    let tables = [People.feed, People.people, People.saleFeed, sales]
    try lake.land(
      "sales/a.json",
      """
      [{"sale":"s1","id":"1","amount":"5","since":"1"},{"sale":"s2","id":"1","amount":"6","since":"5"}]

      """)
    try lake.land("sales/b.csv", People.saleHeader + "s2,1,9.00,2\n")
    expectSuccess(try lake.run(tables))
    try lake.land("sales/c.csv", People.saleHeader + "s1,1,7.00,3\n")
    expectSuccess(try lake.run(tables))
    try expect(
      sales, in: lake,
      is: """
        sale | amount | valid_from | valid_to
        s1   | 5.00   | 1          | 3
        s1   | 7.00   | 3          | NULL
        s2   | 9.00   | 2          | 5
        s2   | 6.00   | 5          | NULL
        """)
  }
}

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
}

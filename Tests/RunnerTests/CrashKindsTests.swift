import Lakehouse
import Podium
import Runner
import RunnerTestKit
import Testing

@Suite("A run that ended in the middle of other kinds of table")
struct CrashKindsTests {
  let lake: TestLake

  init() throws { lake = try TestLake() }

  @Test("Bronze takes the rows of each file once", arguments: [0, 1])
  func bronze(_ commits: Int64) throws {
    try lake.landPeople("a", "1,Ann,Rome,1.00,5,put")
    try lake.block(.of(People.feed), after: commits)
    #expect(try lake.run([People.feed]).error(People.feed) != nil)
    try lake.giveWay(.of(People.feed))
    expectSuccess(try lake.run([People.feed]))
    try expect(People.feed, in: lake, is: "id\n1")
    #expect(try lake.run([People.feed]).committed == [])
  }

  @Test("A file that cannot be read is recorded once, and the good ones beside it are taken once")
  func quarantinedFiles() throws {
    try lake.landPeople("a", "1,Ann,Rome,1.00,5,put")
    try lake.land("people/b.csv", People.header + "2,\"Bob,Oslo,2.00,5,put\n")
    try lake.block(.quarantinedFiles, after: 1)
    #expect(try lake.run(People.tables).error(People.feed) != nil)
    try lake.giveWay(.quarantinedFiles)
    let run = expectSuccess(try lake.run(People.tables))
    #expect(run[People.feed]?.files?.quarantined.count == 1)
    try expect(People.people, in: lake, is: "id\n1")
    try expect(.quarantinedFiles, in: lake, is: "file\npeople/b.csv")
    #expect(try lake.run(People.tables).committed == [])
  }

  @Test(
    "A table of added rows gets them once",
    arguments: [TableLocation.of(People.log), .quarantine(of: People.log)])
  func append(_ location: TableLocation) throws {
    let tables = [People.saleFeed, People.log]
    try lake.land("sales/a.csv", People.saleHeader + "s1,1,1.00,1\ns2,1,2000.00,1\n")
    try lake.run(tables)
    try lake.land("sales/b.csv", People.saleHeader + "s3,1,1.00,1\ns4,1,2000.00,1\n")
    try lake.block(location)
    #expect(try lake.run(tables).error(People.log) != nil)
    try lake.giveWay(location)
    try lake.land("sales/c.csv", People.saleHeader + "s5,1,1.00,1\ns6,1,2000.00,1\n")
    expectSuccess(try lake.run(tables))
    try expect(People.log, in: lake, is: "sale\ns1\ns3\ns5")
    try expect(.quarantine(of: People.log), in: lake, is: "sale\ns2\ns4\ns6")
    #expect(try lake.run(tables).committed == [])
  }

  @Test("A derived table follows its inputs as they are when it is finished")
  func derived() throws {
    try lake.landPeople("a", "1,Ann,Rome,1.00,5,put")
    try lake.run(People.tables)
    try lake.landPeople("b", "2,Bob,Rome,1.00,5,put")
    try lake.block(.of(People.cities))
    #expect(try lake.run(People.tables).error(People.cities) != nil)
    try lake.giveWay(.of(People.cities))
    try lake.landPeople("c", "3,Cid,Rome,1.00,5,put")
    expectSuccess(try lake.run(People.tables))
    try expect(People.cities, in: lake, is: "city | people\nRome | 3")
    #expect(try lake.run(People.tables).committed == [])
  }
}

import Lakehouse
import Podium
import Runner
import RunnerTestKit
import Testing

@Suite("A run that ended in the middle")
struct CrashTests {
  /// The commit before which a run ends.
  enum Stage: String, CaseIterable {
    case quarantine, tombstones, table

    var location: TableLocation {
      switch self {
      case .quarantine: .quarantine(of: People.people)
      case .tombstones: .tombstones(of: People.people)
      case .table: .of(People.people)
      }
    }
  }

  static let before = """
    1,Ann,Rome,1.00,5,put
    2,Bob,Oslo,2.00,5,put
    3,Cid,Bern,3.00,5,put
    4,Dan,Bern,-4.00,5,put
    5,,,,5,delete

    """
  static let change = """
    1,Ann,Wien,1.50,6,put
    2,,,,6,delete
    3,Cid,Bern,-3.00,7,put
    5,Eve,Rome,5.00,4,put
    6,Fay,Rome,6.00,6,put
    6,Fay,Rome,6.00,6,put
    7,Gus,Linz,,6,put

    """
  static let later = "2,Bob,Oslo,2.50,5,put\n8,Hal,Bonn,8.00,6,put\n9,Ida,Bonn,-9.00,6,put\n"

  private func land(_ file: String, _ lines: String, in lake: TestLake) throws {
    try lake.land("people/\(file).csv", People.header + lines)
  }

  /// A lake whose run over a change ended before the commit to the table, which is still blocked.
  private func brokenLake() throws -> TestLake {
    let lake = try TestLake()
    try land("a", CrashTests.before, in: lake)
    try lake.run(People.tables)
    try land("b", CrashTests.change, in: lake)
    try lake.block(.of(People.people))
    try lake.run(People.tables)
    return lake
  }

  @Test("The next run ends as if nothing had happened", arguments: Stage.allCases)
  func retry(_ stage: Stage) throws {
    let calm = try TestLake()
    try land("a", CrashTests.before, in: calm)
    expectSuccess(try calm.run(People.tables))
    let lake = try calm.copy()
    for lake in [calm, lake] { try land("b", CrashTests.change, in: lake) }

    try lake.block(stage.location)
    let broken = try lake.run(People.tables)
    #expect(broken.error(People.people)?.code == "storage")
    #expect(try lake.openBatch(People.people) != nil)
    try lake.giveWay(stage.location)

    let undisturbed = expectSuccess(try calm.run(People.tables))
    let retried = expectSuccess(try lake.run(People.tables))
    try expectSame(lake, calm, People.tables)
    #expect(retried[People.people]?.counts == undisturbed[People.people]?.counts)
    #expect(try lake.openBatch(People.people) == nil)
    #expect(try lake.run(People.tables).committed == [])
  }

  @Test("So it does where more files have come since", arguments: Stage.allCases)
  func retryWithMore(_ stage: Stage) throws {
    let calm = try TestLake()
    try land("a", CrashTests.before, in: calm)
    try calm.run(People.tables)
    let lake = try calm.copy()
    for lake in [calm, lake] { try land("b", CrashTests.change, in: lake) }
    try calm.run(People.tables)
    try lake.block(stage.location)
    try lake.run(People.tables)
    try lake.giveWay(stage.location)
    for lake in [calm, lake] {
      try land("c", CrashTests.later, in: lake)
      expectSuccess(try lake.run(People.tables))
    }
    try expectSame(lake, calm, People.tables)
    #expect(try lake.run(People.tables).committed == [])
  }

  @Test("So it does where the first run of all was the one", arguments: Stage.allCases, [0, 1])
  func first(_ stage: Stage, commits: Int64) throws {
    let calm = try TestLake()
    let lake = try TestLake()
    for lake in [calm, lake] { try land("a", CrashTests.before + CrashTests.change, in: lake) }
    try lake.block(stage.location, after: commits)
    #expect(try lake.run(People.tables).error(People.people) != nil)
    try lake.giveWay(stage.location)
    for lake in [calm, lake] { expectSuccess(try lake.run(People.tables)) }
    try expectSame(lake, calm, People.tables)
    #expect(try lake.run(People.tables).committed == [])
  }

  @Test("So it does where a full refresh was the one", arguments: Stage.allCases, [true, false])
  func fullRefresh(_ stage: Stage, again: Bool) throws {
    let calm = try TestLake()
    try land("a", CrashTests.before, in: calm)
    try calm.run(People.tables)
    try land("b", CrashTests.change, in: calm)
    try calm.run(People.tables)
    let lake = try calm.copy()
    try lake.block(stage.location)
    #expect(try lake.run(People.tables, fullRefresh: true).error(People.people) != nil)
    try lake.giveWay(stage.location)
    for lake in [calm, lake] { try land("c", CrashTests.later, in: lake) }
    expectSuccess(try calm.run(People.tables))
    expectSuccess(try lake.run(People.tables, fullRefresh: again))
    try expectSame(lake, calm, People.tables)
  }

  @Test("A batch that was committed but not crossed off is not done again")
  func committedBatch() throws {
    let lake = try brokenLake()
    let batch = try #require(try lake.openBatch(People.people))
    try lake.giveWay(.of(People.people))
    expectSuccess(try lake.run(People.tables))
    let calm = try lake.copy()
    try lake.restoreBatch(People.people, batch)
    #expect(try lake.run(People.tables).committed == [])
    try expectSame(lake, calm, People.tables)
  }

  @Test(
    "A batch file that cannot be read is no hindrance", arguments: ["", "{", "[]", "{\"run\":1}"])
  func brokenBatch(_ content: String) throws {
    let lake = try TestLake()
    try land("a", CrashTests.before, in: lake)
    try lake.restoreBatch(People.people, Array(content.utf8))
    expectSuccess(try lake.run(People.tables))
    try expect(People.people, in: lake, is: "id\n1\n2\n3")
  }

  @Test("A changed declaration begins anew instead of finishing what another one began")
  func changedDeclaration() throws {
    let lake = try brokenLake()
    try lake.giveWay(.of(People.people))
    let lenient = People.people([])
    let tables = [People.feed, lenient, People.cities(of: lenient)]
    expectSuccess(try lake.run(tables))
    let calm = try TestLake()
    for (file, lines) in [("a", CrashTests.before), ("b", CrashTests.change)] {
      try land(file, lines, in: calm)
    }
    expectSuccess(try calm.run(tables))
    try expectSame(lake, calm, tables)
  }

  @Test(
    "The verdicts of a retry are those of the first try, also where what is referred to changed")
  func pinnedParent() throws {
    let tables = [People.feed, People.people, People.saleFeed, People.sales]
    let lake = try TestLake()
    try land("a", "1,Ann,Rome,1.00,5,put\n", in: lake)
    try lake.land("sales/a.csv", People.saleHeader + "s1,1,1.00,1\n")
    expectSuccess(try lake.run(tables))
    try lake.land("sales/b.csv", People.saleHeader + "s2,1,1.00,1\ns3,2,1.00,1\n")
    try lake.block(.of(People.sales))
    #expect(try lake.run(tables).error(People.sales) != nil)
    try lake.giveWay(.of(People.sales))
    try land("b", "1,,,,6,delete\n2,Bob,Oslo,2.00,6,put\n", in: lake)
    expectSuccess(try lake.run(tables))
    try expect(People.sales, in: lake, is: "sale | id\ns3 | 2")
    try expect(.quarantine(of: People.sales), in: lake, is: "sale | id\ns1 | 1\ns2 | 1")
  }
}

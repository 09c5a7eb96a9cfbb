import Basics
import Engines
import Lakehouse
import Podium
import RunnerTestKit
import Storage
import Testing

@testable import Runner

@Suite("Parts of the landing zone")
struct SubsetTests {
  private static let members = Table(
    "bronze.members", about: "One row per member.", landing: "members",
    columns: [
      .string("member_id", "The member."), .string("device_id", "The tracker."),
      .string("location_id", "The club."),
    ])
  private static let visits = Table(
    "bronze.visits", about: "One row per visit.", landing: "visits",
    columns: [
      .string("visit_id", "The visit."), .string("user_id", "The member; empty for guests."),
      .string("location_id", "The club."), .string("class_type", "Kind of class."),
    ])
  private static let beats = Table(
    "bronze.beats", about: "One row per reading.", landing: "beats",
    columns: [.string("tracker", "The tracker."), .string("bpm", "Beats a minute.")])
  private static let classes = Table(
    "bronze.classes", about: "One row per class.", landing: "classes",
    columns: [.string("class_id", "The class.")])
  /// In an order in which the table that others are told by comes last.
  private static let tables = [beats, classes, visits, members]
  private static let tenth = Subset.Sample(
    share: 0.1, by: ["member_id", "user_id"],
    links: [.init(TableName("bronze.members"), "device_id", called: "tracker")])

  private let lake: TestLake
  private var environment: Lake { lake.lake.within(LakeEnvironment("part")) }

  init() throws { lake = try TestLake() }

  private func runner(_ lake: Lake) throws -> Runner {
    Runner(lake: lake, graph: try Graph(Self.tables), engine: TestLake.engine)
  }

  @discardableResult
  private func run(_ subset: Subset?, in lake: Lake? = nil) throws -> RunReport {
    var request = RunRequest(jobs: 2, asOf: CivilDate(year: 2023, month: 2, day: 1))
    request.subset = subset
    return expectSuccess(try runner(lake ?? environment).run(request))
  }

  private func ask(_ sql: String, in lake: Lake? = nil) throws -> [[String]] {
    let session = try TestLake.engine.session()
    try Catalog(lake: lake ?? environment, tables: Self.tables).defineViews(for: sql, in: session)
    return try session.connection.query(sql).rows().map { row in
      row.map { value in value.string ?? value.int.map { "\($0)" } ?? "NULL" }
    }
  }

  /// The one number that a query gives.
  private func number(_ sql: String) throws -> Int64 {
    let session = try TestLake.engine.session()
    try Catalog(lake: environment, tables: Self.tables).defineViews(for: sql, in: session)
    return try session.count(sql)
  }

  /// Members of three clubs, who take three kinds of classes, and beats of their trackers.
  private func land(_ members: Int) throws {
    let ids = 0..<members
    try lake.land(
      "members/2023-01-01.csv",
      "member_id,device_id,location_id\n"
        + ids.map { "M\($0),D\($0),L\($0 % 3)\n" }.joined())
    try lake.land(
      "visits/2023-01-02.csv",
      "visit_id,user_id,location_id,class_type\n"
        + ids.flatMap { id in
          (0..<3).map {
            "V\(id)-\($0),M\(id),L\(id % 3),\(["spin", "yoga", "HIIT"][($0 + id) % 3])\n"
          }
        }.joined() + (0..<1000).map { "G\($0),,L0,yoga\n" }.joined())
    try lake.land(
      "beats/20230103.csv", "tracker,bpm\n" + ids.map { "D\($0),70\nD\($0),80\n" }.joined())
    try lake.land("classes/a.csv", "class_id\nC1\nC2\n")
  }

  @Test("A sample has the same members in all tables, and each club and kind of class in its share")
  func sample() throws {
    try land(3000)
    try run(nil, in: lake.lake)
    let report = try run(Subset(sample: Self.tenth))
    for outcome in report.tables {
      #expect(outcome.counts.read == outcome.counts.accounted, "\(outcome.table)")
    }
    let members = try ask("SELECT count(*) FROM bronze.members")
    let count = try number("SELECT count(*) FROM bronze.members")
    #expect((250...350).contains(count))
    // Three visits and two readings each; the guests' visits are told by their own ids.
    #expect(
      try ask(
        """
        SELECT count(*), count(DISTINCT user_id) FROM bronze.visits
        WHERE user_id IN (SELECT member_id FROM bronze.members)
        """) == [["\(3 * count)", "\(count)"]])
    #expect(try ask("SELECT count(DISTINCT user_id) FROM bronze.visits") == members)
    #expect(
      try ask(
        """
        SELECT count(*) FROM bronze.beats
        WHERE tracker IN (SELECT device_id FROM bronze.members)
        """) == [["\(2 * count)"]])
    #expect(try ask("SELECT count(*) FROM bronze.beats") == [["\(2 * count)"]])
    #expect(try ask("SELECT count(*) FROM bronze.classes") == [["2"]])
    let guests = try number(
      "SELECT count(*) FROM bronze.visits WHERE nullif(user_id, '') IS NULL")
    #expect((70...130).contains(guests))
    let shares = try Self.tenth.shares(
      of: ["location_id", "class_type"], in: environment, Self.tables, TestLake.engine)
    #expect(shares.count == 9)
    for share in shares where share.table == Self.visits.name {
      // Three points of a hundred, and three standard deviations where that is less.
      #expect(abs(share.share - 0.1) <= 0.03, "\(share)")
      #expect(share.isWithin, "\(share)")
    }
    #expect(try ask("SELECT count(*) FROM bronze.members", in: lake.lake) == [["3000"]])
  }

  @Test("Later files of an environment are sampled as the first were, without being asked for")
  func later() throws {
    try land(200)
    try run(Subset(sample: Self.tenth))
    let first = try ask("SELECT member_id FROM bronze.members ORDER BY 1")
    try lake.land(
      "members/2023-02-01.csv",
      "member_id,device_id,location_id\n" + (0..<200).map { "M\($0),D\($0),L1\n" }.joined())
    try run(nil)
    #expect(
      try ask(
        "SELECT member_id FROM bronze.members WHERE location_id = 'L1' AND _file LIKE '%02-01%' ORDER BY 1"
      )
        == first)
    let other = Subset(sample: Subset.Sample(share: 0.2, by: ["member_id"]))
    #expect(throws: SubsetError.other(environment: "part")) { try run(other) }
  }

  @Test("Files of other days wait, and come with a run that takes them")
  func days() throws {
    try land(10)
    let subset = Subset(
      from: CivilDate(year: 2023, month: 1, day: 2), to: CivilDate(year: 2023, month: 1, day: 3))
    let report = try run(subset, in: lake.lake)
    #expect(report[Self.members]?.files?.heldBack == 1)
    #expect(report[Self.visits]?.files?.taken == 1)
    #expect(report[Self.beats]?.files?.taken == 1)
    #expect(try run(nil, in: lake.lake)[Self.members]?.files?.taken == 1)
  }

  @Test(
    "The day of a file is that of its name, of its folders, or of its writing",
    arguments: [
      ("members/2023-01-31.csv", "2023-01-31"), ("members/export_20230131T0100.csv", "2023-01-31"),
      ("members/2023/01/31/part-0.csv", "2023-01-31"), ("members/2023_01_31.csv.gz", "2023-01-31"),
      ("2022-05-05/a-2023-01-31.csv", "2023-01-31"), ("members/202301311.csv", "1970-01-01"),
      ("members/2023-13-01.csv", "1970-01-01"), ("members/2023-02-30.csv", "1970-01-01"),
      ("members/a.csv", "1970-01-01"), ("members/12023-01-31.csv", "1970-01-01"),
    ])
  func day(path: String, expected: String) {
    let file = LandingFile(path: path, size: 1, modified: Timestamp(microseconds: 5))
    #expect(Subset.day(of: file).description == expected)
  }

  @Test("A table that is told by another one takes no file before that is there")
  func linked() throws {
    try land(100)
    var request = RunRequest(
      selectors: [Selector("bronze.beats")], asOf: CivilDate(year: 2023, month: 2, day: 1))
    request.subset = Subset(sample: Self.tenth)
    let part = LakeEnvironment("part", own: ["bronze/beats", "quarantine/files"])
    let first = try runner(lake.lake.within(part)).run(request)
    #expect(
      first.error(Self.beats)?.description.contains("told by bronze.members") == true)
    try run(nil)
    #expect(
      try number("SELECT count(*) FROM bronze.beats")
        == 2 * number("SELECT count(*) FROM bronze.members"))
  }

  @Test("What cannot be sampled is refused before a file is read")
  func refused() throws {
    try land(10)
    #expect(throws: SubsetError.production) {
      try run(Subset(sample: Self.tenth), in: lake.lake)
    }
    let wrong = Subset(sample: Subset.Sample(share: 0.1, by: ["memberid"]))
    let error = #expect(throws: SubsetError.self) { try run(wrong) }
    #expect(error?.description.contains("Did you mean 'member_id'?") == true)
    try run(nil)
    #expect(throws: SubsetError.self) { try run(Subset(sample: Self.tenth)) }
  }
}

import Basics
import DeltaLake
import Engines
import LakeCare
import Lakehouse
import Podium
import Runner
import RunnerTestKit
import TestFiles
import TestKit
import Testing

@Suite("Forgetting a person")
struct ForgetTests {
  private static let tables = [
    Club.feed, Club.bookingFeed, Club.members, Club.bookings, Club.spending,
  ]
  private static let header = "id,name,email,phone,city,since,device,op\n"
  private static let bookingHeader = "booking,id,class,moment,price\n"

  /// A lake with two members and a booking each, of two runs.
  private func lake() throws -> TestLake {
    let lake = try TestLake()
    try lake.land(
      "members/m1.csv",
      ForgetTests.header + "MEM-1111,Ann Lee,ann@x.example,555-000-1111,Rome,1,DEV-1111,put\n"
        + "MEM-2222,Bea Moe,bea@x.example,555-000-2222,Oslo,1,DEV-2222,put\n")
    try lake.land(
      "bookings/b1.csv",
      ForgetTests.bookingHeader + "B-1,MEM-1111,spin,1,1.00\nB-2,MEM-2222,spin,1,2.00\n")
    expectSuccess(try lake.run(ForgetTests.tables))
    try lake.land(
      "members/m2.csv",
      ForgetTests.header + "MEM-2222,Bea Moe,bea@x.example,555-000-2222,Rome,2,DEV-2222,put\n")
    try lake.land("bookings/b2.csv", ForgetTests.bookingHeader + "B-1,MEM-2222,spin,2,4.00\n")
    expectSuccess(try lake.run(ForgetTests.tables))
    return lake
  }

  @Test("What was a person's and somebody else's later goes back to the one who stays")
  func olderRows() throws {
    let lake = try lake()
    // The newest state of booking B-1 is the other member's.
    #expect(
      try lake.ask("SELECT id, bookings, money FROM gold.spending ORDER BY ALL", ForgetTests.tables)
        == [["MEM-2222", "2", "6.00"]])
    try lake.forget("MEM-2222", from: ForgetTests.tables)
    #expect(
      try lake.ask("SELECT booking, id FROM silver.bookings ORDER BY ALL", ForgetTests.tables) == [
        ["B-1", "MEM-1111"]
      ])
    #expect(
      try lake.ask("SELECT id, bookings, money FROM gold.spending ORDER BY ALL", ForgetTests.tables)
        == [["MEM-1111", "1", "1.00"]])
    #expect(try lake.run(ForgetTests.tables).committed == [])
  }

  @Test("Whatever step it ends at, the next command ends it the same")
  func crashes() throws {
    let before = try lake()
    let done = try before.copy()
    try done.forget("MEM-2222", from: ForgetTests.tables)
    let steps = Steps()
    let counted = try before.copy()
    try counted.care(ForgetTests.tables, steps.limit(.max)).forget("MEM-2222")
    #expect(steps.count > 20)
    for step in stride(from: 1, through: steps.count, by: Nightly.count(7, atNight: 1)) {
      let lake = try before.copy()
      let probe = Steps()
      #expect(throws: HalfDone.self) {
        try lake.care(ForgetTests.tables, probe.limit(step)).forget("MEM-2222")
      }
      let work = try lake.care(ForgetTests.tables).finishInterrupted()
      #expect(work?.description == "forget", "step \(step)")
      #expect(
        try lake.files(holding: ["MEM-2222", "Bea Moe", "bea@x", "555-000-2222", "DEV-2222"]) == [],
        "step \(step)"
      )
      try expectSame(lake, done, ForgetTests.tables, "step \(step)")
      #expect(try lake.run(ForgetTests.tables).committed == [], "step \(step)")
    }
  }

  @Test(
    "A table that had failed before is computed anew, though the versions it had begun on are gone")
  func unfinished() throws {
    let lake = try lake()
    try lake.land("bookings/b3.csv", ForgetTests.bookingHeader + "B-3,MEM-1111,spin,3,8.00\n")
    try lake.block(.of(Club.spending))
    #expect(try !lake.run(ForgetTests.tables).succeeded)
    try lake.giveWay(.of(Club.spending))
    #expect(try lake.openBatch(Club.spending) != nil)
    let report = try lake.forget("MEM-2222", from: ForgetTests.tables)
    #expect(report.later.map(\.name) == ["gold.spending"])
    #expect(try lake.files(holding: ["MEM-2222", "Bea Moe"]) == [])
    let next = expectSuccess(try lake.run(ForgetTests.tables))
    #expect(next.committed == ["gold.spending"])
    #expect(
      try lake.ask("SELECT id, bookings, money FROM gold.spending ORDER BY ALL", ForgetTests.tables)
        == [["MEM-1111", "2", "9.00"]])
    #expect(try lake.openBatch(Club.spending) == nil)
  }

  @Test(
    "A table that had begun on a version that goes, without a row of the person, is computed anew")
  func pinned() throws {
    let tables = [
      Club.feed, Club.bookingFeed, Club.classFeed, Club.members, Club.bookings, Club.classes,
      Club.rooms,
    ]
    let lake = try TestLake()
    try lake.land(
      "members/m1.csv",
      ForgetTests.header + "MEM-1111,Ann Lee,ann@x.example,555-000-1111,Rome,1,,put\n"
        + "MEM-2222,Bea Moe,bea@x.example,555-000-2222,Oslo,1,,put\n")
    try lake.land("bookings/b1.csv", ForgetTests.bookingHeader + "B-1,MEM-2222,spin,1,1.00\n")
    try lake.land("classes/c1.csv", "class,room\nspin,A\n")
    expectSuccess(try lake.run(tables))
    try lake.land("bookings/b2.csv", ForgetTests.bookingHeader + "B-1,MEM-1111,spin,2,1.00\n")
    expectSuccess(try lake.run(tables))
    try lake.land("classes/c2.csv", "class,room\nspin,B\n")
    try lake.block(.of(Club.rooms))
    #expect(try !lake.run(tables).succeeded)
    try lake.giveWay(.of(Club.rooms))
    try lake.forget("MEM-2222", from: tables)
    #expect(try lake.openBatch(Club.rooms) != nil)
    expectSuccess(try lake.run(tables))
    #expect(
      try lake.ask("SELECT class, room, bookings FROM gold.rooms", tables) == [["spin", "B", "1"]])
    #expect(try lake.openBatch(Club.rooms) == nil)
  }

  @Test("Nobody is forgotten whom no record names, and another spelling is told")
  func unknown() throws {
    let lake = try lake()
    let before = try lake.files(holding: ["MEM-2222"])
    #expect(throws: ForgetError.unknown("MEM-3333", near: nil)) {
      try lake.forget("MEM-3333", from: ForgetTests.tables)
    }
    #expect(throws: ForgetError.unknown("mem-2222", near: "MEM-2222")) {
      try lake.forget("mem-2222", from: ForgetTests.tables)
    }
    // A further id with a slip of the pen changes nothing either.
    #expect(throws: ForgetError.unknown("mem-1111", near: "MEM-1111")) {
      try lake.forget("MEM-2222", "mem-1111", from: ForgetTests.tables)
    }
    #expect(try lake.files(holding: ["MEM-2222"]) == before)
    #expect(throws: ForgetError.nothingIdentified) {
      try lake.forget("MEM-2222", from: [People.feed])
    }
  }

  @Test("A file that cannot be read is named, and removed where that is asked for")
  func unreadable() throws {
    let lake = try lake()
    try lake.land("members/torn.csv", ForgetTests.header + "MEM-2222,\"Bea")
    try lake.land("members/other.csv", ForgetTests.header + "MEM-22222,\"Cid")
    try lake.land("notes.txt", "call BEA@x.example")
    try lake.run(ForgetTests.tables)
    let report = try lake.forget("MEM-2222", from: ForgetTests.tables)
    #expect(report.left == ["landing/members/torn.csv", "landing/notes.txt"])
    try lake.land(
      "members/m3.csv", ForgetTests.header + "MEM-2222,Bea Moe,bea@x.example,,Rome,3,,put\n")
    let again = try lake.forget("MEM-2222", from: ForgetTests.tables, removesUnreadable: true)
    #expect(again.left == [])
    #expect(try lake.files(holding: ["MEM-2222,", "bea@x"]) == [])
    #expect(try lake.lake.landing.info("members/other.csv") != nil)
  }

  @Test("Exports and other files beside the tables are named as long as they hold the person")
  func copies() throws {
    let lake = try lake()
    let held = "\(lake.path)/published/visits.parquet"
    try lake.write("id,city\nMEM-2222,Oslo\n", to: "published/members.csv")
    try lake.write("id,city\nMEM-1111,Rome\n", to: "others.csv")
    try lake.write("SQLite format 3\u{0}xMEM-2222spin", to: "mine.sqlite")
    let session = try TestLake.engine.session()
    try session.connection.execute(
      "COPY (SELECT 'MEM-2222' AS id, 'spin' AS class) TO '\(held)' (FORMAT parquet)")
    let report = try lake.forget("MEM-2222", from: ForgetTests.tables)
    #expect(
      report.left == ["mine.sqlite", "published/members.csv", "published/visits.parquet"])
    for path in report.left { lake.remove(path) }
    #expect(try lake.files(holding: ["MEM-2222"]) == [])
  }

  @Test("Files with other headers are read by their mapping")
  func mapped() throws {
    let lake = try TestLake()
    let header = "Member No,Full Name,Mail,phone,city,since,device,op\n"
    let mapping = #"{"Member No": "id", "Full Name": "name", "Mail": "email"}"#
    try lake.land(
      "members/_mapping.json", #"{"table": "bronze.members", "columns": \#(mapping)}"#)
    let other = "MEM-1111,Ann Lee,ann@x.example,555-000-1111,Rome,1,DEV-1111,put\n"
    let own = "MEM-2222,Bea Moe,bea@x.example,555-000-2222,Oslo,1,DEV-2222,put\n"
    try lake.land("members/m1.csv", header + other + own)
    expectSuccess(try lake.run(ForgetTests.tables))
    try lake.land("members/m2.csv", header + own)
    let report = try lake.forget("MEM-2222", from: ForgetTests.tables)
    #expect(report.left == [])
    #expect(report.plan.files.map(\.path) == ["members/m1.csv", "members/m2.csv"])
    #expect(try lake.files(holding: ["MEM-2222", "bea@x", "555-000-2222"]) == [])
    #expect(
      String(decoding: try lake.lake.landing.read("members/m1.csv"), as: UTF8.self)
        == header + other + "\n")
  }

  @Test("A file whose headers the folder no longer knows is named, and removed where asked for")
  func remapped() throws {
    let lake = try lake()
    try lake.land(
      "members/_mapping.json",
      #"{"table": "bronze.members", "columns": {"Member No": "id", "Mail": "email"}}"#)
    try lake.land(
      "members/m3.csv",
      "Member No,name,Mail,phone,city,since,device,op\nMEM-2222,B Moe,bea@x.example,,Rome,3,,put\n")
    expectSuccess(try lake.run(ForgetTests.tables))
    // By the mapping the declared headers count too, so that all files can be read.
    let all = try lake.copy()
    #expect(try all.forget("MEM-2222", from: ForgetTests.tables).left == [])
    #expect(try all.files(holding: ["MEM-2222", "bea@x"]) == [])
    try lake.lake.landing.delete("members/_mapping.json")
    let report = try lake.copy().forget("MEM-2222", from: ForgetTests.tables)
    #expect(report.left == ["landing/members/m3.csv"])
    #expect(
      try lake.forget("MEM-2222", from: ForgetTests.tables, removesUnreadable: true).left == [])
    #expect(try lake.files(holding: ["MEM-2222", "bea@x"]) == [])
    #expect(try lake.run(ForgetTests.tables).committed == [])
  }

  @Test("A tracker that somebody else wears too decides nothing")
  func shared() throws {
    let lake = try lake()
    let tables = ForgetTests.tables + [Club.pulseFeed, Club.pulses]
    try lake.land("pulses/p.csv", "device,moment,bpm\nDEV-2222,1,60\nDEV-1111,1,61\n")
    try lake.land("members/m4.csv", ForgetTests.header + "MEM-1111,Ann Lee,,,Rome,9,DEV-2222,put\n")
    expectSuccess(try lake.run(tables))
    let report = try lake.forget("MEM-2222", from: tables)
    // The tracker, and a booking that became another member's.
    #expect(report.plan.shared == 2)
    let devices = try lake.ask("SELECT device FROM silver.pulses ORDER BY ALL", tables)
    #expect(devices == [["DEV-1111"], ["DEV-2222"]])
  }

  @Test("Tables that never held the person keep their past, others have none")
  func past() throws {
    let lake = try lake()
    let tables = ForgetTests.tables + [Club.classFeed, Club.classes]
    for room in 1...3 {
      try lake.land("classes/c\(room).csv", "class,room\nspin,room \(room)\n")
      expectSuccess(try lake.run(tables))
    }
    try lake.forget("MEM-2222", from: tables)
    #expect(throws: Never.self) { _ = try lake.care(tables).version(1, of: Club.classes) }
    #expect(throws: DeltaError.self) { _ = try lake.care(tables).version(1, of: Club.members) }
    #expect(throws: RollbackError.self) {
      let run = try #require(try Ledger.reading(lake.lake)?.runs(limit: 9).last?.run)
      _ = try lake.care(tables).planRollback(RollbackRequest(run: run, withLater: true))
    }
  }

  @Test("An environment forgets too, and the record of runs names nobody")
  func environments() throws {
    let lake = try lake()
    expectSuccess(try lake.run(ForgetTests.tables, "silver", in: "dev"))
    try lake.forget("MEM-2222", from: ForgetTests.tables)
    #expect(try lake.files(holding: ["MEM-2222", "Bea Moe"]) == [])
    let record = try #require(try Ledger.reading(lake.lake)?.runs(limit: 1).first)
    #expect(record.kind == .forget)
    #expect(record.selectors == "forget")
    let next = try lake.run(ForgetTests.tables, "silver", in: "dev")
    #expect(next.committed == [])
  }
}

/// Ends work at a step.
private final class Steps: Sendable {
  private let taken = Monitor(0)
  var count: Int { taken.withLock { $0 } }

  struct Ended: Error {}

  func limit(_ limit: Int) -> @Sendable (String) throws -> Void {
    { [taken] _ in
      let now = taken.withLock { count in
        count += 1
        return count
      }
      if now == limit { throw Ended() }
    }
  }
}

extension TestLake {
  fileprivate func care(
    _ tables: [Table], _ probe: @escaping @Sendable (String) throws -> Void
  ) throws -> LakeCare {
    var care = try care(tables)
    care.probe = probe
    return care
  }
}

extension LakeCare {
  fileprivate func forget(_ id: String) throws {
    try carryOut(
      planForgetting(ForgetRequest(ids: [id], asOf: CivilDate(year: 2025, month: 3, day: 1))))
  }

  fileprivate func version(_ version: Int64, of table: Table) throws -> Snapshot {
    try lake.table(.of(table)) { DuckDBParquet(try engine.session()) }.snapshot(version: version)
  }
}

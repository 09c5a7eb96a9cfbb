import Basics
import DeltaLake
import LakeCare
import Lakehouse
import Podium
import Runner
import RunnerTestKit
import Storage
import TestKit
import Testing

@Suite("Maintenance")
struct MaintainTests {
  let time = MovingClock()
  let lake: TestLake

  init() throws { lake = try TestLake(clock: time.clock) }

  /// Takes in files one by one, so that tables have many small files.
  private func runs(_ count: Int, _ selectors: String = "", from first: Int = 1) throws {
    for number in first..<(first + count) {
      try lake.landPeople(
        "f\(number)", "\(number),Ann,Rome,1.00,5,put", "x,Bob,Oslo,2,\(number),put")
      expectSuccess(try lake.run(People.tables, selectors))
    }
  }

  /// Expects that the lake has the rows of one run over all that landed.
  private func expectWhole(_ tables: [Table] = People.tables) throws {
    let whole = try TestLake()
    try whole.copy("landing", from: lake)
    expectSuccess(try whole.run(tables))
    try expectSame(lake, whole, tables)
  }

  @Test("Small files become one, and no table that reads them has anything to do")
  func compaction() throws {
    try runs(4)
    let before = try #require(try lake.snapshot(.of(People.feed)))
    #expect(before.files.count == 4)
    let report = try lake.maintain(People.tables)
    #expect(report.succeeded)
    #expect(report["bronze.people"]?.compacted.files == 4)
    #expect(try lake.snapshot(.of(People.feed))?.files.count == 1)
    #expect(try lake.plan(People.tables).filter(\.works) == [])
    #expect(try lake.run(People.tables).committed == [])
    try runs(1, from: 9)
    try expectWhole()
    #expect(try lake.run(People.tables).committed == [])
  }

  @Test("Files of old versions go after a week, and a dry run says the same and changes nothing")
  func dead() throws {
    try runs(3)
    #expect(try lake.maintain(People.tables)["gold.cities"]?.dead.files == 0)
    time.pass(days: 8)
    let files = try lake.dataFiles(People.feed)
    let foretold = try lake.maintain(People.tables, dryRun: true)
    #expect(try lake.dataFiles(People.feed) == files)
    let done = try lake.maintain(People.tables)
    #expect(try lake.dataFiles(People.feed).count == 1)
    #expect(done["bronze.people"]?.dead.files == 3)
    #expect(done.freed > 0)
    #expect(done.freed == foretold.freed)
    #expect(try lake.maintain(People.tables).freed == 0)
    try expectWhole()
  }

  @Test("What a table has not read of its input stays until it has, and then goes")
  func unread() throws {
    try runs(2)
    try runs(2, "bronze silver", from: 3)
    try lake.maintain(People.tables)
    time.pass(days: 8)
    let people = lake.lake.table(.of(People.people)) {
      DuckDBParquet(try TestLake.engine.session())
    }
    let old = try people.vacuum(people.snapshot(), dryRun: true).files
    #expect(!old.isEmpty)
    let report = try lake.maintain(People.tables)
    #expect(report["silver.people"]?.dead.files == 0)
    #expect(report.unread.map(\.reader) == ["gold.cities"])
    #expect(report.unread.map(\.isKept) == [true])
    let run = expectSuccess(try lake.run(People.tables))
    #expect(run[People.cities]?.reason.contains("values of city") == true)
    try expectWhole()
    let after = try lake.maintain(People.tables)
    #expect(after.unread == [])
    #expect(after["silver.people"]?.dead.files == old.count)
  }

  @Test("Nobody is waited for longer than the log lasts; then the table is computed whole")
  func unreadForLong() throws {
    try runs(2)
    try runs(2, "bronze silver", from: 3)
    time.pass(days: 31)
    let report = try lake.maintain(People.tables, keepLanding: true)
    #expect(report.unread.map(\.isKept) == [false])
    expectSuccess(try lake.run(People.tables))
    try expectWhole()
  }

  @Test("What a run began with stays for the one that finishes it")
  func openBatch() throws {
    try runs(2)
    try lake.landPeople("g", "7,Gus,Linz,1,6,put", "8,Hal,Bonn,-1,6,put")
    try lake.block(.of(People.people))
    #expect(try lake.run(People.tables).error(People.people) != nil)
    try lake.giveWay(.of(People.people))
    time.pass(days: 8)
    #expect(try lake.maintain(People.tables).succeeded)
    let run = expectSuccess(try lake.run(People.tables))
    #expect(run[People.people]?.reason.contains("did not finish") == true)
    try expectWhole()
  }

  @Test("Files that no commit names go once no writer can be about to name them")
  func orphans() throws {
    try runs(1)
    let path = "silver/people/part-0000-dead.parquet"
    try lake.write([UInt8](repeating: 7, count: 1234), to: path)
    #expect(try lake.maintain(People.tables).freed == 0)
    time.pass(hours: 2)
    let report = try lake.maintain(People.tables)
    #expect(report["silver.people"]?.dead.files == 1)
    #expect(report["silver.people"]?.dead.bytes == 1234)
    #expect(try lake.lake.files.info(path) == nil)
    try expectWhole()
  }

  @Test("Old parts of the log go behind a checkpoint, and the rest is read as before")
  func log() throws {
    try runs(8)
    #expect(try lake.maintain(People.tables)["silver.people"]?.checkpointed == true)
    time.pass(days: 31)
    let report = try lake.maintain(People.tables, keepLanding: true)
    #expect(report["silver.people"]?.log.files ?? 0 > 5)
    #expect(try lake.run(People.tables).committed == [])
    try expectWhole()
    try runs(1, from: 20)
    try expectWhole()
  }

  @Test("A damaged table is told, and the others are maintained")
  func damage() throws {
    try runs(3)
    let version = try #require(try lake.version(People.people))
    let commit = DeltaTable.commitPath(version + 1)
    try lake.write("{", to: "silver/people/\(commit)")
    let report = try lake.maintain(People.tables)
    #expect(!report.succeeded)
    #expect(report["silver.people"]?.failure != nil)
    #expect(report["bronze.people"]?.compacted.files == 3)
  }

  @Test("Maintenance, runs and readers side by side do not disturb each other")
  func sideBySide() async throws {
    try runs(2)
    let lake = lake
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask {
        for number in 100..<110 {
          try lake.landPeople("f\(number)", "\(number),Ann,Rome,1.00,5,put")
          let lock = try LakeLock(lake.lake, command: "run", patience: 60)
          expectSuccess(try lake.run(People.tables))
          withExtendedLifetime(lock) {}
        }
      }
      group.addTask {
        for _ in 0..<10 {
          let report = try lake.maintain(People.tables)
          #expect(report.succeeded)
        }
      }
      group.addTask {
        var last = 0
        for _ in 0..<30 {
          let rows = try lake.rows(.of(People.people), ["id"]).rows.count
          #expect(rows >= last)
          last = rows
        }
      }
      try await group.waitForAll()
    }
    expectSuccess(try lake.run(People.tables))
    try expectWhole()
  }
}

import Basics
import Glibc
import LakeCare
import Lakehouse
import Podium
import Runner
import RunnerTestKit
import Storage
import TestKit
import Testing

@Suite("Backups")
struct BackupTests {
  static let tables = People.tables + [People.saleFeed, People.sales]
  let lake: TestLake
  let place: String
  private let folder: TemporaryFolder

  init() throws {
    lake = try TestLake()
    folder = try TemporaryFolder()
    place = "\(folder.path)/safe"
    try run(0)
    try run(1)
  }

  /// Takes in a file of people and one of purchases.
  private func run(_ number: Int) throws {
    try lake.landPeople(
      "p\(number)", "\(number),Ann,Rome,1.00,5,put", "x,Bob,Oslo,2,\(number),put",
      "y,Cid,Oslo,-2,\(number),put")
    try lake.land("sales/s\(number).csv", People.saleHeader + "s\(number),x,1.00,\(number)\n")
    expectSuccess(try lake.run(BackupTests.tables))
  }

  @discardableResult
  private func backUp(history: Bool = true, dryRun: Bool = false) throws -> BackupReport {
    try lake.care(BackupTests.tables).backUp(to: place, history: history, dryRun: dryRun) {
      try LakeLock(lake.lake, command: "backup", patience: 60)
    }
  }

  private func restored(_ point: String? = nil) throws -> TestLake {
    let path = TestLake.isLocal ? "\(try Files.makeTemporaryFolder())/lake" : nil
    let restored = try path.map { try TestLake(owning: $0) } ?? TestLake()
    try LakeRestore(from: place, point: point).restore(to: restored.lake)
    return restored
  }

  @Test("A lake that is brought back is the one of that moment, and its next run is incremental")
  func roundTrip() throws {
    let point = try backUp().point
    let then = try lake.copy()
    try run(2)
    try run(3)
    let back = try restored(point)
    try expectSame(back, then, BackupTests.tables)
    #expect(try back.run(BackupTests.tables).committed == [])
    #expect(try back.version(People.people) == then.version(People.people))
    for number in [2, 3] {
      for file in ["people/p\(number).csv", "sales/s\(number).csv"] {
        try back.land(file, bytes: try lake.read("landing/\(file)"))
      }
    }
    let run = expectSuccess(try back.run(BackupTests.tables))
    #expect(run[People.feed]?.counts.inserted == 6)
    #expect(run[People.people]?.reason == "new rows")
    try expectSame(back, lake, BackupTests.tables)
  }

  @Test("Old versions, the record of runs, rights and times come back too")
  func everything() throws {
    try backUp()
    let back = try restored()
    #expect(
      try back.operations(.of(People.people)) == lake.operations(.of(People.people)))
    let runs = try #require(try Ledger.reading(back.lake)).runs(limit: 9)
    #expect(runs == (try Ledger.reading(lake.lake)?.runs(limit: 9)))
    for path in try lake.files() {
      if path.hasPrefix(".podium/ledger") || path.hasPrefix(".podium/lock") { continue }
      #expect(try back.read(path) == lake.read(path), "\(path)")
      guard TestLake.isLocal else { continue }
      let (store, own) = (back.lake.files, lake.lake.files)
      #expect(try store.info(path)?.modified == own.info(path)?.modified, "\(path)")
    }
  }

  @Test("A second backup copies what is new, and the first point stays")
  func incremental() throws {
    let first = try backUp()
    let then = try lake.copy()
    #expect(first.copiedFiles > 20)
    #expect(try backUp().copiedFiles == 0)
    try run(2)
    let foretold = try backUp(dryRun: true)
    #expect(foretold.point == nil)
    let third = try backUp()
    #expect(third.copiedFiles == foretold.copiedFiles)
    #expect(third.copiedFiles > 0 && third.copiedFiles < first.copiedFiles)
    #expect(try LakeRestore.points(of: place).points.count == 3)
    try expectSame(try restored(first.point), then, BackupTests.tables)
    try expectSame(try restored(), lake, BackupTests.tables)
  }

  @Test("The newest versions alone are enough for the next run to go on from")
  func newestOnly() throws {
    for number in 2..<5 { try run(number) }
    try run(5)
    try lake.landPeople("p6", "6,Gus,Linz,1.00,5,put")
    expectSuccess(try lake.run(BackupTests.tables, "bronze silver"))
    try lake.maintain(BackupTests.tables)
    let whole = try backUp(dryRun: true)
    let newest = try backUp(history: false)
    #expect(newest.files < whole.files)
    let back = try restored()
    try expectSame(back, lake, BackupTests.tables)
    let run = expectSuccess(try back.run(BackupTests.tables))
    #expect(run.committed == ["gold.cities"])
    #expect(run[People.cities]?.reason.contains("of city") == true)
    expectSuccess(try lake.run(BackupTests.tables))
    try expectSame(back, lake, BackupTests.tables)
  }

  @Test("Each damage is found before a lake is there")
  func damage() throws {
    let first = try backUp()
    try LakeRestore(from: place).verify()
    var copied = 0
    for object in Files.all(below: "\(place)/objects") {
      let bytes = try Files.read(object)
      var wrong = bytes
      wrong[wrong.count / 2] ^= 1
      try Files.write(wrong, to: object)
      #expect(throws: BackupError.self) { try LakeRestore(from: place).verify() }
      #expect(throws: BackupError.self) { try restored() }
      Files.remove(object)
      #expect(throws: BackupError.self) { try restored() }
      // The next backup copies it anew.
      copied += try backUp().copiedFiles
      #expect(try Files.read(object) == bytes)
      try LakeRestore(from: place).verify()
    }
    #expect(copied == first.copiedFiles)
  }

  @Test(
    "A point that is damaged is named, and keeps no other one from being listed or brought back")
  func damagedPoint() throws {
    let first = try #require(try backUp().point)
    let then = try lake.copy()
    try run(2)
    let second = try #require(try backUp().point)
    let list = "\(place)/points/\(second).json"
    try Files.write(Array(try Files.read(list).dropLast(100)), to: list)
    let error = BackupError.damagedPoint(second, path: list, other: first)
    let (points, damaged) = try LakeRestore.points(of: place)
    #expect(points.map(\.id) == [first])
    #expect(damaged.map(\.id) == [second] && damaged.map(\.error) == [error])
    // The newest is not silently another one than it was.
    #expect(throws: error) { try restored() }
    #expect(throws: error) { try restored(second) }
    #expect(error.description.contains("name one with --point, such as \(first)"))
    try expectSame(try restored(first), then, BackupTests.tables)
    let third = try backUp()
    #expect(third.warnings == [error.description])
    #expect(third.copiedFiles > 0)
    try expectSame(try restored(), lake, BackupTests.tables)
    #expect(try backUp().warnings == [])
    Files.remove(list)
    #expect(try LakeRestore.points(of: place).damaged.isEmpty)
  }

  @Test(
    "What is no regular file is left out and said",
    .enabled(if: TestLake.isLocal, "of files on this machine"))
  func pipe() throws {
    #expect(mkfifo("\(lake.path)/landing/people/pipe.csv", 0o600) == 0)
    let words = "landing/people/pipe.csv is no regular file and is not in the backup"
    #expect(try backUp(dryRun: true).warnings == [words])
    #expect(try backUp().warnings == [words])
    let back = try restored()
    #expect(try back.names("landing/people") == ["p0.csv", "p1.csv"])
  }

  @Test("Words say what was done with the backup, and what state is left")
  func words() throws {
    let empty = try Files.makeTemporaryFolder()
    for path in ["\(folder.path)/none", empty] {
      #expect(throws: BackupError.noBackup(path)) { try LakeRestore(from: path) }
      #expect(throws: BackupError.noBackup(path)) { try LakeRestore.points(of: path) }
    }
    #expect(BackupError.noBackup("/a").description.hasPrefix("there is no backup at /a."))
    func state(_ work: BackupError.Work) -> String {
      BackupError.damaged(file: "f", object: "o", work).description
    }
    #expect(state(.verify).contains("Nothing was changed"))
    #expect(state(.restore).contains("The lake was not brought back"))
    #expect(state(.backUp).contains("No point was added"))
    #expect(!state(.verify).contains("brought back."))
    #expect(
      BackupError.notCopied(StorageError(.permissionDenied, .read, "/a")).description
        .hasPrefix("could not read /a: permission denied. No point was added"))
  }

  @Test("Nothing is written over, neither a lake nor a folder of others")
  func refusals() throws {
    try backUp()
    let restore = try LakeRestore(from: place)
    #expect(throws: BackupError.notEmpty(lake.path)) { try restore.restore(to: lake.lake) }
    try Files.write("mine", to: folder.path + "/other/file")
    let care = try lake.care(BackupTests.tables)
    for path in ["\(folder.path)/other", "\(lake.path)/backup", parentPath(lake.path)] {
      #expect(throws: BackupError.self) {
        try care.backUp(to: path) { try LakeLock(lake.lake, command: "backup", patience: 0) }
      }
    }
    #expect(Files.names("\(folder.path)/other") == ["file"])
    #expect(throws: BackupError.self) { try LakeRestore(from: place, point: "1999") }
    let empty = try TestLake()
    try restore.restore(to: empty.lake)
    try expectSame(empty, lake, BackupTests.tables)
  }

  @Test("Runs and maintenance go on beside it, and each point is a lake of one moment")
  func besideRuns() async throws {
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask {
        for number in 10..<18 {
          let lock = try LakeLock(lake.lake, command: "run", patience: 60)
          try run(number)
          withExtendedLifetime(lock) {}
        }
      }
      group.addTask { for _ in 0..<4 { try lake.maintain(BackupTests.tables) } }
      group.addTask { for _ in 0..<6 { try backUp() } }
      try await group.waitForAll()
    }
    for point in try LakeRestore.points(of: place).points {
      let back = try restored(point.id)
      expectSuccess(try back.run(BackupTests.tables))
      let refreshed = try back.copy()
      expectSuccess(try refreshed.run(BackupTests.tables, fullRefresh: true))
      try expectSame(back, refreshed, BackupTests.tables, point.id)
    }
  }
}

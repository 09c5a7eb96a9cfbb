import LakeCare
import Lakehouse
import Podium
import Runner
import RunnerTestKit
import TestKit
import Testing

@Suite("Looking after a lake whose clock was set back")
struct ClockTests {
  private let time = SettableClock()

  @Test("The latest run and the newest point of a backup are those that came last")
  func order() throws {
    let lake = try TestLake(clock: time.clock)
    try lake.landPeople("a", "1,Ann,Rome,1.00,5,put")
    let first = expectSuccess(try lake.run(People.tables)).run
    let folder = try TemporaryFolder()
    let care = try lake.care(People.tables)
    let backup = folder.file("backup")
    func save() throws -> String? {
      try care.backUp(to: backup) {
        try LakeLock(lake.lake, command: "backup", patience: 0)
      }.point
    }
    let points = [try save()]
    time.move(days: -5)
    try lake.landPeople("b", "1,Ann,Oslo,2.00,6,put")
    let second = expectSuccess(try lake.run(People.tables)).run
    #expect(second < first)
    let later = points + [try save(), try save()]
    #expect(try LakeRestore.points(of: backup).points.map(\.id) == later)

    let ledger = try #require(try Ledger.reading(lake.lake))
    #expect(try ledger.runs(limit: 1).map(\.run) == [second])
    let rollback = try care.planRollback(
      RollbackRequest(run: "latest", withLater: false, keepLanding: false))
    #expect(rollback.runs == [second])
  }

  @Test("Order of changes, histories and results are those of a clock that went on")
  func runs() throws {
    let wild = SettableClock()
    let (lake, calm) = (try TestLake(clock: wild.clock), try TestLake(clock: time.clock))
    let lots = [
      "1,Ann,Rome,1.00,5,put", "1,Ann,Oslo,2.00,6,put", "1,,,,7,delete", "1,Ann,Bern,3.00,4,put",
      "2,Bob,Bern,-1.00,1,put", "2,Bob,Bern,1.00,2,put",
    ]
    for (number, lot) in lots.enumerated() {
      for lake in [lake, calm] {
        try lake.landPeople("p\(number)", lot)
        expectSuccess(try lake.run(People.tables))
      }
      wild.move(days: number % 2 == 0 ? -10 : 7)
      try expectSame(lake, calm, People.tables, "lot \(number)")
    }
    #expect(try lake.run(People.tables).committed == [])
    expectSuccess(try lake.run(People.tables, fullRefresh: true))
    try expectSame(lake, calm, People.tables)
  }
}

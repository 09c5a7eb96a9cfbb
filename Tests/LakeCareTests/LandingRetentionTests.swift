import Basics
import LakeCare
import Lakehouse
import Podium
import Runner
import RunnerTestKit
import Storage
import TestKit
import Testing

@Suite("Landing files that were taken in long since")
struct LandingRetentionTests {
  let time = MovingClock()
  let lake: TestLake

  init() throws {
    lake = try TestLake(clock: time.clock)
    try lake.landPeople("a", "1,Ann,Rome,1.00,5,put")
    try lake.land("people/torn.csv", People.header + "2,\"Bob,Oslo,2.00,5,put\n")
    try lake.run(People.tables)
  }

  private var landed: [String] { get throws { try lake.names("landing/people") } }

  @Test("Those go that were taken in and committed, and no others")
  func taken() throws {
    try lake.landPeople("changed", "3,Cid,Bern,1.00,5,put")
    try lake.run(People.tables)
    time.pass(days: 29)
    #expect(try lake.maintain(People.tables).landing == [])
    time.pass(days: 2)
    try lake.landPeople("changed", "3,Cid,Bern,2.00,6,put")
    try lake.landPeople("new", "4,Dan,Linz,1.00,5,put")
    let foretold = try lake.maintain(People.tables, dryRun: true)
    #expect(foretold.landing.map(\.removed.files) == [1])
    #expect(try landed == ["a.csv", "changed.csv", "new.csv", "torn.csv"])
    #expect(try lake.maintain(People.tables).landing == foretold.landing)
    #expect(try landed == ["changed.csv", "new.csv", "torn.csv"])
  }

  @Test("They are not missed by runs, nor taken again, nor needed by a full refresh")
  func afterwards() throws {
    let before = try lake.copy()
    time.pass(days: 31)
    try lake.maintain(People.tables)
    #expect(try landed == ["torn.csv"])
    #expect(try lake.run(People.tables).committed == [])
    try lake.landPeople("a", "1,Ann,Rome,1.00,5,put")
    #expect(try lake.run(People.tables).committed == [])
    expectSuccess(try lake.run(People.tables, fullRefresh: true))
    try expectSame(lake, before, People.tables)
  }

  @Test("None goes while bronze has lost a data file")
  func lostFile() throws {
    time.pass(days: 31)
    let file = try #require(try lake.dataFiles(People.feed).first)
    lake.remove("bronze/people/\(file)")
    let report = try lake.maintain(People.tables)
    #expect(report.landing.map(\.refusal) == ["bronze.people lost its data file \(file)"])
    #expect(try landed == ["a.csv", "torn.csv"])
  }
}

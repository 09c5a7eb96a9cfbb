import Basics
import DeltaTestKit
import Storage
import TestKit
import Testing

@testable import DeltaLake

@Suite("A clock that is set back or was ahead")
struct ClockTests {
  private let time = SettableClock()
  private let table: TestTable

  init() {
    table = TestTable(MemoryStore(clock: time.clock), clock: time.clock)
    ModelSQL.teach(table.parquet)
  }

  private func rows(_ version: Int64) throws -> Int { try table.rows(version: version).count }

  private func vacuum() throws -> [String] {
    try table.table.vacuum(table.table.snapshot(), dryRun: false).files.map(\.path)
  }

  /// A table of long ago, changed today by a process whose clock is wrong by some days.
  private func changed(wrongBy days: Int64) throws {
    try table.create()
    for id in 1...3 { try table.append([["id": .int(id)]]) }
    time.move(days: 60)
    try table.append([["id": .int(4)]])
    time.move(days: days)
    try table.overwrite([["id": .int(5)]])
    time.move(days: -days)
  }

  @Test("VACUUM keeps what was taken out within the retention", arguments: [-40, -8, -1, 400])
  func vacuum(_ days: Int64) throws {
    try changed(wrongBy: days)
    #expect(try vacuum() == [])
    #expect(try rows(4) == 4)
    time.move(days: 8)
    try table.append([["id": .int(6)]])
    // A tombstone of the future stays until then.
    #expect(try vacuum().count == (days > 0 ? 0 : 4))
    #expect(try rows(6) == 2)
  }

  @Test("Nothing goes while the clock is set back")
  func vacuumWhileBack() throws {
    try changed(wrongBy: 0)
    time.move(days: -30)
    #expect(try vacuum() == [])
    #expect(try rows(4) == 4)
  }

  @Test("Times of versions ascend with them, and time travel finds each")
  func timeTravel() throws {
    try table.create()
    for id in 1...6 {
      try table.append([["id": .int(id)]])
      if id % 2 == 0 { time.move(days: -3) }
    }
    let history = try table.table.history().reversed()
    #expect(history.map(\.version) == Array(0...6))
    for (earlier, later) in zip(history, history.dropFirst()) {
      #expect(earlier.timestamp < later.timestamp)
    }
    for entry in history {
      #expect(try table.table.version(at: entry.timestamp) == entry.version)
    }
  }

  @Test(
    "Cleaning the log keeps versions that are younger than its retention", arguments: [-90, 90])
  func log(_ days: Int64) throws {
    try table.create(configuration: ["delta.checkpointInterval": "4"])
    for id in 1...3 { try table.append([["id": .int(id)]]) }
    time.move(days: 60)
    for id in 4...7 { try table.append([["id": .int(id)]]) }
    time.move(days: days)
    for id in 8...9 { try table.append([["id": .int(id)]]) }
    time.move(days: -days)
    for id in 10...13 { try table.append([["id": .int(id)]]) }
    try table.table.cleanLog(table.table.snapshot())
    for version in Int64(4)...13 { #expect(try rows(version) == version) }
    time.move(days: 31)
    for id in 14...16 { try table.append([["id": .int(id)]]) }
    try table.table.cleanLog(table.table.snapshot())
    // Once all of them are old, a checkpoint takes their place.
    let first = try #require(try LogListing(table.store).available?.lowerBound)
    #expect(first == 12)
  }
}

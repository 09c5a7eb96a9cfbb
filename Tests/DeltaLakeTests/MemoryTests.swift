import Basics
import DeltaTestKit
import Storage
import TestKit
import Testing

@testable import DeltaLake

@Suite("A table object that goes on from what it read before")
struct MemoryTests {
  private let clock = Clock.ticking()
  private let store: FaultyStore
  /// What others do to the table.
  private let others: TestTable

  init() {
    store = FaultyStore(MemoryStore(clock: clock))
    others = TestTable(store.base, clock: clock)
  }

  /// The table, as a process that lives on has it.
  private func open() -> DeltaTable {
    TestTable(store, clock: clock).table
  }

  /// The files that a piece of work reads.
  private func reads(_ work: () throws -> Void) rethrows -> [String] {
    store.arm(nil)
    try work()
    return store.calls.filter { $0.operation == .read }.map(\.path)
  }

  /// Compares its newest state with what somebody sees who reads the table for the first time.
  private func expectSame(_ table: DeltaTable) throws {
    let (state, fresh) = (try table.snapshot(), try others.table.snapshot())
    #expect(state.version == fresh.version)
    #expect(state.tableProtocol == fresh.tableProtocol)
    #expect(state.metadata == fresh.metadata)
    #expect(Set(state.files.keys) == Set(fresh.files.keys))
    #expect(Set(state.tombstones.keys) == Set(fresh.tombstones.keys))
  }

  @Test("It reads others' new commits alone, however they follow on each other")
  func goesOn() throws {
    try others.create(configuration: ["delta.checkpointInterval": "3"])
    try others.append([["id": 1]])
    let table = open()
    #expect(try table.snapshot().version == 1)
    #expect(try reads { try expectSame(table) } == [])
    for id in 2...7 { try others.append([["id": .int(id)]]) }
    let before = try table.snapshot(version: 0)
    #expect(before.files.isEmpty)
    #expect(
      try reads { try expectSame(table) } == (2...7).map(LogFile.commitPath))
    try others.overwrite([["id": 9]])
    #expect(
      try reads { try expectSame(table) } == [LogFile.commitPath(8)])
    #expect(try table.snapshot(version: 3).files.count == 3)
    try expectSame(table)
  }

  @Test("It reads all of a table that is another one by now")
  func madeAnew() throws {
    try others.create()
    for id in 1...3 { try others.append([["id": .int(id)]]) }
    let table = open()
    #expect(try table.snapshot().files.count == 3)
    for object in try store.base.list("") { try store.base.delete(object.path) }
    #expect(throws: DeltaError.notATable("memory:")) { try table.snapshot() }
    try others.create()
    #expect(try table.snapshot().version == 0)
    for id in 1...5 { try others.append([["id": .int(id * 10)]]) }
    try expectSame(table)
  }

  @Test("It begins at a checkpoint where the commits since then are gone")
  func cleaned() throws {
    try others.create(configuration: ["delta.checkpointInterval": "4"])
    try others.append([["id": 1]])
    let table = open()
    #expect(try table.snapshot().version == 1)
    for id in 2...6 { try others.append([["id": .int(id)]]) }
    for version: Int64 in 0...3 { try store.base.delete(LogFile.commitPath(version)) }
    #expect(
      try reads { try expectSame(table) }.contains(
        LogFile.checkpointPath(4)))
    try others.append([["id": 7]])
    #expect(
      try reads { try expectSame(table) } == [LogFile.commitPath(7)])
  }

  @Test("A commit that cannot be read is an error again and again, and none once it can")
  func unreadable() throws {
    try others.create()
    let table = open()
    #expect(try table.snapshot().version == 0)
    try store.base.put(LogFile.commitPath(1), Array("{".utf8))
    for _ in 1...2 { #expect(throws: DeltaError.self) { try table.snapshot() } }
    try store.base.delete(LogFile.commitPath(1))
    #expect(try table.snapshot().version == 0)
    try others.append([["id": 1]])
    store.arm(.init(call: 1, afterWork: false, lasting: true))
    #expect(throws: StorageError.self) { try table.snapshot() }
    store.arm(nil)
    #expect(try table.snapshot().version == 1)
  }
}

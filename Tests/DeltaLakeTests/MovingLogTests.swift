import Basics
import DeltaTestKit
import Storage
import Synchronization
import TestKit
import Testing

@testable import DeltaLake

@Suite("A log that others write and clean while it is read")
struct MovingLogTests {
  /// Lets something happen between a listing of the log and what is read after it, once.
  private final class Moving: StoreInFront, Sendable {
    let base: MemoryStore
    private let happening: Mutex<(@Sendable (MemoryStore, [ObjectInfo]) throws -> [ObjectInfo])?>

    init(
      _ base: MemoryStore,
      _ happening: @escaping @Sendable (MemoryStore, [ObjectInfo]) throws -> [ObjectInfo]
    ) {
      self.base = base
      self.happening = Mutex(happening)
    }

    func list(_ prefix: String, after: String?) throws(StorageError) -> [ObjectInfo] {
      let found = try base.list(prefix, after: after)
      let happening = happening.withLock { happening in
        defer { happening = nil }
        return happening
      }
      guard let happening else { return found }
      do { return try happening(base, found) } catch {
        throw StorageError(.injected, .list, prefix, detail: "\(error)")
      }
    }
  }

  private let clock = Clock.ticking()

  private func table(cleaning: Bool) throws -> MemoryStore {
    let store = MemoryStore(clock: clock)
    let table = TestTable(store, clock: clock)
    try table.create(
      configuration: cleaning
        ? ["delta.checkpointInterval": "4", "delta.logRetentionDuration": "interval 0 seconds"]
        : [:])
    for id in 1...6 { try table.append([["id": .int(id)]]) }
    return store
  }

  @Test("A commit that a listing left out, since it was just being made, is found by the next")
  func leftOut() throws {
    let store = try table(cleaning: false)
    func moving() -> TestTable {
      TestTable(
        Moving(store) { _, found in found.filter { $0.path != LogFile.commitPath(5) } },
        clock: clock)
    }
    #expect(try moving().rows().count == 6)
    #expect(try moving().table.state()?.version == 6)
  }

  @Test("Commits and checkpoints that go after they were listed are not missed")
  func cleaned() throws {
    let clock = clock
    let moving = Moving(try table(cleaning: true)) { store, found in
      let table = TestTable(store, clock: clock)
      for id in 7...8 { try table.append([["id": .int(id)]]) }
      return found
    }
    let table = TestTable(moving, clock: clock)
    #expect(try table.rows().count == 8)
    #expect(try table.table.snapshot().version == 8)
  }

  @Test("A commit that is really gone is missed")
  func gone() throws {
    let store = try table(cleaning: false)
    try store.delete(LogFile.commitPath(5))
    #expect(throws: DeltaError.missingCommit(5, table: "memory:")) {
      try TestTable(store, clock: clock).table.snapshot()
    }
  }
}

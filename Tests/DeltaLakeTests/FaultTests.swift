import Basics
import DeltaTestKit
import Storage
import Testing

@testable import DeltaLake

/// A way of writing, and the rows that it makes of those before.
struct WritingWay: CustomTestStringConvertible, Sendable {
  let testDescription: String
  let write: @Sendable (TestTable) throws -> Void
  let expected: @Sendable ([Row]) -> [Row]

  static let all: [WritingWay] = [
    WritingWay(
      testDescription: "append",
      write: { try $0.append([["id": 100, "v": "new"], ["id": 101, "v": "new"]]) },
      expected: { $0 + [["id": 100, "v": "new"], ["id": 101, "v": "new"]] }),
    WritingWay(
      testDescription: "overwrite", write: { try $0.overwrite([["id": 100, "v": "new"]]) },
      expected: { _ in [["id": 100, "v": "new"]] }),
    WritingWay(
      testDescription: "merge",
      write: { try $0.merge([["id": 1, "v": "new"], ["id": 100, "v": "new"]]) },
      expected: { old in
        old.map { row in
          var row = row
          if row["id"] == 1 { row["v"] = "new" }
          return row
        } + [["id": 100, "v": "new"]]
      }),
    WritingWay(
      testDescription: "new metadata",
      write: { table in
        let base = try table.table.snapshot()
        var metadata = base.metadata
        metadata.configuration["k"] = "v"
        var transaction = Transaction("SET", isBlindAppend: false)
        transaction.actions = [.metaData(metadata)]
        _ = try table.table.commit(transaction, on: base)
      }, expected: { $0 }),
  ]
}

@Suite("A store that fails")
struct FaultTests {
  /// A table of so many commits, with the rows of each version.
  private func build(_ commits: Int) throws -> (store: MemoryStore, versions: [[Row]]) {
    let store = MemoryStore(clock: .ticking())
    let table = TestTable(store)
    try table.create()
    var versions: [[Row]] = [[]]
    for number in 1...commits {
      try table.append([["id": .int(number), "v": "old"]])
      versions.append(try table.rows())
    }
    return (store, versions)
  }

  private func copy(_ store: MemoryStore) throws -> MemoryStore {
    let copy = MemoryStore(clock: .ticking())
    for object in try store.list("") { try copy.put(object.path, store.read(object.path)) }
    return copy
  }

  /// What a table must be like after a write that may have failed: old or new, and of use.
  private func check(
    _ store: MemoryStore, _ versions: [[Row]], _ new: [Row], failed: Bool, lasting: Bool,
    _ about: String
  ) throws {
    let table = TestTable(store)
    let version = try table.table.snapshot().version
    let rows = try table.rows()
    let committed = version == Int64(versions.count)
    #expect(version == Int64(versions.count) - (committed ? 0 : 1), "\(about)")
    #expect(rows == (committed ? new : versions[versions.count - 1]), "\(about)")
    #expect(failed || committed, "a write that said nothing is there: \(about)")
    // A process that lives on learns the truth; one that dies cannot tell anybody.
    #expect(lasting || failed != committed, "an error although written: \(about)")
    let state = try table.table.state()
    #expect(state?.version == version, "\(about)")
    for (number, expected) in versions.enumerated() {
      #expect(try table.rows(version: Int64(number)) == expected, "version \(number): \(about)")
    }
    try table.append([["id": 999]])
    #expect(try table.rows() == (rows + [["id": 999]]).ordered, "\(about)")
    #expect(try table.table.snapshot().version == version + 1, "\(about)")
  }

  @Test(
    "However a write is cut short, the table reads as before or after it, and the next succeeds",
    arguments: WritingWay.all, [1, 9])
  func everyCall(way: WritingWay, commits: Int) throws {
    let (healthy, versions) = try build(commits)
    let new = way.expected(versions[commits]).ordered
    let counting = FaultyStore(try copy(healthy))
    try way.write(TestTable(counting))
    let calls = counting.calls
    #expect(calls.count >= 6, "\(calls)")
    for number in 1...calls.count + 1 {
      for (afterWork, lasting) in [(false, false), (true, false), (false, true), (true, true)] {
        let store = try copy(healthy)
        let faulty = FaultyStore(store)
        faulty.arm(.init(call: number, afterWork: afterWork, lasting: lasting))
        var failed = false
        do { try way.write(TestTable(faulty)) } catch { failed = true }
        let name = number <= calls.count ? calls[number - 1].description : "none"
        try check(
          store, versions, new, failed: failed, lasting: lasting,
          "call \(number) (\(name)), after work: \(afterWork), for good: \(lasting)")
      }
    }
  }

  @Test("A table is created or is not, wherever the store fails")
  func create() throws {
    let counting = FaultyStore(MemoryStore())
    try TestTable(counting).create()
    for number in 1...counting.calls.count {
      for (afterWork, lasting) in [(false, false), (true, false), (false, true), (true, true)] {
        let store = MemoryStore()
        let faulty = FaultyStore(store)
        faulty.arm(.init(call: number, afterWork: afterWork, lasting: lasting))
        var failed = false
        do { try TestTable(faulty).create() } catch { failed = true }
        let table = TestTable(store)
        let exists = try DeltaTable.exists(in: store)
        #expect(failed || exists)
        #expect(lasting || failed != exists, "call \(number), after work: \(afterWork)")
        if !exists { try table.create() }
        try table.append([["id": 1]])
        #expect(try table.rows() == [["id": 1]])
      }
    }
  }

  @Test("A commit that was written although the store failed is believed")
  func believed() throws {
    let faulty = FaultyStore(MemoryStore(clock: .ticking()))
    let table = TestTable(faulty)
    let base = try table.create()
    var transaction = Transaction("WRITE", isBlindAppend: true)
    transaction.actions = [.txn(SetTransaction(appId: "app", version: 1))]
    faulty.arm(.init(call: 2, afterWork: true, lasting: false))
    let after = try table.table.commit(transaction, on: base)
    #expect(faulty.calls[1].description == "write " + LogFile.commitPath(1))
    #expect(after.version == 1)
    #expect(try table.table.snapshot().transactions["app"]?.version == 1)
  }

  @Test("A commit that the store wrote, lost the answer of and tried again is believed")
  func triedAgain() throws {
    /// Puts twice, as a client does that heard no answer.
    struct Repeating: ObjectStore {
      let base = MemoryStore()
      func putIfAbsent(_ path: String, _ bytes: [UInt8]) throws(StorageError) -> Bool {
        _ = try base.putIfAbsent(path, bytes)
        return try base.putIfAbsent(path, bytes)
      }
      func list(_ prefix: String, after: String?) throws(StorageError) -> [ObjectInfo] {
        try base.list(prefix, after: after)
      }
      func listFolder(_ prefix: String) throws(StorageError) -> [ObjectInfo] {
        try base.listFolder(prefix)
      }
      func read(_ path: String) throws(StorageError) -> [UInt8] { try base.read(path) }
      func read(_ path: String, range: Range<Int64>) throws(StorageError) -> [UInt8] {
        try base.read(path, range: range)
      }
      func info(_ path: String) throws(StorageError) -> ObjectInfo? { try base.info(path) }
      func put(_ path: String, _ bytes: [UInt8]) throws(StorageError) { try base.put(path, bytes) }
      func delete(_ path: String) throws(StorageError) { try base.delete(path) }
      func flush(_ paths: [String]) throws(StorageError) { try base.flush(paths) }
      func address(_ path: String) -> String { base.address(path) }
    }
    let table = TestTable(Repeating())
    try table.create()
    try table.append([["id": 1]])
    #expect(try table.overwrite([["id": 2]]).version == 2)
    #expect(try table.rows() == [["id": 2]])
  }

  @Test("Another writer's commit is not believed to be one's own")
  func anothers() throws {
    let faulty = FaultyStore(MemoryStore(clock: .ticking()))
    let table = TestTable(faulty)
    let base = try table.create()
    try TestTable(faulty.base).append([["id": 1]])
    faulty.arm(.init(call: 2, afterWork: true, lasting: false))
    #expect(throws: (any Error).self) { try table.overwrite([["id": 2]], on: base) }
    #expect(try TestTable(faulty.base).rows() == [["id": 1]])
  }
}

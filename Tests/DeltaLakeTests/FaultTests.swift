import Basics
import DeltaTestKit
import Storage
import TestKit
import Testing

@testable import DeltaLake

/// A way in which a store lets a writer down, from some call on.
struct FaultKind: Sendable {
  let words: String
  let afterWork: Bool
  let following: Int

  static let all = [
    FaultKind(words: "fails once", afterWork: false, following: 0),
    FaultKind(words: "loses an answer", afterWork: true, following: 0),
    FaultKind(words: "dies", afterWork: false, following: .max),
    FaultKind(words: "dies after its work", afterWork: true, following: .max),
    FaultKind(words: "loses an answer and is away for a while", afterWork: true, following: 5),
  ]

  /// True if the writer is no more, and cannot tell what it knows.
  var isDeath: Bool { following == .max }
}

/// A table on which an operation is cut short again and again.
private struct FaultScene {
  let operation: FaultOperation
  let healthy: MemoryStore
  /// The rows of each version before.
  let versions: [[Row]]
  let new: [Row]
  let clock = Clock.ticking()

  /// - Parameter atCheckpoint: true if the operation's version is one that writes a checkpoint.
  init(_ operation: FaultOperation, atCheckpoint: Bool) throws {
    self.operation = operation
    healthy = MemoryStore(clock: clock)
    let table = FaultScene.open(healthy, clock)
    try table.create(
      Schema([StructField("p", .string), StructField("id", .long), StructField("v", .string)]),
      partitionedBy: ["p"],
      configuration: operation.configuration.merging(["delta.checkpointInterval": "4"]) { $1 })
    try table.append([["p": "a", "id": 1, "v": "old"], ["p": "b", "id": 2, "v": "old"]])
    try table.append([["p": "a", "id": 3, "v": "old"], ["id": 4, "v": "old"]])
    try operation.prepare(table)
    while try (table.table.snapshot().version % 4 == 3) != atCheckpoint { try table.append([]) }
    let last = try table.table.snapshot().version
    let first = try LogListing(healthy).available?.lowerBound ?? 0
    var versions: [[Row]] = []
    for version in 0...last {
      versions.append(version < first ? [] : try table.rows(version: version))
    }
    self.versions = versions
    new = operation.expected(versions[Int(last)]).ordered
  }

  static func open(_ store: any ObjectStore, _ clock: Clock) -> TestTable {
    let table = TestTable(store, clock: clock)
    ModelSQL.teach(table.parquet)
    table.parquet.conditions["id > 0"] = { $1["id"]?.int.map { $0 > 0 } }
    return table
  }

  func open(_ store: any ObjectStore) -> TestTable { FaultScene.open(store, clock) }

  /// The calls of the store that the operation makes.
  func calls() throws -> [FaultyStore.Call] {
    let counting = FaultyStore(healthy.copy(clock: clock))
    try operation.run(open(counting))
    return counting.calls
  }

  /// Does the operation with a fault and looks at what is left.
  func run(_ kind: FaultKind, at call: Int, _ about: String) throws {
    let store = healthy.copy(clock: clock)
    let faulty = FaultyStore(store)
    faulty.arm(.init(call: call, afterWork: kind.afterWork, following: kind.following))
    var failure: (any Error)?
    do { try operation.run(open(faulty)) } catch { failure = error }
    let table = open(store)
    let state = try table.table.snapshot()
    let old = Int64(versions.count - 1)
    let committed = state.version == old + 1
    let isDone = operation.effect.addsVersion ? committed : failure == nil
    #expect(state.version == old || committed && operation.effect.addsVersion, "\(about)")
    #expect(failure != nil || isDone, "an operation that said nothing is there: \(about)")
    if !kind.isDeath, failure != nil, isDone {
      guard case DeltaError.commitInDoubt(old + 1, _, _)? = failure else {
        Issue.record("an error although written: \(failure.map { "\($0)" } ?? ""): \(about)")
        return
      }
    }
    let rows = committed ? new : versions[Int(old)]
    #expect(try table.rows() == rows, "\(about)")
    try checkFiles(table, state, about)
    try checkHistory(table, state, about)
    try checkFuture(table, rows, about)
  }

  private func checkFiles(_ table: TestTable, _ state: Snapshot, _ about: String) throws {
    for file in state.files.values {
      #expect(try table.store.info(file.key.path) != nil, "\(file.path) is gone: \(about)")
      _ = try table.table.deletedRows(of: file)
    }
    #expect(try table.table.state() == TableState(state), "\(about)")
  }

  private func checkHistory(_ table: TestTable, _ state: Snapshot, _ about: String) throws {
    guard operation.effect != .filesAlone else { return }
    let available = try LogListing(table.store).available ?? 0...0
    #expect(available.upperBound == state.version, "\(about)")
    if operation.effect.keepsHistory { #expect(available.lowerBound == 0, "\(about)") }
    for version in available where version < Int64(versions.count) {
      #expect(
        try table.rows(version: version) == versions[Int(version)], "version \(version): \(about)")
    }
    guard available.lowerBound < state.version else { return }
    let feed = try table.table.changeFeed(from: available.lowerBound + 1, through: state.version)
    for part in feed.parts { _ = try table.parquet.scan(part.scan) }
  }

  /// The next writer succeeds, and what a dead one left behind is in nobody's way.
  private func checkFuture(_ table: TestTable, _ rows: [Row], _ about: String) throws {
    let version = try table.table.snapshot().version
    let added: Row = ["p": "a", "id": 999]
    #expect(try table.append([added]).version == version + 1, "\(about)")
    if !operation.effect.addsVersion { try operation.run(table) }
    _ = try table.table.vacuum(
      table.table.snapshot(), retention: 0, dryRun: false, force: true)
    try table.table.writeCheckpoint(table.table.snapshot())
    #expect(try open(table.store).rows() == (rows + [added]).ordered, "\(about)")
  }
}

@Suite("A store that fails")
struct FaultTests {
  @Test(
    "However an operation is cut short, the table is as before or after it, and the next succeeds",
    arguments: FaultOperation.all, [false, true])
  func everyCall(operation: FaultOperation, atCheckpoint: Bool) throws {
    let scene = try FaultScene(operation, atCheckpoint: atCheckpoint)
    let calls = try scene.calls()
    #expect(calls.count >= 5, "\(calls)")
    for number in 1...calls.count + 1 {
      let name = number <= calls.count ? calls[number - 1].description : "none"
      for kind in FaultKind.all {
        try scene.run(kind, at: number, "call \(number) (\(name)), the store \(kind.words)")
      }
    }
  }

  /// Makes a table where none is, with every fault, and looks whether it is there and of use.
  private func making(
    _ healthy: MemoryStore, _ rows: [Row], _ make: (TestTable) throws -> Void
  ) throws {
    let counting = FaultyStore(healthy.copy())
    try make(TestTable(counting))
    for number in 1...counting.calls.count {
      for kind in FaultKind.all {
        let about = "call \(number) (\(counting.calls[number - 1])), the store \(kind.words)"
        let store = healthy.copy()
        let faulty = FaultyStore(store)
        faulty.arm(.init(call: number, afterWork: kind.afterWork, following: kind.following))
        var failure: (any Error)?
        do { try make(TestTable(faulty)) } catch { failure = error }
        let table = TestTable(store)
        let exists = try DeltaTable.exists(in: store)
        #expect(failure != nil || exists, "\(about)")
        if !kind.isDeath, failure != nil, exists {
          guard case DeltaError.commitInDoubt(0, _, _)? = failure else {
            Issue.record("an error although made: \(about)")
            continue
          }
        }
        if !exists { try make(table) }
        #expect(try table.rows() == rows, "\(about)")
        try table.append([["id": 9]])
        #expect(try table.rows() == (rows + [["id": 9]]).ordered, "\(about)")
      }
    }
  }

  @Test("A table is created or is not, wherever the store fails")
  func create() throws {
    try making(MemoryStore(), []) { try $0.create() }
  }

  @Test("A folder is made a table or is not, wherever the store fails, and keeps its files")
  func convert() throws {
    let store = MemoryStore()
    for id in 1...2 {
      try store.put("p=\(id)/x.parquet", Array(#"{"id":\#(id),"v":"x"}"#.utf8))
    }
    try making(
      store, [["p": "1", "id": 1, "v": "x"], ["p": "2", "id": 2, "v": "x"]]
    ) { table in
      _ = try table.table.convert(transaction: Transaction("CONVERT", isBlindAppend: true))
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

  @Test("A store that is away for long leaves the writer in doubt, and it says so")
  func inDoubt() throws {
    let faulty = FaultyStore(MemoryStore(clock: .ticking()))
    let table = TestTable(faulty)
    let base = try table.create()
    for (afterWork, version) in [(false, Int64(0)), (true, 1)] {
      faulty.arm(.init(call: 2, afterWork: afterWork, following: DeltaTable.questions))
      let error = #expect(throws: DeltaError.self) {
        try table.table.commit(Transaction("WRITE", isBlindAppend: true), on: base)
      }
      #expect(
        error?.description == "memory:: version 1 may have been written or not: could not write "
          + "memory:_delta_log/00000000000000000001.json: a failure planted by a test. Look at the "
          + "table's history before the same is written again.")
      faulty.arm(nil)
      #expect(try table.table.snapshot().version == version)
    }
  }

  @Test("A commit that the store wrote, lost the answer of and tried again is believed")
  func triedAgain() throws {
    /// Puts twice, as a client does that heard no answer.
    struct Repeating: StoreInFront {
      let base = MemoryStore()
      func putIfAbsent(_ path: String, _ bytes: [UInt8]) throws(StorageError) -> Bool {
        _ = try base.putIfAbsent(path, bytes)
        return try base.putIfAbsent(path, bytes)
      }
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
    // The data file, its flush and a look at the base go before the commit.
    faulty.arm(.init(call: 4, afterWork: true, lasting: false))
    let error = #expect(throws: DeltaError.self) { try table.overwrite([["id": 2]], on: base) }
    #expect(faulty.calls[3].description == "write " + LogFile.commitPath(1))
    guard case .conflict(let conflict)? = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(conflict.kind == .filesAdded)
    #expect(try TestTable(faulty.base).rows() == [["id": 1]])
  }
}

import Basics
import DeltaTestKit
import Storage
import TestKit
import Testing

@testable import DeltaLake

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

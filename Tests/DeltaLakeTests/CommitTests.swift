import Basics
import DeltaTestKit
import Storage
import Testing

@testable import DeltaLake

@Suite("Two writers on one version")
struct CommitTests {
  private let table = TestTable()
  private let other: TestTable
  private let base: Snapshot

  init() throws {
    try table.create()
    base = try table.append([["id": 1, "v": "old"]])
    other = TestTable(table.store)
  }

  private func conflict(_ kind: Conflict.Kind, _ operation: String, winner: Int64 = 2) -> DeltaError
  {
    .conflict(
      Conflict(
        kind: kind, readVersion: 1, winningVersion: winner, operation: operation, table: "memory:"))
  }

  private func transaction(_ actions: [Action], _ operation: String = "WRITE") -> Transaction {
    var transaction = Transaction(operation, isBlindAppend: true)
    transaction.actions = actions
    return transaction
  }

  @Test("Appends that read nothing follow each other, whatever version they began at")
  func blindAppends() throws {
    try other.append([["id": 2]])
    try other.append([["id": 3]])
    let after = try table.append([["id": 4]], on: base)
    #expect(after.version == 4)
    let ids: [Row] = [["id": 1, "v": "old"], ["id": 2], ["id": 3], ["id": 4]]
    #expect(try table.rows() == ids)
    #expect(try TestTable(table.store).rows() == ids)
    // The state after the commit is that of the log, the others' files included.
    #expect(try other.table.snapshot().files == after.files)
  }

  @Test("An append goes past rows that were moved or removed")
  func appendPastOthers() throws {
    var compaction = Transaction("OPTIMIZE", isBlindAppend: false)
    let old = base.orderedFiles[0]
    var moved = old
    moved.path = "moved.json"
    moved.dataChange = false
    try table.store.put("moved.json", table.store.read(old.path))
    compaction.actions = [.remove(RemoveFile(old, at: 0, dataChange: false)), .add(moved)]
    _ = try other.table.commit(compaction, on: base)
    try other.overwrite([["id": 5]])
    #expect(try table.append([["id": 6]], on: base).version == 4)
    #expect(try table.rows() == [["id": 5], ["id": 6]])
  }

  @Test("The second of two overwrites fails and changes nothing")
  func overwrites() throws {
    try other.overwrite([["id": 2]])
    #expect(throws: conflict(.filesRemoved, "OVERWRITE")) {
      try table.overwrite([["id": 3]], on: base)
    }
    #expect(try table.rows() == [["id": 2]])
    #expect(try table.table.snapshot().version == 2)
  }

  @Test("An overwrite or a merge does not go past new rows that it has not seen")
  func overwriteAfterAppend() throws {
    try other.append([["id": 2]])
    #expect(throws: conflict(.filesAdded, "OVERWRITE")) {
      try table.overwrite([["id": 3]], on: base)
    }
    #expect(throws: conflict(.filesAdded, "MERGE")) {
      try table.merge([["id": 1], ["id": 3]], on: base)
    }
    #expect(try table.rows() == [["id": 1, "v": "old"], ["id": 2]])
    // Files whose statistics leave the keys out are as good as seen.
    #expect(try table.merge([["id": 1, "v": "new"]], on: base).version == 3)
    #expect(try table.rows() == [["id": 1, "v": "new"], ["id": 2]])
  }

  @Test("A write that removes a file which another removed or moved is a conflict")
  func sameFile() throws {
    let old = base.orderedFiles[0]
    var compaction = Transaction("OPTIMIZE", isBlindAppend: false)
    compaction.actions = [.remove(RemoveFile(old, at: 0, dataChange: false))]
    _ = try other.table.commit(compaction, on: base)
    #expect(throws: conflict(.filesRemoved, "OVERWRITE")) { try table.overwrite([], on: base) }
    // Even where only the deletion vector differs.
    var withVector = old
    withVector.deletionVector = DeletionVector(
      storageType: "u", pathOrInlineDv: "x", offset: 1, sizeInBytes: 1, cardinality: 1)
    #expect(throws: conflict(.filesRemoved, "DELETE")) {
      try table.table.commit(
        transaction(
          [.remove(RemoveFile(old, at: 0, dataChange: true)), .add(withVector)], "DELETE"),
        on: base)
    }
  }

  @Test("Progress of the same application stops a write, of another one does not")
  func progress() throws {
    let mark = SetTransaction(appId: "input", version: 7)
    _ = try other.table.commit(transaction([.txn(mark)]), on: base)
    #expect(throws: conflict(.transactionRecorded, "WRITE")) {
      try table.table.commit(transaction([.txn(mark)]), on: base)
    }
    let after = try table.table.commit(
      transaction([.txn(SetTransaction(appId: "else", version: 1))]), on: base)
    #expect(after.version == 3)
    #expect(after.transactions.mapValues(\.version) == ["input": 7, "else": 1])
  }

  @Test("New metadata or another protocol stops every write")
  func metadata() throws {
    var metadata = base.metadata
    metadata.configuration["k"] = "v"
    _ = try other.table.commit(transaction([.metaData(metadata)]), on: base)
    #expect(throws: conflict(.metadataChanged, "WRITE")) {
      try table.append([["id": 2]], on: base)
    }
    let newer = try table.table.snapshot()
    _ = try other.table.commit(
      transaction([.protocol(TableProtocol(minReaderVersion: 1, minWriterVersion: 3))]), on: newer)
    let error = #expect(throws: DeltaError.self) { try table.append([["id": 2]], on: newer) }
    guard case .conflict(let conflict) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(conflict.kind == .protocolChanged)
  }

  @Test("Every commit in between is looked at, not only the first")
  func everyWinner() throws {
    try other.append([["id": 2]])
    _ = try other.table.commit(
      transaction([.txn(SetTransaction(appId: "input", version: 7))]), on: table.table.snapshot())
    #expect(throws: conflict(.transactionRecorded, "WRITE", winner: 3)) {
      try table.table.commit(
        transaction([.txn(SetTransaction(appId: "input", version: 8))]), on: base)
    }
  }

  @Test("The conflict says who won and what to do")
  func words() {
    #expect(
      conflict(.filesAdded, "MERGE").description
        == "memory:: another writer committed version 2 and added rows that this write should "
        + "have seen; this MERGE, based on version 1, was not committed. Run it again.")
  }

  @Test("Many writers at once lose nothing and leave no gap")
  func manyWriters() throws {
    let store = table.store
    _ = try concurrentMap(Array(0..<6), width: 6) { writer in
      for number in 0..<5 {
        // Each time on the first version, so that others have always been faster.
        let own = TestTable(store)
        try own.append(
          [["id": .int(1000 + writer * 5 + number)]], on: own.table.snapshot(version: 1))
      }
    }
    #expect(try table.table.snapshot().version == 31)
    #expect(
      try table.rows().compactMap { $0["id"]?.int }.sorted() == [1] + (1000..<1030).map(Int64.init))
  }

  @Test("A table is created once, also where its first commits are gone")
  func createdOnce() throws {
    let error = DeltaError.conflict(
      Conflict(
        kind: .metadataChanged, readVersion: -1, winningVersion: 0, operation: "CREATE TABLE",
        table: "memory:"))
    #expect(throws: error) { try other.create() }
    for number in 2...Int64(12) { try table.append([["id": .int(number)]]) }
    for version: Int64 in 0...9 { try table.store.delete(LogFile.commitPath(version)) }
    #expect(throws: error) { try other.create() }
    #expect(try table.rows().count == 12)
  }

  @Test("A commit names what it did, in texts, first in its file")
  func commitInfo() throws {
    var transaction = Transaction("WRITE", isBlindAppend: true)
    transaction.parameters = ["mode": "Append"]
    transaction.tags = [JSON.Member("podium.run", "r1")]
    let after = try table.table.append(
      table.parquet.relation([["id": 2], ["id": 3]]), base, transaction: transaction)
    #expect(after.addedRows == 2)
    #expect(after.addedFiles == 1)
    #expect(after.removedFiles == 0)
    let lines = try table.parquet.readActions(["memory:" + LogFile.commitPath(2)]).others
    #expect(lines.count == 2)
    let info = try #require(lines[0]["commitInfo"])
    #expect(info["operation"] == "WRITE")
    #expect(info["readVersion"] == 1)
    #expect(info["isBlindAppend"] == true)
    #expect(info["operationParameters"] == ["mode": "Append"])
    #expect(info["operationMetrics"]?["numOutputRows"] == "2")
    #expect(info["operationMetrics"]?["numAddedFiles"] == "1")
    #expect(info["operationMetrics"]?.stringMap?.values.allSatisfy { $0 != nil } == true)
    #expect(info["podium.run"] == "r1")
    #expect(info["timestamp"]?.int ?? 0 > 1_700_000_000_000)
    #expect(info["engineInfo"]?.string?.hasPrefix("Podium/") == true)
  }

  @Test(
    "A writer that was slower than the cleaning of the log is refused, and leaves nothing there")
  func commitsGone() throws {
    let clock = Clock.ticking()
    let store = MemoryStore(clock: clock)
    let table = TestTable(store, clock: clock)
    try table.create(configuration: [
      "delta.checkpointInterval": "4", "delta.logRetentionDuration": "interval 0 seconds",
    ])
    let base = try table.append([["id": 1]])
    for id in 2...5 { try TestTable(store, clock: clock).append([["id": .int(id)]]) }
    #expect(try store.info(LogFile.commitPath(2)) == nil)
    #expect(
      throws: DeltaError.conflict(
        Conflict(
          kind: .commitsGone, readVersion: 1, winningVersion: 5, operation: "WRITE",
          table: "memory:"))
    ) { try table.append([["id": 9]], on: base) }
    #expect(try store.info(LogFile.commitPath(2)) == nil)
    #expect(try table.rows() == (1...5).map { ["id": .int($0)] })
    // On the newest state it goes through, also where only a checkpoint stands for that.
    try table.append([["id": 6]])
    try table.table.writeCheckpoint(try table.table.snapshot())
    try store.delete(LogFile.commitPath(6))
    #expect(try table.append([["id": 7]]).version == 7)
    #expect(try table.rows().count == 7)
  }
}

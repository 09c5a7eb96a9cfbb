import Basics
import DeltaTestKit
import Storage
import Testing

@testable import DeltaLake

@Suite("State without data")
struct StateTests {
  private struct NoEngine: Error {}

  private let table = TestTable()

  /// The same table for somebody who has no engine.
  private func bare(_ store: (any ObjectStore)? = nil) -> DeltaTable {
    DeltaTable(store: store ?? table.store) { throw NoEngine() }
  }

  private func fill(_ commits: Int) throws {
    try table.create()
    for number in 1...commits {
      var transaction = Transaction("WRITE", isBlindAppend: true)
      transaction.actions = [.txn(SetTransaction(appId: "app", version: Int64(number)))]
      _ = try table.table.append(
        table.parquet.relation([["id": .int(number)]]), table.table.snapshot(),
        transaction: transaction)
    }
  }

  @Test("The checksum file sums up the version")
  func content() throws {
    try fill(2)
    let state = try table.table.snapshot()
    let text = String(decoding: try table.store.read(LogFile.checksumPath(2)), as: UTF8.self)
    let json = try JSON(parsing: text)
    #expect(json["numFiles"] == 2)
    #expect(json["tableSizeBytes"]?.int == state.sizeInBytes)
    #expect(json["numMetadata"] == 1)
    #expect(json["numProtocol"] == 1)
    #expect(json["metadata"] == state.metadata.json)
    #expect(json["protocol"] == ["minReaderVersion": 1, "minWriterVersion": 2])
    #expect(json["setTransactions"] == [["appId": "app", "version": 2]])
    #expect(json["domainMetadata"] == [])
    #expect(!text.contains("\n"))
  }

  @Test("The newest version and its progress need no engine, even behind a checkpoint")
  func withoutEngine() throws {
    #expect(try bare().state() == nil)
    try fill(12)
    try table.store.delete(LogFile.commitPath(3))
    let state = try #require(try bare().state())
    #expect(state.version == 12)
    #expect(state.transactions["app"]?.version == 12)
    #expect(state == TableState(try table.table.snapshot()))
  }

  @Test(
    "A checksum file that is missing or of no use is done without",
    arguments: [
      nil, "", "garbage", "{}", "[]", #"{"metadata":{},"setTransactions":[]}"#,
      #"{"setTransactions":[]}"#, #"{"metadata":{"id":"x"},"setTransactions":[{"appId":"a"}]}"#,
    ])
  func badChecksum(text: String?) throws {
    try fill(2)
    try table.store.delete(LogFile.checksumPath(2))
    if let text { try table.store.put(LogFile.checksumPath(2), Array(text.utf8)) }
    let state = try #require(try bare().state())
    #expect(state == TableState(try table.table.snapshot()))
    #expect(state.version == 2)
  }

  @Test("A checksum file without progress is another writer's, and not believed to have none")
  func foreignChecksum() throws {
    try fill(2)
    let json: JSON = ["metadata": try table.table.snapshot().metadata.json, "numFiles": 2]
    try table.store.put(LogFile.checksumPath(2), Array(json.text.utf8))
    #expect(try bare().state()?.transactions["app"]?.version == 2)
  }

  @Test("A checksum file is never replaced")
  func neverReplaced() throws {
    try table.store.put(LogFile.checksumPath(0), Array("theirs".utf8))
    try table.create()
    #expect(try table.store.read(LogFile.checksumPath(0)) == Array("theirs".utf8))
  }
}

@Suite("What came and went between versions")
struct ChangesTests {
  private let table = TestTable()

  private func paths(_ changes: TableChanges?) -> [String]? { changes?.added.map(\.path) }

  private func commit(_ actions: [Action], blind: Bool = false) throws {
    var transaction = Transaction("WRITE", isBlindAppend: blind)
    transaction.actions = actions
    _ = try table.table.commit(transaction, on: table.table.snapshot())
  }

  private func add(_ path: String, change: Bool = true) -> AddFile {
    AddFile(path: path, partitionValues: [:], size: 1, modificationTime: 0, dataChange: change)
  }

  private func remove(_ path: String, change: Bool = true) -> Action {
    .remove(RemoveFile(add(path), at: 0, dataChange: change))
  }

  @Test("The files that commits added are named, each once, in order")
  func added() throws {
    try table.create()
    try commit([.add(add("b")), .add(add("a"))], blind: true)
    try commit([.add(add("c"))], blind: true)
    try commit([])
    #expect(paths(try table.table.changes(after: 0, through: 3)) == ["a", "b", "c"])
    #expect(paths(try table.table.changes(after: 1, through: 3)) == ["c"])
    #expect(paths(try table.table.changes(after: 2, through: 3)) == [])
    #expect(paths(try table.table.changes(after: -1, through: 1)) == ["a", "b"])
    #expect(paths(try table.table.changes(after: 3, through: 3)) == [])
    #expect(paths(try table.table.changes(after: 3, through: 1)) == [])
    #expect(try table.table.changes(after: 0, through: 3)?.removedRows == false)
  }

  @Test("Rows that only moved are no change, and stay named by the file that brought them")
  func compaction() throws {
    try table.create()
    try commit([.add(add("a"))])
    try commit([.add(add("b"))])
    try commit([
      remove("a", change: false), remove("b", change: false), .add(add("ab", change: false)),
    ])
    let changes = try table.table.changes(after: 0, through: 3)
    #expect(paths(changes) == ["a", "b"])
    #expect(changes?.removedRows == false)
    #expect(paths(try table.table.changes(after: 2, through: 3)) == [])
  }

  @Test("Removed and rewritten rows are told")
  func removed() throws {
    try table.create()
    try commit([.add(add("a")), .add(add("b"))])
    try commit([.add(add("c")), remove("a")])
    try commit([remove("c"), .add(add("d"))])
    let changes = try table.table.changes(after: 0, through: 3)
    #expect(paths(changes) == ["b", "d"])
    #expect(changes?.removedRows == true)
    #expect(try table.table.changes(after: 0, through: 1)?.removedRows == false)
    let last = try table.table.changes(after: 2, through: 3)
    #expect(paths(last) == ["d"])
    #expect(last?.removedRows == true)
  }

  @Test("A new deletion vector removes rows and names the file with it")
  func deletionVector() throws {
    try table.create()
    try commit([.add(add("a"))])
    var deleted = add("a")
    deleted.deletionVector = DeletionVector(
      storageType: "i", pathOrInlineDv: "x", offset: nil, sizeInBytes: 1, cardinality: 1)
    try table.store.put(
      LogFile.commitPath(2),
      Array([remove("a"), .add(deleted)].map(\.json.text).joined(separator: "\n").utf8))
    let changes = try table.table.changes(after: 0, through: 2)
    #expect(changes?.removedRows == true)
    #expect(changes?.added == [deleted])
  }

  @Test("Where a commit is gone nobody can tell")
  func gone() throws {
    try table.create()
    try commit([.add(add("a"))])
    try commit([.add(add("b"))])
    try table.store.delete(LogFile.commitPath(1))
    #expect(try table.table.changes(after: 0, through: 2) == nil)
    #expect(paths(try table.table.changes(after: 1, through: 2)) == ["b"])
    #expect(try table.table.changes(after: 1, through: 3) == nil)
  }
}

@Suite("History")
struct HistoryTests {
  @Test("Versions are told newest first, with what they did")
  func entries() throws {
    let table = TestTable()
    #expect(throws: DeltaError.notATable("memory:")) { try table.table.history() }
    try table.create()
    try table.append([["id": 1]])
    try table.overwrite([["id": 2]])
    let history = try table.table.history()
    #expect(history.map(\.version) == [2, 1, 0])
    #expect(history.map(\.operation) == ["OVERWRITE", "WRITE", "CREATE TABLE"])
    #expect(history[0].metrics["numRemovedFiles"] == "1")
    #expect(history[0].timestamp > history[1].timestamp)
    #expect(history[0].engineInfo == DeltaTable.engineInfo)
    #expect(try table.table.history(limit: 1).map(\.version) == [2])
    #expect(try table.table.history(limit: 0).isEmpty)
    #expect(try table.table.history(limit: -1).isEmpty)
  }

  @Test("A version has the time by which it is found: its own, its file's, later than the last")
  func silent() throws {
    let log = Log()
    try log.commit(0, Log.format, Log.metadata)
    try log.commit(
      1, #"{"commitInfo":{"timestamp":5,"inCommitTimestamp":1700000000005,"operation":"X"}}"#)
    try log.commit(
      2,
      #"{"commitInfo":{"operationParameters":{"a":["b"]},"operationMetrics":{"n":5,"z":null}}}"#)
    let table = TestTable(log.store).table
    let history = try table.history()
    #expect(
      history.map(\.timestamp.milliseconds) == [
        1_700_000_000_006, 1_700_000_000_005, 1_700_000_000_000,
      ])
    for entry in history { #expect(try table.version(at: entry.timestamp) == entry.version) }
    #expect(history[0].parameters == [:])
    #expect(history[0].metrics == ["n": "5"])
    #expect(history[2].info == nil)
  }

  @Test("Asked for the newest version, it reads that commit alone")
  func newest() throws {
    let table = TestTable()
    try table.create()
    for number in 1...5 { try table.append([["id": .int(number)]]) }
    let store = FaultyStore(table.store)
    let newest = try TestTable(store).table.history(limit: 1)
    #expect(newest == Array(try table.table.history().prefix(1)))
    let read = store.calls.filter { $0.operation == .read }.map(\.path)
    #expect(read == [LogFile.commitPath(5)])
  }

  @Test("Versions behind a checkpoint whose commits are gone are not told")
  func cleaned() throws {
    let table = TestTable()
    try table.create()
    for number in 1...11 { try table.append([["id": .int(number)]]) }
    for version: Int64 in 0...8 { try table.store.delete(LogFile.commitPath(version)) }
    #expect(try table.table.history().map(\.version) == [11, 10, 9])
  }
}

import Basics
import DeltaTestKit
import Storage
import Testing

@testable import DeltaLake

@Suite("Taking in files of others")
struct RepairTests {
  private let store: MemoryStore
  private let table: TestTable

  init() {
    let clock = Clock.ticking()
    store = MemoryStore(clock: clock)
    table = TestTable(store, clock: clock)
  }

  private func put(_ path: String, _ rows: [JSON]) throws {
    try store.put(path, Array(rows.map { $0.text + "\n" }.joined().utf8))
  }

  private func repair() throws -> WriteResult {
    try table.table.repair(
      table.table.snapshot(), transaction: Transaction("REPAIR", isBlindAppend: true))
  }

  @Test("New files are taken in once, those that were removed are not")
  func once() throws {
    try table.create()
    try put("mine.parquet", [["id": 1, "v": "a"]])
    #expect(try repair().addedRows == 1)
    #expect(try repair().addedFiles == 0)
    try table.overwrite([["id": 2]])
    #expect(try repair().addedFiles == 0)
    #expect(try table.rows() == [["id": 2]])
    try put("later.parquet", [["id": 3]])
    #expect(try repair().addedFiles == 1)
    #expect(try table.rows() == [["id": 2], ["id": 3]])
  }

  @Test("A file that was removed long ago does not come back where its tombstone is gone")
  func longRemoved() throws {
    try table.create(
      configuration: [
        "delta.checkpointInterval": "4", "delta.logRetentionDuration": "interval 5 seconds",
        "delta.deletedFileRetentionDuration": "interval 5 seconds",
      ])
    try put("old.parquet", [["id": 1]])
    #expect(try repair().addedFiles == 1)
    try table.overwrite([["id": 2]])
    for id in 3...20 { try table.append([["id": .int(id)]]) }
    let state = try table.table.snapshot()
    #expect(state.tombstones.isEmpty)
    #expect(try store.info(LogFile.commitPath(1)) == nil)
    try put("new.parquet", [["id": 99]])
    #expect(try repair().addedFiles == 1)
    let ids = try table.rows().compactMap { $0["id"]?.int }
    #expect(!ids.contains(1))
    #expect(ids.contains(99))
  }

  @Test("A file named by an absolute path is known by it")
  func absolutePath() throws {
    let base = try table.create()
    try put("mine.parquet", [["id": 1]])
    var transaction = Transaction("WRITE", isBlindAppend: true)
    transaction.actions = [
      .add(
        AddFile(
          path: "/root/table/mine.parquet", partitionValues: [:], size: 1, modificationTime: 0,
          dataChange: true))
    ]
    /// A store that lies in a folder.
    struct Placed: ObjectStore {
      let base: MemoryStore
      func address(_ path: String) -> String {
        path.isEmpty ? "/root/table" : "/root/table/" + path
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
      func putIfAbsent(_ path: String, _ bytes: [UInt8]) throws(StorageError) -> Bool {
        try base.putIfAbsent(path, bytes)
      }
      func delete(_ path: String) throws(StorageError) { try base.delete(path) }
      func flush(_ paths: [String]) throws(StorageError) {}
    }
    let placed = TestTable(Placed(base: store))
    let state = try placed.table.commit(transaction, on: base)
    let result = try placed.table.repair(
      state, transaction: Transaction("REPAIR", isBlindAppend: true))
    #expect(result.addedFiles == 0)
  }

  @Test("Files with columns under their physical names go into a table with a mapping")
  func mapping() throws {
    let schema = Schema([
      StructField("p", .string), StructField("id", .long), StructField("v", .string),
    ])
    try table.create(schema, partitionedBy: ["p"])
    try table.append([["p": "x", "id": 1, "v": "a"]])
    _ = try table.table.alter(
      [.rename("v", to: "w"), .rename("p", to: "q")], table.table.snapshot(),
      transaction: Transaction("ALTER TABLE", isBlindAppend: false))
    try put("p=y/mine.parquet", [["id": 2, "v": "b"]])
    #expect(try repair().addedFiles == 1)
    #expect(
      try table.rows() == [
        ["id": 1, "q": "x", "w": "a"], ["id": 2, "q": "y", "w": "b"],
      ])
    try put("p=y/other.parquet", [["id": 3, "w": "b"]])
    #expect(throws: DeltaError.self) { try repair() }
    let ids = TestTable()
    try ids.create(configuration: ["delta.columnMapping.mode": "id"])
    #expect(throws: DeltaError.self) {
      try ids.table.repair(
        ids.table.snapshot(), transaction: Transaction("REPAIR", isBlindAppend: true))
    }
  }

  @Test("Files that break a promise of the table are refused, and nothing is taken in")
  func promises() throws {
    try table.create(configuration: ["delta.constraints.few": "id < 10"])
    table.parquet.conditions["id < 10"] = { _, row in row["id"]?.int.map { $0 < 10 } }
    try put("good.parquet", [["id": 1]])
    try put("bad.parquet", [["id": 50]])
    #expect(throws: DeltaError.constraintViolated(name: "few", rows: 1, table: "memory:")) {
      try repair()
    }
    try put("bad.parquet", [["v": "x"]])
    #expect(
      throws: DeltaError.constraintViolated(name: "id NOT NULL", rows: 1, table: "memory:")
    ) { try repair() }
    #expect(try table.table.snapshot().version == 0)
    try put("bad.parquet", [["id": 2, "v": "x"]])
    #expect(try repair().addedFiles == 2)
    #expect(try table.rows() == [["id": 1], ["id": 2, "v": "x"]])
  }
}

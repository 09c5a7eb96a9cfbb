import Basics
import DeltaTestKit
import Storage
import TestKit
import Testing

@testable import DeltaLake

@Suite("Maintaining a table, without an engine")
struct MaintenanceTests {
  private let table: TestTable

  init() {
    let clock = Clock.ticking()
    table = TestTable(MemoryStore(clock: clock), clock: clock)
  }

  private func transaction(_ operation: String) -> Transaction {
    Transaction(operation, isBlindAppend: false)
  }

  private func optimize(
    _ request: OptimizeRequest = OptimizeRequest(), on base: Snapshot? = nil
  ) throws -> WriteResult {
    try table.table.optimize(
      request, try base ?? table.table.snapshot(), transaction: transaction("OPTIMIZE"))
  }

  private func vacuum(_ hours: Int64 = 0, dryRun: Bool = false) throws -> VacuumResult {
    try table.table.vacuum(
      table.table.snapshot(), retention: hours * 3_600_000, dryRun: dryRun, force: true)
  }

  // MARK: - OPTIMIZE

  @Test("Small files become one, and no row changes")
  func compaction() throws {
    try table.create()
    for id in 1...5 { try table.append([["id": .int(id), "v": "x"]]) }
    let before = try table.rows()
    let result = try optimize()
    #expect(result.removedFiles == 5)
    #expect(result.addedFiles == 1)
    #expect(try table.rows() == before)
    #expect(try table.table.changes(after: 5, through: 6)?.removedRows == false)
    // Once more there is nothing to do, and no version for it.
    #expect(try optimize().snapshot.version == 6)
    #expect(try table.table.snapshot().version == 6)
  }

  @Test("Files are packed up to the target size, each partition by itself")
  func bins() throws {
    let schema = Schema([StructField("p", .string), StructField("id", .long)])
    try table.create(schema, partitionedBy: ["p"])
    for id in 1...4 {
      try table.append([["p": "a b", "id": .int(id)], ["p": "c", "id": .int(id + 10)]])
    }
    let size = try #require(try table.table.snapshot().files.values.first?.size)
    let before = try table.rows()
    let result = try optimize(OptimizeRequest(targetSize: size * 2 + 2))
    #expect(result.removedFiles == 8)
    #expect(result.addedFiles == 4)
    #expect(try table.rows() == before)
    #expect(
      try table.table.snapshot().files.values.allSatisfy {
        $0.path.hasPrefix($0.partitionValues["p"] == .some("c") ? "p=c/" : "p=a%2520b/")
      })
  }

  @Test("Deleted rows leave the files for good")
  func purge() throws {
    ModelSQL.teach(table.parquet)
    try table.create(configuration: ["delta.enableDeletionVectors": "true"])
    try table.append((1...9).map { ["id": .int($0)] })
    _ = try table.table.delete(
      where: "id % 3 = 0", table.table.snapshot(), transaction: transaction("DELETE"))
    let after = try optimize().snapshot
    #expect(after.files.values.map(\.deletionVector) == [nil])
    #expect(after.files.values.map(\.recordCount) == [6])
  }

  @Test("A compaction goes past appends, and an append past a compaction")
  func concurrent() throws {
    try table.create()
    for id in 1...3 { try table.append([["id": .int(id)]]) }
    let base = try table.table.snapshot()
    try table.append([["id": 4]])
    #expect(try optimize(on: base).snapshot.version == 5)
    try table.append([["id": 5]], on: base)
    #expect(try table.rows().count == 5)
  }

  @Test("A compaction does not go past a delete in the files that it rewrites")
  func conflicting() throws {
    ModelSQL.teach(table.parquet)
    for configuration in [[:], ["delta.enableDeletionVectors": "true"]] {
      let table = TestTable()
      ModelSQL.teach(table.parquet)
      try table.create(configuration: configuration)
      for id in 1...3 { try table.append([["id": .int(id * 2 - 1)], ["id": .int(id * 2)]]) }
      let base = try table.table.snapshot()
      _ = try table.table.delete(
        where: "id % 2 = 0", base, transaction: transaction("DELETE"))
      let error = #expect(throws: DeltaError.self) {
        try table.table.optimize(
          OptimizeRequest(), base, transaction: transaction("OPTIMIZE"))
      }
      guard case .conflict(let conflict)? = error else {
        Issue.record("\(String(describing: error))")
        return
      }
      #expect(conflict.kind == .filesRemoved)
      #expect(try table.rows().compactMap { $0["id"]?.int } == [1, 3, 5])
    }
  }

  @Test("Small files are compacted by the write that makes them many, where the table asks for it")
  func autoCompaction() throws {
    for asks in [true, false] {
      let table = TestTable(MemoryStore(clock: .ticking()))
      try table.create(configuration: [Metadata.autoCompactKey: "\(asks)"])
      for id in 1..<Snapshot.manyFiles { try table.append([["id": .int(id)]]) }
      let before = try table.table.snapshot()
      #expect(before.files.count == Snapshot.manyFiles - 1)
      let result = try table.table.append(
        table.parquet.relation([["id": 100]]), before,
        transaction: Transaction("WRITE", isBlindAppend: true))
      #expect(result.version == before.version + 1)
      #expect(result.snapshot.version == result.version + (asks ? 1 : 0))
      #expect(result.snapshot.files.count == (asks ? 1 : Snapshot.manyFiles))
      #expect(try table.rows().count == Snapshot.manyFiles)
      let newest = try #require(try table.table.history(limit: 1).first)
      #expect(newest.operation == (asks ? "OPTIMIZE" : "WRITE"))
      #expect(newest.parameters["auto"] == (asks ? "true" : nil))
      #expect(
        try table.table.changes(after: result.version, through: result.snapshot.version)?
          .removedRows != true)
    }
  }

  @Test("Only the partition with many small files is compacted after a write")
  func autoCompactionOfPartition() throws {
    let schema = Schema([StructField("p", .string), StructField("id", .long)])
    try table.create(
      schema, partitionedBy: ["p"], configuration: [Metadata.autoCompactKey: "true"])
    for id in 1..<Snapshot.manyFiles { try table.append([["p": "a", "id": .int(id)]]) }
    for id in 1...3 { try table.append([["p": "b", "id": .int(id)]]) }
    try table.append([["p": "a", "id": 99]])
    let files = try table.table.snapshot().files.values.map { $0.partitionValues["p"] ?? nil }
    #expect(files.filter { $0 == "a" }.count == 1)
    #expect(files.filter { $0 == "b" }.count == 3)
  }

  @Test("A write stands although another one gets ahead of its compaction")
  func autoCompactionOvertaken() throws {
    /// Deletes every other row right before the compaction commits.
    struct Overtaking: StoreInFront {
      let base: MemoryStore
      func putIfAbsent(_ path: String, _ bytes: [UInt8]) throws(StorageError) -> Bool {
        if path == LogFile.commitPath(Int64(Snapshot.manyFiles) + 1) {
          let table = TestTable(base)
          ModelSQL.teach(table.parquet)
          do {
            _ = try table.table.delete(
              where: "id % 2 = 1", table.table.snapshot(),
              transaction: Transaction("DELETE", isBlindAppend: false))
          } catch { throw StorageError(.injected, .write, path, detail: "\(error)") }
        }
        return try base.putIfAbsent(path, bytes)
      }
    }
    let table = TestTable(Overtaking(base: MemoryStore(clock: .ticking())))
    try table.create(configuration: [Metadata.autoCompactKey: "true"])
    for id in 1...Snapshot.manyFiles { try table.append([["id": .int(id)]]) }
    #expect(try table.table.history(limit: 2).map(\.operation) == ["DELETE", "WRITE"])
    #expect(
      Set(try table.rows().compactMap { $0["id"]?.int })
        == Set(stride(from: 2, through: Int64(Snapshot.manyFiles), by: 2))
    )
  }

  @Test("Rows in Z-order are not ordered again")
  func zOrder() throws {
    try table.create()
    try table.append((1...5).map { ["id": .int($0)] })
    let request = OptimizeRequest(zOrderBy: ["id"])
    #expect(try optimize(request).removedFiles == 1)
    #expect(try optimize(request).removedFiles == 0)
    try table.append([["id": 9]])
    #expect(try optimize(request).removedFiles == 2)
    #expect(throws: DeltaError.self) { try optimize(OptimizeRequest(zOrderBy: ["nobody"])) }
  }

  // MARK: - VACUUM

  @Test("Files that the newest version needs stay, others go after the retention")
  func vacuumFiles() throws {
    ModelSQL.teach(table.parquet)
    try table.create(configuration: ["delta.enableDeletionVectors": "true"])
    try table.append((1...4).map { ["id": .int($0)] })
    _ = try table.table.delete(
      where: "id % 2 = 0", table.table.snapshot(), transaction: transaction("DELETE"))
    try table.overwrite([["id": 7]])
    try table.append([["id": 8]])
    try table.store.put("part-orphan.json", [1])
    try table.store.put("_other/hidden.json", [1])
    let before = try table.rows()
    let found = try vacuum(dryRun: true)
    #expect(!found.removed)
    #expect(try table.store.list("").filter { $0.path.hasPrefix("part") }.count == 4)
    let result = try vacuum()
    #expect(result.removed)
    // The overwritten file, its deletion vector, and what nobody ever committed.
    #expect(result.files.count == 3)
    #expect(result.files.contains { $0.path == "part-orphan.json" })
    #expect(result.files.contains { $0.path.hasPrefix("deletion_vector_") })
    #expect(try table.rows() == before)
    #expect(try table.store.info("_other/hidden.json") != nil)
    #expect(try vacuum().files.isEmpty)
  }

  @Test("What was removed within the retention stays readable")
  func retention() throws {
    try table.create()
    try table.append([["id": 1]])
    try table.overwrite([["id": 2]])
    #expect(try vacuum(1).files.isEmpty)
    #expect(try table.rows(version: 1) == [["id": 1]])
  }

  @Test("A retention below the table's own is refused unless it is forced")
  func shortRetention() throws {
    try table.create()
    let error = #expect(throws: DeltaError.self) {
      try table.table.vacuum(table.table.snapshot(), retention: 3_600_000, dryRun: false)
    }
    #expect(
      error?.description == "memory:: files of the last 168 hours may still be read or written, so "
        + "a retention of 1 hour is refused. Nothing was removed.")
  }

  @Test("Files in partition folders that are escaped or begin with a line below are known")
  func oddFolders() throws {
    let schema = Schema([StructField("_p", .string), StructField("id", .long)])
    try table.create(schema, partitionedBy: ["_p"])
    try table.append([["_p": "a b/%41", "id": 1], ["_p": "c", "id": 2], ["id": 3]])
    #expect(try vacuum().files.isEmpty)
    try table.overwrite([["_p": "c", "id": 4]])
    #expect(try vacuum().files.count == 3)
    #expect(try table.rows() == [["_p": "c", "id": 4]])
  }

  @Test("A live file that the log names through a folder '.' is known")
  func detour() throws {
    try table.create()
    try table.append([["id": 1]])
    let base = try table.table.snapshot()
    var file = base.orderedFiles[0]
    let bytes = try table.store.read(file.path)
    try table.store.put("p=a/part-1.json", bytes)
    var change = Transaction("OPTIMIZE", isBlindAppend: false)
    change.actions = [.remove(RemoveFile(file, at: 0, dataChange: false))]
    for path in ["p=a/./part-1.json", "./part-2.json"] {
      try table.store.put(path, bytes)
      file.path = path
      change.actions.append(.add(file))
    }
    try table.store.put("part-2.json", bytes)
    _ = try table.table.commit(change, on: base)
    // Memory takes names as they are; a folder has each of the files once.
    let gone = try vacuum(dryRun: true).files.map(\.path)
    #expect(!gone.contains("p=a/part-1.json"))
    #expect(!gone.contains("part-2.json"))
  }

  // MARK: - RESTORE

  @Test("An older version comes back as a new one")
  func restore() throws {
    try table.create()
    try table.append([["id": 1], ["id": 2]])
    try table.merge([["id": 1, "v": "new"], ["id": 3]])
    let old = try table.rows(version: 1)
    let result = try table.table.restore(
      to: table.table.snapshot(version: 1), table.table.snapshot(),
      transaction: transaction("RESTORE"))
    #expect(result.snapshot.version == 3)
    #expect(try table.rows() == old)
    #expect(try table.rows(version: 2).count == 3)
  }

  @Test("A version whose files are gone is not restored, and nothing changes")
  func restoreGone() throws {
    try table.create()
    try table.append([["id": 1]])
    try table.overwrite([["id": 2]])
    _ = try vacuum()
    let error = #expect(throws: DeltaError.self) {
      try table.table.restore(
        to: table.table.snapshot(version: 1), table.table.snapshot(),
        transaction: transaction("RESTORE"))
    }
    guard case .fileGone(_, let version, _)? = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(version == 1)
    #expect(try table.rows() == [["id": 2]])
  }

  // MARK: - Columns

  @Test("Columns are added, renamed and dropped without touching a file")
  func columns() throws {
    try table.create()
    try table.append([["id": 1, "v": "a"]])
    let files = try table.table.snapshot().files.keys
    func alter(_ changes: SchemaChange...) throws -> Snapshot {
      try table.table.alter(
        changes, table.table.snapshot(), transaction: transaction("ALTER TABLE"))
    }
    #expect(try alter(.addColumn(StructField("w", .long))).schema.names == ["id", "v", "w"])
    try table.append([["id": 2, "v": "b", "w": 5]])
    let renamed = try alter(.rename("v", to: "text"))
    #expect(renamed.columnMapping == .name)
    #expect(renamed.tableProtocol.minReaderVersion == 3)
    try table.append([["id": 3, "text": "c"]])
    #expect(
      try table.rows() == [
        ["id": 1, "text": "a"], ["id": 2, "text": "b", "w": 5], ["id": 3, "text": "c"],
      ])
    let dropped = try alter(.drop("w"), .addColumn(StructField("w", .string)))
    #expect(dropped.schema.names == ["id", "text", "w"])
    // A new column of an old name does not find the old values.
    #expect(try table.rows().allSatisfy { $0["w"] == nil })
    #expect(Set(files).isSubset(of: dropped.files.keys))
    #expect(try table.rows(version: 1) == [["id": 1, "v": "a"]])
  }

  @Test("A schema change that cannot be is refused with the reason, and writes nothing")
  func refusedChanges() throws {
    try table.create()
    for (change, reason) in [
      (.addColumn(StructField("V", .long)), "already, in this or another case"),
      (.addColumn(StructField("n", .long, nullable: false)), "must allow NULL"),
      (.rename("nobody", to: "x"), "has no column 'nobody'"),
      (.rename("v", to: "ID"), "already, in this or another case"),
      (.widen("v", to: .long), "which cannot become long"),
      (.widen("id", to: .integer), "which cannot become integer"),
    ] as [(SchemaChange, String)] {
      let error = #expect(throws: DeltaError.self) {
        try table.table.alter(
          [change], table.table.snapshot(), transaction: transaction("ALTER TABLE"))
      }
      #expect(error?.description.contains(reason) == true, "\(String(describing: error))")
    }
    #expect(try table.table.snapshot().version == 0)
  }

  @Test("Nothing is written where nothing changes")
  func noChange() throws {
    try table.create(configuration: ["delta.appendOnly": "true"])
    let same = try table.table.setProperties(
      ["delta.appendOnly": "true"], table.table.snapshot(), transaction: transaction("SET"))
    #expect(same.version == 0)
    let off = try table.table.setProperties(
      ["delta.appendOnly": nil], table.table.snapshot(), transaction: transaction("SET"))
    #expect(off.version == 1)
    #expect(off.metadata.configuration["delta.appendOnly"] == nil)
  }

  @Test("Old commits go behind a checkpoint, and every version within the retention stays")
  func logCleanup() throws {
    let clock = Clock.ticking()
    let store = MemoryStore(clock: clock)
    let table = TestTable(store, clock: clock)
    try table.create(
      configuration: [
        "delta.checkpointInterval": "5", "delta.logRetentionDuration": "interval 12 seconds",
      ])
    for id in 1...30 { try table.append([["id": .int(id)]]) }
    let listing = try LogListing(store)
    let range = try #require(listing.available)
    #expect(range.upperBound == 30)
    #expect(range.lowerBound > 0)
    for version in range { #expect(try table.rows(version: version).count == Int(version)) }
  }
}

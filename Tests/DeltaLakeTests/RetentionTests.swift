import Basics
import DeltaTestKit
import Storage
import TestKit
import Testing

@testable import DeltaLake

@Suite("What retained versions need stays")
struct RetentionTests {
  private let store: MemoryStore
  private let table: TestTable
  private let clock: Clock

  init() {
    clock = Clock.ticking()
    store = MemoryStore(clock: clock)
    table = TestTable(store, clock: clock)
    ModelSQL.teach(table.parquet)
  }

  private func transaction(_ operation: String) -> Transaction {
    Transaction(operation, isBlindAppend: false)
  }

  private func vacuum(_ retention: Int64) throws -> [String] {
    try table.table.vacuum(
      table.table.snapshot(), retention: retention, dryRun: false, force: true
    ).files.map(\.path)
  }

  // MARK: - The log

  @Test("Cleaning the log keeps every version that is younger than its retention")
  func logCleanup() throws {
    try table.create(
      configuration: [
        "delta.checkpointInterval": "4", "delta.logRetentionDuration": "interval 40 seconds",
      ])
    var times: [Int64: Timestamp] = [
      0: try #require(try store.info(LogFile.commitPath(0))).modified
    ]
    var least: Int64 = 0
    for id in 1...40 {
      try table.append([["id": .int(id)]])
      times[Int64(id)] = try #require(try store.info(LogFile.commitPath(Int64(id)))).modified
      let range = try #require(try LogListing(store).available)
      // A version that was the newest one at some moment within the retention can be read.
      let oldest = clock.now().microseconds - 40_000_000
      let needed = times.filter { $0.value.microseconds <= oldest }.map(\.key).max() ?? 0
      #expect(range.lowerBound <= needed, "version \(id)")
      #expect(range.upperBound == Int64(id))
      #expect(range.lowerBound >= least)
      least = range.lowerBound
      #expect(try table.rows(version: range.lowerBound).count == Int(range.lowerBound))
      let names = try store.list(LogFile.folder).map(\.path)
      #expect(names.contains(LogFile.commitPath(range.lowerBound)))
    }
    #expect(least > 0)
    #expect(try table.table.snapshot(version: least).files.count == Int(least))
  }

  @Test("A log without a checkpoint old enough, or that wants to be kept, is not cleaned")
  func keptLog() throws {
    try table.create(
      configuration: [
        "delta.checkpointInterval": "4", "delta.logRetentionDuration": "interval 1 second",
        "delta.enableExpiredLogCleanup": "false",
      ])
    for id in 1...12 { try table.append([["id": .int(id)]]) }
    #expect(try LogListing(store).available == 0...12)
  }

  // MARK: - Files

  @Test("A retention of any length keeps more the longer it is")
  func longRetention() throws {
    try table.create()
    try table.append([["id": 1]])
    try table.overwrite([["id": 2]])
    // Longer than instants can tell, and at the edge of that.
    for retention: Int64 in [
      .max, .max / 1000, .max / 1000 + 1, 3 * (.max / 1000), 18_446_744_073_709_551, 3_600_000,
    ] {
      #expect(try vacuum(retention).isEmpty, "\(retention)")
      #expect(try table.rows(version: 1) == [["id": 1]])
    }
    #expect(try vacuum(0).count == 1)
  }

  @Test("Change files and deletion vectors go when no retained version tells of them")
  func changeFiles() throws {
    try table.create(
      Schema([StructField("_p", .string), StructField("id", .long), StructField("v", .string)]),
      partitionedBy: ["_p"],
      configuration: [
        "delta.enableChangeDataFeed": "true", "delta.enableDeletionVectors": "true",
      ])
    try table.append((1...9).map { ["_p": "a b/%41", "id": .int($0), "v": "x"] })
    _ = try table.table.update(
      ["v": "v || '?'"], where: "id % 3 = 1", table.table.snapshot(),
      transaction: transaction("UPDATE"))
    func count(_ prefix: String) throws -> Int {
      try store.list("").count { $0.path.hasPrefix(prefix) }
    }
    #expect(try vacuum(3_600_000).isEmpty)
    #expect(try count("_change_data/") == 1)
    #expect(try count("deletion_vector_") == 1)
    #expect(try table.table.changeFeed(from: 2, through: 2).parts.count == 1)
    // The vector is in use, whatever the retention; what changed is history.
    let gone = try vacuum(0)
    #expect(gone.count == 1)
    #expect(gone.allSatisfy { $0.hasPrefix("_change_data/") })
    #expect(try table.rows().count == 9)
    try table.overwrite([["id": 1]])
    #expect(try vacuum(0).contains { $0.hasPrefix("deletion_vector_") })
    #expect(try table.rows() == [["id": 1]])
  }

  @Test("Young files that nobody committed yet stay, and so do hidden ones of others")
  func foreignFiles() throws {
    try table.create()
    try table.append([["id": 1]])
    for path in ["part-young.json", "sub/part-young.json"] { try store.put(path, [1]) }
    #expect(try vacuum(60_000).isEmpty)
    let others = [
      "_SUCCESS", ".hidden", "_tmp/x.json", ".x/y.json", "_delta_log/.tmp-x", "_delta_log/x.json",
      "_p=1/x.json",
    ]
    for path in others { try store.put(path, [1]) }
    #expect(try vacuum(0) == ["part-young.json", "sub/part-young.json"])
    for path in others { #expect(try store.info(path) != nil, "\(path)") }
  }

  @Test("What could not be removed is not told to be")
  func failing() throws {
    try table.create()
    try table.append([["id": 1]])
    try table.overwrite([["id": 2]])
    try store.put("part-orphan.json", [1])
    let faulty = FaultyStore(store)
    let opened = TestTable(faulty, clock: clock)
    let state = try opened.table.snapshot()
    faulty.arm(nil)
    _ = try opened.table.vacuum(state, retention: 0, dryRun: true, force: true)
    let looks = faulty.calls.count
    // The second removal fails.
    faulty.arm(.init(call: looks + 2, afterWork: false, lasting: false))
    #expect(throws: (any Error).self) {
      try opened.table.vacuum(state, retention: 0, dryRun: false, force: true)
    }
    let left = try opened.table.vacuum(state, retention: 0, dryRun: false, force: true)
    #expect(left.files.count == 1)
    #expect(try vacuum(0).isEmpty)
    #expect(try table.rows() == [["id": 2]])
  }

  // MARK: - Forgetting the past

  /// A table whose newest version is 5; versions before held `secret`, in data, change and log files.
  private func secretive() throws {
    try table.create(
      configuration: [
        "delta.enableChangeDataFeed": "true", "delta.enableDeletionVectors": "true",
        "delta.checkpointInterval": "2",
      ])
    try table.append((2...6).map { ["id": .int($0), "v": $0 == 4 ? "secret" : "kept"] })
    _ = try table.table.update(
      ["v": "v || '?'"], where: "id % 3 = 1", table.table.snapshot(),
      transaction: transaction("UPDATE"))
    _ = try table.table.delete(
      where: "id % 3 = 1", table.table.snapshot(), transaction: transaction("DELETE"))
    _ = try table.table.purge(table.table.snapshot(), transaction: transaction("FORGET"))
    _ = try table.table.commit(transaction("FORGET"), on: table.table.snapshot())
    try store.put("_notes.txt", Array("of others".utf8))
  }

  /// The objects that hold a text.
  private func holding(_ text: String) throws -> [String] {
    try store.list("").map(\.path).filter {
      String(decoding: try store.read($0), as: UTF8.self).contains(text)
    }
  }

  @Test("A purge rewrites files with deleted rows, and tells readers of changes of none")
  func purge() throws {
    try secretive()
    let result = try table.table.snapshot()
    #expect(result.version == 5)
    #expect(result.files.values.allSatisfy { $0.deletionVector == nil })
    #expect(result.files.values.compactMap(\.recordCount).reduce(0, +) == 4)
    let changes = try #require(try table.table.changes(after: 3, through: 5))
    #expect(!changes.removedRows && changes.added.isEmpty)
    #expect(try holding("secret").count >= 3)
    // Once more there is nothing to rewrite.
    #expect(try table.table.purge(result, transaction: transaction("FORGET")).addedFiles == 0)
  }

  @Test("Without its past a table has its rows, its newest version, and nothing of earlier ones")
  func forgetPast() throws {
    try secretive()
    let rows = try table.rows()
    let before = try store.list("").map(\.path)
    let planned = try table.table.forgetPast(table.table.snapshot(), dryRun: true).map(\.path)
    #expect(try store.list("").map(\.path) == before)
    #expect(try table.table.forgetPast(table.table.snapshot()).map(\.path) == planned)
    #expect(try holding("secret").isEmpty)
    #expect(try table.rows() == rows)
    #expect(rows.count == 4)
    #expect(try LogListing(store).available == 5...5)
    #expect(try table.table.oldestVersion() == 5)
    #expect(throws: DeltaError.self) { try table.table.snapshot(version: 4) }
    #expect(try store.info("_notes.txt") != nil)
    try table.append([["id": 7, "v": "later"]])
    #expect(try table.rows().count == 5)
    #expect(try table.table.forgetPast(table.table.snapshot()).isEmpty == false)
    #expect(try table.rows().count == 5)
  }

  @Test("A past that is forgotten in several attempts is gone after the last of them")
  func forgottenInParts() throws {
    try secretive()
    let rows = try table.rows()
    let faulty = FaultyStore(store)
    let opened = TestTable(faulty, clock: clock)
    var attempts = 0
    while true {
      attempts += 1
      let state = try opened.table.snapshot()
      faulty.arm(nil)
      _ = try opened.table.forgetPast(state, dryRun: true)
      let looks = faulty.calls.count
      faulty.arm(.init(call: looks + 3, afterWork: attempts % 2 == 0, lasting: false))
      do {
        _ = try opened.table.forgetPast(state)
        break
      } catch {
        faulty.arm(nil)
        #expect(try opened.rows() == rows, "attempt \(attempts)")
      }
      try #require(attempts < 100)
    }
    #expect(attempts > 3)
    faulty.arm(nil)
    #expect(try holding("secret").isEmpty)
    #expect(try table.rows() == rows)
    #expect(try table.table.oldestVersion() == 5)
  }

  // MARK: - Two writers

  @Test("Of two deletes in one file the second fails, and the file is in the table once")
  func vectors() throws {
    try table.create(configuration: ["delta.enableDeletionVectors": "true"])
    let base = try table.append((1...9).map { ["id": .int($0)] })
    func delete(_ condition: String) throws -> UpdateResult {
      try table.table.delete(where: condition, base, transaction: transaction("DELETE"))
    }
    _ = try delete("id % 3 = 0")
    let error = #expect(throws: DeltaError.self) { try delete("id % 3 = 1") }
    guard case .conflict(let conflict)? = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(conflict.kind == .filesAdded || conflict.kind == .filesRemoved)
    #expect(try table.table.snapshot().files.count == 1)
    #expect(try table.rows().count == 6)
  }
}

import Basics
import DeltaTestKit
import Storage
import TestKit
import Testing

@testable import DeltaLake

@Suite("Checkpoints")
struct CheckpointTests {
  private let table = TestTable()

  private func same(_ a: Snapshot, _ b: Snapshot) -> Bool {
    func bare(_ files: [FileKey: AddFile]) -> [FileKey: AddFile] {
      files.mapValues { file in
        var file = file
        file.dataChange = false
        return file
      }
    }
    func bare(_ files: [FileKey: RemoveFile]) -> [FileKey: RemoveFile] {
      files.mapValues { file in
        var file = file
        file.dataChange = false
        return file
      }
    }
    return a.version == b.version && a.metadata == b.metadata && a.tableProtocol == b.tableProtocol
      && bare(a.files) == bare(b.files) && bare(a.tombstones) == bare(b.tombstones)
      && a.transactions == b.transactions && a.domains == b.domains && a.schema == b.schema
  }

  @Test("Every tenth commit leaves a checkpoint and then the hint that names it")
  func tenth() throws {
    try table.create()
    for number in 1...20 { try table.append([["id": .int(number)]]) }
    let names = try table.store.list(LogFile.folder).map(\.path).filter {
      $0.contains("checkpoint")
    }
    #expect(
      names == [
        LogFile.checkpointPath(10), LogFile.checkpointPath(20), LogFile.lastCheckpoint,
      ])
    let bytes = try table.store.read(LogFile.checkpointPath(20))
    let hint = try JSON(parsing: table.store.read(LogFile.lastCheckpoint))
    #expect(
      hint == [
        "version": 20, "size": 22, "sizeInBytes": .int(bytes.count), "numOfAddFiles": 20,
      ])
  }

  @Test("A table may ask for checkpoints more or less often")
  func interval() throws {
    try table.create(configuration: ["delta.checkpointInterval": "3"])
    for number in 1...7 { try table.append([["id": .int(number)]]) }
    let versions = try LogListing(table.store).checkpointVersions(through: 100)
    #expect(versions == [6, 3])
  }

  @Test("Any state equals the one that its checkpoint gives")
  func equals() throws {
    let seed = UInt64.random(in: 0 ... .max)
    var random = Seeded(seed)
    try table.create(configuration: ["delta.checkpointInterval": "4"])
    var expected: [Int64: Snapshot] = [:]
    for number in 1...40 {
      var transaction = Transaction("WRITE", isBlindAppend: false)
      transaction.actions = [
        .txn(
          SetTransaction(
            appId: "app\(Int.random(in: 0...2, using: &random))", version: Int64(number))),
        .domainMetadata(
          DomainMetadata(
            domain: "d\(Int.random(in: 0...2, using: &random))", configuration: "\(number)",
            removed: Bool.random(using: &random))),
      ]
      let base = try table.table.snapshot()
      let removed = base.orderedFiles.filter { _ in Int.random(in: 0..<3, using: &random) == 0 }
      transaction.actions += removed.map { file in
        .remove(RemoveFile(file, at: Int64(number) + 1_704_067_200_000, dataChange: true))
      }
      transaction.actions.append(
        .add(
          AddFile(
            path: "p=\(number)%20/x", partitionValues: ["p": "\(number) ", "q": nil], size: 5,
            modificationTime: 9, dataChange: true, stats: #"{"numRecords":2}"#,
            tags: number % 2 == 0 ? ["t": "1"] : nil)))
      let after = try table.table.commit(transaction, on: base)
      expected[after.version] = after
    }
    // Checkpoints only, then the log only.
    for version in expected.keys.sorted() {
      let state = try table.table.snapshot(version: version)
      #expect(same(state, try #require(expected[version])), "seed \(seed), version \(version)")
    }
    let checkpoints = try LogListing(table.store).checkpointVersions(through: 100)
    #expect(checkpoints.count == 10)
    for version in checkpoints { try table.store.delete(LogFile.checkpointPath(version)) }
    for version in expected.keys.sorted() {
      let state = try table.table.snapshot(version: version)
      #expect(same(state, try #require(expected[version])), "seed \(seed), version \(version)")
    }
  }

  @Test("A checkpoint holds progress, domains, live files, and tombstones that are young enough")
  func content() throws {
    let day: Int64 = 86_400_000
    let log = Log()
    try log.commit(
      0, Log.format, Log.metadata, Log.add("live"), Log.txn("app", 5),
      #"{"domainMetadata":{"domain":"kept","configuration":"c","removed":false}}"#,
      #"{"domainMetadata":{"domain":"gone","configuration":"c","removed":true}}"#,
      #"{"remove":{"path":"young","deletionTimestamp":\#(100 * day - 7 * day + 1),"dataChange":true}}"#,
      #"{"remove":{"path":"old","deletionTimestamp":\#(100 * day - 7 * day),"dataChange":true}}"#,
      #"{"remove":{"path":"timeless","dataChange":true}}"#,
      #"{"commitInfo":{"operation":"X"}}"#, #"{"cdc":{"path":"c","partitionValues":{},"size":1}}"#)
    let state = try TestTable(log.store).table.snapshot()
    let actions = state.checkpointActions(now: Timestamp(milliseconds: 100 * day))
    let names = actions.compactMap { $0.json.object?.first?.name }
    #expect(names == ["protocol", "metaData", "txn", "domainMetadata", "add", "remove"])
    #expect(actions[3].json["domainMetadata"]?["domain"] == "kept")
    #expect(actions[4].json["add"]?["dataChange"] == false)
    #expect(actions[5].json["remove"]?["path"] == "young")
  }

  @Test(
    "A hint that is gone or garbage is done without",
    arguments: [nil, "garbage", "{\"version\":3}"])
  func badHint(text: String?) throws {
    try table.create()
    for number in 1...12 { try table.append([["id": .int(number)]]) }
    let expected = try table.rows()
    try table.store.delete(LogFile.lastCheckpoint)
    if let text { try table.store.put(LogFile.lastCheckpoint, Array(text.utf8)) }
    #expect(try table.rows() == expected)
    for version: Int64 in 0...9 { try table.store.delete(LogFile.commitPath(version)) }
    #expect(try table.rows() == expected)
  }

  @Test("A checkpoint that cannot be read is passed over as long as the commits are there")
  func unreadable() throws {
    try table.create()
    for number in 1...21 { try table.append([["id": .int(number)]]) }
    let expected = try table.rows()
    try table.store.put(LogFile.checkpointPath(20), Array("torn".utf8))
    #expect(try table.rows() == expected)
    try table.store.put(LogFile.checkpointPath(10), Array("torn".utf8))
    #expect(try table.rows() == expected)
    try table.store.delete(LogFile.commitPath(0))
    let error = #expect(throws: DeltaError.self) { try table.rows() }
    guard case .unreadableCheckpoint(let version, _, _) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(version == 10)
  }

  @Test("A checkpoint with sidecars or of JSON is read")
  func sidecars() throws {
    let log = Log()
    try log.commits(0...3)
    let uuid = "0f9c7a3e-0000-4000-8000-000000000000"
    try log.put(
      "_delta_log/\(LogFile.number(3)).checkpoint.\(uuid).json",
      [
        #"{"checkpointMetadata":{"version":3}}"#, Log.format, Log.metadata,
        #"{"sidecar":{"path":"s%201.parquet","sizeInBytes":3,"modificationTime":0}}"#,
        #"{"sidecar":{"path":"s2.parquet","sizeInBytes":3}}"#,
      ].joined(separator: "\n"))
    try log.put("_delta_log/_sidecars/s 1.parquet", Log.add("x"))
    try log.put("_delta_log/_sidecars/s2.parquet", Log.add("y") + "\n" + Log.remove("z"))
    let state = try TestTable(log.store).table.snapshot()
    #expect(state.orderedFiles.map(\.path) == ["x", "y"])
    #expect(state.tombstones.keys.map(\.path) == ["z"])
  }

  @Test(
    "An interval is read in milliseconds",
    arguments: [
      ("interval 7 days", 604_800_000), ("interval 1 week", 604_800_000),
      ("INTERVAL 30 Days", 2_592_000_000), ("2 hours", 7_200_000),
      ("interval 1 day 2 hours 3 minutes 4 seconds 5 milliseconds", 93_784_005),
      ("interval 0 seconds", 0), ("interval 9223372036854775807 milliseconds", Int64.max),
      ("", nil), ("interval", nil), ("interval 1", nil), ("interval one day", nil),
      ("interval 1 month", nil), ("interval -1 days", nil), ("interval 1.5 days", nil),
      ("interval 9223372036854775807 seconds", nil),
      ("interval 9223372036854775807 milliseconds 1 millisecond", nil), ("7", nil), ("days 7", nil),
    ] as [(String, Int64?)])
  func intervals(text: String, milliseconds: Int64?) {
    #expect(parseInterval(text) == milliseconds)
  }
}

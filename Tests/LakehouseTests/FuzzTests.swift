import Basics
import Engines
import Lakehouse
import Storage
import TestKit
import Testing

@testable import DeltaLake

@Suite("Damaged tables, read by DuckDB")
struct FuzzTests {
  /// A table of every type with a checkpoint at version 10, in a folder of its own.
  ///
  /// It has an engine of its own too: DuckDB gives up all sessions where one met an error of its own.
  private static func make() throws -> FolderTable {
    let table = try FolderTable(session: EngineProvider(lake: nil).session())
    try table.create(
      EveryType.fields, partitionedBy: ["da"],
      configuration: [
        "delta.enableDeletionVectors": "true", "delta.enableChangeDataFeed": "true",
      ], protocol: nil)
    for _ in 0..<5 { try table.append(EveryType.query) }
    try table.merge("\(EveryType.query) WHERE id = 2")
    for id in 3...5 { try table.delete("id = \(id)") }
    var transaction = Transaction("WRITE", isBlindAppend: true)
    transaction.actions = [
      .txn(SetTransaction(appId: "app", version: 1)),
      .domainMetadata(DomainMetadata(domain: "d", configuration: "{}", removed: false)),
    ]
    let state = try table.table.commit(transaction, on: table.table.snapshot())
    try table.table.writeCheckpoint(state)
    try #require(state.version == 10)
    return table
  }

  private static func outside(_ ending: String) -> [[UInt8]] {
    guard let folder = environment("PODIUM_DELTA_CASES") else { return [] }
    return Files.all(below: folder).filter { $0.contains("/_delta_log/") && $0.hasSuffix(ending) }
      .compactMap { try? Files.read($0) }.filter { (1...200_000).contains($0.count) }
  }

  @Test("The bytes of a Parquet checkpoint are read or refused")
  func checkpointBytes() throws {
    let table = try Self.make()
    let inputs =
      [try table.table.store.read(LogFile.checkpointPath(10))] + Self.outside(".parquet")
    let handler = DuckDBParquet(table.session)
    var number = 0
    let wrong = Fuzz("bytes of a Parquet checkpoint", inputs: 200).run(others: inputs) { mutator in
      // Under another name each time, since DuckDB remembers files.
      number += 1
      let path = "damaged-\(number).parquet"
      try table.table.store.put(path, mutator.damaged(mutator.pick(inputs)))
      defer { try? table.table.store.delete(path) }
      var replay = LogReplay()
      try replay.apply(handler.readActions([table.table.store.address(path)]))
    }
    #expect(wrong == [])
    #expect(try table.session.count("SELECT 1") == 1)
  }

  @Test("The actions in a Parquet checkpoint are read or refused")
  func checkpointActions() throws {
    let table = try Self.make()
    let handler = DuckDBParquet(table.session)
    let actions = try table.table.snapshot()
      .checkpointActions(now: Timestamp(milliseconds: 1_704_067_200_000)).map(\.json)
    var number = 0
    let wrong = Fuzz("actions in a Parquet checkpoint", inputs: 60).run { mutator in
      var damaged = actions
      for _ in 0..<mutator.pick([1, 1, 3]) {
        let at = Int.random(in: damaged.indices, using: &mutator.random)
        damaged[at] = mutator.damaged(damaged[at], others: actions)
      }
      number += 1
      let file = "actions-\(number).parquet"
      try handler.writeActions(damaged, to: table.table.store.address(file))
      defer { try? table.table.store.delete(file) }
      var replay = LogReplay()
      try replay.apply(handler.readActions([table.table.store.address(file)]))
      _ = try replay.snapshot(version: 10, table: "t")
    }
    #expect(wrong == [])
    #expect(try table.session.count("SELECT 1") == 1)
  }

  @Test("Rows behind a damaged log are read and changed, or refused")
  func rows() throws {
    let table = try Self.make()
    let store = table.table.store
    let commits: [JSON] = try (0...table.table.snapshot().version).flatMap { version in
      try store.read(LogFile.commitPath(version)).split(separator: 0x0A).map {
        try JSON(parsing: $0)
      }
    }.filter { $0["commitInfo"] == nil }
    let wrong = Fuzz("rows behind a damaged log", inputs: 40).run { mutator in
      var actions = commits
      let at = Int.random(in: actions.indices, using: &mutator.random)
      actions[at] = mutator.damaged(actions[at], others: commits)
      var replay = LogReplay()
      for action in actions {
        if let action = try Action.parse(action) { replay.apply([action]) }
      }
      let state = try replay.snapshot(version: 20, table: table.path)
      let rows = DuckDBParquet(table.session)
      let relation = try rows.scan(table.table.scan(state))
      defer { rows.release(relation) }
      _ = try table.session.count(
        "SELECT count(*) FROM (SELECT * FROM \(relation.name) WHERE id > 1)")
      let changes = try rows.update(
        UpdateRequest(
          target: try table.table.scan(state, positions: true), condition: "id = 1",
          assignments: ["s": "'new'"]))
      rows.release(changes.images.relation)
    }
    #expect(wrong == [])
    #expect(try table.session.count("SELECT 1") == 1)
  }
}

extension LogReplay {
  /// Applies all that a checkpoint holds.
  fileprivate mutating func apply(_ checkpoint: CheckpointActions) throws {
    apply(adds: checkpoint.adds, removes: checkpoint.removes)
    apply(try checkpoint.others.compactMap { try Action.parse($0) })
  }
}

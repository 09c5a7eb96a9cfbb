import Basics
import DeltaTestKit
import Storage
import TestKit
import Testing

@testable import DeltaLake

/// What other writers, broken disks and bad intentions may leave in a table's folder.
///
/// `make fuzz` runs more inputs of each kind.
@Suite("Damaged tables")
struct FuzzTests {
  private func lines(_ bytes: [UInt8]) -> [JSON] {
    bytes.split(separator: 0x0A).compactMap { try? JSON(parsing: $0) }
  }

  /// What was read must be written and read again as the same.
  private func checkActions(_ bytes: [UInt8]) throws {
    let actions: [Action]
    do {
      actions = try DeltaTable.parseLines(bytes, file: "x", table: "t")
    } catch {
      _ = error.description
      throw error
    }
    for action in actions {
      _ = action.json.text
      guard try Action.parse(action.json) == action else {
        throw FuzzFailure("an action comes back as another: \(action.json.text)")
      }
    }
    var replay = LogReplay()
    replay.tableProtocol = .plain
    replay.metadata = Metadata(id: "x", schema: FuzzTable.schema, partitionColumns: ["p"])
    replay.apply(actions)
    let state = try replay.snapshot(version: 1, table: "t")
    _ = state.checkpointActions(now: Timestamp(milliseconds: 1_704_067_200_000))
    _ = (state.rowCount, state.sizeInBytes, state.checkpointInterval, state.logRetention)
  }

  @Test("The bytes of a commit are read or refused")
  func commitBytes() throws {
    let table = try FuzzTable.make()
    let inputs = try table.bytes(table.commits) + OutsideInputs.files(".json")
    #expect(
      Fuzz("bytes of a commit", inputs: 6000).run(others: inputs) { mutator in
        try checkActions(mutator.damaged(mutator.pick(inputs)))
      } == [])
  }

  @Test("The actions of a commit are read or refused")
  func commitActions() throws {
    let table = try FuzzTable.make()
    let inputs = (try table.bytes(table.commits) + OutsideInputs.files(".json")).flatMap(lines)
    #expect(
      Fuzz("actions of a commit", inputs: 22_000).run { mutator in
        let action = mutator.damaged(mutator.pick(inputs), others: [mutator.pick(inputs)])
        try checkActions(Array(action.text.utf8))
      } == [])
  }

  /// Puts a file of the log, damaged, in the place of the real one.
  private func damaged(
    _ table: FuzzTable, _ path: String, _ mutator: inout Mutator
  ) throws -> OverlayStore {
    let store = OverlayStore(table.store)
    var bytes = try table.store.read(path)
    if mutator.random.once(in: 3) {
      bytes = mutator.damaged(bytes)
    } else {
      var all = lines(bytes)
      let at = Int.random(in: all.indices, using: &mutator.random)
      all[at] = mutator.damaged(all[at], others: all)
      bytes = Array(all.map(\.text).joined(separator: "\n").utf8)
    }
    try store.put(path, bytes)
    return store
  }

  /// Gives one field another number wherever a commit has it, also inside statistics.
  private func extremes(_ table: FuzzTable, _ mutator: inout Mutator) throws -> OverlayStore {
    let store = OverlayStore(table.store)
    let name = mutator.pick([
      "numRecords", "numRecords", "size", "cardinality", "modificationTime", "deletionTimestamp",
      "timestamp",
      "sizeInBytes", "offset", "lastUpdated", "createdTime",
    ])
    let number = mutator.pick(Array(Mutator.numbers.prefix(4)) + ["1e400", "4294967296"])
    for path in table.commits {
      let text = String(decoding: try table.store.read(path), as: UTF8.self)
      let parts = text.split(separator: name, omittingEmptySubsequences: false)
      let changed = parts.dropFirst().map { part in
        let start = part.firstIndex { $0.isNumber } ?? part.startIndex
        let end = part[start...].firstIndex { !$0.isNumber } ?? part.endIndex
        return start == part.startIndex ? String(part) : part[..<start] + number + part[end...]
      }
      let whole = ([parts.first.map(String.init) ?? ""] + changed).joined(separator: name)
      try store.put(path, Array(whole.utf8))
    }
    return store
  }

  @Test("A table with a damaged commit is read, and written to, or refused")
  func tables() throws {
    let table = try FuzzTable.make()
    #expect(
      Fuzz("tables with a damaged commit", inputs: 30).run { mutator in
        let store =
          mutator.random.once(in: 2)
          ? try extremes(table, &mutator)
          : try damaged(table, mutator.pick(table.commits), &mutator)
        if mutator.random.once(in: 2) {
          // So that the commits count, not the checkpoints.
          for path in table.checkpoints { try store.delete(path) }
        }
        let exercise = TableExercise(store)
        exercise.read(through: table.version)
        try exercise.write()
      } == [])
  }

  @Test("A table with a damaged checkpoint is read, and written to, or refused")
  func checkpoints() throws {
    let table = try FuzzTable.make()
    #expect(
      Fuzz("tables with a damaged checkpoint", inputs: 30).run { mutator in
        let path = mutator.pick(table.checkpoints)
        let store = try damaged(table, path, &mutator)
        if mutator.random.once(in: 2) {
          // Of the second version, named by a UUID and in JSON.
          let bytes = try store.read(path)
          try store.delete(path)
          try store.put(
            path.dropLast("parquet".count) + "6f1a2b3c-0000-4000-8000-000000000001.json", bytes)
        }
        for path in table.commits.dropLast(2) { try store.delete(path) }
        let exercise = TableExercise(store)
        exercise.read(through: table.version)
        try exercise.write()
      } == [])
  }

  @Test("A damaged hint is done without")
  func hints() throws {
    let table = try FuzzTable.make()
    let hint = try table.store.read(LogFile.lastCheckpoint)
    let inputs = [hint] + OutsideInputs.files("_last_checkpoint")
    let store = OverlayStore(table.store)
    #expect(
      Fuzz("hints", inputs: 2000).run(others: inputs) { mutator in
        try store.put(LogFile.lastCheckpoint, mutator.damaged(mutator.pick(inputs)))
        let segment = try LogSegment.find(store, version: nil)
        guard segment.version == table.version else {
          throw FuzzFailure("the newest version is \(segment.version)")
        }
      } == [])
  }

  @Test("A damaged checksum file is believed or done without")
  func checksums() throws {
    let table = try FuzzTable.make()
    let inputs = try table.bytes(table.checksums) + OutsideInputs.files(".crc")
    let store = OverlayStore(table.store)
    let path = LogFile.checksumPath(table.version)
    #expect(
      Fuzz("checksum files", inputs: 1000).run(others: inputs) { mutator in
        let input = mutator.pick(inputs)
        if mutator.random.once(in: 2), let json = try? JSON(parsing: input) {
          try store.put(path, Array(mutator.damaged(json).text.utf8))
        } else {
          try store.put(path, mutator.damaged(input))
        }
        guard try TestTable(store).table.state()?.version == table.version else {
          throw FuzzFailure("the newest version is another one")
        }
      } == [])
  }
}

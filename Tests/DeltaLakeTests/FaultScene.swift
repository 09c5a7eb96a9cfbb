import Basics
import DeltaTestKit
import Storage
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
struct FaultScene {
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
    let committed = state.version > old && state.version <= old + operation.effect.versions
    let isDone = operation.effect.addsVersion ? committed : failure == nil
    #expect(state.version == old || committed, "\(about)")
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
    #expect(try table.append([added]).version > version, "\(about)")
    if !operation.effect.addsVersion { try operation.run(table) }
    _ = try table.table.vacuum(
      table.table.snapshot(), retention: 0, dryRun: false, force: true)
    try table.table.writeCheckpoint(table.table.snapshot())
    #expect(try open(table.store).rows() == (rows + [added]).ordered, "\(about)")
  }
}

import Basics
import DeltaLake

/// What a table must be at a version.
struct State {
  /// By their ids.
  var rows: [Int64: Row] = [:]
  var schema: Schema
  /// The name of the column that was `p` at first.
  var place = "p"

  mutating func add(_ row: Row) { rows[row.id] = row }
}

extension Row {
  /// The value of `id`; no row is without one.
  var id: Int64 { self["id"]?.int ?? -1 }

  /// The row with another value in a column.
  func setting(_ column: String, _ value: JSON) -> Row {
    var row = self
    row[column] = value.isNull ? nil : value
    return row
  }
}

/// What happened to a row, as a change feed tells it.
public struct Change: Hashable {
  let kind: String
  let row: Row

  public init(_ kind: String, _ row: Row) {
    self.kind = kind
    self.row = row
  }

  static func insert(_ row: Row) -> Change { Change("insert", row) }
  static func delete(_ row: Row) -> Change { Change("delete", row) }
  static func update(_ before: Row, _ after: Row) -> [Change] {
    [Change("update_preimage", before), Change("update_postimage", after)]
  }

  /// True for a row that is no longer there.
  var isBefore: Bool { kind == "delete" || kind == "update_preimage" }
}

/// An operation that is about to be done, and what must come of it.
struct Step {
  /// What an operation depends on.
  enum Reads { case nothing, files, rows, table }
  /// The state after an operation, and what the change feed must tell of it.
  typealias Effect = (State) -> (next: State, feed: [Change])

  /// What it is, for messages.
  let words: () -> String
  var reads = Reads.table
  /// The state after it, where nobody else wrote meanwhile.
  var next: State
  /// What it does to any state, where it depends on some rows alone: others may write meanwhile as
  /// long as it does to the newest state just what it would have done to its own.
  var effect: Effect?
  /// What the change feed must tell of it; nil where it may tell it by whole files.
  var feed: [Change]?
  /// The progress that it records.
  var progress: Int64?
  /// True for a MERGE that must be refused.
  var isAmbiguous = false
  let run: (Snapshot) throws -> Snapshot

  init(
    words: @escaping @autoclosure () -> String, reads: Reads = .table, next: State,
    feed: [Change]? = nil, progress: Int64? = nil, isAmbiguous: Bool = false,
    run: @escaping (Snapshot) throws -> Snapshot
  ) {
    self.words = words
    self.reads = reads
    self.next = next
    self.feed = feed
    self.progress = progress
    self.isAmbiguous = isAmbiguous
    self.run = run
  }

  /// An operation that depends on some rows alone.
  init(
    words: @escaping @autoclosure () -> String, on state: State, isAmbiguous: Bool = false,
    effect: @escaping Effect, run: @escaping (Snapshot) throws -> Snapshot
  ) {
    let result = effect(state)
    self.init(
      words: words(), reads: .rows, next: result.next, feed: result.feed, isAmbiguous: isAmbiguous,
      run: run)
    self.effect = effect
  }

  /// The step as it is on a state that others left.
  func done(on state: State) -> Step {
    guard let result = effect?(state) else { return self }
    var step = self
    step.next = result.next
    if feed != nil { step.feed = result.feed }
    return step
  }
}

/// What a model knows of a table's versions.
struct ModelHistory {
  /// The versions that can be read.
  var states: [Int64: State] = [:]
  /// What the change feed must tell of each version; nil where by whole files.
  var feeds: [Int64: [Change]?] = [:]
  /// Versions that changed the metadata or the protocol, rows, files or progress.
  private var metadata: Set<Int64> = []
  private var rows: Set<Int64> = []
  private var removals: Set<Int64> = []
  private var progress: Set<Int64> = []
  /// Commits before this version are gone.
  private var firstCommit: Int64 = 0

  mutating func record(_ step: Step, before: Snapshot, after: Snapshot) {
    let version = after.version
    if before.metadata != after.metadata || before.tableProtocol != after.tableProtocol {
      metadata.insert(version)
    }
    let came = after.files.keys.contains { before.files[$0] == nil }
    let went = before.files.keys.contains { after.files[$0] == nil }
    if step.reads != .files, came || went { rows.insert(version) }
    if went { removals.insert(version) }
    if step.progress != nil { progress.insert(version) }
    feeds[version] = .some(step.feed)
  }

  /// Checkpoints let go of the commits before a version.
  mutating func forget(before version: Int64) {
    firstCommit = version
    states = states.filter { $0.key >= version }
  }

  enum Verdict { case mustCommit, mustConflict, either }

  /// What must become of a step that was based on a version.
  func verdict(_ step: Step, since base: Int64) -> Verdict {
    func any(_ versions: Set<Int64>) -> Bool { versions.contains { $0 > base } }
    if any(metadata) || base + 1 < firstCommit { return .mustConflict }
    if step.progress != nil, any(progress) { return .mustConflict }
    switch step.reads {
    case .nothing: return .mustCommit
    case .files: return any(removals) ? .either : .mustCommit
    case .rows: return any(rows) ? .either : any(removals) ? .either : .mustCommit
    case .table: return any(rows) ? .mustConflict : any(removals) ? .either : .mustCommit
    }
  }
}

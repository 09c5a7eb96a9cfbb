import Basics
import DeltaLake
import TestKit

/// A random history of one table, and beside it what each version must hold.
///
/// Every operation that the engine has may be the next step, on the newest state or on an older one,
/// as by a writer that was slow: it must then follow the others' commits or be refused.
public struct TableModel<Subject: TableSubject> {
  let subject: Subject
  var random: Seeded
  var table: DeltaTable { subject.table }

  /// What the table must hold.
  var state: State
  /// The newest state as it was read last.
  var opened: Snapshot
  /// What is known of each version.
  var history = ModelHistory()
  /// An older state that a slow writer still has in hand.
  var held: (snapshot: Snapshot, state: State)?
  /// The progress that was recorded last.
  var progress: Int64 = 0

  let isPartitioned: Bool
  /// True if a checkpoint lets go of all older commits.
  let forgetsCommits: Bool
  let checkpointInterval: Int64
  var nextID: Int64 = 0
  var names = 0
  private var steps: [() -> String] = []
  /// The steps so far, for messages.
  public var log: [String] { steps.map { $0() } }

  static var base: [StructField] {
    [
      StructField("p", .string), StructField("id", .long, nullable: false),
      StructField("v", .string),
    ]
  }

  /// Creates the table; the seed says whether it has partitions, deletion vectors, a change feed and
  /// how long it remembers.
  public init(_ subject: Subject, seed: UInt64) throws {
    self.subject = subject
    var random = Seeded(seed)
    checkpointInterval = Int64.random(in: 1...12, using: &random)
    var configuration = ["delta.checkpointInterval": String(checkpointInterval)]
    if Bool.random(using: &random) { configuration["delta.enableDeletionVectors"] = "true" }
    if Bool.random(using: &random) { configuration["delta.enableChangeDataFeed"] = "true" }
    if Bool.random(using: &random) {
      configuration["delta.deletedFileRetentionDuration"] = "interval 5 seconds"
    }
    forgetsCommits = random.once(in: 4)
    if forgetsCommits { configuration["delta.logRetentionDuration"] = "interval 0 seconds" }
    isPartitioned = Bool.random(using: &random)
    self.random = random
    let partitions = isPartitioned ? ["p"] : []
    state = State(schema: Schema(Self.base))
    opened = try subject.table.create(
      Metadata(
        id: "00000000-0000-4000-8000-000000000001", schema: state.schema,
        partitionColumns: partitions, configuration: configuration, createdTime: 0),
      transaction: Transaction("CREATE TABLE", isBlindAppend: true))
    history.states[0] = state
    steps.append { "create partitioned by \(partitions), \(configuration)" }
  }

  /// Does one random step and compares the table with what it must hold.
  /// - Returns: what differs; nil where nothing does.
  public mutating func step() throws -> String? {
    var base = (snapshot: opened, state: state)
    if let held, held.snapshot.version < opened.version, random.once(in: 3) {
      base = held
      self.held = nil
    }
    let isStale = base.snapshot.version < opened.version
    if !isStale, random.once(in: 8) { return try upkeep() }
    let step = try plan(base.snapshot, base.state)
    let version = base.snapshot.version
    steps.append { isStale ? "on version \(version): \(step.words())" : step.words() }
    if let difference = try tellFeed(before: step) { return difference }
    let outcome = try take(step, on: base.snapshot)
    if let difference = judge(outcome, of: step, on: base.snapshot) { return difference }
    if let difference = try compare(outcome) { return difference }
    if held == nil, random.once(in: 3) { held = (opened, state) }
    return nil
  }

  /// What came of a step.
  enum Outcome {
    case committed(Snapshot)
    /// There was nothing to do.
    case nothing
    case conflict(Conflict)
    /// A MERGE with more than one source row for a row.
    case ambiguous
  }

  private func take(_ step: Step, on base: Snapshot) throws -> Outcome {
    do {
      let after = try step.run(base)
      return after.version == base.version ? .nothing : .committed(after)
    } catch DeltaError.conflict(let conflict) {
      return .conflict(conflict)
    } catch DeltaError.ambiguousMerge {
      return .ambiguous
    }
  }

  /// What is wrong with the outcome of a step; takes over what it changed where nothing is.
  private mutating func judge(
    _ outcome: Outcome, of step: Step, on base: Snapshot
  ) -> String? {
    let isStale = base.version < opened.version
    let verdict = history.verdict(step, since: base.version)
    switch outcome {
    case .ambiguous: return step.isAmbiguous ? nil : "the merge was refused as ambiguous"
    case .conflict(let conflict):
      steps.append { "refused: another writer \(conflict.kind.rawValue)" }
      return verdict == .mustCommit ? "it was refused, and nothing stood in its way" : nil
    case .nothing:
      guard !isStale else { return nil }
      // What the table holds shows whether there was really nothing to do.
      state = step.next
      return nil
    case .committed(let after):
      guard !step.isAmbiguous else { return "an ambiguous merge was committed" }
      guard verdict != .mustConflict else { return "it was committed over others' changes" }
      guard after.version == opened.version + 1 else {
        return "version \(after.version) follows version \(opened.version)"
      }
      let step = step.done(on: state)
      history.record(step, before: opened, after: after)
      switch step.reads {
      case .files: break
      case .nothing: for change in step.feed ?? [] { state.add(change.row) }
      case .rows, .table: state = step.next
      }
      if let recorded = step.progress { progress = recorded }
      history.states[after.version] = state
      if forgetsCommits, after.version % checkpointInterval == 0 {
        history.forget(before: after.version)
      }
      return nil
    }
  }

  private mutating func plan(_ base: Snapshot, _ state: State) throws -> Step {
    switch Int.random(in: 0..<18, using: &random) {
    case 0...2: return append(state)
    case 3: return overwrite(state)
    case 4: return isPartitioned ? overwritePartitions(state) : overwrite(state)
    case 5: return overwriteSome(base, state)
    case 6...9: return merge(base, state)
    case 10: return delete(base, state)
    case 11, 12: return update(base, state)
    case 13: return optimize(state)
    case 14: return try restore(state)
    case 15: return setProperty(state)
    default: return alter(base, state)
    }
  }

  /// Does what leaves all versions' rows as they are.
  private mutating func upkeep() throws -> String? {
    if Bool.random(using: &random) {
      steps.append { "checkpoint" }
      try table.writeCheckpoint(opened)
    } else {
      steps.append { "vacuum" }
      if let difference = try tellFeed() ?? vacuum() { return difference }
    }
    return try compare(.nothing)
  }
}

extension TableModel {
  mutating func pick<T>(_ values: [T]) -> T {
    values[Int.random(in: values.indices, using: &random)]
  }
}

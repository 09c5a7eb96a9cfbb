import Basics
import DeltaLake
import Engines
import Lakehouse
import Podium
import Runner
import Storage

/// What a process was at when it ended.
public enum InterruptedWork: Hashable, Sendable {
  case rollback(Rollback)
  case promotion(Promotion)
  case forgetting(Forgetting)
}

extension InterruptedWork: CustomStringConvertible {
  /// As it is typed: `rollback 20250301T061200Z-1a2b3c4d`.
  public var description: String {
    switch self {
    case .rollback(let rollback): rollback.words
    case .promotion(let promotion): promotion.words
    case .forgetting(let forgetting): forgetting.words
    }
  }
}

/// What a rollback or promotion does at one place.
protocol TableStep {
  /// The table's name, or what the place is called that belongs to it.
  var name: String { get }
  /// The folder below the lake, as production calls it.
  var folder: String { get }
}

extension Rollback.Step: TableStep {}
extension Promotion.Step: TableStep {}

/// A rollback or promotion that failed between its tables.
public struct HalfDone: Error, Hashable, Sendable, CustomStringConvertible {
  /// What was asked for, as it is typed.
  public let words: String
  /// Where it stopped.
  public let point: Point
  public let reason: String

  /// How far half-done work is.
  public enum Point: Hashable, Sendable {
    /// So many tables are done, of so many.
    case tables(Int, of: Int)
    /// What a person's forgetting was at.
    case forgetting(ForgetStage)
  }

  public var description: String {
    let stop = reason.last.map { ".!?".contains($0) } == true ? "" : "."
    return "'\(words)' stopped \(point): \(reason)\(stop) Until it is finished "
      + "the tables do not fit together, and no row is lost. Mend the cause, then type "
      + "\(CommandHint.command("maintain")) or any other command that changes the lake: it finishes this "
      + "first."
  }
}

extension HalfDone.Point: CustomStringConvertible {
  public var description: String {
    switch self {
    case .tables(let done, let all): "after \(done) of \(counted(all, "table"))"
    case .forgetting(let stage): "while it \(stage.words)"
    }
  }
}

extension LakeCare {
  /// Where a rollback or promotion is on record from before its first commit until after its last.
  static let record = "operation.json"

  /// Gives all tables of a plan their older states, together: once this has begun, it or the next
  /// command that changes the lake goes on until all is done.
  ///
  /// The caller holds the lake's lock since the plan was made.
  public func carryOut(_ rollback: Rollback) throws {
    try lake.records.put(LakeCare.record, Array(rollback.json.text.utf8))
    try finish(rollback)
  }

  /// Finishes the rollback or promotion that a process was at when it ended.
  ///
  /// The caller holds the lake's lock.
  /// - Returns: what it was; nil where there was none.
  @discardableResult
  public func finishInterrupted() throws -> InterruptedWork? {
    let work = try LakeCare.interrupted(in: lake)
    switch work {
    case .promotion(let promotion): try finish(promotion)
    case .rollback(let rollback): try finish(rollback)
    case .forgetting(let forgetting): _ = try finish(forgetting)
    case nil: break
    }
    return work
  }

  /// The rollback or promotion of production's tables that is half done; nil where there is none.
  public static func interrupted(in lake: Lake) throws -> InterruptedWork? {
    let records = lake.production.records
    guard try records.info(LakeCare.record) != nil else { return nil }
    let json = try? JSON(parsing: try records.read(LakeCare.record))
    if let promotion = json.flatMap(Promotion.init) { return .promotion(promotion) }
    if let forgetting = json.flatMap(Forgetting.init) { return .forgetting(forgetting) }
    guard let rollback = json.flatMap(Rollback.init) else {
      throw RollbackError.damagedRecord(records.address(LakeCare.record))
    }
    return .rollback(rollback)
  }

  /// Does the steps of a rollback or promotion, each at its place.
  /// - Parameter body: does one; it gives the version of the table that is to be on record, if any.
  /// - Returns: these versions.
  /// - Throws: `HalfDone` where one fails for a reason that may pass.
  func carryOut<Step: TableStep>(
    _ steps: [Step], _ words: String, _ body: (Step, Place) throws -> Int64?
  ) throws -> [(name: TableName, version: Int64)] {
    let byFolder = Dictionary(places.map { ($0.location.folder, $0) }) { first, _ in first }
    var versions: [(name: TableName, version: Int64)] = []
    for (index, step) in steps.enumerated() {
      guard let place = byFolder[step.folder] else { throw RollbackError.undeclared(step.name) }
      do {
        let version = try body(step, place)
        if let version, let table = place.table { versions.append((table.name, version)) }
      } catch let error as RollbackError { throw error } catch {
        throw HalfDone(
          words: words, point: .tables(index, of: steps.count), reason: "\(error)")
      }
    }
    return versions
  }

  private func finish(_ rollback: Rollback) throws {
    let byFolder = Dictionary(places.map { ($0.location.folder, $0) }) { first, _ in first }
    let affected = Set(
      rollback.steps.compactMap { step in
        byFolder[step.folder].flatMap { $0.isTable && !step.keepsRows ? $0.table?.name : nil }
      })
    for table in graph.ordered {
      // What was begun on versions that go has no meaning any more.
      let inputs = Set(try TableProgress.openBatch(table, lake).map(\.name))
      guard affected.contains(table.name) || !inputs.isDisjoint(with: affected) else { continue }
      try TableProgress.removeBatch(table, lake)
    }
    var moved: [String: Moved] = [:]
    let versions = try carryOut(rollback.steps, rollback.words) { step, place in
      try carryOut(step, place, rollback, &moved)
    }
    // The tables stand without the ledger.
    if let ledger = try? Ledger(lake) {
      try? ledger.markRolledBack(rollback.runs)
      try? ledger.record(
        .rollback, rollback.id, rollback.words, tables: versions, at: lake.clock.now())
    }
    try lake.records.delete(LakeCare.record)
  }

  /// A version whose rows an input has again, under another number.
  private struct Moved {
    let from: Int64
    let to: Int64
    /// When that was committed.
    let time: Int64?
  }

  /// - Returns: the version that has the table's older rows; nil where its rows stay, and for what is
  ///   kept beside a table.
  private func carryOut(
    _ step: Rollback.Step, _ place: Place, _ rollback: Rollback, _ moved: inout [String: Moved]
  ) throws -> Int64? {
    let delta = delta(place.location, try engine.session())
    let base = try delta.snapshot()
    let done = try version(of: rollback.id, delta, after: step.from, through: base.version)
    var after = base
    if done == nil {
      let old = try delta.snapshot(version: step.target)
      var transaction = Transaction("RESTORE", isBlindAppend: false)
      transaction.tags = [
        JSON.Member(CommitHistory.operationTag, .string(rollback.id)),
        JSON.Member(
          CommitHistory.rolledBackTag,
          .string(step.keepsRows ? "" : rollback.runs.joined(separator: " "))),
      ]
      transaction.actions = marks(old, base, moved, keepLanding: rollback.keepsLanding)
      after = try delta.restore(to: old, base, transaction: transaction).snapshot
    }
    guard place.isTable, let table = place.table, !step.keepsRows else { return nil }
    let version = done ?? after.version
    moved[TableProgress.mark(table.name, base.metadata.id)] = Moved(
      from: step.target, to: version, time: DeltaTable.commitTime(version, in: delta.store))
    return version
  }

  /// The version that an operation committed, if it did.
  func version(
    of operation: String, _ delta: DeltaTable, after from: Int64, through to: Int64
  ) throws -> Int64? {
    guard from < to else { return nil }
    return try ((from + 1)...to).first { version in
      try delta.actions(of: version)?.contains { action in
        guard case .commitInfo(let info) = action else { return false }
        return info[CommitHistory.operationTag]?.string == operation
      } ?? false
    }
  }

  /// The progress marks as they were, where they are others now.
  ///
  /// A mark that was not there cannot be taken away: its version becomes −1, which stands for none.
  /// What had read an input as far as it goes back to has read the version that the input gets.
  private func marks(
    _ old: Snapshot, _ base: Snapshot, _ moved: [String: Moved], keepLanding: Bool
  ) -> [Action] {
    let names = Set(old.transactions.keys).union(base.transactions.keys)
    return names.sorted().compactMap { name in
      let now = base.transactions[name]
      if keepLanding, name.hasPrefix(LandingMark.prefix), now != nil { return nil }
      var wanted = old.transactions[name]
      if let input = moved[name], wanted?.version == input.from {
        wanted = SetTransaction(appId: name, version: input.to, lastUpdated: input.time)
      }
      let mark = wanted ?? .withdrawn(name, at: lake.clock.now())
      return mark.version == now?.version && mark.lastUpdated == now?.lastUpdated ? nil : .txn(mark)
    }
  }
}

extension Rollback {
  /// What it was asked for.
  var words: String { "rollback \(runs.joined(separator: " "))" }

  fileprivate var json: JSON {
    [
      "kind": "rollback", "id": .string(id), "runs": .array(runs.map(JSON.string)),
      "files": .int(files), "keepsLanding": .bool(keepsLanding),
      "steps": .array(
        steps.map {
          [
            "name": .string($0.name), "folder": .string($0.folder), "from": .int($0.from),
            "target": .int($0.target),
          ]
        }),
    ]
  }

  fileprivate init?(_ json: JSON) {
    guard json["kind"]?.string == "rollback", let id = json["id"]?.string,
      let runs = json["runs"]?.array, let files = json["files"]?.int,
      let keepsLanding = json["keepsLanding"]?.bool, let entries = json["steps"]?.array
    else { return nil }
    var steps: [Step] = []
    for entry in entries {
      guard let name = entry["name"]?.string, let folder = entry["folder"]?.string,
        let from = entry["from"]?.int, let target = entry["target"]?.int
      else { return nil }
      steps.append(Step(name: name, folder: folder, from: from, target: target))
    }
    self.init(
      id: id, runs: runs.compactMap(\.string), steps: steps, files: Int(clamping: files),
      keepsLanding: keepsLanding)
  }
}

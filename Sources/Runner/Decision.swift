import Basics
import DeltaLake
import Lakehouse
import Podium

/// What a run has to do for a table computed by a query, and why.
enum Decision {
  /// All inputs are as they were.
  case nothing
  /// The rows that came since the last commit.
  case newRows(Batch)
  /// The rows of a derived table that changes of its inputs touch.
  case touched(Batch)
  /// The whole table.
  case rebuild(Batch, Reason)
  /// New rows that an earlier run began with and did not commit; what came since is left.
  case retry(Batch)

  /// Why a table is computed whole.
  enum Reason: Hashable, Sendable {
    case firstRun
    /// It exists and has never been computed, or its first run was rolled back.
    case notComputed
    case fullRefresh
    /// An earlier run began to compute it whole and did not commit.
    case unfinished(run: String)
    case declarationChanged
    /// Rows were given up in production since an environment computed the table.
    case rowsGivenUp
    /// Others changed its rows.
    case changedOutside(OutsideChange)
    case inputChanged([TableName])
    case inputRecreated(TableName)
    case inputRewritten(TableName)
    /// Rows of an input do not tell which rows of the table they touch.
    case untraced([TableName])
    case businessDate
  }
}

extension Decision.Reason: CustomStringConvertible {
  var description: String {
    switch self {
    case .firstRun: "it does not exist yet"
    case .notComputed: "it has not been computed yet"
    case .fullRefresh: "a full refresh was asked for"
    case .unfinished(let run): "run \(run) did not finish it"
    case .declarationChanged: "its declaration changed"
    case .rowsGivenUp: "quarantined rows of it were given up in production"
    case .changedOutside(let change):
      "it was changed outside of runs, by \(change.commits.prefix(3).map(\.description).joined(separator: ", "))"
    case .inputChanged(let names):
      "\(names.map(\.description).joined(separator: ", ")) changed"
    case .inputRecreated(let name): "\(name) was made anew"
    case .inputRewritten(let name): "\(name) lost or rewrote rows"
    case .untraced(let names):
      "\(names.map(\.description).joined(separator: ", ")) changed, and which rows that touches "
        + "is not certain"
    case .businessDate: "the business date changed"
    }
  }
}

/// Finds out what a table needs, from its own progress and its inputs' versions.
struct Decider {
  let table: Table
  let state: TableState?
  /// The newest states of what the table reads or refers to; nil for tables that do not exist.
  let inputs: [(input: SQL.Input, state: TableState?)]
  /// Versions of the table that no run committed and none has dealt with.
  let outside: OutsideChange?
  let run: String
  let asOf: String
  let fullRefresh: Bool
  /// The version of the table's quarantine; nil where there is none.
  let quarantine: Int64?
  /// True if rows were given up in production since an environment computed the table.
  var missesDrops = false
  /// When a version of an input was committed; nil where its commit is gone.
  let commitTime: (Table, Int64) -> Int64?
  /// True if the versions after one, up to another one, changed rows of an input; those that moved
  /// rows between files or recorded progress did not.
  let rowsChanged: (Table, Int64, Int64) -> Bool
  /// True if a version of an input can still be read; it can until its commit or its files are cleaned
  /// up, as when somebody is forgotten.
  let isReadable: (Table, Int64) -> Bool

  /// The fingerprint of an older declaration whose rows are as good by this one; nil for none.
  var accepted: String?

  private var fingerprint: String { Fingerprint.of(table) }

  /// - Parameter pending: the batch that an earlier run left behind.
  func decide(pending: Batch?) -> Decision {
    let open = pending.flatMap { stillOpen($0) ? $0 : nil }
    if let reason = reasonToRebuild(open) { return .rebuild(batch(rebuild: reason), reason) }
    if let open { return .retry(open) }
    guard !changed({ _ in true }).isEmpty else { return .nothing }
    if case .derived = table.write { return .touched(batch(rebuild: false)) }
    return .newRows(batch(rebuild: false))
  }

  private func reasonToRebuild(_ open: Batch?) -> Decision.Reason? {
    if fullRefresh { return .fullRefresh }
    // Computing whole replaces all that an unfinished run left, so it takes the newest inputs.
    if let open, open.rebuild || !isReadable(open) { return .unfinished(run: open.run) }
    guard let state else { return .firstRun }
    // What keeps its history may be all that is left of rows: others' rows stay in it.
    if let outside, outside.effect == .undone { return .changedOutside(outside) }
    let computed = state.metadata.configuration[PropertyName.fingerprint]
    guard let computed else { return .notComputed }
    if computed != fingerprint, computed != accepted { return .declarationChanged }
    if missesDrops { return .rowsGivenUp }
    for (input, other) in inputs {
      guard let other else { continue }
      guard let version = consumed(input, other) else {
        let prefix = TableJob.progressID(input.table.name, "")
        guard state.transactions.keys.contains(where: { $0.hasPrefix(prefix) }) else { continue }
        return .inputRecreated(input.table.name)
      }
      if version > other.version || isAnother(version, input, other) {
        return .inputRewritten(input.table.name)
      }
    }
    guard case .derived = table.write else {
      // Rows that were computed by the whole of a table may come out otherwise now.
      let read = Set(table.query?.inputs.filter { !$0.onlyNew }.map(\.table.name) ?? [])
      let whole = changed { !$0.onlyNew && read.contains($0.table.name) }
      return whole.isEmpty ? nil : .inputChanged(whole)
    }
    // An input that came into being was read as an empty one so far.
    let new = inputs.filter { input, other in other.map { consumed(input, $0) == nil } ?? false }
    if !new.isEmpty { return .inputChanged(new.map(\.input.table.name)) }
    guard table.query?.readsBusinessDate == true else { return nil }
    return state.transactions[Decider.asOfMark]?.version == Decider.day(asOf) ? nil : .businessDate
  }

  /// The inputs of a kind that have versions with other rows than those which the table consumed.
  private func changed(_ kind: (SQL.Input) -> Bool) -> [TableName] {
    inputs.filter { input, other in
      guard kind(input), let other else { return false }
      guard let version = consumed(input, other) else { return true }
      return version != other.version
        && (version > other.version || rowsChanged(input.table, version, other.version))
    }.map(\.input.table.name)
  }

  /// A batch is open as long as the table did not commit it and its declaration is the same.
  private func stillOpen(_ batch: Batch) -> Bool {
    guard batch.fingerprint == fingerprint else { return false }
    let marks = batch.inputs.map { TableJob.progressID($0.name, $0.identity) }
    guard !batch.inputs.isEmpty else { return false }
    let committed = zip(marks, batch.inputs).allSatisfy { mark, input in
      state?.transactions[mark]?.version == input.to
    }
    // An input made anew since then has another identity: its old versions are gone.
    let known = batch.inputs.allSatisfy { input in
      inputs.contains {
        $0.input.table.name == input.name && $0.state?.metadata.id == input.identity
      }
    }
    return !committed && known
  }

  /// True if all versions that a batch pins can still be read.
  private func isReadable(_ batch: Batch) -> Bool {
    batch.inputs.allSatisfy { pinned in
      inputs.first { $0.input.table.name == pinned.name }
        .map { isReadable($0.input.table, pinned.to) } ?? true
    }
  }

  /// True if the input's log has another version under the number of the one that was consumed.
  private func isAnother(_ version: Int64, _ input: SQL.Input, _ other: TableState) -> Bool {
    let mark = state?.transactions[TableJob.progressID(input.table.name, other.metadata.id)]
    guard let then = mark?.lastUpdated, let now = commitTime(input.table, version) else {
      return false
    }
    return then != now
  }

  func consumed(_ input: SQL.Input, _ other: TableState) -> Int64? {
    state?.transactions[TableJob.progressID(input.table.name, other.metadata.id)]?.version
  }

  /// A batch for computing the table whole.
  func batch(rebuild reason: Decision.Reason) -> Batch {
    var batch = batch(rebuild: true)
    switch reason {
    case .inputChanged, .untraced, .businessDate: batch.followsInputs = true
    case .firstRun, .notComputed, .fullRefresh, .unfinished, .declarationChanged, .rowsGivenUp,
      .changedOutside, .inputRecreated, .inputRewritten:
      break
    }
    return batch
  }

  /// A batch of all that the inputs hold by now.
  func batch(rebuild: Bool) -> Batch {
    Batch(
      run: run, fingerprint: fingerprint,
      inputs: inputs.compactMap { input, other in
        other.map {
          Batch.Input(
            name: input.table.name, identity: $0.metadata.id,
            from: rebuild ? nil : consumed(input, $0), to: $0.version, onlyNew: input.onlyNew)
        }
      }, rebuild: rebuild, asOf: asOf, quarantine: quarantine)
  }

  /// A batch of what the table has consumed, and of nothing new.
  func consumedBatch() -> Batch {
    Batch(
      run: run, fingerprint: fingerprint,
      inputs: inputs.compactMap { input, other in
        guard let other, let version = consumed(input, other) else { return nil }
        return Batch.Input(
          name: input.table.name, identity: other.metadata.id, from: version, to: version,
          onlyNew: input.onlyNew)
      }, rebuild: false, asOf: asOf, quarantine: quarantine)
  }

  /// The progress mark whose version is the business date last computed, in days since 1970.
  static let asOfMark = "podium/as-of"

  static func day(_ asOf: String) -> Int64 {
    CivilDate(asOf).map { Int64($0.daysSinceEpoch) } ?? -1
  }
}

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
  /// The whole table.
  case rebuild(Batch, Reason)
  /// A batch that an earlier run began and did not commit.
  case retry(Batch)

  /// Why a table is computed whole.
  enum Reason: Hashable, Sendable {
    case firstRun
    case fullRefresh
    case declarationChanged
    case inputChanged([TableName])
    case inputRecreated(TableName)
    case inputRewritten(TableName)
    case businessDate
  }
}

extension Decision.Reason: CustomStringConvertible {
  var description: String {
    switch self {
    case .firstRun: "it does not exist yet"
    case .fullRefresh: "a full refresh was asked for"
    case .declarationChanged: "its declaration changed"
    case .inputChanged(let names):
      "\(names.map(\.description).joined(separator: ", ")) changed"
    case .inputRecreated(let name): "\(name) was made anew"
    case .inputRewritten(let name): "\(name) lost or rewrote rows"
    case .businessDate: "the business date changed"
    }
  }
}

/// Finds out what a table needs, from its own progress and its inputs' versions.
struct Decider {
  let table: Table
  let state: TableState?
  /// The inputs' newest states; nil for inputs that do not exist.
  let inputs: [(input: SQL.Input, state: TableState?)]
  let run: String
  let asOf: String
  let fullRefresh: Bool

  private var fingerprint: String { Fingerprint.of(table) }

  /// - Parameter pending: the batch that an earlier run left behind.
  func decide(pending: Batch?) -> Decision {
    if let pending, stillOpen(pending) { return .retry(pending) }
    guard let state else { return .rebuild(batch(rebuild: true), .firstRun) }
    if fullRefresh { return .rebuild(batch(rebuild: true), .fullRefresh) }
    if state.metadata.configuration[PropertyName.fingerprint] != fingerprint {
      return .rebuild(batch(rebuild: true), .declarationChanged)
    }
    for (input, other) in inputs {
      guard let other, consumed(input, other) == nil else { continue }
      let prefix = TableJob.progressID(input.table.name, "")
      if state.transactions.keys.contains(where: { $0.hasPrefix(prefix) }) {
        return .rebuild(batch(rebuild: true), .inputRecreated(input.table.name))
      }
    }
    let changed = inputs.filter { input, other in
      guard let other else { return false }
      return consumed(input, other) != other.version
    }.map(\.input.table.name)
    if case .derived = table.write {
      if table.query?.readsBusinessDate == true,
        state.transactions[Decider.asOfMark]?.version != Decider.day(asOf)
      {
        return .rebuild(batch(rebuild: true), .businessDate)
      }
      return changed.isEmpty ? .nothing : .rebuild(batch(rebuild: true), .inputChanged(changed))
    }
    return changed.isEmpty ? .nothing : .newRows(batch(rebuild: false))
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

  private func consumed(_ input: SQL.Input, _ other: TableState) -> Int64? {
    state?.transactions[TableJob.progressID(input.table.name, other.metadata.id)]?.version
  }

  private func batch(rebuild: Bool) -> Batch {
    Batch(
      run: run, fingerprint: fingerprint,
      inputs: inputs.compactMap { input, other in
        other.map {
          Batch.Input(
            name: input.table.name, identity: $0.metadata.id,
            from: rebuild ? nil : consumed(input, $0), to: $0.version, onlyNew: input.onlyNew)
        }
      }, rebuild: rebuild, asOf: asOf)
  }

  /// The progress mark whose version is the business date last computed, in days since 1970.
  static let asOfMark = "podium/as-of"

  static func day(_ asOf: String) -> Int64 {
    CivilDate(asOf).map { Int64($0.daysSinceEpoch) } ?? -1
  }
}

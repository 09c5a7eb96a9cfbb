import Basics
import DeltaLake
import TestKit

/// A condition over a row's `id`, in SQL and in Swift; `never` holds for no row.
struct ModelCondition: Hashable {
  let divisor: Int
  let rest: Int

  static let never = ModelCondition(divisor: 1, rest: 1)

  init(divisor: Int, rest: Int) {
    self.divisor = divisor
    self.rest = rest
  }

  init(_ random: inout Seeded) {
    divisor = [2, 3, 5][Int.random(in: 0..<3, using: &random)]
    rest = Int.random(in: 0..<divisor, using: &random)
  }

  func holds(_ row: Row) -> Bool { row.id % Int64(divisor) == Int64(rest) }

  /// The condition as SQL over an alias, which ends with a dot.
  func sql(of alias: String) -> String { "\(alias)id % \(divisor) = \(rest)" }
}

/// A random MERGE by `id`, and what must come of it.
struct ModelMerge {
  struct Clause {
    let action: MergeRequest.Action
    let condition: ModelCondition?
    let alias: String

    var clause: MergeRequest.Clause { .init(action, when: condition?.sql(of: alias)) }
  }

  let keys: [String]
  let matched: [Clause]
  let unmatched: [Clause]
  let insertWhen: ModelCondition?
  let state: State
  var source: [Row] = []

  /// Draws the clauses; the source is to follow.
  init(_ random: inout Seeded, _ state: State) {
    self.state = state
    keys = random.once(in: 3) ? [state.place, "id"] : ["id"]
    let actions: [MergeRequest.Action] = [
      .update, .update, .delete, .keep, .set(["v": ModelSQL.marked]), .set(["v": ModelSQL.taken]),
    ]
    matched = ModelMerge.clauses(&random, most: 2, actions, ["source.", "target."])
    unmatched =
      Bool.random(using: &random)
      ? []
      : ModelMerge.clauses(
        &random, most: 2, [.delete, .keep, .update, .set(["v": ModelSQL.gone])], ["target."])
    switch Int.random(in: 0..<4, using: &random) {
    case 0: insertWhen = .never
    case 1: insertWhen = ModelCondition(&random)
    default: insertWhen = nil
    }
  }

  private static func clauses(
    _ random: inout Seeded, most: Int, _ actions: [MergeRequest.Action], _ aliases: [String]
  ) -> [Clause] {
    (0..<Int.random(in: 0...most, using: &random)).map { _ in
      Clause(
        action: actions[Int.random(in: actions.indices, using: &random)],
        condition: Bool.random(using: &random) ? nil : ModelCondition(&random),
        alias: aliases[Int.random(in: aliases.indices, using: &random)])
    }
  }

  var words: String {
    func words(_ clauses: [Clause]) -> String {
      clauses.map { "\($0.action) when \($0.condition?.sql(of: $0.alias) ?? "true")" }
        .joined(separator: "; ")
    }
    return "merge \(source.map(\.id)) by \(keys), matched [\(words(matched))], insert when "
      + "\(insertWhen?.sql(of: "source.") ?? "true"), unmatched [\(words(unmatched))]"
  }

  /// The rows afterwards and what happened to each.
  var result: (next: State, feed: [Change], isAmbiguous: Bool) {
    var next = state
    var feed: [Change] = []
    var touched: Set<Int64> = []
    var isAmbiguous = false
    for new in source {
      guard let old = state.rows[new.id] else {
        guard insertWhen?.holds(new) ?? true else { continue }
        next.add(new)
        feed.append(.insert(new))
        continue
      }
      // The keys are the same, so it does not matter whose id a condition is about.
      guard let clause = matched.first(where: { $0.condition?.holds(old) ?? true }),
        clause.action != .keep
      else { continue }
      if !touched.insert(old.id).inserted { isAmbiguous = true }
      apply(clause.action, to: old, new, &next, &feed)
    }
    let ids = Set(source.map(\.id))
    for old in state.rows.values where !ids.contains(old.id) {
      guard let clause = unmatched.first(where: { $0.condition?.holds(old) ?? true }) else {
        continue
      }
      // Without a source row there is nothing to update from.
      if clause.action != .update { apply(clause.action, to: old, [:], &next, &feed) }
    }
    return (next, feed, isAmbiguous)
  }

  private func apply(
    _ action: MergeRequest.Action, to old: Row, _ new: Row, _ next: inout State,
    _ feed: inout [Change]
  ) {
    var image = new
    switch action {
    case .keep: return
    case .delete:
      next.rows[old.id] = nil
      feed.append(.delete(old))
      return
    case .update: break
    case .set(let values):
      let value: JSON =
        switch values["v"] {
        case ModelSQL.marked: ModelSQL.append("!", to: old["v"])
        case ModelSQL.taken: new["v"] ?? .null
        default: "gone"
        }
      image = old.setting("v", value)
    }
    next.add(image)
    feed += Change.update(old, image)
  }
}

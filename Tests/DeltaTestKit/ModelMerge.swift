import Basics
import DeltaLake
import TestKit

/// A condition over a row's `id`, in SQL and in Swift.
enum ModelCondition: Hashable {
  case remainder(divisor: Int64, rest: Int64)
  /// One that tells which files cannot have such a row.
  case above(Int64)

  /// It holds for no row.
  static let never = ModelCondition.remainder(divisor: 1, rest: 1)

  /// All that a model draws from.
  static let all: [ModelCondition] =
    [2, 3, 5].flatMap { divisor in
      (0..<divisor).map { .remainder(divisor: divisor, rest: $0) }
    } + [10, 20, 40, 60].map(above)

  init(_ random: inout Seeded) {
    self = ModelCondition.all[Int.random(in: ModelCondition.all.indices, using: &random)]
  }

  func holds(_ row: Row) -> Bool {
    switch self {
    case .remainder(let divisor, let rest): row.id % divisor == rest
    case .above(let limit): row.id > limit
    }
  }

  /// The condition as SQL over an alias, which ends with a dot.
  func sql(of alias: String) -> String {
    switch self {
    case .remainder(let divisor, let rest): "\(alias)id % \(divisor) = \(rest)"
    case .above(let limit): "\(alias)id > \(limit)"
    }
  }

  /// What is certain of it without a look at the rows.
  var predicate: Predicate {
    switch self {
    case .remainder: .unknown
    case .above(let limit): .compare("id", .greater, .integer(limit))
    }
  }
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
  var source: [Row] = []

  /// Draws the clauses; the source is to follow.
  init(_ random: inout Seeded, _ state: State) {
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
  func result(on state: State) -> (next: State, feed: [Change], isAmbiguous: Bool) {
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

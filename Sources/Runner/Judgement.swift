import Engines
import Lakehouse
import Podium

/// The rules of a table as SQL over its query's rows.
struct Judgement {
  /// One rule.
  struct Rule {
    let name: String
    /// TRUE for a good row.
    let condition: String
    let action: Expectation.Action
    let location: SourceLocation
    /// The least share of a run's rows that must pass; nil where any number may fail.
    var share: ShareRule?
  }

  /// What a rule's action makes of a row, in the order of their weight.
  enum Verdict: Int {
    case passed = 0
    case quarantined = 1
    case filtered = 2
    case stopped = 3
  }

  let rules: [Rule]
  /// Columns that rules need besides the query's, as SQL over its rows.
  let helpers: [(name: String, sql: String)]

  static let verdictColumn = "_verdict"
  static let deleteColumn = "_delete"
  /// TRUE for a row that fails a rule with `else: .warn`.
  static let warnedColumn = "_warned"
  /// TRUE for a row that an earlier run judged too.
  static let againColumn = "_again"
  /// Why the query could not be computed for a row; NULL for all other rows.
  static let failureColumn = "_failure"
  /// All of these columns.
  static let columns = [
    verdictColumn, deleteColumn, warnedColumn, againColumn, failureColumn,
  ]
  /// The rule that such a row fails.
  static let computable = "the query can be computed"

  /// The declared rules, and one for each column that promises a value; an empty text is no key.
  ///
  /// A row that deletes its key need only say which key and when.
  init(_ table: Table) {
    var always: Set<String> = []
    if let ordering = table.write.orderedBy { always = Set(table.key + [ordering]) }
    let exempt = "\(Judgement.deleteColumn) OR "
    func spared(_ condition: String) -> String {
      guard table.write.deleteWhen != nil else { return condition }
      return "\(exempt)(\(condition))"
    }
    let required = Set(
      table.expectations.compactMap { rule -> String? in
        if case .required(let column) = rule.test { return column }
        return nil
      })
    let added = table.addedColumns.union(required)
    let promised = table.columns.filter { !$0.nullable && !added.contains($0.name) }
    var rules = promised.map { column in
      var condition = "\(sqlName(column.name)) IS NOT NULL"
      if column.type == .string, table.key.contains(column.name) {
        condition += " AND \(sqlName(column.name)) <> ''"
      }
      return Rule(
        name: "\(column.name) is required",
        condition: always.contains(column.name) ? condition : spared(condition),
        action: .quarantine, location: table.declaredAt)
    }
    var helpers: [(name: String, sql: String)] = []
    for expectation in table.expectations where expectation.judgesRows {
      let condition: String
      if case .unique(let columns) = expectation.test {
        let name = "_unique_\(helpers.count)"
        helpers.append((name, Judgement.isUnique(columns)))
        condition = name
      } else {
        condition = spared(Judgement.condition(expectation, table))
      }
      rules.append(
        Rule(
          name: expectation.name, condition: condition, action: expectation.action,
          location: expectation.declaredAt, share: expectation.share))
    }
    self.rules = rules
    self.helpers = helpers
  }

  private static func condition(_ expectation: Expectation, _ table: Table) -> String {
    guard case .reference(let columns, let reference) = expectation.test else {
      return expectation.condition(in: table) ?? "true"
    }
    let alias = SQL.Input(table: reference.table, onlyNew: false).alias
    let nulls = columns.map { "q.\(sqlName($0)) IS NULL" }
    let own = columns.map { "q.\(sqlName($0))" }.joined(separator: ", ")
    let others = reference.columns.map { "parent.\(sqlName($0))" }.joined(separator: ", ")
    // DuckDB copies all rows for an EXISTS that depends on them and stands beside another condition.
    return
      "\(nulls.joined(separator: " OR ")) OR (\(own)) IN (SELECT \(others) FROM \(alias) AS parent)"
  }

  /// TRUE for a row whose values no other row has; a row without one of them is alone.
  private static func isUnique(_ columns: [String]) -> String {
    let nulls = columns.map { "\(sqlName($0)) IS NULL" }.joined(separator: " OR ")
    return "(\(nulls) OR count(*) OVER (PARTITION BY \(sqlNames(columns))) = 1)"
  }

  /// An expression for a row's verdict: the heaviest of the actions of the rules it fails.
  var verdict: String {
    let verdicts: [(Expectation.Action, Verdict)] = [
      (.stop, .stopped), (.drop, .filtered), (.quarantine, .quarantined),
    ]
    let cases = verdicts.compactMap { action, verdict in
      failing(action).map { "WHEN \($0) THEN \(verdict.rawValue)" }
    }
    return cases.isEmpty
      ? "CAST(0 AS TINYINT)"
      : "CAST(CASE \(cases.joined(separator: " ")) ELSE 0 END AS TINYINT)"
  }

  /// An expression that is TRUE for a row that fails a rule with `else: .warn`.
  var warned: String { failing(.warn) ?? "false" }

  /// A condition that a row fails one of the rules with an action; nil where there is none.
  private func failing(_ action: Expectation.Action) -> String? {
    let conditions = rules.filter { $0.action == action }.map { "((\($0.condition)) IS TRUE)" }
    return conditions.isEmpty ? nil : "NOT (\(conditions.joined(separator: " AND ")))"
  }

  /// An expression for the names of the rules with some actions that a row fails, or for why none
  /// could be judged.
  func failedRules(_ actions: Set<Expectation.Action>) -> String {
    let names = rules.filter { actions.contains($0.action) }.map {
      "CASE WHEN (\($0.condition)) IS TRUE THEN NULL ELSE \(sqlLiteral($0.name)) END"
    }
    return "coalesce(\(Judgement.failureColumn), "
      + "concat_ws('; ', \((names + ["NULL"]).joined(separator: ", "))))"
  }

  /// Expressions that count the rows failing each rule, in the order of the rules.
  ///
  /// Only rows that fail some rule are looked at; one that the query could not be computed for has
  /// no columns to judge.
  var counts: [String] {
    let judged =
      "(\(Judgement.verdictColumn) <> 0 OR \(Judgement.warnedColumn)) "
      + "AND \(Judgement.failureColumn) IS NULL"
    return rules.map { rule in
      "count(*) FILTER (WHERE \(judged) AND ((\(rule.condition)) IS TRUE) IS NOT TRUE)"
    }
  }
}

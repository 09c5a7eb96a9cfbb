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
  }

  /// What a rule's action makes of a row, in the order of their weight.
  enum Verdict: Int {
    case passed = 0
    case quarantined = 1
    case filtered = 2
    case stopped = 3
  }

  let rules: [Rule]

  static let verdictColumn = "_verdict"
  static let deleteColumn = "_delete"
  /// TRUE for a row that fails a rule with `else: .warn`.
  static let warnedColumn = "_warned"
  /// TRUE for a row that an earlier run judged too.
  static let againColumn = "_again"
  /// Why the query could not be computed for a row; NULL for all other rows.
  static let failureColumn = "_failure"
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
    let added = table.addedColumns
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
    for expectation in table.expectations {
      rules.append(
        Rule(
          name: expectation.name, condition: spared(Judgement.condition(expectation.test)),
          action: expectation.action, location: expectation.declaredAt))
    }
    self.rules = rules
  }

  private static func condition(_ test: Expectation.Test) -> String {
    switch test {
    case .condition(let sql): return sql
    case .reference(let columns, let reference):
      let alias = SQL.Input(table: reference.table, onlyNew: false).alias
      let nulls = columns.map { "q.\(sqlName($0)) IS NULL" }
      let equal = zip(columns, reference.columns).map {
        "parent.\(sqlName($1)) = q.\(sqlName($0))"
      }
      return "\(nulls.joined(separator: " OR ")) OR EXISTS (SELECT 1 FROM \(alias) AS parent "
        + "WHERE \(equal.joined(separator: " AND ")))"
    }
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

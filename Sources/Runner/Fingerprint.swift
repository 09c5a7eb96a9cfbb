import Podium
import Storage

/// A short text that changes when a declaration means something else.
///
/// White space, comments and the case of words in SQL do not count, nor do descriptions.
enum Fingerprint {
  /// - Parameter withRules: false for what the declaration means apart from its rules.
  static func of(_ table: Table, withRules: Bool = true) -> String {
    var parts = [
      table.name.description, "\(table.write)", table.key.joined(separator: ","),
      table.partitionedBy.joined(separator: ","),
    ]
    parts += table.columns.map { "\($0.name) \($0.type.sql) \($0.nullable)" }
    if withRules { parts += table.expectations.flatMap { part($0, table) } }
    // Who keeps rows longer than before gets those back that are gone.
    if let retention = table.retention { parts.append("\(retention)") }
    if let query = table.query { parts.append(normalised(query.text(asOf: "as-of"))) }
    let text = parts.joined(separator: "\u{1F}")
    let digits = String(ContentHash(of: Array(text.utf8)).value, radix: 16)
    return String(repeating: "0", count: max(0, 16 - digits.count)) + digits
  }

  /// What a rule means; nothing for one that judges a run by itself.
  ///
  /// Such a rule says nothing of rows that are in the table already. Nor does the share of rows that must pass, which is of one run.
  static func part(_ rule: Expectation, _ table: Table) -> [String] {
    let meaning: String
    switch rule.test {
    case .rowCount, .freshness: return []
    case .reference(let columns, let reference):
      meaning = "\(columns) in \(reference.table.name) \(reference.columns)"
    case .unique(let columns): meaning = "\(columns) are unique"
    case .query(let query): meaning = normalised(query.sql.text(asOf: "as-of"))
    case .factor(let factor): meaning = "\(factor) rows for each"
    case .rows(let factor, let query):
      meaning = "\(factor) rows of " + normalised(query.sql.text(asOf: "as-of"))
    case .sum(let column, let query):
      meaning = "sum of \(column) as " + normalised(query.sql.text(asOf: "as-of"))
    case .condition, .required, .readable, .type, .oneOf, .range, .pattern:
      meaning = normalised(rule.condition(in: table) ?? "")
    }
    return ["\(rule.name) \(rule.action)", meaning]
  }

  private static func normalised(_ sql: String) -> String {
    sqlTokens(sql).map { token in
      switch token.kind {
      case .word: token.text.lowercased()
      case .literal: "'" + token.text + "'"
      case .quotedName: "\"" + token.text + "\""
      case .number, .sign: token.text
      }
    }.joined(separator: " ")
  }
}

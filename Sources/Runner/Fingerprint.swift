import Podium
import Storage

/// A short text that changes when a declaration means something else.
///
/// White space, comments and the case of words in SQL do not count, nor do descriptions.
enum Fingerprint {
  static func of(_ table: Table) -> String {
    var parts = [
      table.name.description, "\(table.write)", table.key.joined(separator: ","),
      table.partitionedBy.joined(separator: ","),
    ]
    parts += table.columns.map { "\($0.name) \($0.type.sql) \($0.nullable)" }
    for expectation in table.expectations {
      parts.append("\(expectation.name) \(expectation.action)")
      switch expectation.test {
      case .condition(let sql): parts.append(normalised(sql))
      case .reference(let columns, let reference):
        parts.append("\(columns) in \(reference.table.name) \(reference.columns)")
      }
    }
    // Who keeps rows longer than before gets those back that are gone.
    if let retention = table.retention { parts.append("\(retention)") }
    if let query = table.query { parts.append(normalised(query.text(asOf: "as-of"))) }
    let text = parts.joined(separator: "\u{1F}")
    let digits = String(ContentHash(of: Array(text.utf8)).value, radix: 16)
    return String(repeating: "0", count: max(0, 16 - digits.count)) + digits
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

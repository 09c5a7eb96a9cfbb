import Basics
import Podium

/// Finds what an SQL text says in a way that other engines read otherwise, or not at all.
///
/// It knows the spellings that were measured on DuckDB, Apache Spark and Sail; see
/// `docs/portable-sql.md`. Tokens tell what the engine's parser no longer tells apart, the syntax tree
/// all else. Of types nothing is known but which columns of the
/// tables are fractions, so a type is asked for where one could differ.
public struct PortableSQL {
  /// How a column keeps fractions.
  public enum Fraction: Hashable, Sendable {
    case double
    /// Exactly, so that sums of it are exact too.
    case decimal
  }

  private let text: String
  /// The columns of the tables by the names that the text has for them, in lower case.
  private let tables: [String: [String]]
  private let fractions: [String: [String: Fraction]]

  /// - Parameters:
  ///   - tables: columns of each table, by the name that the text has for it, in lower case.
  ///   - fractions: those of them that are fractions, in lower case.
  public init(
    _ text: String, tables: [String: [String]] = [:],
    fractions: [String: [String: Fraction]] = [:]
  ) {
    self.text = text
    self.tables = tables
    self.fractions = fractions
  }

  /// All findings, in the order of their places.
  /// - Parameter tree: what `json_serialize_sql` gave for the text; nil where it gave nothing.
  public func findings(_ tree: JSON?) -> [PortabilityFinding] {
    var found = tokenFindings()
    if let tree, tree["error"]?.bool != true {
      var walk = PortabilityWalk(tables: tables, fractions: fractions)
      walk.visit(statements: tree)
      found += walk.findings
    } else {
      found.append(PortabilityFinding(.pivot, nil))
    }
    let unique = Set(found)
    return unique.sorted {
      ($0.offset ?? -1, $0.rule.rawValue, $0.name ?? "")
        < ($1.offset ?? -1, $1.rule.rawValue, $1.name ?? "")
    }
  }

  private func tokenFindings() -> [PortabilityFinding] {
    var found: [PortabilityFinding] = []
    let tokens = sqlTokens(text)
    for (index, token) in tokens.enumerated() {
      switch token.kind {
      case .quotedName:
        found.append(PortabilityFinding(.quotedIdentifier, token.offset, token.text))
      case .literal:
        if token.text.contains("\\") { found.append(PortabilityFinding(.backslash, token.offset)) }
        if token.text.contains("'") { found.append(PortabilityFinding(.apostrophe, token.offset)) }
      case .word:
        switch token.text.lowercased() {
        case "varchar", "text":
          if isType(index, tokens) { found.append(PortabilityFinding(.textType, token.offset)) }
        default: break
        }
      case .sign:
        guard token.text == ":", index + 1 < tokens.count, tokens[index + 1].text == ":",
          tokens[index + 1].offset == token.offset + 1
        else { continue }
        found.append(PortabilityFinding(.castSign, token.offset))
      case .number: break
      }
    }
    return found
  }

  /// True behind `AS` within a CAST, or behind `::`: elsewhere it is a name.
  private func isType(_ index: Int, _ tokens: [SQLToken]) -> Bool {
    guard index > 0 else { return false }
    let before = tokens[index - 1]
    guard before.isWord("as") else { return before.text == ":" }
    return index + 1 < tokens.count && [")", "("].contains(tokens[index + 1].text)
  }
}

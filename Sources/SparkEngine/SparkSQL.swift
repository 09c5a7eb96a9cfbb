import Basics
import Podium

/// Portable SQL as Spark's parsers read it.
public enum SparkSQL {
  /// A query with names in backticks, escaped literals, Spark's types, and its inputs' other names.
  ///
  /// Lines stay where they are.
  /// - Parameter names: what inputs are called on the server, by their names in lower case.
  public static func translated(_ text: String, names: [String: String] = [:]) -> String {
    let bytes = Array(text.utf8)
    let tokens = sqlTokens(text)
    var result: [UInt8] = []
    var copied = 0
    for (index, token) in tokens.enumerated() {
      guard let replacement = replacement(token, followedBy: tokens.dropFirst(index + 1), names)
      else { continue }
      result += bytes[copied..<token.offset]
      result += Array(replacement.utf8)
      copied = token.offset + length(of: token, in: bytes)
    }
    return String(decoding: result + bytes[min(copied, bytes.count)...], as: UTF8.self)
  }

  /// What stands for a token; nil where it stays as it is.
  private static func replacement(
    _ token: SQLToken, followedBy rest: ArraySlice<SQLToken>, _ names: [String: String]
  ) -> String? {
    switch token.kind {
    case .quotedName: return name(names[token.text.lowercased()] ?? token.text)
    case .literal:
      // Elsewhere a backslash is itself, and an apostrophe is doubled.
      return token.text.utf8.contains { $0 == 0x5C || $0 == 0x27 } ? literal(token.text) : nil
    case .word:
      if let name = names[token.text.lowercased()] { return name }
      return type(token.text.uppercased(), followedBy: rest.first)
    case .number, .sign: return nil
    }
  }

  private static func type(_ word: String, followedBy next: SQLToken?) -> String? {
    switch word {
    case "VARCHAR", "TEXT": next?.text == "(" ? nil : "STRING"
    case "TIMESTAMPTZ": "TIMESTAMP"
    case "INT64": "BIGINT"
    case "HUGEINT": "DECIMAL(38, 0)"
    default: nil
    }
  }

  /// The bytes that a token takes, its quotes included.
  private static func length(of token: SQLToken, in bytes: [UInt8]) -> Int {
    guard token.kind == .literal || token.kind == .quotedName, token.offset < bytes.count else {
      return token.text.utf8.count
    }
    let quote = bytes[token.offset]
    let doubled = token.text.utf8.count { $0 == quote }
    return min(token.text.utf8.count + doubled + 2, bytes.count - token.offset)
  }

  /// A name as an identifier, always quoted.
  public static func name(_ name: String) -> String { "`\(name.replacingSigns(["`": "``"]))`" }

  /// Names as identifiers, separated by commas.
  public static func names(_ names: some Sequence<String>) -> String {
    names.map(name).joined(separator: ", ")
  }

  /// A text as a literal.
  public static func literal(_ text: String) -> String {
    "'\(text.replacingSigns([#"\"#: #"\\"#, "'": #"\'"#]))'"
  }
}

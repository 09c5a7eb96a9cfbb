/// The part of the language of regular expressions that RE2 (DuckDB), Java (Spark) and Rust (Sail)
/// agree on.
struct PortablePattern {
  private let characters: [Character]
  private var at = 0

  /// What is wrong with a pattern; nil where nothing is.
  static func fault(in pattern: String) -> String? {
    guard !pattern.isEmpty else { return "it is empty." }
    var parser = PortablePattern(characters: Array(pattern))
    return parser.alternatives(open: false)
  }

  private init(characters: [Character]) { self.characters = characters }

  private func peek(_ ahead: Int = 0) -> Character? {
    at + ahead < characters.count ? characters[at + ahead] : nil
  }

  /// Reads to the end, or to the parenthesis that closes the open one.
  private mutating func alternatives(open: Bool) -> String? {
    var repeatable = false
    while let character = peek() {
      at += 1
      switch character {
      case "\\": return "a \\ means something else to each engine: write [.] or [0-9]."
      case "'": return "not every engine reads an apostrophe: write . for it."
      case "(":
        if peek() == "?" {
          guard peek(1) == ":" else {
            return "of what begins with (? only (?: is known everywhere."
          }
          at += 2
        }
        if let fault = alternatives(open: true) { return fault }
        repeatable = true
      case ")":
        return open ? nil : "a ) closes nothing."
      case "[":
        if let fault = bracket() { return fault }
        repeatable = true
      case "|", "^", "$": repeatable = false
      case "*", "+", "?":
        guard repeatable else { return "\(character) has nothing before it to repeat." }
        if peek() == "?" { at += 1 }
        repeatable = false
      case "{":
        guard repeatable else { return "{ has nothing before it to repeat." }
        if let fault = count() { return fault }
        repeatable = false
      case "]", "}": return "a \(character) closes nothing: write [\(character)]."
      default: repeatable = true
      }
    }
    return open ? "a ( is not closed." : nil
  }

  /// Reads a set of characters behind its `[`.
  private mutating func bracket() -> String? {
    if peek() == "^" { at += 1 }
    var first = true
    var last: Character?
    while let character = peek() {
      at += 1
      switch character {
      case "]" where !first: return nil
      case "\\": return "a \\ means something else to each engine: leave it out."
      case "'": return "not every engine reads an apostrophe: write . for it."
      case "[": return "a [ within [ ] means something else to each engine."
      case "&" where peek() == "&": return "&& means something else to each engine."
      case "-":
        if let from = last, let to = peek(), to != "]" {
          guard from <= to else { return "\(from)-\(to) is no range: it ends before it begins." }
          at += 1
          last = nil
        }
      default: last = character
      }
      first = false
    }
    return "a [ is not closed."
  }

  /// Reads how often something is repeated, behind the `{`.
  private mutating func count() -> String? {
    var text = ""
    while let character = peek(), character != "}" {
      text.append(character)
      at += 1
    }
    guard peek() == "}" else { return "a { is not closed." }
    at += 1
    let parts = text.split(separator: ",", omittingEmptySubsequences: false)
    let numbers = parts.map { Int($0) }
    guard (1...2).contains(parts.count), let low = numbers[0], low >= 0,
      parts.count == 1 || parts[1].isEmpty || numbers[1] != nil
    else { return "{\(text)} is no number of times: write {2}, {2,} or {2,5}." }
    let high = parts.count == 2 ? numbers[1] ?? low : low
    guard low <= high else { return "{\(text)}: the second number is the smaller one." }
    guard high <= 1000 else { return "{\(text)}: engines repeat 1,000 times at most." }
    return nil
  }
}

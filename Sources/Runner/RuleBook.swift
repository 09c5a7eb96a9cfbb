import Basics
import Podium

/// What the rules of a declaration mean, as a table remembers them from its last commit.
///
/// It tells whether a later declaration differs in rules alone that let more rows pass. Then the rows
/// in the table are as good as before, and judging those in quarantine again gives what computing the
/// table anew would.
struct RuleBook: Hashable {
  /// One rule.
  struct Rule: Hashable {
    let name: String
    let action: String
    /// What it says, in a form that is the same for the same meaning.
    let meaning: String
    /// The values of a set, or the two bounds of a range of numbers; nil for other rules.
    var values: [String]?
    var range: [Double?]?
    /// The column of a set or a range.
    var column: String?
    let judgesRows: Bool
  }

  /// The fingerprint of the declaration without its rules.
  let base: String
  let rules: [Rule]

  init(_ table: Table) {
    base = Fingerprint.of(table, withRules: false)
    rules = table.expectations.compactMap { Rule($0, table) }
  }

  /// The rules that were changed or taken away since; nil where rows that passed so far might not
  /// pass now, or rows may be missing from the quarantine.
  func loosened(in new: RuleBook) -> [String]? {
    guard base == new.base else { return nil }
    // Rows that are left out are not in quarantine, and could not come back from there.
    func dropping(_ book: RuleBook) -> Set<String> {
      Set(book.rules.filter { $0.action == "drop" }.map(\.meaning))
    }
    guard dropping(self) == dropping(new) else { return nil }
    let strict = rules.filter { $0.action == "quarantine" || $0.action == "stop" }
    for rule in new.rules where rule.action == "quarantine" || rule.action == "stop" {
      let kept = strict.contains { old in
        rule.judgesRows ? old.judgesRows && rule.allows(old) : old.meaning == rule.meaning
      }
      guard kept else { return nil }
    }
    return strict.filter { !new.rules.contains($0) }.map(\.name)
  }
}

extension RuleBook.Rule {
  fileprivate init?(_ rule: Podium.Expectation, _ table: Table) {
    guard let meaning = Fingerprint.part(rule, table).last else { return nil }
    name = rule.name
    action = rule.action.rawValue
    self.meaning = meaning
    judgesRows = rule.judgesRows
    switch rule.test {
    case .oneOf(let column, let values):
      self.column = column
      self.values = values
    case .range(let column, let low, let high):
      let numbers = [low, high].map { bound -> Double? in
        switch bound {
        case .integer(let value): Double(value)
        case .number(let value): value
        case .text, nil: nil
        }
      }
      // Bounds of days and instants are compared by their text alone.
      if case .text? = low ?? high { return }
      self.column = column
      range = numbers
    default: break
    }
  }

  /// True if it is certain that all rows pass which pass the other rule.
  fileprivate func allows(_ other: Self) -> Bool {
    if meaning == other.meaning { return true }
    guard let column, column == other.column else { return false }
    if let values, let others = other.values { return Set(values).isSuperset(of: others) }
    guard let range, let others = other.range, range.count == 2, others.count == 2 else {
      return false
    }
    let low = range[0].map { bound in others[0].map { $0 >= bound } ?? false } ?? true
    let high = range[1].map { bound in others[1].map { $0 <= bound } ?? false } ?? true
    return low && high
  }
}

extension RuleBook {
  /// The text that the table's properties keep.
  var text: String {
    let entries = rules.map { rule -> JSON in
      [
        "name": .string(rule.name), "action": .string(rule.action),
        "meaning": .string(rule.meaning), "rows": .bool(rule.judgesRows),
        "column": .optional(rule.column),
        "values": rule.values.map { .array($0.map(JSON.string)) } ?? .null,
        "range": rule.range.map { .array($0.map { .optional($0.map { "\($0)" }) }) } ?? .null,
      ]
    }
    return (["base": .string(base), "rules": .array(entries)] as JSON).text
  }

  /// Reads what a table remembers; nil where it is none.
  init?(parsing text: String) {
    guard let json = try? JSON(parsing: Array(text.utf8)), let base = json["base"]?.string,
      let entries = json["rules"]?.array
    else { return nil }
    var rules: [Rule] = []
    for entry in entries {
      guard let name = entry["name"]?.string, let action = entry["action"]?.string,
        let meaning = entry["meaning"]?.string, let rows = entry["rows"]?.bool
      else { return nil }
      rules.append(
        Rule(
          name: name, action: action, meaning: meaning,
          values: entry["values"]?.array?.compactMap(\.string),
          range: entry["range"]?.array?.map { $0.string.flatMap(Double.init) },
          column: entry["column"]?.string, judgesRows: rows))
    }
    self.base = base
    self.rules = rules
  }
}

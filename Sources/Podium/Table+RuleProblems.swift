import Basics

extension Table {
  /// Mistakes in the rules; neither data nor an engine is needed.
  func ruleProblems() -> [Problem] {
    expectations.flatMap { rule in
      (columnFaults(rule) + valueFaults(rule) + tableFaults(rule) + shareFaults(rule)).map {
        Problem($0.rule, name, rule.declaredAt, $0.message)
      }
    } + repeatedRules()
  }

  private typealias Fault = (rule: Problem.Rule, message: String)

  /// Columns that a rule names and the table does not have.
  ///
  /// The query may give others, named with a `_`, which only the engine knows.
  private func columnFaults(_ rule: Expectation) -> [Fault] {
    let named: [String]
    var onlyDeclared = false
    switch rule.test {
    case .required(let column), .type(let column, _), .oneOf(let column, _),
      .range(let column, _, _), .pattern(let column, _):
      named = [column]
    case .readable(let column, let text): named = [column, text]
    case .unique(let columns):
      named = columns
      onlyDeclared = true
    case .freshness(let column, _), .sum(let column, _):
      named = [column]
      onlyDeclared = true
    case .condition, .reference, .rowCount, .query, .factor, .rows: named = []
    }
    // What `write` adds is not there yet when rows are judged.
    let names = columns.map(\.name).filter { onlyDeclared || !addedColumns.contains($0) }
    return named.filter { !names.contains($0) && (onlyDeclared || !$0.hasPrefix("_")) }.map {
      (
        .knownColumn,
        "the rule '\(rule.name)': '\($0)' is not a column.\(didYouMean($0, in: names))"
      )
    }
  }

  /// Bounds, sets, patterns and types with which a rule says nothing.
  private func valueFaults(_ rule: Expectation) -> [Fault] {
    func fault(_ message: String) -> [Fault] { [(.rule, "the rule '\(rule.name)': \(message)")] }
    switch rule.test {
    case .oneOf(_, let values) where values.isEmpty:
      return fault("the set is empty, so that every row fails: name the values.")
    case .pattern(let column, let pattern):
      if let fault = PortablePattern.fault(in: pattern) {
        return [(.rule, "the pattern of '\(column)', \(pattern): \(fault)")]
      }
      return textFault(column, "matches a pattern").map(fault) ?? []
    case .type(let column, let type):
      if type == .string { return fault("every text can be read as a text.") }
      return textFault(column, "is read as a type").map(fault) ?? []
    case .oneOf(let column, _): return textFault(column, "is one of some texts").map(fault) ?? []
    case .range(let column, let low, let high):
      return rangeFault(low, high, type(of: column)).map(fault) ?? []
    case .required(let column):
      guard rule.action == .warn, columns.contains(where: { $0.name == column && !$0.nullable })
      else { return [] }
      return fault(
        "rows without a value cannot be kept in '\(column)', which promises one: declare it "
          + "`nullable: true`.")
    default: return []
    }
  }

  private func textFault(_ column: String, _ what: String) -> String? {
    guard let type = type(of: column), type != .string else { return nil }
    return "'\(column)' is \(type.sql), and only a text \(what)."
  }

  private func rangeFault(
    _ low: Expectation.Bound?, _ high: Expectation.Bound?, _ type: ColumnType?
  ) -> String? {
    let bounds = [low, high].compactMap(\.self)
    if bounds.isEmpty { return "it has no bound: give `from:`, `to:` or both." }
    for bound in bounds {
      if let fault = bound.fault(type) { return fault }
    }
    guard let low, let high else { return nil }
    guard let order = low.isAbove(high, type) else {
      return "\(low) and \(high) cannot be compared: write both as numbers or both as texts."
    }
    return order ? "no value is at least \(low) and at most \(high): swap them." : nil
  }

  private func shareFaults(_ rule: Expectation) -> [Fault] {
    guard let share = rule.share else { return [] }
    func fault(_ message: String) -> [Fault] { [(.rule, "the rule '\(rule.name)': \(message)")] }
    if !rule.judgesRows {
      return fault("`atLeast` counts rows that pass, and the rule judges the table as a whole.")
    }
    if rule.action == .stop {
      return fault("any row that fails stops the table, so `atLeast` says nothing: leave it out.")
    }
    guard share.atLeast > 0, share.atLeast <= 1, share.ofAtLeast >= 1 else {
      return fault("`atLeast` is a share above 0 and up to 1, of at least 1 row.")
    }
    return []
  }

  /// Two rules of one name cannot be told apart in quarantine.
  private func repeatedRules() -> [Problem] {
    var seen: Set<String> = []
    return expectations.filter { !seen.insert($0.name).inserted }.map {
      Problem(
        .rule, name, $0.declaredAt,
        "the rule '\($0.name)' is declared twice: give each a name of its own.")
    }
  }
}

extension Expectation.Bound {
  /// Why the bound is none for a type; nil where it is one.
  fileprivate func fault(_ type: ColumnType?) -> String? {
    switch (type, self) {
    case (.int, .text), (.double, .text), (.decimal, .text):
      "\(self) is a text, and the column holds numbers."
    case (.date, .text(let text)) where CivilDate(text) == nil:
      "\(text) is no day: write it as 2020-01-31."
    case (.timestamp, .text(let text)) where Timestamp(iso8601: text) == nil:
      "\(text) is no instant: write it as 2020-01-31 or 2020-01-31 12:00:00."
    case (.date, .integer), (.date, .number), (.timestamp, .integer), (.timestamp, .number),
      (.string, .integer), (.string, .number):
      "\(self) is a number, and the column holds none: write a text."
    case (.bool, _): "true and false have no range."
    default: nil
    }
  }

  /// True if no value lies between this bound and a higher one; nil where they are of two kinds.
  fileprivate func isAbove(_ high: Self, _ type: ColumnType?) -> Bool? {
    switch (self, high) {
    case (.integer(let low), .integer(let high)): low > high
    case (.integer(let low), .number(let high)): Double(low) > high
    case (.number(let low), .integer(let high)): low > Double(high)
    case (.number(let low), .number(let high)): low > high
    case (.text(let low), .text(let high)):
      if type == .timestamp, let low = Timestamp(iso8601: low), let high = Timestamp(iso8601: high)
      {
        low > high
      } else {
        Array(high.utf8).lexicographicallyPrecedes(Array(low.utf8))
      }
    default: nil
    }
  }
}

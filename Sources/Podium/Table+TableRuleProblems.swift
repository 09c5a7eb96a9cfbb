import Basics

extension Table {
  /// Rules about the whole table that this table cannot have, with the reason.
  func tableFaults(_ rule: Expectation) -> [(rule: Problem.Rule, message: String)] {
    faults(rule).map { (.rule, "the rule '\(rule.name)': \($0)") }
  }

  private func faults(_ rule: Expectation) -> [String] {
    switch rule.test {
    case .unique(let columns): return uniqueFaults(columns, rule.action)
    case .rowCount(.bounds(let low, let high)):
      if low == nil, high == nil { return ["it has no bound: give `from:`, `to:` or both."] }
      if let low, let high, low > high {
        return ["no number is at least \(low) and at most \(high)."]
      }
      return (low ?? 0) < 0 || (high ?? 0) < 0 ? ["no run brings fewer than 0 rows."] : []
    case .rowCount(.median(let share, let runs, let silentBefore)):
      guard share > 0, runs > 0, silentBefore > 0 else {
        return ["the share, the runs and `silentBefore` are above 0."]
      }
      return silentBefore > runs
        ? ["it is silent before \(silentBefore) runs and looks at \(runs): nothing is ever judged."]
        : []
    case .freshness(let column, let age):
      if let type = type(of: column), type != .date, type != .timestamp {
        return ["'\(column)' is \(type.sql), and only days and instants are fresh."]
      }
      return age.seconds <= 0 ? ["the age is above 0."] : []
    case .query(let query): return queryFaults(query.sql, .query)
    case .factor(let factor):
      if newInputs.isEmpty {
        return ["the table reads no new rows: say with `of:` which rows are counted."]
      }
      if case .history = write { return ["each row tells one state of its key."] }
      return factor < 1 ? ["a row gives 1 row or more."] : []
    case .rows(let factor, let query):
      return (factor < 1 ? ["a row gives 1 row or more."] : []) + queryFaults(query.sql, .source)
    case .sum(let column, let query):
      return sumFaults(column) + queryFaults(query.sql, .source)
    default: return []
    }
  }

  private func uniqueFaults(_ columns: [String], _ action: Expectation.Action) -> [String] {
    if columns.isEmpty { return ["it names no column."] }
    if Set(columns) == Set(key), keepsOneRowAKey {
      return ["the key is unique already: leave the rule out."]
    }
    guard action == .quarantine || action == .drop else { return [] }
    let parts: [String]
    switch write {
    case .derived(by: .whole): parts = []
    case .derived(by: .partition(let column, _)): parts = [column]
    case .derived(by: .key(let columns)): parts = columns
    case .append, .upsert, .history, .deduplicate:
      return [
        "which of two rows is set aside would depend on which came first, and a full refresh could "
          + "choose the other: say `else: .warn` or `else: .stop`, or set rows aside in a derived "
          + "table."
      ]
    }
    let outside = parts.filter { !columns.contains($0) }
    guard !outside.isEmpty else { return [] }
    return [
      "the table is computed in parts by \(parts.joined(separator: ", ")), and rows of two parts may "
        + "have the same values: add \(outside.joined(separator: ", ")) to the rule, or say "
        + "`else: .warn` or `else: .stop`."
    ]
  }

  private var keepsOneRowAKey: Bool {
    switch write {
    case .upsert, .derived: true
    case .append, .history, .deduplicate: false
    }
  }

  private func sumFaults(_ column: String) -> [String] {
    switch type(of: column) {
    case .int, .double, .decimal, nil: []
    case let type?: ["'\(column)' is \(type.sql), which has no sum."]
    }
  }

  private enum Use { case query, source }

  private func queryFaults(_ sql: SQL, _ use: Use) -> [String] {
    var faults: [String] = []
    if let input = sql.inputs.first(where: \.onlyNew) {
      faults.append(
        "it reads the new rows of \(input.table.name): a rule reads tables whole, and the rows of "
          + "the run as `\\(.staged)`.")
    }
    let own = sql.inputs.contains { $0.table == self }
    if own {
      faults.append("it reads the table as it was before the run: write `\\(.result)`.")
    }
    switch use {
    case .query:
      if !sql.readsOwnRows {
        faults.append("it does not read the table that it judges: write `\\(.result)`.")
      }
      if sql.readsBusinessDate, query?.readsBusinessDate != true {
        faults.append("it reads the business date, and the table does not depend on it.")
      }
    case .source:
      guard case .derived = write else {
        return [
          "the table reads new rows: say `.rows(factor:)`; its rows are accounted for one by one."
        ]
      }
      if sql.readsOwnRows {
        faults.append("the source is what the table is made of, not the table itself.")
      }
      let read = wholeInputs
      for table in sql.inputs.map(\.table) where !read.contains(table) && table != self {
        faults.append(
          "it reads \(table.name), which the table's query does not read, so that the two may be of "
            + "different versions.")
      }
    }
    return faults
  }
}

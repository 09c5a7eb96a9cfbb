extension Table {
  /// Words that resolve or combine rows; over new rows they would see only a part of them.
  private static let resolving: Set<String> = [
    "over", "distinct", "limit", "group", "having", "qualify", "union", "intersect", "except",
  ]
  /// Functions that do; without a parenthesis behind them they are names of columns.
  private static let resolvingFunctions: Set<String> = [
    "sum", "count", "avg", "min", "max", "max_by", "min_by", "row_number", "rank", "lag", "lead",
    "string_agg", "listagg",
  ]

  /// Mistakes in how the query and the way of writing fit together.
  func writeProblems() -> [Problem] {
    guard let query else { return [] }
    var problems: [Problem] = []
    for input in newInputs where input.write != .append {
      problems.append(
        problem(
          .newRowsFromAppend,
          "it reads the new rows of \(input.name), which changes its rows: read it whole, without "
            + "`new:`, in a derived table."))
    }
    if !newInputs.isEmpty { problems += resolutionProblems(query) + filterProblems(query) }
    switch write {
    case .append, .upsert, .history, .deduplicate:
      if newInputs.isEmpty {
        problems.append(
          problem(
            .writeFitsQuery,
            "it is written row by row but reads no new rows: read an input with "
              + "`\\(new: …)`, or declare `write: .derived(by: …)`."))
      }
      for input in wholeInputs {
        problems.append(
          problem(
            .upsertReadsOneTable,
            "it also reads \(input.name) whole, and rows would not follow when that changes: join "
              + "it in a derived table that reads this one."))
      }
    case .derived:
      for input in newInputs {
        problems.append(
          problem(
            .writeFitsQuery,
            "it is derived, so it reads its inputs whole: write `\\(\(input.name))` without "
              + "`new:`."))
      }
    }
    return problems + timeProblems() + businessDateProblems(query) + clockProblems(query)
  }

  /// The column by which states or repeats are told must have an order, or a distance.
  private func timeProblems() -> [Problem] {
    func type(_ name: String) -> ColumnType? { columns.first { $0.name == name }?.type }
    switch write {
    case .history(let changedAt, _):
      let fits = type(changedAt).map { [.timestamp, .date, .int].contains($0) } ?? true
      guard !fits else { return [] }
      return [
        problem(
          .columnType,
          "changedAt column '\(changedAt)' is a \(type(changedAt)?.sql ?? ""): give it a TIMESTAMP, "
            + "a DATE or a BIGINT.")
      ]
    case .deduplicate(let columns, let window, let time):
      var problems: [Problem] = []
      if let type = type(time), type != .timestamp {
        problems.append(
          problem(
            .columnType,
            "deduplication column '\(time)' is a \(type.sql): a window is one of a TIMESTAMP."))
      }
      if window < .zero {
        problems.append(problem(.columnType, "its window is shorter than nothing."))
      }
      if columns.isEmpty {
        problems.append(
          problem(.knownColumn, "it names no columns in which repeats are the same: `by: […]`."))
      }
      return problems
    case .derived(by: .partition(let column, let lookback)) where lookback != 0:
      guard lookback > 0, let type = type(column), [.date, .int].contains(type) else {
        return [
          problem(
            .columnType,
            "it looks back \(lookback) from '\(column)': that is a number of days, or of numbers, "
              + "before a DATE or BIGINT, and not negative.")
        ]
      }
      return []
    case .append, .upsert, .derived: return []
    }
  }

  private func resolutionProblems(_ query: SQL) -> [Problem] {
    let tokens = sqlTokens(query.anyText)
    var seen: Set<String> = []
    return tokens.indices.compactMap { index in
      let token = tokens[index]
      let next = index + 1 < tokens.endIndex ? tokens[index + 1] : nil
      let word = token.text.lowercased()
      let isCall = Table.resolvingFunctions.contains(word) && next?.text == "("
      guard token.kind == .word, isCall || Table.resolving.contains(word) else { return nil }
      // UNION ALL keeps every row and is fine.
      if word == "union", next?.isWord("all") ?? false { return nil }
      guard seen.insert(word).inserted else { return nil }
      return problem(
        .noResolutionOverNewRows,
        "\(token.text.uppercased()) over new rows sees only this run's part of them: leave the "
          + "newest row of a key to `write`, and combine rows in a derived table.",
        at: query.location(ofLine: token.line))
    }
  }

  private func businessDateProblems(_ query: SQL) -> [Problem] {
    guard query.readsBusinessDate else { return [] }
    let dates = columns.filter { $0.type == .date }.map(\.name)
    guard partitionedBy.count == 1, dates.contains(partitionedBy[0]),
      write == .derived(by: .partition(partitionedBy[0]))
    else {
      return [
        problem(
          .businessDatePartition,
          "it depends on the business date: carry it as the only partition column, a date, and "
            + "declare `write: .derived(by: .partition(…))` with that column.")
      ]
    }
    return []
  }
}

extension Table {
  /// Words that resolve or combine rows; over new rows they would see only a part of them.
  private static let resolving: Set<String> = [
    "over", "distinct", "limit", "group", "having", "qualify", "sum", "count", "avg", "min", "max",
    "max_by", "min_by", "row_number", "rank", "lag", "lead", "string_agg", "listagg", "union",
    "intersect", "except",
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
    if !newInputs.isEmpty { problems += resolutionProblems(query) }
    switch write {
    case .append, .upsert:
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
    return problems + businessDateProblems(query)
  }

  private func resolutionProblems(_ query: SQL) -> [Problem] {
    let tokens = sqlTokens(query.text(asOf: "2000-01-01"))
    var seen: Set<String> = []
    return tokens.compactMap { token in
      guard token.kind == .word, Table.resolving.contains(token.text.lowercased()),
        seen.insert(token.text.lowercased()).inserted
      else { return nil }
      // UNION ALL keeps every row and is fine.
      if token.isWord("union"), followedByAll(token, tokens) { return nil }
      return problem(
        .noResolutionOverNewRows,
        "\(token.text.uppercased()) over new rows sees only this run's part of them: leave the "
          + "newest row of a key to `write`, and combine rows in a derived table.",
        at: query.location(ofLine: token.line))
    }
  }

  private func followedByAll(_ token: SQLToken, _ tokens: [SQLToken]) -> Bool {
    let unions = tokens.indices.filter { tokens[$0].isWord("union") }
    return unions.allSatisfy {
      tokens.index(after: $0) < tokens.endIndex && tokens[$0 + 1].isWord("all")
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

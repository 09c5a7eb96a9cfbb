extension Table {
  /// Words that stand for the present moment; some engines let them do without parentheses.
  private static let clockWords: Set<String> = [
    "current_date", "current_time", "current_timestamp", "localtime", "localtimestamp",
  ]
  /// Functions of that kind; without a parenthesis behind them they are names of columns.
  private static let clockCalls: Set<String> = [
    "now", "today", "getdate", "curdate", "get_current_time", "get_current_timestamp",
    "transaction_timestamp",
  ]

  /// Texts that ask the clock: a full refresh on another day would give other rows.
  func clockProblems(_ query: SQL) -> [Problem] {
    var problems = Table.clockTokens(query.anyText).map {
      clockProblem($0, "", query.location(ofLine: $0.line))
    }
    for expectation in expectations {
      guard case .condition(let condition) = expectation.test else { continue }
      problems += Table.clockTokens(condition).map {
        clockProblem($0, "the rule '\(expectation.name)': ", expectation.declaredAt)
      }
    }
    if let condition = write.deleteWhen {
      problems += Table.clockTokens(condition).map { clockProblem($0, "`deleteWhen`: ", nil) }
    }
    return problems
  }

  private func clockProblem(
    _ token: SQLToken, _ place: String, _ location: SourceLocation?
  ) -> Problem {
    problem(
      .noClock,
      "\(place)\(token.text.uppercased()) asks the clock, so the same rows would come out otherwise "
        + "another day: compare with a column, or read the run's business date, `\\(.asOf)`, in a "
        + "derived table.", at: location)
  }

  private static func clockTokens(_ sql: String) -> [SQLToken] {
    let tokens = sqlTokens(sql)
    return tokens.indices.compactMap { index in
      let token = tokens[index]
      guard token.kind == .word else { return nil }
      let before = index > 0 ? tokens[index - 1] : nil
      let next = index + 1 < tokens.endIndex ? tokens[index + 1] : nil
      let word = token.text.lowercased()
      let isCall = next?.text == "("
      let isName = !isCall && (before?.text == "." || before?.isWord("as") == true)
      // Without an argument it is the present in Spark.
      let isUnixNow =
        word == "unix_timestamp" && isCall && index + 2 < tokens.endIndex
        && tokens[index + 2].text == ")"
      guard
        isUnixNow || (clockWords.contains(word) && !isName) || (clockCalls.contains(word) && isCall)
      else { return nil }
      return token
    }
  }
}

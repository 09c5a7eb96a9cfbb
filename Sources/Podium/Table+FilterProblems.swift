extension Table {
  /// Every row that is read has one fate; a row that the query leaves out has none.
  func filterProblems(_ query: SQL) -> [Problem] {
    var finder = FilterFinder(
      names: Set(query.inputs.filter(\.onlyNew).map { $0.alias.lowercased() }),
      tokens: sqlTokens(query.anyText))
    return finder.filters().map { token in
      problem(
        .noFilterOverNewRows,
        "\(token.text.uppercased()) over new rows leaves rows out without a trace: leave them out by "
          + "a rule `else: .drop`, which counts them, or combine tables in a derived table.",
        at: query.location(ofLine: token.line))
    }
  }
}

/// Finds the words that filter the rows of some tables in an SQL text.
private struct FilterFinder {
  /// What is known of the parentheses that are open, the text itself included.
  private struct Frame {
    /// The name of the common table expression that stands in them.
    var name: String?
    /// True where they stand in place of a table.
    var isSource = false
    /// True for `FILTER (WHERE …)`, which chooses what an aggregate sees.
    var isFilter = false
    var isInFrom = false
    /// True where the SELECT at hand reads one of the tables.
    var reads = false
    var hasRead = false
  }

  /// The tables, and the common table expressions that read them, in lower case.
  var names: Set<String>
  let tokens: [SQLToken]

  mutating func filters() -> [SQLToken] {
    var frames = [Frame()]
    var found: [SQLToken] = []
    for (index, token) in tokens.enumerated() {
      guard var frame = frames.popLast() else { break }
      let before = index > 0 ? tokens[index - 1] : nil
      let follows = before.map { frame.isInFrom && FilterFinder.beginsSource($0) } ?? false
      switch (token.kind, token.text.lowercased()) {
      case (.sign, "("):
        var inner = Frame()
        inner.isSource = follows
        inner.isFilter = before?.isWord("filter") ?? false
        inner.name = name(before: index)
        frames += [frame, inner]
        continue
      case (.sign, ")") where !frames.isEmpty:
        guard frame.hasRead else { continue }
        if let name = frame.name { names.insert(name) }
        if frame.isSource, var outer = frames.popLast() {
          outer.reads = true
          outer.hasRead = true
          frames.append(outer)
        }
        continue
      case (.word, "select"), (.word, "union"):
        frame.isInFrom = false
        frame.reads = false
      case (.word, "from"): frame.isInFrom = true
      case (.word, "where"):
        if frame.reads, !frame.isFilter { found.append(token) }
        frame.isInFrom = false
      case (.word, "semi"), (.word, "anti"):
        let next = index + 1 < tokens.count ? tokens[index + 1] : nil
        if frame.reads, next?.isWord("join") ?? false { found.append(token) }
      case (.word, let name), (.quotedName, let name):
        if follows, names.contains(name) {
          frame.reads = true
          frame.hasRead = true
        }
      default: break
      }
      frames.append(frame)
    }
    return found
  }

  private static func beginsSource(_ token: SQLToken) -> Bool {
    ["from", "join", "lateral", ",", "("].contains(token.text.lowercased())
  }

  /// The name in `name AS (`.
  private func name(before index: Int) -> String? {
    guard index >= 2, tokens[index - 1].isWord("as") else { return nil }
    let token = tokens[index - 2]
    return token.kind == .word || token.kind == .quotedName ? token.text.lowercased() : nil
  }
}

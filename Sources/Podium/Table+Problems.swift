import Basics

extension Table {
  /// Mistakes in the declaration itself; neither data nor an engine is needed.
  public func problems() -> [Problem] {
    nameProblems() + columnProblems() + roleProblems() + layerProblems() + writeProblems()
      + retentionProblems() + personalProblems() + ruleProblems()
  }

  func problem(
    _ rule: Problem.Rule, _ message: String, at location: SourceLocation? = nil
  ) -> Problem {
    Problem(rule, name, location ?? declaredAt, message)
  }

  private func nameProblems() -> [Problem] {
    name.problem.map { [problem(.tableName, $0)] } ?? []
  }

  private func columnProblems() -> [Problem] {
    var problems: [Problem] = []
    var seen: Set<String> = []
    if columns.isEmpty { problems.append(problem(.columnName, "it has no columns.")) }
    for column in columns {
      if !seen.insert(column.name.lowercased()).inserted {
        problems.append(problem(.columnName, "column '\(column.name)' is declared twice."))
      }
      if column.name.hasPrefix("_") {
        problems.append(
          problem(
            .columnName, "column '\(column.name)': names that begin with _ are Podium's own."))
      }
      if !column.name.utf8.allSatisfy(Table.allowedInColumnName) || column.name.isEmpty {
        problems.append(
          problem(
            .columnName,
            "column '\(column.name)': use letters, digits and underscores; give another header "
              + "of the source with `source:`."))
      }
      if column.about.isEmpty {
        problems.append(problem(.describedColumns, "column '\(column.name)' says not what it is."))
      }
      if case .decimal(let precision, let scale) = column.type,
        !(1...38).contains(precision) || !(0...precision).contains(scale)
      {
        problems.append(
          problem(
            .columnName,
            "column '\(column.name)': a decimal has 1 to 38 digits, and no more after the point."))
      }
    }
    if about.isEmpty { problems.append(problem(.describedColumns, "it says not what a row is.")) }
    return problems
  }

  private static func allowedInColumnName(_ byte: UInt8) -> Bool {
    (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
      || byte == UInt8(ascii: "_")
  }

  private func roleProblems() -> [Problem] {
    var roles = key.map { ($0, "key column") }
    roles += partitionedBy.map { ($0, "partition column") }
    roles += clusteredBy.map { ($0, "cluster column") }
    if let column = retention?.column { roles.append((column, "retention column")) }
    switch write {
    case .upsert(let newestBy, _): roles.append((newestBy, "newestBy column"))
    case .history(let changedAt, _): roles.append((changedAt, "changedAt column"))
    case .deduplicate(let columns, _, let time):
      roles += columns.map { ($0, "deduplication column") } + [(time, "deduplication column")]
    case .derived(by: .partition(let column, _)): roles.append((column, "derivation column"))
    case .derived(by: .key(let columns)): roles += columns.map { ($0, "derivation column") }
    case .append, .derived(by: .whole): break
    }
    for expectation in expectations {
      guard case .reference(let columns, _) = expectation.test else { continue }
      roles += columns.map { ($0, "column of the rule '\(expectation.name)'") }
    }
    let names = columns.map(\.name)
    var problems = roles.filter { !names.contains($0.0) }.map { column, role in
      problem(
        .knownColumn, "\(role) '\(column)' is not a column.\(didYouMean(column, in: names))")
    }
    if landing == nil, key.isEmpty {
      problems.append(problem(.key, "it has no key: name the columns that identify a row."))
    }
    for column in columns where column.nullable {
      if key.contains(column.name) {
        problems.append(
          problem(.key, "key column '\(column.name)' may be NULL: leave out `nullable: true`."))
      }
      if write.orderedBy == column.name {
        let role = if case .history = write { "changedAt" } else { "newestBy" }
        problems.append(
          problem(
            .key,
            "\(role) column '\(column.name)' may be NULL, and then no row is newest: leave out "
              + "`nullable: true`."))
      }
    }
    return problems + clusterProblems() + expectations.flatMap(referenceProblems)
  }

  private func clusterProblems() -> [Problem] {
    var problems = clusteredBy.filter(partitionedBy.contains).map {
      problem(
        .knownColumn,
        "cluster column '\($0)' is a partition column: its rows lie together already.")
    }
    if clusteredBy.count > 4 {
      problems.append(
        problem(
          .knownColumn,
          "it is clustered by \(clusteredBy.count) columns: beyond four, rows that are asked for "
            + "together no longer lie together."))
    }
    return problems
  }

  /// A reference must name columns of the other table, as many as it has of its own.
  private func referenceProblems(_ expectation: Expectation) -> [Problem] {
    guard case .reference(let columns, let reference) = expectation.test else { return [] }
    let other = reference.table
    let names = other.columns.map(\.name)
    var problems = reference.columns.filter { !names.contains($0) }.map { column in
      problem(
        .knownColumn,
        "the rule '\(expectation.name)' refers to '\(column)', which is not a column of "
          + "\(other.name).\(didYouMean(column, in: names))", at: expectation.declaredAt)
    }
    if reference.columns.count != columns.count {
      problems.append(
        problem(
          .knownColumn,
          "the rule '\(expectation.name)' compares \(columns.count) with "
            + "\(reference.columns.count) columns.", at: expectation.declaredAt))
    }
    return problems
  }

  private func layerProblems() -> [Problem] {
    guard let own = name.layer else { return [] }
    return upstream.compactMap { input in
      guard let other = input.name.layer else { return nil }
      let allowed: Bool =
        switch own {
        case .bronze: false
        case .silver: other == .bronze || other == .silver
        case .gold: other == .silver || other == .gold
        }
      guard !allowed else { return nil }
      return problem(
        .layerOrder,
        "a \(own) table reads \(input.name): a table reads its own layer or the one below.")
    }
  }

  private func personalProblems() -> [Problem] {
    guard name.layer != .bronze, !name.base.hasSuffix("_pii") else { return [] }
    return columns.filter(\.personal).map {
      problem(
        .personalColumns,
        "column '\($0.name)' is personal: such columns stand in bronze and in tables called "
          + "<name>_pii.")
    }
  }
}

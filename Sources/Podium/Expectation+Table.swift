import Basics

extension Expectation {
  /// A run brings no fewer and no more rows than two bounds; one may be left out.
  ///
  /// Counted are the rows that a run reads as new; of a derived table, all rows that it would hold. A
  /// full refresh of a table that reads new rows is not judged.
  public static func rowCount(
    from low: Int? = nil, to high: Int? = nil, else action: TableAction,
    file: StaticString = #filePath, line: UInt = #line
  ) -> Expectation {
    let name: String
    switch (low, high) {
    case (let low?, let high?): name = "rows of a run are \(grouped(low)) to \(grouped(high))"
    case (let low?, nil): name = "rows of a run are at least \(grouped(low))"
    case (nil, let high?): name = "rows of a run are at most \(grouped(high))"
    case (nil, nil): name = "rows of a run are in range"
    }
    return Expectation(
      name, .rowCount(.bounds(from: low, to: high)), action.action, file, line)
  }

  /// A run brings at least a share of the median of the last runs' rows, counted as with bounds.
  /// - Parameter silentBefore: with fewer earlier runs than this nothing is judged.
  public static func rowCount(
    atLeast share: Double, ofMedianOf runs: Int, silentBefore: Int = 4, else action: TableAction,
    file: StaticString = #filePath, line: UInt = #line
  ) -> Expectation {
    Expectation(
      "rows of a run are at least \(share) of the median of the last \(runs)",
      .rowCount(.median(share: share, runs: runs, silentBefore: silentBefore)), action.action, file,
      line)
  }

  /// The newest value of a column of days or instants is no older than an age.
  ///
  /// The age is counted from now, or from the end of the run's business date where that is earlier.
  /// It is judged by every run, also one that finds nothing new for the table.
  public static func freshness(
    _ column: String, within age: Age, else action: TableAction,
    file: StaticString = #filePath, line: UInt = #line
  ) -> Expectation {
    Expectation(
      "\(column) is at most \(age) old", .freshness(column, within: age), action.action, file, line)
  }

  /// A query whose rows are failures.
  ///
  /// `\(.result)` are the rows that the table would hold after the run, `\(.staged)` those that the
  /// run adds or changes; other tables are read whole.
  public static func query(
    _ name: String, _ sql: SQL, else action: TableAction,
    file: StaticString = #filePath, line: UInt = #line
  ) -> Expectation {
    Expectation(name, .query(Query(sql: sql)), action.action, file, line)
  }

  /// Each row that is read gives `factor` rows of the table's query.
  ///
  /// It is for queries over new rows that unpivot; without the rule it is one. Another number stops
  /// the table.
  public static func rows(
    factor: Int, file: StaticString = #filePath, line: UInt = #line
  ) -> Expectation {
    Expectation("each row read gives \(factor)", .factor(factor), .stop, file, line)
  }

  /// A derived table's query gives `factor` rows for each row of another query over the same inputs.
  ///
  /// Another number stops the table. The other query gives at least the columns that the table is derived by, under their names, so
  /// that the parts that a run computes anew are compared part by part.
  public static func rows(
    factor: Int = 1, of source: SQL, file: StaticString = #filePath, line: UInt = #line
  ) -> Expectation {
    Expectation(
      factor == 1 ? "no row is lost or doubled" : "there are \(factor) rows for each of the source",
      .rows(factor: factor, of: Query(sql: source)), .stop, file, line)
  }

  /// A column of a derived table sums up to the same as the column of that name of another query over
  /// the same inputs.
  ///
  /// A difference stops the table; doubles may differ by 1e-9 of their size. The other query also gives the columns that the table is derived by, under their names, so that
  /// the parts that a run computes anew are compared part by part.
  public static func sum(
    _ column: String, of source: SQL, file: StaticString = #filePath, line: UInt = #line
  ) -> Expectation {
    Expectation(
      "\(column) adds up to that of the source", .sum(column, of: Query(sql: source)), .stop, file,
      line)
  }
}

extension Expectation {
  /// True for a rule that judges each row by itself or with its like, false for one that judges the
  /// whole table or run.
  public var judgesRows: Bool {
    switch test {
    case .condition, .reference, .required, .readable, .type, .oneOf, .range, .pattern: true
    case .unique: action == .quarantine || action == .drop
    case .rowCount, .freshness, .query, .factor, .rows, .sum: false
    }
  }

  /// The query of a rule that compares tables; nil for other rules.
  public var query: SQL? {
    switch test {
    case .query(let query), .rows(_, let query), .sum(_, let query): query.sql
    default: nil
    }
  }
}

extension Table {
  /// The tables whose rows decide on this one's by a rule.
  public var referred: [Table] {
    var seen: Set<TableName> = []
    return expectations.compactMap { expectation in
      guard case .reference(_, let reference) = expectation.test,
        seen.insert(reference.table.name).inserted
      else { return nil }
      return reference.table
    }
  }

  /// The tables that rules about the whole table read.
  public var compared: [Table] {
    expectations.flatMap { $0.query?.inputs.map(\.table) ?? [] }
  }

  /// How many rows the query gives for each new row.
  public var rowFactor: Int {
    for expectation in expectations {
      if case .factor(let factor) = expectation.test { return factor }
    }
    return 1
  }
}

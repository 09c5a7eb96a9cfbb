/// What a table's rows are expected to be, and what happens where they are not.
///
/// Most rules judge each row by itself. A condition must be TRUE: a row for which it is NULL fails
/// it. They are judged on the query's rows before keys are resolved, so a bad newer row never hides
/// a good older one. Rules about the whole table or run warn or stop; they are judged before the
/// commit on what the table would hold after it.
public struct Expectation: Hashable, Sendable {
  /// What happens to a row that fails.
  public enum Action: String, Hashable, Sendable {
    /// The row is kept and counted.
    case warn
    /// The row goes to the table's quarantine with the names of the rules it failed.
    case quarantine
    /// The row is left out and counted as filtered.
    case drop
    /// Nothing of the run is written to the table.
    case stop
  }

  /// What happens where a rule about a whole table or run fails; there is no row to set aside.
  public enum TableAction: String, Hashable, Sendable {
    /// The run goes on and says so.
    case warn
    /// Nothing of the run is written to the table.
    case stop

    var action: Action { self == .warn ? .warn : .stop }
  }

  /// What is judged, and how.
  public enum Test: Hashable, Sendable {
    /// An SQL condition over the query's columns.
    case condition(String)
    /// The columns' values exist in the columns of another table; NULL passes.
    case reference(columns: [String], to: Reference)
    /// The column has a value.
    case required(String)
    /// Where the source wrote a text, the query read it.
    case readable(String, text: String)
    /// The text of a column can be read as a type.
    case type(String, ColumnType)
    /// The value is one of a few texts.
    case oneOf(String, [String])
    /// The value is not below the one and not above the other.
    case range(String, from: Bound?, to: Bound?)
    /// The whole text matches a regular expression.
    case pattern(String, String)
    /// No two rows have the same values.
    case unique([String])
    /// How many rows a run brings.
    case rowCount(RowCount)
    /// How old the newest value of a column may be.
    case freshness(String, within: Age)
    /// A query whose rows are failures.
    case query(Query)
    /// Each row that is read gives that many rows.
    case factor(Int)
    /// There are so many rows for each row of a query.
    case rows(factor: Int, of: Query)
    /// A column sums up as it does in a query.
    case sum(String, of: Query)
  }

  /// A sentence that is true of a good row or table, for example `rating is 1 to 5`.
  public let name: String
  public let test: Test
  public let action: Action
  /// The share of a run's rows that must pass, or the table stops; nil where any number may fail.
  public internal(set) var share: ShareRule?
  public let declaredAt: SourceLocation

  init(_ name: String, _ test: Test, _ action: Action, _ file: StaticString, _ line: UInt) {
    self.name = name
    self.test = test
    self.action = action
    declaredAt = SourceLocation(file, line)
  }

  /// The same rule, which stops the table where too small a share of the run's rows passes; the
  /// declared action applies to those that fail otherwise.
  ///
  /// A run of fewer rows than `count` is not judged by its share.
  public func atLeast(_ share: Double, of count: Int = 100) -> Expectation {
    var rule = self
    rule.share = ShareRule(atLeast: share, ofAtLeast: count)
    return rule
  }
}

extension Expectation {
  /// A condition in portable SQL over the query's columns.
  public static func row(
    _ name: String, _ condition: String, else action: Action,
    file: StaticString = #filePath, line: UInt = #line
  ) -> Expectation {
    Expectation(name, .condition(condition), action, file, line)
  }

  /// A column has a value.
  ///
  /// Columns that are not `nullable` have this rule with `else: .quarantine` without being asked;
  /// this one takes its place.
  public static func required(
    _ column: String, else action: Action, file: StaticString = #filePath, line: UInt = #line
  ) -> Expectation {
    Expectation("\(column) is required", .required(column), action, file, line)
  }

  /// Where the source wrote something, the query made a value of it.
  /// - Parameter text: the query's column with the source's text; the column's name with a `_` in
  ///   front where it is left out.
  public static func readable(
    _ column: String, from text: String? = nil, else action: Action,
    file: StaticString = #filePath, line: UInt = #line
  ) -> Expectation {
    Expectation(
      "\(column) can be read", .readable(column, text: text ?? "_\(column)"), action, file, line)
  }

  /// A column's text can be read as a type, as `SafeCast` reads it; an empty one passes.
  public static func type(
    _ column: String, _ type: ColumnType, else action: Action,
    file: StaticString = #filePath, line: UInt = #line
  ) -> Expectation {
    Expectation(
      "\(column) can be read as \(type.sql)", .type(column, type), action, file, line)
  }

  /// A column's value is one of a few texts.
  public static func oneOf(
    _ column: String, _ values: [String], else action: Action,
    file: StaticString = #filePath, line: UInt = #line
  ) -> Expectation {
    Expectation(
      "\(column) is one of \(values.joined(separator: ", "))", .oneOf(column, values), action, file,
      line)
  }

  /// A column's value lies between two bounds, both included; one may be left out.
  ///
  /// Bounds are numbers, or texts of the form `2020-01-31` for days and `2020-01-31 12:00:00` (UTC)
  /// for instants. A column that is `nullable` may have no value.
  public static func range(
    _ column: String, from low: Bound? = nil, to high: Bound? = nil, else action: Action,
    file: StaticString = #filePath, line: UInt = #line
  ) -> Expectation {
    let name: String
    switch (low, high) {
    case (let low?, let high?): name = "\(column) is \(low) to \(high)"
    case (let low?, nil): name = "\(column) is at least \(low)"
    case (nil, let high?): name = "\(column) is at most \(high)"
    case (nil, nil): name = "\(column) is in range"
    }
    return Expectation(name, .range(column, from: low, to: high), action, file, line)
  }

  /// A column's whole text matches a regular expression in the part of the language that engines
  /// agree on: no backslashes, no look-around; write `[0-9]` and `[.]`.
  ///
  /// A column that is `nullable` may have no value.
  public static func pattern(
    _ column: String, _ pattern: String, else action: Action,
    file: StaticString = #filePath, line: UInt = #line
  ) -> Expectation {
    Expectation(
      "\(column) matches \(pattern)", .pattern(column, pattern), action, file, line)
  }

  /// The columns' values are a key of another table; NULL passes.
  public static func references(
    _ columns: String..., in table: @autoclosure @escaping @Sendable () -> Table,
    key: [String]? = nil, else action: Action, file: StaticString = #filePath, line: UInt = #line
  ) -> Expectation {
    let reference = Reference(lazyTable: table, columns: key ?? columns)
    return Expectation(
      "\(columns.joined(separator: ", ")) is known",
      .reference(columns: columns, to: reference), action, file, line)
  }

  /// No two rows of the table have the same values in some columns; a row without one of them
  /// passes.
  ///
  /// Rows of the table so far count as well. All rows that have the same values fail. `quarantine`
  /// and `drop` are for derived tables alone: elsewhere it would depend on the order of arrival
  /// which row is set aside.
  public static func unique(
    _ columns: String..., else action: Action, file: StaticString = #filePath, line: UInt = #line
  ) -> Expectation {
    Expectation(
      "\(columns.joined(separator: ", ")) is unique", .unique(columns), action, file, line)
  }
}

/// The least share of a run's rows that must pass, or the table commits nothing.
///
/// Counted are the rows read less exact duplicates. A run of fewer rows than `ofAtLeast` is not
/// judged: one bad row of three says little.
public struct ShareRule: Hashable, Sendable {
  /// Between 0 and 1.
  public let atLeast: Double
  public let ofAtLeast: Int

  public init(atLeast: Double, ofAtLeast: Int = 100) {
    self.atLeast = atLeast
    self.ofAtLeast = ofAtLeast
  }

  /// 95 % of at least 100 rows.
  public static let standard = ShareRule(atLeast: 0.95)
  /// Never stops a run.
  public static let none = ShareRule(atLeast: 0)
}

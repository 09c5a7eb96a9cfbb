/// What every row of a table is expected to be, and what happens to a row that is not.
///
/// A condition must be TRUE: a row for which it is NULL fails it. Conditions are judged on the
/// query's rows before keys are resolved, so a bad newer row never hides a good older one.
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

  /// How a row is judged.
  public enum Test: Hashable, Sendable {
    /// An SQL condition over the query's columns.
    case condition(String)
    /// The columns' values exist in the columns of another table; NULL passes.
    case reference(columns: [String], to: Reference)
  }

  /// A table that another one refers to.
  public struct Reference: Hashable, Sendable {
    let lazyTable: @Sendable () -> Table
    /// The columns of that table, in the order of the referring ones.
    public let columns: [String]
    /// The table referred to.
    public var table: Table { lazyTable() }

    public static func == (a: Reference, b: Reference) -> Bool {
      a.table == b.table && a.columns == b.columns
    }

    public func hash(into hasher: inout Hasher) { hasher.combine(columns) }
  }

  /// A sentence that is true of a good row, for example `rating is 1 to 5`.
  public let name: String
  public let test: Test
  public let action: Action
  public let declaredAt: SourceLocation

  init(_ name: String, _ test: Test, _ action: Action, _ file: StaticString, _ line: UInt) {
    self.name = name
    self.test = test
    self.action = action
    declaredAt = SourceLocation(file, line)
  }

  /// A condition in portable SQL over the query's columns.
  public static func row(
    _ name: String, _ condition: String, else action: Action,
    file: StaticString = #filePath, line: UInt = #line
  ) -> Expectation {
    Expectation(name, .condition(condition), action, file, line)
  }

  /// A column's value is one of a few texts.
  public static func oneOf(
    _ column: String, _ values: [String], else action: Action,
    file: StaticString = #filePath, line: UInt = #line
  ) -> Expectation {
    let list = values.map(quoted).joined(separator: ", ")
    return Expectation(
      "\(column) is one of \(values.joined(separator: ", "))",
      .condition(values.isEmpty ? "false" : "\(column) IN (\(list))"), action, file, line)
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

/// A text as an SQL literal; quotes are found by bytes, since an accent may follow one.
private func quoted(_ text: String) -> String {
  let parts = text.utf8.split(separator: UInt8(ascii: "'"), omittingEmptySubsequences: false)
  return "'\(parts.map { String(decoding: $0, as: UTF8.self) }.joined(separator: "''"))'"
}

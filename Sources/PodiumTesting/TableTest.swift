import Basics
import Lakehouse
import Podium
import Runner
import Testing

/// A test of a table: what its inputs send, run by run, and what it holds then.
///
///     @Test("The newest edit of a rating counts, and one out of range waits in quarantine")
///     func newestEdit() throws {
///       try TableTest(Silver.classFeedback)
///         .given(Bronze.classFeedback, """
///           feedback_id | rating | submitted_at
///           F1          | 5      | 2025-01-06T19:05:00Z
///           F2          | 9      | 2025-01-07T08:00:00Z
///           """)
///         .run()
///         .given(Bronze.classFeedback, """
///           feedback_id | rating | submitted_at
///           F1          | 3      | 2025-01-07T09:00:00Z
///           """)
///         .expect("""
///           feedback_id | rating
///           F1          | 3
///           """)
///         .expectQuarantine("""
///           feedback_id | rating | _failed_rules
///           F2          | 9      | rating is 1 to 5
///           """)
///     }
///
/// Rows are texts in columns apart by ` | `, `NULL` where there is no value, quotes around a text
/// that needs them; their types are those of the declarations. Inputs may be tables that the tested
/// one reads, or tables further up: what lies between is run as well. Columns of inputs that are not
/// named are NULL; columns of the tested table that are not named are not compared.
///
/// Everything runs in a lake of its own, by the same code as `run`. After each run the table is also
/// computed by a full refresh, in a copy, and one that is derived by partition or key in two halves
/// too; the test fails where these differ from it. A test that expects nothing fails.
public final class TableTest {
  /// The tested table.
  public let table: Table
  let lake: TestLake
  let graph: Graph
  let comparesFullRefresh: Bool
  let declaredAt: Testing.SourceLocation
  var steps: [TestStep] = []
  var given: Set<TableName> = []
  var hasRowsBefore = false
  var asOf: String
  /// True if rows were given since the last run.
  private var isPending = true
  private var expectsSomething = false
  /// True once an error ended the test, which then need not expect anything.
  private var failed = false
  private var outcome: TableOutcome?

  /// A test of a table in an empty lake.
  /// - Parameters:
  ///   - asOf: the business date, as `yyyy-MM-dd`.
  ///   - comparesFullRefresh: false where a full refresh is known to give other rows.
  public init(
    _ table: Table, asOf: String = "2025-03-01", comparesFullRefresh: Bool = true,
    sourceLocation: Testing.SourceLocation = #_sourceLocation
  ) throws {
    guard CivilDate(asOf) != nil else {
      throw TableTestError.date(asOf, place: sourceLocation.place)
    }
    self.table = table
    self.asOf = asOf
    self.comparesFullRefresh = comparesFullRefresh
    declaredAt = sourceLocation
    graph = try Graph([table])
    lake = try TestLake()
  }

  deinit {
    guard !expectsSomething, !failed else { return }
    Issue.record("a test of \(table.name) expects nothing", sourceLocation: declaredAt)
  }

  /// Does something, and remembers if it failed.
  func attempt<Result>(_ work: () throws -> Result) throws -> Result {
    do { return try work() } catch {
      failed = true
      throw error
    }
  }

  func note(_ step: TestStep) {
    steps.append(step)
    isPending = true
  }
}

extension TableTest {
  /// Brings the table up to date, as `run` does; `expect` does so by itself where rows were given
  /// since the last run.
  /// - Parameter asOf: the business date from here on, as `yyyy-MM-dd`; the one before where it is
  ///   left out.
  @discardableResult
  public func run(
    asOf: String? = nil, sourceLocation: Testing.SourceLocation = #_sourceLocation
  ) throws -> TableTest {
    try attempt {
      if let asOf {
        guard CivilDate(asOf) != nil else {
          throw TableTestError.date(asOf, place: sourceLocation.place)
        }
        self.asOf = asOf
      }
      try checkGiven(sourceLocation)
      steps.append(.run(asOf: self.asOf))
      isPending = false
      let report = try lake.run(path, selectors, asOf: self.asOf)
      outcome = report[table]
      guard report.succeeded else { return }
      try compareFullRefresh(sourceLocation)
      try compareHalves(sourceLocation)
    }
    return self
  }

  /// Expects that the table holds these rows, and no others, in the columns that they name.
  @discardableResult
  public func expect(
    _ rows: String, sourceLocation: Testing.SourceLocation = #_sourceLocation
  ) throws -> TableTest {
    try expect(.of(table), rows, table.key, sourceLocation)
  }

  /// Expects that these rows wait in the table's quarantine, and no others; `_failed_rules` names the
  /// rules that a row failed, apart by `; `.
  @discardableResult
  public func expectQuarantine(
    _ rows: String, sourceLocation: Testing.SourceLocation = #_sourceLocation
  ) throws -> TableTest {
    try expect(.quarantine(of: table), rows, table.key, sourceLocation)
  }

  /// Expects what became of the rows that the last run read, as `podium run` words it, such as
  /// `2 inserted, 1 quarantined`.
  @discardableResult
  public func expectCounts(
    _ words: String, sourceLocation: Testing.SourceLocation = #_sourceLocation
  ) throws -> TableTest {
    try bringUpToDate(sourceLocation)
    let counts = outcome?.counts.words ?? ""
    if counts != words {
      report(
        [counts.isEmpty ? "no rows" : counts, "expected: \(words)"],
        "the last run counted of \(table.name)", sourceLocation)
    }
    return self
  }

  /// Expects that the run stops with an error whose sentence contains a text, such as the name of a
  /// rule with `else: .stop`.
  @discardableResult
  public func expectFailure(
    _ part: String, sourceLocation: Testing.SourceLocation = #_sourceLocation
  ) throws -> TableTest {
    expectsSomething = true
    if isPending { try run(sourceLocation: sourceLocation) }
    guard case .failed(let error)? = outcome?.status else {
      report(
        ["it is \(outcome?.status.word ?? "not run")", "expected a failure that says: \(part)"],
        "the run of \(table.name) did not fail", sourceLocation)
      return self
    }
    if !error.description.contains(part) {
      report(
        ["\(error)", "expected a failure that says: \(part)"],
        "the run of \(table.name) failed for another reason", sourceLocation)
    }
    return self
  }

  /// Runs the table where rows were given since the last run, and fails where it could not be computed.
  func bringUpToDate(_ sourceLocation: Testing.SourceLocation) throws {
    expectsSomething = true
    if isPending { try run(sourceLocation: sourceLocation) }
    if let outcome, !outcome.status.isGood {
      failed = true
      if case .failed(let error) = outcome.status { throw error }
      throw TestRunError.skipped(table.name, "\(outcome.status)")
    }
  }

  private func expect(
    _ location: TableLocation, _ rows: String, _ key: [String],
    _ sourceLocation: Testing.SourceLocation
  ) throws -> TableTest {
    try bringUpToDate(sourceLocation)
    try attempt {
      let columns = location == .of(table) ? table.comparable : table.comparableInQuarantine
      let (names, expected) = try read(rows, columns, of: location.name, sourceLocation)
      let types = names.compactMap { name in columns.first { $0.name == name }?.type }
      let actual = try lake.cells(location, names, types)
      let comparison = RowComparison(
        columns: names, key: key.allSatisfy(names.contains) ? key : [])
      var lines = comparison.differences(actual, from: expected.map(\.cells))
      let failed = (outcome?.failures ?? []).filter { $0.rows > 0 }
        .map { "'\($0.rule)' (\(counted($0.rows, "row")))" }
      if !lines.isEmpty, !failed.isEmpty {
        lines.append("In the last run rows failed \(failed.joined(separator: ", ")).")
      }
      report(
        lines,
        "\(location.name) differs (- missing, + too many, ~ other values)", sourceLocation)
    }
    return self
  }
}

/// Why a tested table was not computed.
enum TestRunError: Error, CustomStringConvertible {
  case skipped(TableName, String)

  var description: String {
    switch self {
    case .skipped(let table, let why): "\(table) was not computed: \(why)"
    }
  }
}

extension Testing.SourceLocation {
  /// `folder/file:line`, as errors name a place.
  var place: String { "\(fileID):\(line)" }
}

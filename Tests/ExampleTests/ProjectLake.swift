import Podium
import Runner
import RunnerTestKit
import Storage
import Testing

/// A lake and the project whose tables it holds.
struct ProjectLake {
  let tables: [Table]
  private let lake: TestLake
  var landing: any ObjectStore { lake.lake.landing }

  init(_ tables: [Table]) throws {
    self.tables = tables
    lake = try TestLake()
  }

  /// Puts a file into the landing zone.
  func land(_ file: String, _ bytes: [UInt8]) throws { try lake.land(file, bytes: bytes) }

  /// Runs all tables; any failure is recorded as an issue.
  @discardableResult
  func run(asOf: String = "2012-01-01", fullRefresh: Bool = false) throws -> RunReport {
    expectSuccess(try lake.run(tables, asOf: asOf, fullRefresh: fullRefresh, jobs: 2))
  }

  /// Runs some tables and all that they are made of.
  @discardableResult
  func run(for names: [String], asOf: String) throws -> RunReport {
    expectSuccess(
      try lake.run(
        tables, Set(names).sorted().map { "+\($0)" }.joined(separator: " "), asOf: asOf, jobs: 2))
  }

  /// Expects that all tables, quarantines included, are those of a full refresh from bronze.
  func expectFullRefresh(_ about: String, asOf: String = "2012-01-01") throws {
    let whole = try lake.copy()
    expectSuccess(try whole.run(tables, "silver gold", asOf: asOf, fullRefresh: true, jobs: 2))
    try expectSame(lake, whole, tables, about)
  }

  /// Expects that some tables, quarantines included, are those of another lake.
  func expectAlike(_ other: ProjectLake, _ tables: [Table], _ about: String) throws {
    try expectSame(lake, other.lake, tables, about)
  }

  /// The rows of a query over the lake, as text.
  func ask(_ sql: String) throws -> [[String]] { try lake.ask(sql, tables) }
}

import Basics

extension Expectation {
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

  /// A query of a rule; two are the same if their texts are.
  public struct Query: Hashable, Sendable {
    public let sql: SQL

    public static func == (a: Query, b: Query) -> Bool { a.sql.anyText == b.sql.anyText }
    public func hash(into hasher: inout Hasher) { hasher.combine(sql.pieces.count) }
  }

  /// The least or greatest value of a range: a number, or the text of a day or an instant.
  public enum Bound: Hashable, Sendable, CustomStringConvertible, ExpressibleByIntegerLiteral,
    ExpressibleByFloatLiteral, ExpressibleByStringLiteral
  {
    case integer(Int64)
    case number(Double)
    case text(String)

    public init(integerLiteral value: Int64) { self = .integer(value) }
    public init(floatLiteral value: Double) { self = .number(value) }
    public init(stringLiteral value: String) { self = .text(value) }

    public var description: String {
      switch self {
      // A year is written without a sign for thousands.
      case .integer(let value): abs(Double(value)) < 10_000 ? "\(value)" : grouped(value)
      case .number(let value): "\(value)"
      case .text(let text): text
      }
    }
  }

  /// How many rows a run may bring.
  public enum RowCount: Hashable, Sendable {
    /// No fewer than the one and no more than the other.
    case bounds(from: Int?, to: Int?)
    /// At least a share of the median of the last runs; nothing with too few of them.
    case median(share: Double, runs: Int, silentBefore: Int)
  }

  /// A span of time in whole minutes, hours or days.
  public struct Age: Hashable, Sendable, CustomStringConvertible {
    let count: Int
    let unit: String
    /// The seconds of one unit.
    let size: Int

    public static func minutes(_ count: Int) -> Age { Age(count: count, unit: "minute", size: 60) }
    public static func hours(_ count: Int) -> Age { Age(count: count, unit: "hour", size: 3_600) }
    public static func days(_ count: Int) -> Age { Age(count: count, unit: "day", size: 86_400) }

    /// The whole span; the greatest number where it is longer than numbers reach.
    public var seconds: Int {
      let (product, overflow) = count.multipliedReportingOverflow(by: size)
      return overflow ? .max : product
    }

    public var description: String { counted(count, unit) }
  }
}

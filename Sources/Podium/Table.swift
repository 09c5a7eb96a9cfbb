/// A table of the lakehouse and the job that keeps it up to date.
///
/// A table is a plain value. Its `query` names its inputs, its `write` says how rows get in, its
/// `expectations` say which rows may.
public struct Table: Sendable {
  public let name: TableName
  /// One sentence: what one row is.
  public let about: String
  /// The columns, those included that `write` adds.
  public let columns: [Column]
  /// The columns that identify a row; empty for bronze, whose rows are identified by file and line.
  public let key: [String]
  public let write: Write
  public let partitionedBy: [String]
  public let expectations: [Expectation]
  public let share: ShareRule
  /// How long rows are kept; nil where they stay for ever.
  public let retention: Retention?
  /// True if the table holds rows that its inputs may have lost, so that a rebuild must not drop them
  /// silently.
  public let keepsHistory: Bool
  /// Where the rows come from.
  public let origin: Origin
  public let declaredAt: SourceLocation
  /// Seconds within which a run has to bring the table up to date again; nil where none are declared.
  public private(set) var freshWithin: Int?
  /// Columns by whose values rows lie together; empty where no order is declared.
  public private(set) var clusteredBy: [String] = []

  /// Where a table's rows come from.
  public enum Origin: Sendable {
    /// Files in a folder of the landing zone.
    case landing(LandingSource)
    /// Other tables.
    case query(SQL)
  }

  /// A table computed from other tables.
  /// - Parameter keepsHistory: refuses a rebuild that would lose keys which the table has.
  public init(
    _ name: String, about: String, columns: [Column], key: [String], write: Write,
    partitionedBy: [String] = [], expect expectations: [Expectation] = [],
    share: ShareRule = .standard, keepsHistory: Bool = false, retention: Retention? = nil,
    query: SQL,
    file: StaticString = #filePath, line: UInt = #line
  ) {
    self.name = TableName(name)
    self.about = about
    self.columns = columns + write.addedColumns(to: columns)
    self.key = key
    self.write = write
    self.partitionedBy = partitionedBy
    self.expectations = expectations
    self.share = share
    self.retention = retention
    self.keepsHistory = keepsHistory
    origin = .query(query)
    declaredAt = SourceLocation(file, line)
  }

  /// A bronze table: the records of the files in one folder of the landing zone, as they came.
  ///
  /// All columns are texts. Podium adds `_rescued` (fields the declaration does not know, as JSON),
  /// `_file`, `_line`, `_run`, `_ingested_at` and the partition `_ingest_date`.
  public init(
    _ name: String, about: String, landing: LandingSource, columns: [Column],
    retention: Retention? = nil,
    file: StaticString = #filePath, line: UInt = #line
  ) {
    self.name = TableName(name)
    self.about = about
    self.columns = columns
    key = []
    write = .append
    partitionedBy = []
    expectations = []
    share = .none
    self.retention = retention
    keepsHistory = false
    origin = .landing(landing)
    declaredAt = SourceLocation(file, line)
  }
}

extension Table {
  /// The same table, of which somebody is told where no run brought it up to date for so long.
  public func fresh(withinHours hours: Int) -> Table {
    var table = self
    table.freshWithin = hours.clamped(to: 1...(24 * 366)) * 3600
    return table
  }

  /// The same table, whose rows lie together by the values of some columns, so that who asks for a few
  /// values reads little of it.
  ///
  /// Rows of a table without partitions lie along the columns' Z-order curve; those of a partition are
  /// sorted by them. What later runs add lies beside it until `podium maintain` puts it in order.
  /// - Parameter columns: one to four, those asked for most first; none of them a partition column.
  public func clustered(by columns: String...) -> Table {
    var table = self
    table.clusteredBy = columns
    return table
  }
}

extension Int {
  fileprivate func clamped(to range: ClosedRange<Int>) -> Int {
    Swift.min(Swift.max(self, range.lowerBound), range.upperBound)
  }
}

/// A folder of the landing zone that one bronze table takes in.
public struct LandingSource: Hashable, Sendable, ExpressibleByStringLiteral {
  /// The folder's name below `landing/`.
  public let folder: String

  public init(folder: String) { self.folder = folder }
  public init(stringLiteral value: String) { folder = value }
}

extension Table {
  /// The query; nil for a table that takes in files.
  public var query: SQL? {
    if case .query(let sql) = origin { return sql }
    return nil
  }

  /// The landing folder; nil for a table computed by a query.
  public var landing: LandingSource? {
    if case .landing(let source) = origin { return source }
    return nil
  }

  /// Tables that must be up to date before this one: read by the query or referred to by a rule.
  public var upstream: [Table] {
    var seen: Set<TableName> = []
    // A rule that reads its own table is told by `problems`.
    let compared = self.compared.filter { $0 != self }
    return ((query?.inputs.map(\.table) ?? []) + referred + compared).filter {
      seen.insert($0.name).inserted
    }
  }

  /// The inputs whose new rows each run reads.
  public var newInputs: [Table] { query?.inputs.filter(\.onlyNew).map(\.table) ?? [] }

  /// The inputs that are read whole.
  public var wholeInputs: [Table] { query?.inputs.filter { !$0.onlyNew }.map(\.table) ?? [] }

  /// The columns that `write` adds to those that the query gives.
  public var addedColumns: Set<String> { Set(write.addedColumns(to: columns).map(\.name)) }

  /// True if rows carry the file and line they came from.
  public var carriesOrigin: Bool { landing != nil || !newInputs.isEmpty }
}

extension Table: Hashable {
  /// Two tables are the same if their names are.
  public static func == (a: Table, b: Table) -> Bool { a.name == b.name }
  public func hash(into hasher: inout Hasher) { hasher.combine(name) }
}

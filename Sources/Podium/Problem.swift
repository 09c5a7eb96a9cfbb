/// Something wrong with a declaration, found without any data.
public struct Problem: Error, Hashable, Sendable, Comparable {
  /// The rule that found it, by its name in the documentation.
  public enum Rule: String, Hashable, Sendable, CaseIterable {
    case tableName = "table-name"
    case columnName = "column-name"
    case describedColumns = "described-columns"
    case knownColumn = "known-column"
    case columnType = "column-type"
    case key = "key"
    case rule = "rule"
    case layerOrder = "layer-order"
    case newRowsFromAppend = "new-rows-from-append"
    case noResolutionOverNewRows = "no-resolution-over-new-rows"
    case noFilterOverNewRows = "no-filter-over-new-rows"
    case noClock = "no-clock"
    case upsertReadsOneTable = "upsert-reads-one-table"
    case writeFitsQuery = "write-fits-query"
    case businessDatePartition = "business-date-partition"
    case retention
    case personalColumns = "personal-columns"
    case personalValues = "personal-values"
    case identifiedPersons = "identified-persons"
    case registered = "registered"
    case queryRuns = "query-runs"
    case queryColumns = "query-columns"
    case portableSQL = "portable-sql"
    case namedColumns = "named-columns"
  }

  public let rule: Rule
  public let table: TableName
  public let location: SourceLocation
  /// What is wrong and what to do about it.
  public let message: String

  public init(_ rule: Rule, _ table: TableName, _ location: SourceLocation, _ message: String) {
    self.rule = rule
    self.table = table
    self.location = location
    self.message = message
  }

  public static func < (a: Problem, b: Problem) -> Bool {
    (a.location, a.rule.rawValue, a.message) < (b.location, b.rule.rawValue, b.message)
  }
}

extension Problem: CustomStringConvertible {
  /// `file:line: table: message [rule]`.
  public var description: String { "\(location): \(table): \(message) [\(rule.rawValue)]" }
}

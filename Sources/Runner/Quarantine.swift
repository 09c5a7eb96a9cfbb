import Basics
import Engines
import Lakehouse
import Podium

/// What is in a lake's quarantines.
public struct Quarantine {
  /// The rows of one table that failed one rule.
  public struct RuleRows: Hashable, Sendable {
    public let table: TableName
    public let rule: String
    public let rows: Int64
    /// When the first of them came there, UTC.
    public let since: String
    /// The run that put the newest there.
    public let newestRun: String
  }

  /// A landing file that could not be read and was not read well since.
  public struct File: Hashable, Sendable {
    /// The bronze table that takes in its folder; empty where none does.
    public let table: String
    public let file: String
    public let reason: String
    public let since: String
    public let run: String
  }

  let lake: Lake
  let tables: [Table]
  let session: EngineSession

  public init(lake: Lake, tables: [Table], session: EngineSession) {
    self.lake = lake
    self.tables = tables
    self.session = session
  }

  /// Files that wait, each as it was refused last.
  public static let filesQuery = """
    SELECT f.* FROM quarantine.files AS f WHERE resolved_at IS NULL AND NOT EXISTS (\
    SELECT 1 FROM quarantine.dropped AS d WHERE d.file = f.file AND d.line IS NULL \
    AND d.dropped_at >= f._quarantined_at) AND NOT EXISTS (\
    SELECT 1 FROM quarantine.files AS g WHERE g.file = f.file \
    AND g._quarantined_at > f._quarantined_at)
    """

  /// Rows by table and rule, in the order of the names; a row that failed several rules counts for each.
  public func rows() throws -> [RuleRows] {
    var found: [RuleRows] = []
    for table in tables.sorted(by: { $0.name < $1.name }) where table.query != nil {
      let location = TableLocation.quarantine(of: table)
      let tables = try Catalog(lake: lake, tables: self.tables).defineViews(
        for: "SELECT * FROM \(location.name)", in: session)
      guard !tables.scans.isEmpty else { continue }
      let rows = try session.connection.query(
        """
        SELECT CASE WHEN starts_with(rule, \(sqlLiteral(Judgement.computable))) \
        THEN \(sqlLiteral(Judgement.computable)) ELSE rule END, count(*), \
        strftime(min(_quarantined_at) AT TIME ZONE 'UTC', '%Y-%m-%dT%H:%M:%SZ'), \
        max_by(_run, _quarantined_at) FROM (SELECT unnest(CASE \
        WHEN starts_with(_failed_rules, \(sqlLiteral(Judgement.computable))) THEN [_failed_rules] \
        ELSE string_split(_failed_rules, '; ') END) AS rule, _run, _quarantined_at \
        FROM \(location.name)) AS r GROUP BY 1 ORDER BY 1
        """
      ).rows()
      found += rows.map { row in
        RuleRows(
          table: table.name, rule: row[0].string ?? "", rows: row[1].int ?? 0,
          since: row[2].string ?? "", newestRun: row[3].string ?? "")
      }
    }
    return found
  }

  /// Files that wait, in the order of their names.
  public func files() throws -> [File] {
    try Catalog(lake: lake, tables: tables).defineViews(for: Quarantine.filesQuery, in: session)
    return try session.connection.query(
      """
      SELECT source, file, reason, \
      strftime(_quarantined_at AT TIME ZONE 'UTC', '%Y-%m-%dT%H:%M:%SZ'), _run \
      FROM (\(Quarantine.filesQuery)) AS f ORDER BY file
      """
    ).rows().map { row in
      File(
        table: tables.first { $0.landing?.folder == row[0].string }?.name.description ?? "",
        file: row[1].string ?? "", reason: row[2].string ?? "", since: row[3].string ?? "",
        run: row[4].string ?? "")
    }
  }

  /// True if a run whose id begins so put something of a table there.
  public func has(_ run: String, of table: Table) throws -> Bool {
    let name =
      (table.landing == nil ? TableLocation.quarantine(of: table) : .quarantinedFiles).name
    let query = "SELECT 1 FROM \(name) WHERE starts_with(_run, \(sqlLiteral(run))) LIMIT 1"
    try Catalog(lake: lake, tables: tables).defineViews(for: query, in: session)
    return try !session.connection.query(query).rows().isEmpty
  }

  /// A query for the rows of a table's quarantine, values of personal columns left out.
  /// - Parameter personal: true to show them.
  public static func query(
    _ table: Table, _ filter: QuarantineFilter, personal: Bool
  ) -> String {
    let columns = table.quarantineSchema.fields.map { field in
      let name = sqlName(field.name)
      guard field.isPersonal, !personal else { return name }
      return "CASE WHEN \(name) IS NOT NULL THEN '***' END AS \(name)"
    }
    return """
      SELECT \(columns.joined(separator: ", ")) FROM \(TableLocation.quarantine(of: table).name) \
      WHERE \(filter.sql) ORDER BY _quarantined_at, _file, _line
      """
  }
}

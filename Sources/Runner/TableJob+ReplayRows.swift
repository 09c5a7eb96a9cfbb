import Basics
import DeltaLake
import Engines
import Lakehouse
import Podium

extension TableJob {
  /// The temporary table of the places from which a replay takes rows: file, line, how many rows of
  /// them are in quarantine, the run and the moment that put them there.
  private static let places = "podium_replayed"

  /// Reads the records of quarantined rows again and judges them.
  /// - Returns: the rows with their verdicts, and how many were in quarantine; nil where the records
  ///   of just these rows cannot be told, such as several on one line of which some passed.
  func stageReplay(_ replay: Replay, _ query: SQL) throws -> (Candidates, Int64)? {
    let judged = try stagePlaces(replay.quarantine, QuarantineFilter(rules: replay.rules))
    guard let read = try stageRecords(query) else { return nil }
    try bindReferences(query, replay.batch)
    let candidates = try stageCandidates(query, asOf: replay.batch.asOf, read: read)
    return (candidates, judged)
  }

  /// Binds the table's inputs to the records from which the rows at the noted places came.
  /// - Returns: how many there are; nil where not all of their rows are in quarantine.
  func stageRecords(_ query: SQL) throws -> Int64? {
    var read: Int64 = 0
    var counts: [String] = []
    for input in query.inputs where input.onlyNew {
      guard let snapshot = try snapshot(input.table) else { return nil }
      let relation = try DuckDBParquet(session).scan(
        delta(of: input.table).scan(try files(of: snapshot, input.table), snapshot))
      let records = try session.stage(
        "records",
        as: """
          SELECT * FROM \(relation.name) AS r WHERE EXISTS (\
          SELECT 1 FROM \(TableJob.places) AS p WHERE p.file = r.\(TechnicalColumn.file) \
          AND p.line = r.\(TechnicalColumn.line))
          """)
      try bind(input, to: "SELECT * FROM \(records)")
      read += try session.count("SELECT count(*) FROM \(records)")
      counts.append(
        "SELECT \(TechnicalColumn.file) AS file, \(TechnicalColumn.line) AS line FROM \(records)")
    }
    // Each record gives the same number of rows, and all of them are in quarantine.
    let uncertain = try session.count(
      """
      SELECT count(*) FROM \(TableJob.places) AS p LEFT JOIN (\
      SELECT file, line, count(*) AS n FROM (\(counts.joined(separator: " UNION ALL "))) AS r \
      GROUP BY file, line) AS b ON b.file = p.file AND b.line = p.line \
      WHERE b.n * \(table.rowFactor) IS DISTINCT FROM p.n
      """)
    return uncertain == 0 ? read : nil
  }

  /// Notes where quarantined rows came from.
  /// - Returns: how many rows there are.
  func stagePlaces(_ version: Int64, _ filter: QuarantineFilter) throws -> Int64 {
    let rows = try quarantineRows(version)
    session.drop(table: TableJob.places)
    try session.connection.execute(
      """
      CREATE TEMP TABLE \(TableJob.places) AS \
      SELECT \(TechnicalColumn.file) AS file, \(TechnicalColumn.line) AS line, count(*) AS n, \
      min(\(TechnicalColumn.run)) AS run, min(\(TechnicalColumn.quarantinedAt)) AS moment \
      FROM \(rows) AS q WHERE \(filter.sql) GROUP BY 1, 2
      """)
    return try session.count("SELECT coalesce(sum(n), 0)::BIGINT FROM \(TableJob.places)")
  }

  /// The rows of the table's quarantine at a version.
  func quarantineRows(_ version: Int64) throws -> String {
    let location = TableLocation.quarantine(of: table)
    let delta = context.tables.table(location, session)
    let current = try context.tables.snapshot(location, session)
    let state =
      try current.flatMap { $0.version == version ? $0 : nil } ?? delta.snapshot(version: version)
    return try DuckDBParquet(session).scan(delta.scan(state)).name
  }

  /// The data files of an input in which the replayed rows can be.
  private func files(of snapshot: Snapshot, _ input: Table) throws -> [AddFile] {
    let names = try session.connection.query(
      "SELECT DISTINCT file FROM \(TableJob.places) LIMIT 201"
    ).rows().map { $0[0].string }
    guard let field = input.storedSchema[TechnicalColumn.file], names.count <= 200 else {
      return snapshot.orderedFiles
    }
    return snapshot.files(matching: .any(names.map { Predicate(field, equals: $0) })).files
  }

  /// Takes the rows of a replay out of quarantine that do not fail any more; the others keep the
  /// moment at which they came there, and name the rules that they fail now.
  func release(_ replay: Replay, _ candidates: Candidates) throws {
    let location = TableLocation.quarantine(of: table)
    guard let base = try context.tables.snapshot(location, session) else { return }
    var transaction = transaction("REPLAY", blindAppend: false)
    let updated = try withSchema(base, table.quarantineSchema, &transaction)
    let names = table.quarantineSchema.names
    let still = names.map { name in
      switch name {
      case TechnicalColumn.run: "coalesce(p.run, c.\(name)) AS \(name)"
      case TechnicalColumn.quarantinedAt: "coalesce(p.moment, c.\(name)) AS \(name)"
      default: "c.\(sqlName(name))"
      }
    }
    let rows = Relation(
      """
      (SELECT \(sqlNames(names)) FROM \(try quarantineRows(replay.quarantine)) AS q \
      WHERE NOT coalesce(\(QuarantineFilter(rules: replay.rules).sql), false) \
      UNION ALL SELECT \(still.joined(separator: ", ")) FROM (\(quarantineQuery(candidates))) AS c \
      LEFT JOIN \(TableJob.places) AS p ON p.file = c.\(TechnicalColumn.file) \
      AND p.line = c.\(TechnicalColumn.line))
      """)
    let result = try context.tables.table(location, session)
      .overwrite(rows, updated, transaction: transaction, replacing: base.orderedFiles)
    context.tables.record(location, result.snapshot)
  }
}

/// Which quarantined rows are meant.
public struct QuarantineFilter: Hashable, Sendable {
  /// Rows that failed one of these rules; nil for rows of any.
  public var rules: [String]?
  /// Rows that this run put there; nil for those of any.
  public var run: String?

  public init(rules: [String]? = nil, run: String? = nil) {
    self.rules = rules
    self.run = run
  }

  /// A condition over the columns of a quarantine.
  public var sql: String {
    var conditions = ["true"]
    if let rules {
      let failed = TechnicalColumn.failedRules
      let any = rules.map { rule in
        rule == Judgement.computable
          ? "starts_with(\(failed), \(sqlLiteral("\(rule): ")))"
          : "contains('; ' || \(failed) || '; ', \(sqlLiteral("; \(rule); ")))"
      }
      conditions.append(any.isEmpty ? "false" : "(\(any.joined(separator: " OR ")))")
    }
    if let run { conditions.append("starts_with(\(TechnicalColumn.run), \(sqlLiteral(run)))") }
    return conditions.joined(separator: " AND ")
  }
}

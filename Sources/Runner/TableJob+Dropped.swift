import Basics
import DeltaLake
import Engines
import Lakehouse
import Podium

extension TableJob {
  /// The rule that rows fail which somebody gave up in quarantine.
  static let givenUp = "dropped from quarantine"

  /// Leaves the rows out, counted as filtered, that somebody gave up in quarantine.
  /// - Returns: how many there are.
  func leaveOutDropped(_ candidates: String) throws -> Int64 {
    guard table.carriesOrigin, try context.tables.exists(.droppedRows),
      let state = try context.tables.snapshot(.droppedRows, session), !state.files.isEmpty
    else { return 0 }
    let delta = context.tables.table(.droppedRows, session)
    let rows = try DuckDBParquet(session).scan(delta.scan(state)).name
    try session.connection.execute(
      """
      UPDATE \(candidates) AS c SET \(Judgement.verdictColumn) = \
      \(Judgement.Verdict.filtered.rawValue), \(Judgement.warnedColumn) = false, \
      \(Judgement.failureColumn) = \(sqlLiteral(TableJob.givenUp)) WHERE EXISTS (\
      SELECT 1 FROM \(rows) AS d WHERE d.table_name = \(sqlLiteral(table.name.description)) \
      AND d.file = c.\(TechnicalColumn.file) AND d.line = c.\(TechnicalColumn.line))
      """)
    return try session.count(
      "SELECT count(*) FROM \(candidates) WHERE \(Judgement.failureColumn) = "
        + sqlLiteral(TableJob.givenUp))
  }

  /// Gives rows of the quarantine up: writes down which, by whom and why, and takes them out.
  ///
  /// The record is committed first. A process that ends in between leaves rows in quarantine that are
  /// on record already; doing it again changes nothing else.
  /// - Returns: how many rows were given up.
  func dropRows(_ query: SQL, _ filter: QuarantineFilter, _ decision: DropDecision) throws -> Int64
  {
    try TableJob.finishReplay(table, context)
    guard try Batch.pending(table, in: context.batches) == nil else {
      throw RunError.other(
        "an earlier run did not finish \(table.name), so what is in its quarantine is not settled. "
          + "Nothing was changed. Run it first.")
    }
    let location = TableLocation.quarantine(of: table)
    guard let base = try context.tables.snapshot(location, session), !base.files.isEmpty else {
      return 0
    }
    let count = try stagePlaces(base.version, filter)
    guard count > 0 else { return 0 }
    guard try stageRecords(query) != nil else {
      throw RunError.other(
        "some of these rows stand on a line with others that passed or failed other rules, and only "
          + "whole lines can be given up. Nothing was changed. Mend the query or the rules instead."
      )
    }
    try record(
      decision,
      """
      SELECT q.\(TechnicalColumn.file) AS file, q.\(TechnicalColumn.line) AS line, \
      min(q.\(TechnicalColumn.failedRules)) AS failed_rules FROM \(quarantineRows(base.version)) AS q \
      WHERE \(filter.sql) GROUP BY 1, 2
      """)
    let kept = Relation(
      """
      (SELECT \(sqlNames(table.quarantineSchema.names)) FROM \(try quarantineRows(base.version)) AS q \
      WHERE NOT coalesce(\(filter.sql), false))
      """)
    var transaction = transaction("DROP FROM QUARANTINE", blindAppend: false)
    let updated = try withSchema(base, table.quarantineSchema, &transaction)
    let result = try context.tables.table(location, session)
      .overwrite(kept, updated, transaction: transaction, replacing: base.orderedFiles)
    context.tables.record(location, result.snapshot)
    return count
  }

  /// Writes down what was given up; what is on record already stays as it was.
  /// - Parameter rows: a query for file, line and failed rules.
  func record(_ decision: DropDecision, _ rows: String) throws {
    let location = TableLocation.droppedRows
    let base =
      try context.tables.snapshot(location, session)
      ?? createSideTable(
        location, "Quarantined rows and files that were given up, by whom and why.", .droppedRows)
    let delta = context.tables.table(location, session)
    let known = try DuckDBParquet(session).scan(delta.scan(base)).name
    let name = sqlLiteral(table.name.description)
    let relation = Relation(
      """
      (SELECT \(name) AS table_name, file, line, failed_rules, \
      \(sqlLiteral(decision.reason)) AS reason, \(sqlLiteral(decision.by)) AS dropped_by, \
      \(sqlLiteral(context.run)) AS \(TechnicalColumn.run), \
      \(context.lake.clock.now().sql) AS dropped_at FROM (\(rows)) AS q WHERE NOT EXISTS (\
      SELECT 1 FROM \(known) AS k WHERE k.table_name = \(name) AND k.file = q.file \
      AND k.line IS NOT DISTINCT FROM q.line))
      """)
    let result = try delta.append(
      relation, base, transaction: transaction("WRITE", blindAppend: true))
    context.tables.record(location, result.snapshot)
  }
}

/// Who gives quarantined rows up, and why.
public struct DropDecision: Hashable, Sendable {
  public let by: String
  /// Empty where none was told.
  public let reason: String

  public init(by: String, reason: String) {
    self.by = by
    self.reason = reason
  }
}

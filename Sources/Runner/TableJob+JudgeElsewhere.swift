import DeltaLake
import Engines
import Lakehouse
import Podium
import SparkEngine

extension TableJob {
  /// Has a server compute a query and judge its rows, for a table whose rows are merged.
  ///
  /// The verdict is stored beside each row, so that all engines read the same one.
  /// - Returns: nil where the embedded engine judges.
  func computeJudged(
    _ query: SQL, _ text: String, _ judgement: Judgement
  ) throws -> StagedRows? {
    // Rules about single rows need nothing but these.
    guard let spark, case .upsert(_, nil) = table.write, judgement.helpers.isEmpty,
      table.referred.isEmpty
    else { return nil }
    let columns: [(field: StructField, sql: String)] = [
      (StructField(Judgement.verdictColumn, .byte), judgement.verdict),
      (StructField(Judgement.warnedColumn, .boolean), judgement.warned),
    ]
    let output = try spark.compute(
      text, inputs: query.inputs.map(\.alias), as: table.querySchema,
      SparkJob.Layout(sortedBy: timeOrder), adding: columns)
    return output.map { output in
      let shared = spark.share(output)
      return StagedRows(
        shared, as: "(SELECT *, \(TableJob.unjudged) FROM \(shared.relation) AS q)",
        rowID: Scan.rowColumn)
    }
  }

  /// Columns of a judgement that no server computes.
  private static let unjudged = """
    false AS \(Judgement.deleteColumn), CAST(NULL AS VARCHAR) AS \(Judgement.failureColumn), \
    false AS \(Judgement.againColumn)
    """

  /// What stands after FROM for many rows that a server wrote, where none of them fails a rule.
  ///
  /// They are judged where they lie; nil where some fail one.
  /// - Parameter statement: a query for all of them, judged.
  func allPassed(_ output: SparkJob.Output, _ judgement: Judgement, _ statement: String) throws
    -> String?
  {
    guard case .derived = table.write, judgement.helpers.isEmpty else { return nil }
    let failing = try session.count(
      """
      SELECT count(*) FROM (\(statement)) AS q \
      WHERE \(Judgement.verdictColumn) <> 0 OR \(Judgement.warnedColumn)
      """)
    guard failing == 0 else { return nil }
    return """
      (SELECT * REPLACE (\(table.querySchema.casts())), CAST(0 AS TINYINT) AS \
      \(Judgement.verdictColumn), false AS \(Judgement.warnedColumn), \(TableJob.unjudged) \
      FROM (\(output.query)) AS q)
      """
  }
}

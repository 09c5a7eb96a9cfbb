import DeltaLake
import Engines
import Lakehouse
import Podium
import SparkEngine

/// The rows that a table's query gives in one run, typed and judged, in a temporary table; where they
/// are many, in a file.
struct Candidates {
  /// The temporary table, or what stands for it after FROM; its columns are the stored ones, `_delete`
  /// and `_verdict`.
  let name: String
  /// The column that numbers its rows.
  let rowID: String
  let judgement: Judgement
  /// Rows of the inputs that the query read as new.
  let read: Int64
  let total: Int64
  let passed: Int64
  let quarantined: Int64
  let filtered: Int64
  let stopped: Int64
  /// Those among all these that an earlier run judged too.
  let again: Again
  /// Rows failing each rule, where any do; of rules about the whole table, those that warn.
  var failures: [RuleCount]
  /// Rows of the inputs that the query could not be computed for.
  let uncomputable: Int64
  /// Files of a server that hold the query's rows; nil where there are none, or others were left out.
  var files: [DeltaTable.PartitionFiles]?
  /// The rows where a server can read them too; nil where it cannot.
  var shared: SparkJob.Shared?

  /// Rows that an earlier run judged too.
  struct Again {
    let total: Int64
    let passed: Int64
    let quarantined: Int64
    let filtered: Int64
  }
}

extension TableJob {
  /// Runs the query and judges each of its rows.
  /// - Parameters:
  ///   - touched: leaves out the rows that have no touched values.
  ///   - again: tells the rows that an earlier run judged too.
  func stageCandidates(
    _ query: SQL, asOf: String, read: Int64, touched: TouchedRows? = nil, again: RowsAgain? = nil
  ) throws -> Candidates {
    let text = query.text(asOf: asOf)
    let judgement = Judgement(table)
    var delete = "false"
    if let condition = table.write.deleteWhen { delete = "(\(condition)) IS TRUE" }
    // Counts need the columns that only rules see, so they are kept until then.
    let helpers = judgement.helpers.map { ", \($0.sql) AS \($0.name)" }.joined()
    let before = """
      SELECT *, \(judgement.verdict) AS \(Judgement.verdictColumn), \
      \(judgement.warned) AS \(Judgement.warnedColumn), \
      CAST(NULL AS VARCHAR) AS \(Judgement.failureColumn), \
      \(TableJob.isAgain(again)) AS \(Judgement.againColumn) FROM (\(
        helpers.isEmpty ? "" : "SELECT *\(helpers) FROM (")\
      SELECT * REPLACE (\(table.querySchema.casts())), \(delete) AS \(Judgement.deleteColumn) FROM (

      """
    let filter = touched.map { touched in
      let values = touched.columns.map { "CAST(r.\(sqlName($0.name)) AS \($0.type.duckDB))" }
      return " WHERE \(touched.values.contains(values))"
    }
    let end = helpers.isEmpty ? "" : ") AS h"
    func statement(over rows: String) -> String {
      "\(before)\(rows)\n) AS r\(filter ?? "")\(end)) AS q"
    }
    var uncomputable: [UncomputableRow] = []
    let staged: StagedRows
    do {
      staged = try stage(
        query, text, judgement, read: read, isWhole: touched == nil && again == nil,
        isFinal: again == nil, judging: statement)
    } catch let error as EngineError {
      let failure = located(
        error, in: query,
        linesBefore: error.isOfServer
          ? SparkJob.linesBefore : before.utf8.count { $0 == 0x0A })
      guard error.code == .statement, !error.isOfServer || error.isOfRows else { throw failure }
      guard let given = try? session.connection.describe(text) else { throw failure }
      try checkColumns(given)
      let statement = statement(over: text)
      uncomputable = try setAsideUncomputable(query, statement, failure)
      staged = StagedRows(try session.stage("candidates", as: statement))
      try add(uncomputable, to: staged.name, again: again)
    }
    // Told of the rows' table, a query's columns cost no second planning of the query.
    let own = Set(Judgement.columns + judgement.helpers.map(\.name))
    try checkColumns(
      session.connection.describe("SELECT * FROM \(staged.name)")
        .filter { !own.contains($0.name) })
    let apart = try setApart(again, from: staged.name)
    let dropped = try leaveOutDropped(staged.name)
    var candidates = try count(
      staged, judgement, read - apart, Int64(uncomputable.count), dropped)
    if touched == nil, again == nil, dropped == 0, candidates.passed == candidates.total {
      candidates.files = staged.parts
    }
    return candidates
  }

  private func count(
    _ staged: StagedRows, _ judgement: Judgement, _ read: Int64, _ uncomputable: Int64,
    _ dropped: Int64
  ) throws -> Candidates {
    let name = staged.name
    let verdict = Judgement.verdictColumn
    let groups = try session.connection.query(
      """
      SELECT \(verdict), \(Judgement.againColumn), \(Judgement.warnedColumn), count(*) \
      FROM \(name) AS q GROUP BY 1, 2, 3
      """
    ).rows().map { row in
      (
        verdict: row[0].int.flatMap { Judgement.Verdict(rawValue: Int($0)) },
        again: row[1].isTrue, warned: row[2].isTrue, rows: row[3].int ?? 0
      )
    }
    func rows(_ verdict: Judgement.Verdict?, again: Bool = false) -> Int64 {
      groups.filter { (verdict == nil || $0.verdict == verdict) && ($0.again || !again) }
        .reduce(0) { $0 + $1.rows }
    }
    var failures: [RuleCount] = []
    // Most often every row is good, and no rule has to be asked.
    if groups.contains(where: { $0.verdict != .passed || $0.warned }), !judgement.rules.isEmpty {
      let counts = try session.row(
        """
        SELECT \(judgement.counts.joined(separator: ", ")) FROM \(name) AS q \
        WHERE \(verdict) <> 0 OR \(Judgement.warnedColumn)
        """)
      failures = zip(judgement.rules, counts).compactMap { rule, count in
        guard let rows = count.int, rows > 0 else { return nil }
        return RuleCount(rule: rule.name, action: rule.action, rows: rows)
      }
    }
    let failed =
      uncomputable == 0
      ? 0
      : try session.count(
        """
        SELECT count(*) FROM \(name) WHERE \(Judgement.failureColumn) IS NOT NULL \
        AND \(verdict) = \(Judgement.Verdict.quarantined.rawValue)
        """)
    if failed > 0 {
      failures.append(RuleCount(rule: Judgement.computable, action: .quarantine, rows: failed))
    }
    if dropped > 0 {
      failures.append(RuleCount(rule: TableJob.givenUp, action: .drop, rows: dropped))
    }
    return Candidates(
      name: name, rowID: staged.rowID, judgement: judgement, read: read, total: rows(nil),
      passed: rows(.passed), quarantined: rows(.quarantined), filtered: rows(.filtered),
      stopped: rows(.stopped),
      again: Candidates.Again(
        total: rows(nil, again: true), passed: rows(.passed, again: true),
        quarantined: rows(.quarantined, again: true), filtered: rows(.filtered, again: true)),
      failures: failures, uncomputable: uncomputable, shared: staged.shared)
  }

  /// Compares the query's columns with the declared ones.
  private func checkColumns(_ columns: [EngineField]) throws {
    let (missing, unexpected) = table.differences(of: columns.map(\.name))
    guard missing.isEmpty, unexpected.isEmpty else {
      throw RunError.columns(
        location: table.declaredAt, missing: missing, unexpected: unexpected)
    }
  }

  /// An engine's error with the line of the declaration that it means: a line of the query, or the
  /// declaration as a whole where a type or a rule is meant.
  private func located(
    _ error: EngineError, in query: SQL, linesBefore: Int
  ) -> RunError {
    guard error.code == .statement else { return .engine(error) }
    if let missing = RunError.dataFile(in: error, of: table, context.lake) { return missing }
    let message = EngineMessage(error)
    let line = (message.line ?? linesBefore + 1) - linesBefore
    let location = line > 0 ? query.location(ofLine: line) : nil
    var words = message.text(linesBefore: linesBefore)
    if error.isOfServer, let server = try? context.spark?.server() {
      words = "\(server) refused it: \(words)."
      if error.isOfStatement {
        words +=
          " Nothing was written. Write it in portable SQL (docs/portable-sql.md), or compute with "
          + "--engine duckdb."
      }
    }
    return .query(location: location ?? table.declaredAt, message: words)
  }

  /// Stops the run of this table where a rule or the share of good rows says so.
  func enforce(_ candidates: Candidates, deduplicated: Int64) throws {
    try enforceStops(candidates)
    // The share is that of the run's own rows.
    let judged = candidates.total - candidates.again.total - deduplicated
    try enforceRuleShares(candidates, of: judged)
    let good = judged - (candidates.quarantined - candidates.again.quarantined)
    guard judged >= Int64(table.share.ofAtLeast), judged > 0 else { return }
    if Double(good) < table.share.atLeast * Double(judged) {
      throw RunError.share(try shareFailure(candidates, passed: good, of: judged))
    }
  }

  /// Stops the run of this table where a rule says so.
  func enforceStops(_ candidates: Candidates) throws {
    guard candidates.stopped > 0 else { return }
    let rules = candidates.failures.filter { $0.action == .stop }
    let rule = rules.first
    let declared = candidates.judgement.rules.first { $0.name == rule?.rule }
    throw RunError.stopped(
      rule: rule?.rule ?? "", rows: rule?.rows ?? candidates.stopped,
      location: declared?.location ?? table.declaredAt,
      examples: try origins(candidates, .stopped))
  }

  /// Takes out of the candidates the records that only share a line with those that are judged again.
  /// - Returns: how many.
  private func setApart(_ again: RowsAgain?, from name: String) throws -> Int64 {
    guard let again else { return 0 }
    let verdicts = [Judgement.Verdict.passed, .filtered].map { String($0.rawValue) }
    return try session.count(
      """
      DELETE FROM \(name) AS q WHERE \(Judgement.againColumn) \
      AND \(Judgement.verdictColumn) IN (\(verdicts.joined(separator: ", "))) \
      AND ((\(again.isMeant)) IS TRUE) IS NOT TRUE
      """)
  }

  /// An expression that is TRUE for a row that an earlier run judged too.
  static func isAgain(_ again: RowsAgain?) -> String {
    again?.holds("q") ?? "false"
  }

  /// Where the first few rows with a verdict, or of any, came from.
  func origins(
    _ candidates: Candidates, _ verdict: Judgement.Verdict?, where condition: String = "true"
  ) throws -> [RowOrigin] {
    guard table.carriesOrigin else { return [] }
    let rows = try session.connection.query(
      """
      SELECT \(TechnicalColumn.file), \(TechnicalColumn.line) FROM \(candidates.name) AS q \
      WHERE \(verdict.map { "\(Judgement.verdictColumn) = \($0.rawValue)" } ?? "true") \
      AND (\(condition)) \
      ORDER BY 1, 2 LIMIT 3
      """
    ).rows()
    return rows.compactMap { row in
      guard let file = row[0].string, let line = row[1].int else { return nil }
      return RowOrigin(file: file, line: line)
    }
  }
}

extension Table {
  /// Stored columns that a query's columns lack, and what of these is neither stored nor, named with
  /// a `_`, for rules alone.
  func differences(of given: [String]) -> (missing: [String], unexpected: [String]) {
    let stored = querySchema.names
    return (
      stored.filter { !given.contains($0) },
      given.filter { !stored.contains($0) && !$0.hasPrefix("_") }
    )
  }
}

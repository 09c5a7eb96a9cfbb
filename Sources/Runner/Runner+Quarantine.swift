import Basics
import DeltaLake
import Engines
import Lakehouse
import Landing
import Podium
import Storage

/// Why quarantined rows cannot be given up.
public struct DropRefused: Error, Hashable, Sendable, CustomStringConvertible {
  public let table: TableName

  public init(table: TableName) { self.table = table }

  public var description: String {
    "the rows of \(table) are results of its query, not records: given up, they would come back with "
      + "the next run that computes them. Mend what they are made of, or declare the rule with "
      + "`else: .drop`. Nothing was changed."
  }
}

extension Runner {
  /// Judges the quarantined rows of a table again by its declaration as it is now, and brings the good
  /// ones in as if they had come in time; of a bronze table, reads the quarantined files again.
  ///
  /// The caller holds the lake's lock.
  /// - Parameter rules: only rows that failed one of these; nil for all.
  public func replay(_ table: Table, rules: [String]?, asOf: CivilDate) throws -> ReplayResult {
    removeLeftovers()
    var request = RunRequest(selectors: [Selector("quarantine replay \(table.name)")], asOf: asOf)
    request.kind = .replay
    request.asOf = try businessDate(of: table, else: asOf)
    let context = context(for: request, try Subset.stored(lake))
    let journal = try RunJournal(context, request, [table], of: graph)
    let start = monotonicSeconds()
    func finish(_ outcome: TableOutcome) {
      journal.record(outcome)
      journal.finish(succeeded: outcome.status.isGood)
    }
    do {
      let job = try TableJob(context, table)
      let result: ReplayResult
      switch table.origin {
      case .query(let query): result = try job.replay(query, rules: rules)
      case .landing(let source): result = try job.replayFiles(source)
      }
      var done = JobResult(
        counts: result.counts, failures: result.failures, version: result.version ?? 0, rows: nil)
      done.reason = result.rebuilt
      finish(
        TableOutcome(
          table.name, result.version == nil ? .upToDate : .committed,
          reason: result.rebuilt ?? "a replay was asked for",
          result: result.version == nil ? nil : done, files: result.files,
          seconds: monotonicSeconds() - start))
      return result
    } catch {
      let failure = RunError(error, of: table, lake)
      finish(
        TableOutcome(
          table.name, .failed(failure), reason: "a replay was asked for",
          seconds: monotonicSeconds() - start))
      throw failure
    }
  }

  /// The business date for which a table was computed last.
  /// - Parameter date: what a table without one takes.
  func businessDate(of table: Table, else date: CivilDate) throws -> CivilDate {
    guard table.query?.readsBusinessDate == true else { return date }
    let context = context(for: RunRequest(asOf: date))
    return try context.state(.of(table))?.transactions[Decider.asOfMark].map {
      CivilDate(daysSinceEpoch: Int($0.version))
    } ?? date
  }

  /// Gives quarantined rows of a table up; of a bronze table, quarantined files.
  ///
  /// They are on record in `quarantine.dropped`, and every later run counts them as filtered. The
  /// caller holds the lake's lock.
  /// - Returns: how many rows or files were given up.
  public func drop(
    _ table: Table, _ filter: QuarantineFilter, _ decision: DropDecision, asOf: CivilDate
  ) throws -> Int64 {
    if case .derived = table.write { throw DropRefused(table: table.name) }
    removeLeftovers()
    var request = RunRequest(selectors: [Selector("quarantine drop \(table.name)")], asOf: asOf)
    request.kind = .drop
    let context = context(for: request)
    let job = try TableJob(context, table)
    do {
      let count =
        switch table.origin {
        case .query(let query): try job.dropRows(query, filter, decision)
        case .landing(let source): try job.dropFiles(source, filter, decision)
        }
      if count > 0, let journal = try? RunJournal(context, request, [table], of: graph) {
        journal.finish(succeeded: true)
      }
      return count
    } catch {
      throw RunError(error, of: table, lake)
    }
  }
}

extension TableJob {
  /// Reads the quarantined files of the table's folder again, whether they changed or not.
  func replayFiles(_ source: LandingSource) throws -> ReplayResult {
    let ledger = try Ledger(context.lake)
    let quarantined = try context.state(.quarantinedFiles)
    let progress = LandingProgress(taken: try context.state(.of(table)), quarantined: nil)
    let refused = LandingProgress(taken: nil, quarantined: quarantined).quarantined
    var plan = try LandingScan(
      landing: context.lake.landing, folder: source.folder, progress: progress, cache: ledger
    ).plan()
    plan.new.removeAll { refused[$0.path] == nil }
    plan.unreadable.removeAll { refused[$0.file.path] == nil }
    plan.changed = []
    var result = ReplayResult()
    result.judged = Int64(plan.new.count + plan.unreadable.count)
    guard result.judged > 0 else { return result }
    plan.recorded = refused
    plan.mapping = MappingState(
      table, source, context.lake.landing, taken: try context.state(.of(table)))
    let (done, files) = try takeFiles(source, plan, cache: ledger)
    result.released = Int64(files.taken)
    result.counts = done.counts
    result.files = files
    result.version = files.taken > 0 ? done.version : nil
    return result
  }

  /// Gives quarantined files of the table's folder up that were not read well since.
  func dropFiles(
    _ source: LandingSource, _ filter: QuarantineFilter, _ decision: DropDecision
  ) throws -> Int64 {
    let catalog = Catalog(lake: context.lake, tables: [table])
    try catalog.defineViews(for: Quarantine.filesQuery, in: session)
    let rows = """
      SELECT file, CAST(NULL AS BIGINT) AS line, min(code) AS failed_rules \
      FROM (\(Quarantine.filesQuery)) AS f WHERE source = \(sqlLiteral(source.folder)) \
      AND \(filter.sql) GROUP BY file
      """
    let count = try session.count("SELECT count(*) FROM (\(rows)) AS r")
    guard count > 0 else { return 0 }
    try record(decision, rows)
    return count
  }
}

import Basics
import DeltaLake
import Engines
import Lakehouse
import Podium

/// Why a table cannot be backfilled, or a backfill cannot go on.
public enum BackfillError: Error, Hashable, Sendable {
  /// The table is not made in partitions of days.
  case notByDay(TableName, reason: String)
  /// The name means several tables.
  case notOneTable(String)
  case missing(TableName)
  /// The table was computed under another declaration.
  case declarationChanged(TableName)
  case emptyRange(from: CivilDate, to: CivilDate)
  case tooLong(days: Int)
  case unknown(String, known: [String])
  case ambiguous(String, [String])
  /// It ended, or was cancelled.
  case over(String, Backfill.Status)
}

extension Table {
  /// The date column whose partitions can be computed one by one.
  /// - Throws: where there is none, and why.
  func backfillColumn() throws(BackfillError) -> String {
    guard case .derived(by: .partition(let column, _)) = write else {
      throw .notByDay(
        name,
        reason: landing == nil
          ? "it is not derived by a partition" : "it takes in files, each once, whenever they come")
    }
    guard columns.first(where: { $0.name == column })?.type == .date else {
      throw .notByDay(name, reason: "its partition column \(column) is no DATE")
    }
    return column
  }
}

extension TableJob {
  /// Computes the partitions of some days anew from the inputs as they are, in one version.
  ///
  /// The table's progress stays as it was: what its inputs changed since is still to be followed.
  func backfill(
    _ query: SQL, _ days: ClosedRange<CivilDate>, _ decider: Decider
  ) throws -> JobResult {
    let column = try table.backfillColumn()
    if query.readsBusinessDate {
      var batch = decider.batch(rebuild: true)
      batch.recordsProgress = false
      return try rebuildDerived(query, batch)
    }
    var batch = decider.batch(rebuild: false)
    batch.recordsProgress = false
    let fields = table.storedSchema.fields.filter { $0.name == column }
    let values = try session.stage(
      "days",
      as: """
        SELECT DATE '\(days.lowerBound)' + CAST(d AS INTEGER) AS \(TouchedValues.column(0)) \
        FROM range(0, \(days.upperBound.daysSinceEpoch - days.lowerBound.daysSinceEpoch + 1)) AS r(d)
        """)
    let touched = try touchedRows(
      values, fields, 0, KeyLineage(query, asOf: batch.asOf, session, looksBack: lookback > 0))
    return try refresh(touched, query, batch)
  }
}

extension BackfillError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .notByDay(let table, let reason):
      "\(table) cannot be backfilled by days: \(reason). "
        + (table.layer == .bronze
          ? "Backfill a table that is computed from it."
          : "\(CommandHint.command("run \(table) --full-refresh")) computes it whole, as one new "
            + "version.")
    case .notOneTable(let name): "'\(name)' is not one table: name the table to backfill."
    case .missing(let table):
      "\(table) has not been computed yet: \(CommandHint.command("run \(table)")) does it."
    case .declarationChanged(let table):
      "\(table) was computed under another declaration, and old and new partitions would stand side "
        + "by side. \(CommandHint.command("run \(table)")) computes it whole first."
    case .emptyRange(let from, let to): "--from \(from) is later than --to \(to)."
    case .tooLong(let days):
      "\(grouped(Int64(days))) days are more than a backfill takes (36,600): ask for fewer."
    case .unknown(let id, let known):
      "there is no backfill '\(printable(id))'."
        + (known.isEmpty
          ? " \(CommandHint.command("backfill TABLE --from DAY --to DAY")) begins one."
          : didYouMean(id, in: known).isEmpty
            ? " \(CommandHint.command("backfill list")) lists them." : didYouMean(id, in: known))
    case .ambiguous(let id, let ids):
      "\(ids.count) backfills begin with '\(id)': \(ids.prefix(3).joined(separator: ", "))"
        + (ids.count > 3 ? " and others." : ".")
    case .over(let id, let status):
      "backfill \(id) is \(status == .done ? "done" : "cancelled"); begin another one."
    }
  }
}

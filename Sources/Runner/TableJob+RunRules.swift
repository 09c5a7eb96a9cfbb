import Basics
import DeltaLake
import Engines
import Lakehouse
import Podium

extension TableJob {
  /// The metric of a commit with the rows that a derived table held, where a rule counts them.
  static let rowsAfterMetric = "podium.rows.after"

  /// A number of rows outside of its bounds, or too small a part of what the last runs had.
  func rowCountFinding(
    _ bounds: Podium.Expectation.RowCount, _ rows: RowsAfter, _ candidates: Candidates,
    _ batch: Batch
  ) throws -> TableFinding? {
    let count: Int64
    if case .derived = table.write {
      count = try session.count("SELECT count(*) FROM (\(try queries(rows).result)) AS r")
      rowsAfter = count
    } else {
      // A full refresh reads the rows of all runs.
      guard !batch.rebuild else { return nil }
      count = candidates.read
    }
    switch bounds {
    case .bounds(let low, let high):
      let fits = count >= low.map(Int64.init) ?? 0 && count <= high.map(Int64.init) ?? .max
      return fits ? nil : TableFinding(rows: count, words: thereAre(count))
    case .median(let share, let runs, let silentBefore):
      let earlier = try earlierCounts(runs)
      guard earlier.count >= silentBefore, let median = TableJob.median(earlier),
        Double(count) < share * median
      else { return nil }
      let shown = median == median.rounded() ? "\(Int64(median))" : "\(median)"
      return TableFinding(
        rows: count,
        words: "\(thereAre(count)), and the median of the last "
          + "\(counted(earlier.count, "run")) is \(shown)")
    }
  }

  private func thereAre(_ count: Int64) -> String {
    "there \(count == 1 ? "is" : "are") \(counted(count, "row"))"
  }

  private static func median(_ numbers: [Int64]) -> Double? {
    let sorted = numbers.sorted()
    guard let last = sorted.last else { return nil }
    let middle = sorted.count / 2
    guard middle < sorted.count else { return Double(last) }
    return sorted.count.isMultiple(of: 2)
      ? (Double(sorted[middle - 1]) + Double(sorted[middle])) / 2 : Double(sorted[middle])
  }

  /// The rows of the last runs, newest first, as the table's log tells; full refreshes of tables that
  /// read new rows are left out.
  private func earlierCounts(_ runs: Int) throws -> [Int64] {
    guard try snapshot(table) != nil else { return [] }
    let derived = if case .derived = table.write { true } else { false }
    let metric = derived ? TableJob.rowsAfterMetric : "podium.rows.read"
    // Between two runs there may be a commit or two that tidies files up.
    let (most, overflow) = runs.multipliedReportingOverflow(by: 4)
    let counts = try delta.history(limit: overflow ? nil : most).compactMap { entry -> Int64? in
      guard derived || entry.operation != "OVERWRITE", entry.info?[TableJob.replayTag] == nil else {
        return nil
      }
      return entry.metrics[metric].flatMap(Int64.init)
    }
    return Array(counts.prefix(runs))
  }

  /// How much older the newest value is than it may be; nil where it is fresh.
  func staleness(
    _ column: String, _ age: Podium.Expectation.Age, in query: String
  ) throws -> TableFinding? {
    let day = table.storedSchema[column]?.type == .date
    let name = sqlName(column)
    let row = try session.row(
      "SELECT epoch_us(max(\(day ? "CAST(\(name) AS TIMESTAMP)" : name))) FROM (\(query)) AS r")
    let moment = freshnessMoment
    guard var newest = row.first?.int else {
      return TableFinding(rows: 0, words: "there is no value")
    }
    let told = Timestamp(microseconds: newest)
    // A day lasts until its end.
    if day { newest = newest.addingReportingOverflow(86_400_000_000).partialValue }
    let seconds = moment.microseconds.subtractingReportingOverflow(newest).partialValue / 1_000_000
    guard seconds > Int64(age.seconds) else { return nil }
    let old = durationWords(seconds)
    return TableFinding(
      rows: 0,
      words: "the newest is \(day ? told.date.description : told.text(decimals: 0)), \(old) before "
        + moment.text(decimals: 0))
  }

  /// Now, or the end of the run's business date where that is earlier.
  private var freshnessMoment: Timestamp {
    let end = Int64(context.asOf.daysSinceEpoch + 1).multipliedReportingOverflow(by: 86_400_000_000)
    let now = context.lake.clock.now()
    return end.overflow ? now : min(now, Timestamp(microseconds: end.partialValue))
  }

  private func durationWords(_ seconds: Int64) -> String {
    if seconds >= 2 * 86_400 { return counted(seconds / 86_400, "day") }
    if seconds >= 2 * 3_600 { return counted(seconds / 3_600, "hour") }
    return counted(seconds / 60, "minute")
  }

  /// Judges how fresh a table is for which a run has nothing to do.
  func judgeFreshness() throws -> [RuleCount] {
    var found: [RuleCount] = []
    for rule in table.expectations {
      guard case .freshness(let column, let age) = rule.test, let state = try snapshot(table) else {
        continue
      }
      let relation = try DuckDBParquet(session).scan(delta.scan(state))
      guard let finding = try staleness(column, age, in: "SELECT * FROM \(relation.name)") else {
        continue
      }
      found.append(try accept(finding, of: rule))
    }
    return found
  }
}

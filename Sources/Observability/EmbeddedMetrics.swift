import Basics
import Podium
import Runner
import Storage

/// The numbers of a run in CloudWatch's embedded metric format: one line of JSON for each table that
/// was attempted, and one for the run.
///
/// Amazon's specification of the format sets the limits that are kept here: at most 100 metrics and
/// 30 dimensions in a set, names of at most 255 characters, units of a fixed list.
public struct EmbeddedMetrics: Sendable {
  /// One number.
  struct Metric {
    let name: String
    let unit: Unit
    let value: Double

    init(_ name: String, _ unit: Unit, _ value: Double) {
      self.name = name
      self.unit = unit
      self.value = value
    }

    init(_ name: String, _ unit: Unit, _ value: some BinaryInteger) {
      self.init(name, unit, Double(value))
    }
  }

  /// The units used of those that CloudWatch knows.
  enum Unit: String {
    case count = "Count"
    case bytes = "Bytes"
    case seconds = "Seconds"
  }

  let tool: String
  let lake: String
  private let commits: [String: Int64]

  /// - Parameter addedBytes: bytes that the run added to each table.
  public init(tool: String, lake: String, addedBytes: [String: Int64]) {
    self.tool = tool
    self.lake = lake
    commits = addedBytes
  }

  /// The lines of a run.
  /// - Parameter lags: the files that it took in.
  public func lines(of report: RunReport, lags: [FileLag], now: Timestamp) -> [JSON] {
    let facts: [JSON.Member] = [
      .init("Run", .string(report.run)), .init("AsOf", .string(report.asOf.description)),
    ]
    var lines = report.tables.map { outcome in
      let own = lags.filter { $0.table == outcome.table.description && $0.run == report.run }
      return line(
        [("Lake", lake), ("Table", outcome.table.description)],
        facts + [
          .init("Status", .string(outcome.status.word))
        ], metrics(of: outcome, own, now), now)
    }
    lines.append(
      line(
        [("Lake", lake)],
        facts + [
          .init("Status", report.succeeded ? "succeeded" : "failed")
        ], metrics(of: report, lags.filter { $0.run == report.run }, now), now))
    return lines
  }

  private func metrics(of outcome: TableOutcome, _ lags: [FileLag], _ now: Timestamp) -> [Metric] {
    let counts = outcome.counts
    var metrics = [
      Metric("RowsRead", .count, counts.read),
      Metric("RowsInserted", .count, counts.inserted),
      Metric("RowsUpdated", .count, counts.updated),
      Metric("RowsDeleted", .count, counts.deleted),
      Metric("RowsUnchanged", .count, counts.unchanged),
      Metric("RowsSuperseded", .count, counts.superseded),
      Metric("RowsDeduplicated", .count, counts.deduplicated),
      Metric("RowsFiltered", .count, counts.filtered),
      Metric("RowsQuarantined", .count, counts.quarantined),
      Metric("BytesAdded", .bytes, commits[outcome.table.description] ?? 0),
      Metric("Duration", .seconds, outcome.seconds),
      Metric("Failed", .count, outcome.status.isGood ? 0 : 1),
    ]
    if let rows = outcome.rows { metrics.append(Metric("RowsAfter", .count, rows)) }
    if let files = outcome.files {
      metrics += [
        Metric("FilesTaken", .count, files.taken), Metric("BytesRead", .bytes, files.bytes),
        Metric("FilesQuarantined", .count, files.quarantined.count),
      ]
    }
    return metrics + lag(lags, now)
  }

  private func metrics(of report: RunReport, _ lags: [FileLag], _ now: Timestamp) -> [Metric] {
    func count(_ word: String) -> Int { report.tables.count { $0.status.word == word } }
    func sum(_ number: (TableOutcome) -> Int64) -> Int64 {
      report.tables.reduce(0) { $0 &+ number($1) }
    }
    return [
      Metric("Duration", .seconds, report.seconds),
      Metric("TablesCommitted", .count, count("committed")),
      Metric("TablesUpToDate", .count, count("up to date")),
      Metric("TablesFailed", .count, count("failed")),
      Metric("TablesSkipped", .count, count("skipped")),
      Metric("RowsRead", .count, sum(\.counts.read)),
      Metric("RowsQuarantined", .count, sum(\.counts.quarantined)),
      Metric("FilesTaken", .count, sum { Int64($0.files?.taken ?? 0) }),
      Metric("BytesRead", .bytes, sum { $0.files?.bytes ?? 0 }),
      Metric("BytesAdded", .bytes, commits.values.reduce(0, &+)),
      Metric("Failed", .count, report.succeeded ? 0 : 1),
    ] + lag(lags, now)
  }

  /// The longest time from a file's arrival until it was ready; none where no file came in.
  private func lag(_ lags: [FileLag], _ now: Timestamp) -> [Metric] {
    let seconds = lags.filter { !$0.isFirstLoad }.map { $0.seconds(now: now) }.max()
    return seconds.map { [Metric("FileLag", .seconds, max(0, $0))] } ?? []
  }

  private func line(
    _ dimensions: [(name: String, value: String)], _ facts: [JSON.Member], _ metrics: [Metric],
    _ now: Timestamp
  ) -> JSON {
    let directive: JSON = [
      "Namespace": .string(tool.prefix(1).uppercased() + tool.dropFirst()),
      "Dimensions": [.array(dimensions.map { .string($0.name) })],
      "Metrics": .array(
        metrics.map { ["Name": .string($0.name), "Unit": .string($0.unit.rawValue)] }),
    ]
    return .object(
      [
        .init(
          "_aws", ["Timestamp": .int(now.milliseconds), "CloudWatchMetrics": [directive]])
      ] + dimensions.map { .init($0.name, .string(EmbeddedMetrics.value($0.value))) } + facts
        + metrics.map { .init($0.name, .number(JSON.digits($0.value))) })
  }

  /// A dimension's value: at most 1,024 characters of ASCII, and not nothing.
  private static func value(_ text: String) -> String {
    let ascii = text.unicodeScalars.map { $0.isASCII && $0.value >= 0x20 ? Character($0) : "?" }
    return ascii.isEmpty ? "-" : String(ascii.prefix(1024))
  }
}

extension EmbeddedMetrics {
  /// Adds lines at the end of a file.
  public static func append(_ lines: [JSON], to path: String) throws(StorageError) {
    for line in lines { try appendLine(line.text, to: path) }
  }
}

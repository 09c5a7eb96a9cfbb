import Basics
import Podium

/// Too small a share of a table's rows passed its rules.
public struct ShareFailure: Hashable, Sendable {
  /// A rule that rows failed.
  public struct Rule: Hashable, Sendable {
    public let name: String
    public let rows: Int64
    /// The first few of the rows; none for a derived table, whose rows are of no one file.
    public let examples: [RowOrigin]
  }

  public let table: TableName
  public let passed: Int64
  public let total: Int64
  public let share: ShareRule
  public let rules: [Rule]
  /// True if the table's rows are rows of landing files.
  public let carriesOrigin: Bool
  public let location: SourceLocation
}

extension ShareFailure: CustomStringConvertible {
  public var description: String {
    let failed = rules.map { rule in
      let examples = rule.examples.map(\.description).joined(separator: ", ")
      let more = Int64(rule.examples.count) < rule.rows ? ", …" : ""
      return "\(rule.rows) \(rule.rows == 1 ? "fails" : "fail") '\(rule.name)'"
        + (examples.isEmpty ? "" : " (\(examples)\(more))")
    }
    return "only \(passed) of \(counted(total, "row")) passed, less than "
      + "\(ShareFailure.percent(share.atLeast)): \(failed.joined(separator: "; ")). \(left) \(next)"
  }

  /// What state was left.
  private var left: String {
    "Nothing was written to the table or its quarantine"
      + (carriesOrigin
        ? "; its new rows wait in the tables that it reads, and the next run judges them again."
        : ".")
  }

  private var next: String {
    let correct =
      carriesOrigin
      ? "Land corrected rows in a file of a new name, so that enough pass,"
      : "Correct the rows that it reads,"
    let now = ShareFailure.decimal(Double(passed) / Double(total))
    return "\(correct) or mend the rule; or let the failing rows go to quarantine by a smaller "
      + "share at \(location), such as `share: ShareRule(atLeast: \(now))`. Then run again."
  }

  private static func percent(_ share: Double) -> String {
    let tenths = Int((min(max(share, 0), 1) * 1000).rounded())
    return tenths % 10 == 0 ? "\(tenths / 10) %" : "\(tenths / 10).\(tenths % 10) %"
  }

  /// A share with two decimals, rounded down.
  private static func decimal(_ share: Double) -> String {
    let hundredths = Int(min(max(share, 0), 1) * 100 + 1e-9)
    return hundredths < 10 ? "0.0\(hundredths)" : "0.\(hundredths)"
  }
}

extension TableJob {
  /// Rules whose rows are looked up for an error.
  private static let shownRules = 5

  /// The error of a run whose rows pass too seldom, with the first few rows that fail each rule.
  func shareFailure(
    _ candidates: Candidates, passed: Int64, of total: Int64
  ) throws -> ShareFailure {
    let counts = candidates.failures.filter { $0.action == .quarantine }
    let rules = try counts.enumerated().map { index, count in
      ShareFailure.Rule(
        name: count.rule, rows: count.rows,
        examples: index < TableJob.shownRules ? try examples(of: count.rule, candidates) : [])
    }
    return ShareFailure(
      table: table.name, passed: passed, total: total, share: table.share, rules: rules,
      carriesOrigin: table.carriesOrigin, location: table.declaredAt)
  }

  /// Where the first few rows that fail a rule came from.
  private func examples(of rule: String, _ candidates: Candidates) throws -> [RowOrigin] {
    let failure = Judgement.failureColumn
    if rule == Judgement.computable {
      return try origins(candidates, .quarantined, where: "\(failure) IS NOT NULL")
    }
    guard let condition = candidates.judgement.rules.first(where: { $0.name == rule })?.condition
    else { return [] }
    return try origins(
      candidates, .quarantined,
      where: "\(failure) IS NULL AND ((\(condition)) IS TRUE) IS NOT TRUE")
  }
}

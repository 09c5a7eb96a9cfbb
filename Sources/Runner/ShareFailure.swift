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
  /// The rule whose own share was not met; nil for that of the table.
  public let rule: String?
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
    let which = rule == nil ? "passed" : "passed a rule with a share of its own"
    return "only \(passed) of \(counted(total, "row")) \(which), less than "
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
    let smaller = rule == nil ? "share: ShareRule(atLeast: \(now))" : ".atLeast(\(now))"
    let what = rule == nil ? "let the failing rows go to quarantine" : "let rows fail it"
    return "\(correct) or mend the rule; or \(what) by a smaller "
      + "share at \(location), such as `\(smaller)`. Then run again."
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
      table: table.name, passed: passed, total: total, share: table.share, rule: nil, rules: rules,
      carriesOrigin: table.carriesOrigin, location: table.declaredAt)
  }

  /// Stops the run of this table where too many rows fail a rule that has a share of its own.
  func enforceRuleShares(_ candidates: Candidates, of judged: Int64) throws {
    for rule in candidates.judgement.rules {
      guard let share = rule.share, judged > 0, judged >= Int64(share.ofAtLeast),
        let count = candidates.failures.first(where: { $0.rule == rule.name })
      else { continue }
      let failing = try ownRows(failing: rule, candidates, count.rows)
      let passed = judged - failing
      guard Double(passed) < share.atLeast * Double(judged) else { continue }
      let failed = ShareFailure.Rule(
        name: rule.name, rows: failing, examples: try examples(of: rule.name, candidates))
      throw RunError.share(
        ShareFailure(
          table: table.name, passed: max(0, passed), total: judged, share: share, rule: rule.name,
          rules: [failed], carriesOrigin: table.carriesOrigin, location: rule.location))
    }
  }

  /// Rows of this run alone that fail a rule, without those that an earlier run judged too.
  private func ownRows(
    failing rule: Judgement.Rule, _ candidates: Candidates, _ all: Int64
  ) throws -> Int64 {
    guard candidates.again.total > 0 else { return all }
    return try session.count(
      """
      SELECT count(*) FROM \(candidates.name) AS q WHERE NOT \(Judgement.againColumn) \
      AND \(Judgement.failureColumn) IS NULL AND ((\(rule.condition)) IS TRUE) IS NOT TRUE
      """)
  }

  /// Where the first few rows that fail a rule came from.
  private func examples(of rule: String, _ candidates: Candidates) throws -> [RowOrigin] {
    let failure = Judgement.failureColumn
    if rule == Judgement.computable {
      return try origins(candidates, .quarantined, where: "\(failure) IS NOT NULL")
    }
    guard let rule = candidates.judgement.rules.first(where: { $0.name == rule }) else { return [] }
    let condition = rule.condition
    let verdict: Judgement.Verdict? =
      switch rule.action {
      case .quarantine: .quarantined
      case .warn, .drop, .stop: nil
      }
    return try origins(
      candidates, verdict,
      where: "\(failure) IS NULL AND ((\(condition)) IS TRUE) IS NOT TRUE")
  }
}

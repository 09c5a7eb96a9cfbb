import Podium
import Silver

extension Gold {
  /// How long members stay, over all cohorts.
  ///
  /// A cohort counts for a month only once that month is over, so later months tell of older cohorts.
  public static let retentionCurve = Table(
    "gold.retention_curve",
    about: "One row per business date and month after signing up: members retained of all cohorts.",
    columns: [
      .date("as_of", "The business date up to which the table looks."),
      .int("months_since", "Months after the signup month; 0 is the signup month itself."),
      .int("cohorts", "Signup months for which that month is over."),
      .int("members_at_risk", "Members of these cohorts."),
      .int("retained_members", "Of those, the ones retained at the end of the month."),
      .double("retention_rate", "Retained members by members at risk."),
    ],
    key: ["as_of", "months_since"],
    write: .derived(by: .partition("as_of")),
    partitionedBy: ["as_of"],
    query: """
      SELECT
        as_of, months_since,
        COUNT(*) AS cohorts,
        CAST(SUM(cohort_members) AS BIGINT) AS members_at_risk,
        CAST(SUM(retained_members) AS BIGINT) AS retained_members,
        CAST(SUM(retained_members) AS DOUBLE)
          / nullif(CAST(SUM(cohort_members) AS BIGINT), 0) AS retention_rate
      FROM \(Gold.churnCohorts)
      GROUP BY as_of, months_since
      """)
}

import Podium
import Silver

extension Gold {
  /// How many of those who signed up in a month are still members, month by month.
  ///
  /// At the end of a month a member is lost if all memberships begun by then have ended and none
  /// begins within 30 days after the last one; otherwise retained. Months after the business date
  /// are left out.
  public static let churnCohorts = Table(
    "gold.churn_cohorts",
    about: "One row per signup month and month after it: members retained and lost.",
    columns: [
      .date("as_of", "The business date up to which the table looks."),
      .date("cohort_month", "First day of the month of signing up."),
      .int("months_since", "Months after the signup month; 0 is the signup month itself."),
      .int("cohort_members", "Members who signed up in the month and ever had a membership."),
      .int("retained_members", "Of those, the ones retained at the end of the month."),
      .int("lost_members", "Of those, the ones lost by the end of the month."),
      .double("retention_rate", "Retained by cohort members."),
    ],
    key: ["as_of", "cohort_month", "months_since"],
    write: .derived(by: .partition("as_of")),
    partitionedBy: ["as_of"],
    query: """
      WITH cohort AS (
        SELECT
          m.member_id,
          CAST(date_trunc('month', m.signup_date) AS DATE) AS cohort_month
        FROM \(Silver.members) AS m
        SEMI JOIN \(Silver.memberships) AS s ON m.member_id = s.member_id
        WHERE m.signup_date <= \(.asOf)
      ),
      months AS (
        SELECT CAST(i AS BIGINT) AS months_since FROM range(0, 600) AS r(i)
      ),
      cells AS (
        SELECT
          c.cohort_month, n.months_since,
          CAST(add_months(c.cohort_month, CAST(n.months_since AS INT) + 1) - 1 AS DATE) AS month_end
        FROM (SELECT DISTINCT cohort_month FROM cohort) AS c
        CROSS JOIN months AS n
        WHERE add_months(c.cohort_month, CAST(n.months_since AS INT) + 1) - 1 <= \(.asOf)
      ),
      held AS (
        SELECT
          k.cohort_month, k.months_since, c.member_id,
          max(CASE WHEN s.start_date <= k.month_end
            THEN coalesce(s.end_date, DATE '9999-12-31') END) AS last_end,
          k.month_end
        FROM cells AS k
        JOIN cohort AS c ON c.cohort_month = k.cohort_month
        LEFT JOIN \(Silver.memberships) AS s ON s.member_id = c.member_id
        GROUP BY k.cohort_month, k.months_since, c.member_id, k.month_end
      ),
      judged AS (
        SELECT
          h.cohort_month, h.months_since, h.member_id,
          max(CASE
            WHEN h.last_end > h.month_end THEN 1
            WHEN s.start_date > h.month_end AND s.start_date <= h.last_end + 30
              AND s.start_date <= \(.asOf) THEN 1
            ELSE 0
          END) AS retained
        FROM held AS h
        LEFT JOIN \(Silver.memberships) AS s
          ON s.member_id = h.member_id AND s.start_date > h.month_end
        WHERE h.last_end IS NOT NULL
        GROUP BY h.cohort_month, h.months_since, h.member_id
      )
      SELECT
        \(.asOf) AS as_of,
        cohort_month,
        months_since,
        COUNT(*) AS cohort_members,
        CAST(SUM(retained) AS BIGINT) AS retained_members,
        CAST(COUNT(*) - SUM(retained) AS BIGINT) AS lost_members,
        CAST(SUM(retained) AS DOUBLE) / COUNT(*) AS retention_rate
      FROM judged
      GROUP BY cohort_month, months_since
      """)
}

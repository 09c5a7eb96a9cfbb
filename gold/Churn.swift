import Podium
import Silver

extension Gold {
  /// How many of those who signed up in a month are still members, month by month.
  ///
  /// At the end of a month a member is lost if all memberships begun by then have ended and none
  /// begins within `Silver.Definition.graceDays` days after the last one; otherwise retained. Months
  /// after the business date are left out. Memberships that follow each other so are one stay; at the
  /// end of a month the stay that began last counts.
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
      begun AS (
        SELECT
          c.cohort_month, s.member_id, s.membership_id, s.start_date,
          coalesce(s.end_date, DATE '9999-12-31') AS end_date,
          max(coalesce(s.end_date, DATE '9999-12-31')) OVER (
            PARTITION BY s.member_id
            ORDER BY s.start_date ASC NULLS LAST, s.membership_id ASC NULLS LAST
            ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
          ) AS ended_before
        FROM \(Silver.memberships) AS s
        JOIN cohort AS c ON c.member_id = s.member_id
        WHERE s.start_date <= \(.asOf)
      ),
      numbered AS (
        SELECT
          cohort_month, member_id, start_date, end_date,
          CAST(SUM(CASE WHEN start_date <= ended_before + \(Silver.Definition.graceDays) THEN 0 ELSE 1 END) OVER (
            PARTITION BY member_id
            ORDER BY start_date ASC NULLS LAST, membership_id ASC NULLS LAST
            ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
          ) AS BIGINT) AS stay
        FROM begun
      ),
      stays AS (
        SELECT
          cohort_month, start_date, end_date,
          lead(start_date) OVER (
            PARTITION BY member_id ORDER BY start_date ASC NULLS LAST
          ) AS next_start
        FROM (
          SELECT
            cohort_month, member_id, stay,
            min(start_date) AS start_date, max(end_date) AS end_date
          FROM numbered
          GROUP BY cohort_month, member_id, stay
        ) AS s
      ),
      judged AS (
        SELECT
          k.cohort_month, k.months_since,
          CASE WHEN s.end_date > k.month_end THEN 1 ELSE 0 END AS retained
        FROM cells AS k
        JOIN stays AS s ON s.cohort_month = k.cohort_month AND s.start_date <= k.month_end
        WHERE s.next_start IS NULL OR s.next_start > k.month_end
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

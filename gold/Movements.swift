import Podium
import Silver

extension Gold {
  /// How many members joined, came back and left.
  public static let membershipMovements = Table(
    "gold.membership_movements",
    about: "One row per business date and day, week or month with a movement: joins and leaves.",
    columns: [
      .date("as_of", "The business date up to which the table looks."),
      .string("period", "day, week or month."),
      .date("period_start", "The day, the Monday of the week or the first day of the month."),
      .int("joins", "Members whose first membership began in it."),
      .int(
        "returns",
        "Members who had left and began again: \(Silver.Definition.graceDays + 1) days or later."),
      .int(
        "leaves",
        """
        Members whose membership ended in it, counted on its last day, and who had begun none \
        \(Silver.Definition.graceDays) days after it or sooner; who may still begin one in that time \
        counts until then.
        """),
      .int("net", "Joins and returns less leaves."),
    ],
    key: ["as_of", "period", "period_start"],
    write: .derived(by: .partition("as_of")),
    partitionedBy: ["as_of"],
    expect: [
      .oneOf("period", ["day", "week", "month"], else: .stop),
      .row("net adds up", "net = joins + returns - leaves", else: .stop),
    ],
    query: """
      SELECT
        \(.asOf) AS as_of,
        period,
        period_start,
        CAST(SUM(joined) AS BIGINT) AS joins,
        CAST(SUM(returned) AS BIGINT) AS returns,
        CAST(SUM(left_then) AS BIGINT) AS leaves,
        CAST(SUM(joined + returned - left_then) AS BIGINT) AS net
      FROM (
        SELECT
          p.period,
          CASE p.period
            WHEN 'week' THEN CAST(date_trunc('week', d.day) AS DATE)
            WHEN 'month' THEN CAST(date_trunc('month', d.day) AS DATE)
            ELSE d.day
          END AS period_start,
          d.joined, d.returned, d.left_then
        FROM (
          SELECT
            start_date AS day,
            CASE WHEN stay = 1 THEN 1 ELSE 0 END AS joined,
            CASE WHEN stay > 1 THEN 1 ELSE 0 END AS returned,
            0 AS left_then
          FROM \(Silver.memberStays)
          WHERE start_date <= \(.asOf)
          UNION ALL
          SELECT end_date, 0, 0, 1
          FROM \(Silver.memberStays)
          WHERE start_date <= \(.asOf) AND end_date <= \(.asOf)
        ) AS d
        CROSS JOIN (VALUES ('day'), ('week'), ('month')) AS p(period)
      ) AS movements
      GROUP BY period, period_start
      """)

  /// Why memberships are cancelled.
  public static let cancellationReasons = Table(
    "gold.cancellation_reasons",
    about: "One row per month and reason: requests to cancel, and who asks.",
    columns: [
      .date("month", "First day of the month of the request, UTC."),
      .string("reason", "The reason given."),
    ] + requestColumns,
    key: ["month", "reason"],
    write: .derived(by: .key("month")),
    expect: [
      .range("share", from: 0, to: 1, else: .stop),
      .sum(
        "requests",
        of: """
          SELECT CAST(date_trunc('month', requested_at) AS DATE) AS month, 1 AS requests
          FROM \(Silver.cancellations)
          """),
    ],
    query: """
      SELECT
        month, reason, requests,
        CAST(requests AS DOUBLE)
          / nullif(CAST(SUM(requests) OVER (PARTITION BY month) AS BIGINT), 0) AS share,
        mean_tenure_days, mean_visits_30d, mean_visits_90d
      FROM (
        SELECT
          CAST(date_trunc('month', requested_at) AS DATE) AS month,
          reason,
          COUNT(*) AS requests,
          AVG(CAST(tenure_days AS DOUBLE)) AS mean_tenure_days,
          AVG(CAST(visits_30d AS DOUBLE)) AS mean_visits_30d,
          AVG(CAST(visits_90d AS DOUBLE)) AS mean_visits_90d
        FROM \(Silver.cancellations)
        GROUP BY 1, 2
      ) AS counted
      """)

  /// Why memberships are cancelled, by plan.
  public static let cancellationsByPlan = Table(
    "gold.cancellations_by_plan",
    about: "One row per month, plan and reason: requests to cancel, and who asks.",
    columns: [
      .date("month", "First day of the month of the request, UTC."),
      .string("plan", "Plan of the membership to cancel."),
      .string("reason", "The reason given."),
    ] + requestColumns,
    key: ["month", "plan", "reason"],
    write: .derived(by: .key("month")),
    expect: [.range("share", from: 0, to: 1, else: .stop)],
    query: """
      SELECT
        month, plan, reason, requests,
        CAST(requests AS DOUBLE)
          / nullif(CAST(SUM(requests) OVER (PARTITION BY month, plan) AS BIGINT), 0) AS share,
        mean_tenure_days, mean_visits_30d, mean_visits_90d
      FROM (
        SELECT
          CAST(date_trunc('month', c.requested_at) AS DATE) AS month,
          m.plan,
          c.reason,
          COUNT(*) AS requests,
          AVG(CAST(c.tenure_days AS DOUBLE)) AS mean_tenure_days,
          AVG(CAST(c.visits_30d AS DOUBLE)) AS mean_visits_30d,
          AVG(CAST(c.visits_90d AS DOUBLE)) AS mean_visits_90d
        FROM \(Silver.cancellations) AS c
        JOIN \(Silver.memberships) AS m ON c.membership_id = m.membership_id
        GROUP BY 1, 2, 3
      ) AS counted
      """)

  private static let requestColumns: [Column] = [
    .int("requests", "Requests to cancel."),
    .double("share", "Of the requests of the month, and plan where there is one."),
    .double(
      "mean_tenure_days", "Mean of days since signing up; of those told.", nullable: true),
    .double(
      "mean_visits_30d", "Mean of visits in the 30 days before; of those told.", nullable: true),
    .double(
      "mean_visits_90d", "Mean of visits in the 90 days before; of those told.", nullable: true),
  ]
}

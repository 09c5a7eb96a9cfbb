import Podium
import Silver

extension Gold {
  /// Columns of recurring revenue that add up over plans and clubs.
  static let recurringColumns: [Column] = [
    .date(
      "measured_on",
      "Last day of the month, or the business date in the month that runs; figures are of its end."),
    .decimal("mrr_opening", "MRR at the end of the month before, USD."),
    .decimal(
      "mrr_new", "MRR of members who were none at the end of the month before, USD."),
    .decimal("mrr_expansion", "What members pay more than then, also after a freeze, USD."),
    .decimal(
      "mrr_contraction",
      "What members pay less, also because they froze or have a gap between memberships, USD."),
    .decimal("mrr_churned", "MRR then of members who have left since, USD."),
    .decimal(
      "mrr",
      "Monthly recurring revenue: monthly_price of the memberships that run; frozen ones count 0; "
        + "USD."),
    .int("active_memberships", "Memberships that run and are not frozen, one a member at most."),
    .int("frozen_memberships", "Memberships that run and are frozen, one a member at most."),
    .int("members_opening", "Members at the end of the month before."),
    .int("joins", "Members whose first stay began in the month."),
    .int("returns", "Members whose later stay began in the month."),
    .int("leaves", "Members whose stay ended in the month, by its last day."),
    .int("members", "Members at the end: those in a stay that goes on after that day."),
  ]

  static let recurringRules: [Expectation] = [
    .row(
      "movements explain the change of MRR",
      "mrr = mrr_opening + mrr_new + mrr_expansion - mrr_contraction - mrr_churned",
      else: .stop),
    .row(
      "nobody has two memberships at a time",
      "active_memberships + frozen_memberships <= members", else: .stop),
  ]

  /// Monthly recurring revenue by plan and club, the base of the tables by month.
  ///
  /// Members are those of `silver.member_stays`. On a day a member has the membership that runs on
  /// it; of several the one that is not frozen, then the one begun first, then the least id. Its plan,
  /// price and state are those of the end of the day, UTC, by `silver.membership_history`; before its
  /// first record it was in its first state. Who changes plan is in the row of the new one. The club
  /// is the home club by the profile as it is now.
  public static let mrrByPlanAndLocation = Table(
    "gold.mrr_by_plan_and_location",
    about: "One row per business date, month, plan and home club: MRR and members, how they moved.",
    columns: [
      .date("as_of", "The business date up to which the table looks."),
      .date("month", "First day of the month."),
      .string(
        "plan",
        "Plan at the end of the month, else the one before it; none in a gap between memberships."),
      .string("location_id", "Home club; unknown without a profile."),
    ] + recurringColumns,
    key: ["as_of", "month", "plan", "location_id"],
    write: .derived(by: .partition("as_of")),
    partitionedBy: ["as_of"],
    expect: recurringRules,
    query: """
      WITH stays AS (
        SELECT member_id, stay, start_date, end_date, first_plan, last_plan
        FROM \(Silver.memberStays)
        WHERE start_date <= \(.asOf)
      ),
      months AS (
        SELECT
          month,
          least(CAST(add_months(month, 1) - 1 AS DATE), \(.asOf)) AS measured_on,
          CAST(add_months(month, 1) AS DATE) AS next_month
        FROM (
          SELECT CAST(add_months(f.first_month, CAST(r.i AS INT)) AS DATE) AS month
          FROM (
            SELECT CAST(date_trunc('month', min(start_date)) AS DATE) AS first_month FROM stays
          ) AS f
          CROSS JOIN range(0, 2400) AS r(i)
        ) AS m
        WHERE month <= \(.asOf)
      ),
      present AS (
        SELECT s.member_id, m.month, m.next_month, m.measured_on
        FROM stays AS s
        JOIN months AS m
          ON s.start_date <= m.measured_on
          AND (s.end_date IS NULL OR s.end_date > m.measured_on)
      ),
      states AS (
        SELECT
          membership_id, plan, status, monthly_price,
          CASE
            WHEN ROW_NUMBER() OVER (
              PARTITION BY membership_id ORDER BY valid_from ASC NULLS LAST) = 1
              THEN DATE '1900-01-01'
            ELSE CAST(valid_from AS DATE)
          END AS from_day,
          coalesce(CAST(valid_to AS DATE), DATE '9999-12-31') AS to_day
        FROM \(Silver.membershipHistory)
      ),
      spans AS (
        SELECT
          c.member_id, h.plan, h.status, h.monthly_price,
          greatest(c.start_date, h.from_day) AS from_day,
          least(coalesce(CAST(c.end_date + 1 AS DATE), h.to_day), h.to_day) AS to_day,
          CAST(ROW_NUMBER() OVER (
            PARTITION BY c.member_id
            ORDER BY CASE h.status WHEN 'frozen' THEN 1 ELSE 0 END ASC NULLS LAST,
              c.start_date ASC NULLS LAST, c.membership_id ASC NULLS LAST, h.from_day ASC NULLS LAST
          ) AS BIGINT) AS place
        FROM \(Silver.memberships) AS c
        JOIN states AS h ON h.membership_id = c.membership_id
      ),
      running AS (
        SELECT s.member_id, m.month, min(s.place) AS place
        FROM spans AS s
        JOIN months AS m ON s.from_day <= m.measured_on AND s.to_day > m.measured_on
        GROUP BY s.member_id, m.month
      ),
      closing AS (
        SELECT
          p.member_id, p.month, p.next_month,
          coalesce(s.plan, 'none') AS plan,
          CAST(CASE WHEN s.status <> 'frozen' THEN s.monthly_price ELSE 0 END AS DECIMAL(18, 2))
            AS mrr,
          CASE WHEN s.status <> 'frozen' THEN 1 ELSE 0 END AS active,
          CASE WHEN s.status = 'frozen' THEN 1 ELSE 0 END AS frozen
        FROM present AS p
        LEFT JOIN running AS r ON r.member_id = p.member_id AND r.month = p.month
        LEFT JOIN spans AS s ON s.member_id = r.member_id AND s.place = r.place
      ),
      steps AS (
        SELECT
          member_id, month,
          coalesce(max(plan), max(plan_before)) AS plan,
          CAST(SUM(opening) AS DECIMAL(18, 2)) AS opening,
          CAST(SUM(mrr) AS DECIMAL(18, 2)) AS mrr,
          max(active) AS active, max(frozen) AS frozen,
          max(was_member) AS was_member, max(is_member) AS is_member
        FROM (
          SELECT
            member_id, month, plan, CAST(NULL AS STRING) AS plan_before,
            CAST(0 AS DECIMAL(18, 2)) AS opening, mrr, active, frozen,
            0 AS was_member, 1 AS is_member
          FROM closing
          UNION ALL
          SELECT
            member_id, next_month, CAST(NULL AS STRING), plan, mrr, CAST(0 AS DECIMAL(18, 2)), 0, 0,
            1, 0
          FROM closing
          WHERE next_month <= \(.asOf)
        ) AS ends
        GROUP BY member_id, month
      ),
      facts AS (
        SELECT
          member_id, month, plan, opening, mrr, active, frozen, was_member, is_member,
          0 AS joined, 0 AS returned, 0 AS left_in
        FROM steps
        UNION ALL
        SELECT
          member_id, CAST(date_trunc('month', start_date) AS DATE), first_plan,
          CAST(0 AS DECIMAL(18, 2)), CAST(0 AS DECIMAL(18, 2)), 0, 0, 0, 0,
          CASE WHEN stay = 1 THEN 1 ELSE 0 END, CASE WHEN stay > 1 THEN 1 ELSE 0 END, 0
        FROM stays
        UNION ALL
        SELECT
          member_id, CAST(date_trunc('month', end_date) AS DATE), last_plan,
          CAST(0 AS DECIMAL(18, 2)), CAST(0 AS DECIMAL(18, 2)), 0, 0, 0, 0, 0, 0, 1
        FROM stays
        WHERE end_date <= \(.asOf)
      )
      SELECT
        \(.asOf) AS as_of,
        f.month,
        f.plan,
        coalesce(m.home_location_id, 'unknown') AS location_id,
        least(CAST(add_months(f.month, 1) - 1 AS DATE), \(.asOf)) AS measured_on,
        CAST(SUM(f.opening) AS DECIMAL(18, 2)) AS mrr_opening,
        CAST(SUM(CASE WHEN f.was_member = 0 THEN f.mrr ELSE 0 END) AS DECIMAL(18, 2)) AS mrr_new,
        CAST(SUM(
          CASE WHEN f.was_member = 1 AND f.is_member = 1 THEN greatest(f.mrr - f.opening, 0) ELSE 0 END
        ) AS DECIMAL(18, 2)) AS mrr_expansion,
        CAST(SUM(
          CASE WHEN f.was_member = 1 AND f.is_member = 1 THEN greatest(f.opening - f.mrr, 0) ELSE 0 END
        ) AS DECIMAL(18, 2)) AS mrr_contraction,
        CAST(SUM(CASE WHEN f.is_member = 0 THEN f.opening ELSE 0 END) AS DECIMAL(18, 2))
          AS mrr_churned,
        CAST(SUM(f.mrr) AS DECIMAL(18, 2)) AS mrr,
        CAST(SUM(f.active) AS BIGINT) AS active_memberships,
        CAST(SUM(f.frozen) AS BIGINT) AS frozen_memberships,
        CAST(SUM(f.was_member) AS BIGINT) AS members_opening,
        CAST(SUM(f.joined) AS BIGINT) AS joins,
        CAST(SUM(f.returned) AS BIGINT) AS returns,
        CAST(SUM(f.left_in) AS BIGINT) AS leaves,
        CAST(SUM(f.is_member) AS BIGINT) AS members
      FROM facts AS f
      LEFT JOIN \(Silver.members) AS m ON f.member_id = m.member_id
      GROUP BY f.month, f.plan, coalesce(m.home_location_id, 'unknown')
      """)
}

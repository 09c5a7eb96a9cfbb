import Podium
import Silver

extension Gold {
  /// Numbers that define what a model learns from; each stands here once.
  public enum Feature {
    /// Days from a feature's day within which a member may leave to count as churned.
    public static let churnDays = 30
    /// Business dates for which features are kept; later ones hold the same days again.
    static let keptDays = 7
  }

  /// What was known of each member on the first day of each month, and on the business date.
  ///
  /// A row of a day uses nothing later: events of local days before it, and memberships and profiles
  /// as the source had told them by midnight UTC at its beginning. Ids of one person are not joined,
  /// since that was perhaps found out later. A member is who had a membership by what was known. Days
  /// up to the first with any activity have no rows.
  public static let memberFeatures = Table(
    "gold.member_features",
    about:
      "One row per business date, member and day: what was known of the member before the day.",
    columns: [
      .date("as_of", "The business date up to which the table looks."),
      .string("member_id", "The member, by the id that events name."),
      .date("feature_date", "The day: the first of a month, or the business date."),
      .int("history_days", "Days with activity data before it, 90 at most."),
      .int(
        "tenure_days", "Days since signing up; without a profile, since the membership began."),
      .int("age_years", "Age that the member reaches in the year.", nullable: true),
      .string("gender", "female, male, other or unknown."),
      .string("home_location_id", "The member's club.", nullable: true),
      .int("visits_7d", "Visits in the 7 days before the day."),
      .int("visits_30d", "Visits in the 30 days before."),
      .int("visits_90d", "Visits in the 90 days before."),
      .int(
        "days_since_last_visit",
        "Days since the last day with a visit or an attended class; empty without any.",
        nullable: true),
      .int("attended_90d", "Attended bookings of classes in the 90 days before."),
      .int("no_shows_90d", "No-shows in the 90 days before."),
      .int("purchases_90d", "Receipts with a sale in the 90 days before, days by UTC."),
      .decimal("purchase_amount_90d", "Retail purchases less returns in these days, USD."),
      .string("plan", "Plan of the membership; of several, the one begun last."),
      .string("billing_cycle", "monthly, quarterly or annual."),
      .decimal("monthly_price", "Its price by the month, USD."),
      .bool("is_frozen", "True if it was frozen."),
      .int(
        "freezes_365d", "Times that a membership of the member was frozen in the 365 days before."),
    ],
    key: ["as_of", "member_id", "feature_date"],
    write: .derived(by: .partition("as_of")),
    partitionedBy: ["as_of"],
    expect: [
      .row(
        "longer windows hold shorter ones",
        "visits_7d <= visits_30d AND visits_30d <= visits_90d", else: .stop)
    ],
    retention: .days(Feature.keptDays, by: "as_of"),
    query: """
      WITH beginning AS (
        SELECT min(activity_date) AS first_day FROM \(Silver.memberDays)
        WHERE activity_date < \(.asOf)
      ),
      dates AS (
        SELECT m.feature_date, b.first_day
        FROM (
          SELECT CAST(add_months(DATE '2000-01-01', CAST(i AS INT)) AS DATE) AS feature_date
          FROM range(0, 1200) AS r(i)
        ) AS m
        JOIN beginning AS b ON m.feature_date > b.first_day
        WHERE m.feature_date < \(.asOf)
        UNION ALL
        SELECT \(.asOf), first_day FROM beginning WHERE first_day IS NOT NULL
      ),
      known AS (
        SELECT
          d.feature_date, d.first_day, h.member_id, h.plan, h.billing_cycle, h.monthly_price,
          h.status, h.start_date,
          CAST(ROW_NUMBER() OVER (
            PARTITION BY d.feature_date, h.member_id
            ORDER BY h.start_date DESC NULLS LAST, h.membership_id DESC NULLS LAST
          ) AS BIGINT) AS place
        FROM dates AS d
        JOIN \(Silver.membershipHistory) AS h
          ON h.valid_from < CAST(d.feature_date AS TIMESTAMP)
          AND (h.valid_to IS NULL OR h.valid_to >= CAST(d.feature_date AS TIMESTAMP))
        WHERE h.status <> 'cancelled' AND h.start_date < d.feature_date
          AND (h.end_date IS NULL OR h.end_date >= d.feature_date)
      ),
      freezes AS (
        SELECT d.feature_date, h.member_id, COUNT(*) AS freezes
        FROM dates AS d
        JOIN \(Silver.membershipHistory) AS h
          ON h.valid_from < CAST(d.feature_date AS TIMESTAMP)
          AND h.valid_from >= CAST(d.feature_date - 365 AS TIMESTAMP)
        WHERE h.status = 'frozen'
        GROUP BY d.feature_date, h.member_id
      ),
      visits AS (
        SELECT
          d.feature_date, a.member_id,
          CAST(SUM(CASE WHEN a.activity_date >= d.feature_date - 7 THEN a.visits ELSE 0 END)
            AS BIGINT) AS visits_7d,
          CAST(SUM(CASE WHEN a.activity_date >= d.feature_date - 30 THEN a.visits ELSE 0 END)
            AS BIGINT) AS visits_30d,
          CAST(SUM(a.visits) AS BIGINT) AS visits_90d
        FROM dates AS d
        JOIN \(Silver.memberDays) AS a
          ON a.activity_date < d.feature_date AND a.activity_date >= d.feature_date - 90
        GROUP BY d.feature_date, a.member_id
      ),
      months AS (
        SELECT
          member_id, CAST(date_trunc('month', activity_date) AS DATE) AS month,
          max(activity_date) AS last_day
        FROM \(Silver.memberDays)
        WHERE activity_date < \(.asOf)
        GROUP BY 1, 2
      ),
      last_visits AS (
        SELECT d.feature_date, m.member_id, max(m.last_day) AS last_day
        FROM dates AS d
        JOIN months AS m ON m.last_day < d.feature_date
        GROUP BY d.feature_date, m.member_id
      ),
      classes AS (
        SELECT
          d.feature_date, a.member_id,
          COUNT(*) FILTER (WHERE a.status = 'attended') AS attended_90d,
          COUNT(*) FILTER (WHERE a.status = 'no-show') AS no_shows_90d
        FROM dates AS d
        JOIN \(Silver.classAttendance) AS a
          ON a.class_date < d.feature_date AND a.class_date >= d.feature_date - 90
        GROUP BY d.feature_date, a.member_id
      ),
      purchases AS (
        SELECT
          d.feature_date, s.member_id,
          COUNT(DISTINCT CASE WHEN s.quantity > 0 THEN s.receipt_id END) AS purchases_90d,
          CAST(SUM(s.amount) AS DECIMAL(18, 2)) AS purchase_amount_90d
        FROM dates AS d
        JOIN \(Silver.retailSales) AS s
          ON s.sale_date < d.feature_date AND s.sale_date >= d.feature_date - 90
        WHERE s.member_id IS NOT NULL
        GROUP BY d.feature_date, s.member_id
      )
      SELECT
        \(.asOf) AS as_of, k.member_id, k.feature_date,
        CAST(least(90, CAST(k.feature_date - k.first_day AS INT)) AS BIGINT) AS history_days,
        CAST(k.feature_date - coalesce(p.signup_date, k.start_date) AS BIGINT) AS tenure_days,
        CAST(extract(year FROM k.feature_date) AS BIGINT) - p.birth_year AS age_years,
        coalesce(p.gender, 'unknown') AS gender,
        p.home_location_id,
        coalesce(v.visits_7d, 0) AS visits_7d,
        coalesce(v.visits_30d, 0) AS visits_30d,
        coalesce(v.visits_90d, 0) AS visits_90d,
        CAST(k.feature_date - l.last_day AS BIGINT) AS days_since_last_visit,
        coalesce(c.attended_90d, 0) AS attended_90d,
        coalesce(c.no_shows_90d, 0) AS no_shows_90d,
        coalesce(s.purchases_90d, 0) AS purchases_90d,
        coalesce(s.purchase_amount_90d, CAST(0 AS DECIMAL(18, 2))) AS purchase_amount_90d,
        k.plan, k.billing_cycle, k.monthly_price,
        k.status = 'frozen' AS is_frozen,
        coalesce(f.freezes, 0) AS freezes_365d
      FROM known AS k
      LEFT JOIN \(Silver.memberHistory) AS p
        ON k.member_id = p.member_id
        AND p.valid_from < CAST(k.feature_date AS TIMESTAMP)
        AND coalesce(p.valid_to, TIMESTAMP '9999-12-31 00:00:00') >= CAST(k.feature_date AS TIMESTAMP)
      LEFT JOIN freezes AS f ON k.member_id = f.member_id AND k.feature_date = f.feature_date
      LEFT JOIN visits AS v ON k.member_id = v.member_id AND k.feature_date = v.feature_date
      LEFT JOIN last_visits AS l ON k.member_id = l.member_id AND k.feature_date = l.feature_date
      LEFT JOIN classes AS c ON k.member_id = c.member_id AND k.feature_date = c.feature_date
      LEFT JOIN purchases AS s ON k.member_id = s.member_id AND k.feature_date = s.feature_date
      WHERE k.place = 1
      """)

  /// Whether members left soon after the days that features are known for.
  ///
  /// A member churned if a stay ended so that the first day without a membership lies within
  /// `Feature.churnDays` days from the feature's day, that day included. A day has labels once nobody
  /// can come back any more: after `Feature.churnDays` and `Silver.Definition.graceDays` days.
  public static let memberChurnLabels = Table(
    "gold.member_churn_labels",
    about: "One row per business date, member and day with features: whether the member left then.",
    columns: [
      .date("as_of", "The business date up to which the table looks."),
      .string("member_id", "The member, by the id that events name."),
      .date("feature_date", "The day of the features."),
      .bool(
        "churned_within_30d",
        "True if the first day without a membership is one of the 30 days from that day on."),
    ],
    key: ["as_of", "member_id", "feature_date"],
    write: .derived(by: .partition("as_of")),
    partitionedBy: ["as_of"],
    retention: .days(Feature.keptDays, by: "as_of"),
    query: """
      SELECT
        \(.asOf) AS as_of, f.member_id, f.feature_date,
        COUNT(s.member_id) > 0 AS churned_within_30d
      FROM \(Gold.memberFeatures) AS f
      LEFT JOIN \(Silver.memberStays) AS s
        ON f.member_id = s.member_id AND s.start_date < f.feature_date
        AND s.end_date + 1 >= f.feature_date
        AND s.end_date + 1 < f.feature_date + \(Feature.churnDays)
      WHERE f.as_of = \(.asOf)
        AND f.feature_date + \(Feature.churnDays + Silver.Definition.graceDays) <= \(.asOf)
      GROUP BY f.member_id, f.feature_date
      """)
}

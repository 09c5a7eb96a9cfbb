import Podium
import Silver

extension Gold {
  /// Which instructors keep members.
  ///
  /// A member's main instructor is that of most classes attended in the first
  /// `InstructorRetention.firstDays` days from signing up, of equals the least id. Whoever is still a
  /// member on the day after these is looked at again 90 and 180 days later, once that day has come:
  /// so nobody counts as kept for having attended at all. Bounds are of the Wilson score interval at
  /// 95 % (E. B. Wilson, 1927): with few members they lie far apart.
  public static let instructorRetention = Table(
    "gold.instructor_retention",
    about: "One row per business date and instructor: how many of their members stayed.",
    columns: [
      .date("as_of", "The business date up to which the table looks."),
      .string("instructor_id", "The main instructor of the members' first 90 days."),
      .int("members", "Members 90 days after signing up, where that day has come."),
      .int("eligible_90d", "Of those, the ones for whom 90 more days have passed."),
      .int("retained_90d", "Of those, the ones still members then."),
      .double("retention_90d", "Retained by eligible.", nullable: true),
      .double("retention_90d_low", "Lower bound of the interval.", nullable: true),
      .double("retention_90d_high", "Upper bound.", nullable: true),
      .int("eligible_180d", "Members for whom 180 more days have passed."),
      .int("retained_180d", "Of those, the ones still members then."),
      .double("retention_180d", "Retained by eligible.", nullable: true),
      .double("retention_180d_low", "Lower bound of the interval.", nullable: true),
      .double("retention_180d_high", "Upper bound.", nullable: true),
    ],
    key: ["as_of", "instructor_id"],
    write: .derived(by: .partition("as_of")),
    partitionedBy: ["as_of"],
    expect: [
      .row(
        "no more are retained than could be",
        "retained_90d <= eligible_90d AND retained_180d <= eligible_180d AND eligible_90d <= members",
        else: .stop)
    ],
    query: """
      WITH attended AS (
        SELECT i.user_id, u.signup_date, a.instructor_id, COUNT(*) AS times
        FROM \(Silver.classAttendance) AS a
        JOIN \(Silver.memberIDs) AS i ON a.member_id = i.member_id
        JOIN \(Silver.dimUsers) AS u ON i.user_id = u.user_id
        WHERE a.status = 'attended' AND a.instructor_id IS NOT NULL
          AND a.class_date >= u.signup_date AND a.class_date < u.signup_date + 90
          AND u.signup_date + 90 <= \(.asOf)
        GROUP BY i.user_id, u.signup_date, a.instructor_id
      ),
      main AS (
        SELECT user_id, signup_date, instructor_id
        FROM (
          SELECT
            *,
            CAST(ROW_NUMBER() OVER (
              PARTITION BY user_id ORDER BY times DESC NULLS LAST, instructor_id ASC NULLS LAST
            ) AS BIGINT) AS place
          FROM attended
        ) AS ordered
        WHERE place = 1
      ),
      stays AS (
        SELECT
          m.user_id, m.instructor_id, m.signup_date,
          max(CASE WHEN s.start_date <= m.signup_date + 90
            AND coalesce(s.end_date, DATE '9999-12-31') >= m.signup_date + 90 THEN 1 ELSE 0 END)
            AS stays,
          max(CASE WHEN s.start_date <= m.signup_date + 180
            AND coalesce(s.end_date, DATE '9999-12-31') >= m.signup_date + 180 THEN 1 ELSE 0 END)
            AS stays_90d,
          max(CASE WHEN s.start_date <= m.signup_date + 270
            AND coalesce(s.end_date, DATE '9999-12-31') >= m.signup_date + 270 THEN 1 ELSE 0 END)
            AS stays_180d
        FROM main AS m
        JOIN \(Silver.memberIDs) AS i ON m.user_id = i.user_id
        JOIN \(Silver.memberStays) AS s ON i.member_id = s.member_id
        GROUP BY m.user_id, m.instructor_id, m.signup_date
      ),
      counted AS (
        SELECT
          instructor_id,
          COUNT(*) AS members,
          COUNT(*) FILTER (WHERE signup_date + 180 <= \(.asOf)) AS eligible_90d,
          COUNT(*) FILTER (WHERE signup_date + 180 <= \(.asOf) AND stays_90d = 1) AS retained_90d,
          COUNT(*) FILTER (WHERE signup_date + 270 <= \(.asOf)) AS eligible_180d,
          COUNT(*) FILTER (WHERE signup_date + 270 <= \(.asOf) AND stays_180d = 1) AS retained_180d
        FROM stays
        WHERE stays = 1
        GROUP BY instructor_id
      ),
      rated AS (
        SELECT
          *,
          CAST(retained_90d AS DOUBLE) / nullif(eligible_90d, 0) AS p90,
          CAST(nullif(eligible_90d, 0) AS DOUBLE) AS n90,
          CAST(retained_180d AS DOUBLE) / nullif(eligible_180d, 0) AS p180,
          CAST(nullif(eligible_180d, 0) AS DOUBLE) AS n180,
          CAST(1.959963984540054 AS DOUBLE) AS z
        FROM counted
      )
      SELECT
        \(.asOf) AS as_of, instructor_id, members, eligible_90d, retained_90d,
        p90 AS retention_90d,
        (p90 + z * z / (2 * n90) - z * sqrt(p90 * (1 - p90) / n90 + z * z / (4 * n90 * n90)))
          / (1 + z * z / n90) AS retention_90d_low,
        (p90 + z * z / (2 * n90) + z * sqrt(p90 * (1 - p90) / n90 + z * z / (4 * n90 * n90)))
          / (1 + z * z / n90) AS retention_90d_high,
        eligible_180d, retained_180d,
        p180 AS retention_180d,
        (p180 + z * z / (2 * n180) - z * sqrt(p180 * (1 - p180) / n180 + z * z / (4 * n180 * n180)))
          / (1 + z * z / n180) AS retention_180d_low,
        (p180 + z * z / (2 * n180) + z * sqrt(p180 * (1 - p180) / n180 + z * z / (4 * n180 * n180)))
          / (1 + z * z / n180) AS retention_180d_high
      FROM rated
      """)
}

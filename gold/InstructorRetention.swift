import Podium
import Silver

extension Gold {
  /// Days that define which instructors keep members; each stands here once.
  public enum InstructorDays {
    /// Days from signing up in which a member's main instructor is told.
    public static let first = 90
    /// Days after these at which members are looked at again.
    public static let early = 90
    /// The same, later.
    public static let late = 180
  }

  /// Which instructors keep members.
  ///
  /// A member's main instructor is that of most classes attended in the first
  /// `InstructorDays.first` days from signing up, of equals the least id. Whoever is still a
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
          AND a.class_date >= u.signup_date
          AND a.class_date < u.signup_date + \(InstructorDays.first)
          AND u.signup_date + \(InstructorDays.first) <= \(.asOf)
        GROUP BY i.user_id, u.signup_date, a.instructor_id
      ),
      main AS (
        SELECT
          user_id, instructor_id,
          signup_date + \(InstructorDays.first) AS seen_on,
          signup_date + \(InstructorDays.first + InstructorDays.early) AS early_on,
          signup_date + \(InstructorDays.first + InstructorDays.late) AS late_on
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
      covered AS (
        SELECT i.user_id, s.start_date, coalesce(s.end_date, DATE '9999-12-31') AS end_date
        FROM \(Silver.memberStays) AS s
        JOIN \(Silver.memberIDs) AS i ON s.member_id = i.member_id
      ),
      stays AS (
        SELECT
          m.user_id, m.instructor_id, m.early_on, m.late_on,
          max(CASE WHEN m.seen_on BETWEEN c.start_date AND c.end_date THEN 1 ELSE 0 END) AS is_seen,
          max(CASE WHEN m.early_on BETWEEN c.start_date AND c.end_date THEN 1 ELSE 0 END)
            AS is_early,
          max(CASE WHEN m.late_on BETWEEN c.start_date AND c.end_date THEN 1 ELSE 0 END) AS is_late
        FROM main AS m
        JOIN covered AS c ON m.user_id = c.user_id
        GROUP BY m.user_id, m.instructor_id, m.early_on, m.late_on
      ),
      counted AS (
        SELECT
          instructor_id,
          COUNT(*) AS members,
          COUNT(*) FILTER (WHERE early_on <= \(.asOf)) AS eligible_90d,
          COUNT(*) FILTER (WHERE early_on <= \(.asOf) AND is_early = 1) AS retained_90d,
          COUNT(*) FILTER (WHERE late_on <= \(.asOf)) AS eligible_180d,
          COUNT(*) FILTER (WHERE late_on <= \(.asOf) AND is_late = 1) AS retained_180d
        FROM stays
        WHERE is_seen = 1
        GROUP BY instructor_id
      ),
      spread AS (
        -- With z² and its parts as factors: k + z²/2, z √(k (n - k) / n + z²/4), and n + z².
        SELECT
          *,
          retained_90d + z * z * 0.5 AS middle_90d,
          z * sqrt(CAST(retained_90d * (eligible_90d - retained_90d) AS DOUBLE)
            / nullif(eligible_90d, 0) + z * z * 0.25) AS width_90d,
          retained_180d + z * z * 0.5 AS middle_180d,
          z * sqrt(CAST(retained_180d * (eligible_180d - retained_180d) AS DOUBLE)
            / nullif(eligible_180d, 0) + z * z * 0.25) AS width_180d
        FROM (SELECT *, CAST(1.959963984540054 AS DOUBLE) AS z FROM counted) AS c
      )
      SELECT
        \(.asOf) AS as_of, instructor_id, members, eligible_90d, retained_90d,
        CAST(retained_90d AS DOUBLE) / nullif(eligible_90d, 0) AS retention_90d,
        CAST(middle_90d - width_90d AS DOUBLE) / nullif(eligible_90d + z * z, 0)
          AS retention_90d_low,
        CAST(middle_90d + width_90d AS DOUBLE) / nullif(eligible_90d + z * z, 0)
          AS retention_90d_high,
        eligible_180d, retained_180d,
        CAST(retained_180d AS DOUBLE) / nullif(eligible_180d, 0) AS retention_180d,
        CAST(middle_180d - width_180d AS DOUBLE) / nullif(eligible_180d + z * z, 0)
          AS retention_180d_low,
        CAST(middle_180d + width_180d AS DOUBLE) / nullif(eligible_180d + z * z, 0)
          AS retention_180d_high
      FROM spread
      """)
}

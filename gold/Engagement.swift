import Podium
import Silver

extension Gold {
  /// How often and for what members come.
  ///
  /// A window of n days is that of the business date and the n - 1 days before it. All ids of a person
  /// count together, under the oldest.
  public static let memberEngagement = Table(
    "gold.member_engagement",
    about: "One row per business date and person with a profile: how often and for what they come.",
    columns: [
      .date("as_of", "The business date up to which the table looks."),
      .string("member_id", "The member: the oldest id of the person."),
      .int("tenure_days", "Days since signing up."),
      .int("visits_7d", "Visits in 7 days."),
      .int("visits_30d", "Visits in 30 days."),
      .int("visits_90d", "Visits in 90 days."),
      .int("attended_7d", "Attended bookings of classes in 7 days."),
      .int("attended_30d", "Attended bookings in 30 days."),
      .int("attended_90d", "Attended bookings in 90 days."),
      .int(
        "attended_month", "Attended bookings in the calendar month of the business date, so far."),
      .date(
        "last_visit_date", "Newest day with a visit or an attended class; empty without any.",
        nullable: true),
      .int("days_since_last_visit", "Days from that day to the business date.", nullable: true),
      .double(
        "visits_per_week",
        "visits_90d by weeks: of 90 days, or of the days since signing up where these are fewer; "
          + "the day of signing up counts."),
      .string(
        "favourite_class_type",
        "Type of class attended most in 90 days; of equals the first by letters.", nullable: true),
      .string(
        "favourite_instructor_id",
        "Instructor of most attended bookings in 90 days; of equals the least id.", nullable: true),
      .int("favourite_instructor_attended", "Attended bookings in 90 days with that instructor."),
      .int(
        "preferred_hour",
        "Hour of most entries in 90 days, 0 to 23, by the club's clock; of equals the earliest.",
        nullable: true),
    ],
    key: ["as_of", "member_id"],
    write: .derived(by: .partition("as_of")),
    partitionedBy: ["as_of"],
    expect: [
      .row(
        "longer windows hold shorter ones",
        "visits_7d <= visits_30d AND visits_30d <= visits_90d AND attended_7d <= attended_30d "
          + "AND attended_30d <= attended_90d", else: .stop)
    ],
    query: """
      WITH activity AS (
        SELECT
          i.user_id,
          max(d.activity_date) AS last_visit_date,
          CAST(SUM(CASE WHEN d.activity_date > \(.asOf) - 7 THEN d.visits END) AS BIGINT)
            AS visits_7d,
          CAST(SUM(CASE WHEN d.activity_date > \(.asOf) - 30 THEN d.visits END) AS BIGINT)
            AS visits_30d,
          CAST(SUM(CASE WHEN d.activity_date > \(.asOf) - 90 THEN d.visits END) AS BIGINT)
            AS visits_90d,
          CAST(SUM(CASE WHEN d.activity_date > \(.asOf) - 7 THEN d.classes_attended END) AS BIGINT)
            AS attended_7d,
          CAST(SUM(CASE WHEN d.activity_date > \(.asOf) - 30 THEN d.classes_attended END) AS BIGINT)
            AS attended_30d,
          CAST(SUM(CASE WHEN d.activity_date > \(.asOf) - 90 THEN d.classes_attended END) AS BIGINT)
            AS attended_90d,
          CAST(SUM(
            CASE WHEN d.activity_date >= CAST(date_trunc('month', \(.asOf)) AS DATE)
              THEN d.classes_attended END
          ) AS BIGINT) AS attended_month
        FROM \(Silver.memberDays) AS d
        JOIN \(Silver.memberIDs) AS i ON d.member_id = i.member_id
        WHERE d.activity_date <= \(.asOf)
        GROUP BY i.user_id
      ),
      attended AS (
        SELECT i.user_id, a.class_type, a.instructor_id
        FROM \(Silver.classAttendance) AS a
        JOIN \(Silver.memberIDs) AS i ON a.member_id = i.member_id
        WHERE a.status = 'attended' AND a.class_date > \(.asOf) - 90 AND a.class_date <= \(.asOf)
      ),
      types AS (
        SELECT
          user_id, class_type,
          CAST(ROW_NUMBER() OVER (
            PARTITION BY user_id ORDER BY times DESC NULLS LAST, class_type ASC NULLS LAST
          ) AS BIGINT) AS place
        FROM (
          SELECT user_id, class_type, COUNT(*) AS times FROM attended
          WHERE class_type <> 'unknown'
          GROUP BY user_id, class_type
        ) AS counted
      ),
      instructors AS (
        SELECT
          user_id, instructor_id, times,
          CAST(ROW_NUMBER() OVER (
            PARTITION BY user_id ORDER BY times DESC NULLS LAST, instructor_id ASC NULLS LAST
          ) AS BIGINT) AS place
        FROM (
          SELECT user_id, instructor_id, COUNT(*) AS times FROM attended
          WHERE instructor_id IS NOT NULL
          GROUP BY user_id, instructor_id
        ) AS counted
      ),
      hours AS (
        SELECT
          user_id, entry_hour,
          CAST(ROW_NUMBER() OVER (
            PARTITION BY user_id ORDER BY times DESC NULLS LAST, entry_hour ASC NULLS LAST
          ) AS BIGINT) AS place
        FROM (
          SELECT
            i.user_id,
            CAST(extract(hour FROM from_utc_timestamp(v.login_at, coalesce(l.time_zone, 'UTC')))
              AS BIGINT) AS entry_hour,
            COUNT(*) AS times
          FROM \(Silver.gymVisits) AS v
          JOIN \(Silver.memberIDs) AS i ON v.member_id = i.member_id
          LEFT JOIN \(Silver.dimLocations) AS l ON v.location_id = l.location_id
          WHERE v.visit_date > \(.asOf) - 90 AND v.visit_date <= \(.asOf)
          GROUP BY 1, 2
        ) AS counted
      )
      SELECT
        \(.asOf) AS as_of,
        u.user_id AS member_id,
        CAST(\(.asOf) - u.signup_date AS BIGINT) AS tenure_days,
        coalesce(a.visits_7d, 0) AS visits_7d,
        coalesce(a.visits_30d, 0) AS visits_30d,
        coalesce(a.visits_90d, 0) AS visits_90d,
        coalesce(a.attended_7d, 0) AS attended_7d,
        coalesce(a.attended_30d, 0) AS attended_30d,
        coalesce(a.attended_90d, 0) AS attended_90d,
        coalesce(a.attended_month, 0) AS attended_month,
        a.last_visit_date,
        CAST(\(.asOf) - a.last_visit_date AS BIGINT) AS days_since_last_visit,
        CAST(coalesce(a.visits_90d, 0) AS DOUBLE) * 7
          / nullif(least(90, CAST(\(.asOf) - u.signup_date AS INT) + 1), 0) AS visits_per_week,
        t.class_type AS favourite_class_type,
        n.instructor_id AS favourite_instructor_id,
        coalesce(n.times, 0) AS favourite_instructor_attended,
        h.entry_hour AS preferred_hour
      FROM \(Silver.dimUsers) AS u
      LEFT JOIN activity AS a ON u.user_id = a.user_id
      LEFT JOIN types AS t ON u.user_id = t.user_id AND t.place = 1
      LEFT JOIN instructors AS n ON u.user_id = n.user_id AND n.place = 1
      LEFT JOIN hours AS h ON u.user_id = h.user_id AND h.place = 1
      WHERE NOT u.is_inferred AND u.signup_date <= \(.asOf)
      """)
}

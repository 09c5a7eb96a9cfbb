import Podium
import Silver

extension Gold {
  /// How many members came on each day.
  public static let dailyActiveMembers = Table(
    "gold.daily_active_members",
    about: "One row per day: members who visited a club or attended a class.",
    columns: [
      .date("activity_date", "The day, in the time zone of each club."),
      .int("active_members", "Distinct members with a visit or an attended class."),
      .int("visitors", "Distinct members with a visit."),
      .int("class_attendees", "Distinct members with an attended class."),
    ],
    key: ["activity_date"],
    write: .derived(by: .key("activity_date")),
    query: """
      SELECT
        activity_date,
        COUNT(DISTINCT member_id) AS active_members,
        COUNT(DISTINCT visitor) AS visitors,
        COUNT(DISTINCT attendee) AS class_attendees
      FROM (
        SELECT
          visit_date AS activity_date, member_id, member_id AS visitor,
          CAST(NULL AS STRING) AS attendee
        FROM \(Silver.gymVisits)
        UNION ALL
        SELECT class_date, member_id, CAST(NULL AS STRING), member_id
        FROM \(Silver.classAttendance)
        WHERE status = 'attended'
      ) AS activity
      GROUP BY activity_date
      """)

  /// Steps and calories of tracker users by day.
  public static let factDaily = Table(
    "gold.fact_daily",
    about: "One row per tracker user and day.",
    columns: [
      .string("user_id", "The tracker's user."),
      .date("activity_date", "The day, as the tracker saw it."),
      .int("steps", "Steps."),
      .double("distance_km", "Distance, km.", nullable: true),
      .int("active_minutes", "Very, fairly and lightly active minutes together."),
      .int("sedentary_minutes", "Sedentary minutes.", nullable: true),
      .int("calories", "Kilocalories burned."),
    ],
    key: ["user_id", "activity_date"],
    write: .derived(by: .key("user_id", "activity_date")),
    expect: [.rows(of: "SELECT user_id, activity_date FROM \(Silver.dailyActivity)")],
    query: """
      SELECT
        user_id, activity_date, steps, distance_km,
        coalesce(very_active_minutes, 0) + coalesce(fairly_active_minutes, 0)
          + coalesce(lightly_active_minutes, 0) AS active_minutes,
        sedentary_minutes, calories
      FROM \(Silver.dailyActivity)
      """)

  /// The ten instructors with most attendances, by club and week.
  public static let topInstructors = Table(
    "gold.top_instructors",
    about: "One row per club, week and place: the ten instructors with most attendances.",
    columns: [
      .string("location_id", "The club."),
      .date("week_start", "Monday of the week."),
      .int("place", "1 to 10; equal attendance is ordered by instructor id."),
      .string("instructor_id", "The instructor."),
      .int("attendances", "Attended bookings."),
      .int("classes", "Classes with at least one attendance."),
    ],
    key: ["location_id", "week_start", "place"],
    write: .derived(by: .key("location_id", "week_start")),
    query: """
      SELECT location_id, week_start, place, instructor_id, attendances, classes
      FROM (
        SELECT
          *,
          CAST(ROW_NUMBER() OVER (
            PARTITION BY location_id, week_start
            ORDER BY attendances DESC NULLS LAST, instructor_id ASC NULLS LAST
          ) AS BIGINT) AS place
        FROM (
          SELECT
            location_id,
            CAST(date_trunc('week', class_date) AS DATE) AS week_start,
            instructor_id,
            COUNT(*) AS attendances,
            COUNT(DISTINCT class_id) AS classes
          FROM \(Silver.classAttendance)
          WHERE status = 'attended' AND location_id IS NOT NULL AND instructor_id IS NOT NULL
          GROUP BY 1, 2, 3
        ) AS counted
      ) AS ranked
      WHERE place <= 10
      """)

  /// How often bookings end as no-shows or cancellations.
  public static let attendanceRates = Table(
    "gold.attendance_rates",
    about:
      "One row per week and class, class type, instructor or club: no-show and cancellation rates.",
    columns: [
      .string("dimension", "What the rates are of: class, class_type, instructor or location."),
      .string(
        "member_of",
        "The class type, instructor id or club id; of a class, the club id and the class's name."),
      .date("week_start", "Monday of the week."),
      .int("bookings", "Bookings with an outcome: attended, no-show or cancelled."),
      .int("attended", "Attended bookings."),
      .int("no_shows", "Bookings whose member did not come."),
      .int("cancelled", "Bookings cancelled before the class."),
      .double(
        "no_show_rate", "No-shows by attended and no-shows; empty without either.",
        nullable: true),
      .double("cancellation_rate", "Cancelled by bookings."),
    ],
    key: ["dimension", "member_of", "week_start"],
    write: .derived(by: .key("dimension", "member_of", "week_start")),
    query: """
      SELECT
        dimension, member_of, week_start,
        COUNT(*) AS bookings,
        COUNT(*) FILTER (WHERE status = 'attended') AS attended,
        COUNT(*) FILTER (WHERE status = 'no-show') AS no_shows,
        COUNT(*) FILTER (WHERE status = 'cancelled') AS cancelled,
        CAST(COUNT(*) FILTER (WHERE status = 'no-show') AS DOUBLE)
          / nullif(COUNT(*) FILTER (WHERE status IN ('attended', 'no-show')), 0) AS no_show_rate,
        CAST(COUNT(*) FILTER (WHERE status = 'cancelled') AS DOUBLE) / COUNT(*)
          AS cancellation_rate
      FROM (
        SELECT
          d.dimension,
          CASE d.dimension
            WHEN 'class' THEN a.location_id || ' ' || a.class_name
            WHEN 'class_type' THEN a.class_type
            WHEN 'instructor' THEN a.instructor_id
            ELSE a.location_id
          END AS member_of,
          CAST(date_trunc('week', a.class_date) AS DATE) AS week_start,
          a.status
        FROM \(Silver.classAttendance) AS a
        CROSS JOIN (
          VALUES ('class'), ('class_type'), ('instructor'), ('location')
        ) AS d(dimension)
        WHERE a.status IN ('attended', 'no-show', 'cancelled')
      ) AS outcomes
      WHERE member_of IS NOT NULL
      GROUP BY dimension, member_of, week_start
      """)
}

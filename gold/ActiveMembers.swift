import Podium
import Silver

extension Gold {
  /// Columns of members who came in a time.
  private static let activeColumns: [Column] = [
    .int("active_members", "Distinct members with a visit or an attended class."),
    .int("visitors", "Distinct members with a visit."),
    .int("class_attendees", "Distinct members with an attended class."),
  ]

  /// How many members came in each week.
  public static let weeklyActiveMembers = Table(
    "gold.weekly_active_members",
    about: "One row per week: members who visited a club or attended a class.",
    columns: [
      .date("week_start", "Monday of the week, in the time zone of each club.")
    ] + activeColumns,
    key: ["week_start"],
    write: .derived(by: .key("week_start")),
    query: """
      SELECT
        CAST(date_trunc('week', activity_date) AS DATE) AS week_start,
        COUNT(DISTINCT member_id) AS active_members,
        COUNT(DISTINCT CASE WHEN visits > 0 THEN member_id END) AS visitors,
        COUNT(DISTINCT CASE WHEN classes_attended > 0 THEN member_id END) AS class_attendees
      FROM \(Silver.memberDays)
      GROUP BY 1
      """)

  /// How many members came in each month.
  public static let monthlyActiveMembers = Table(
    "gold.monthly_active_members",
    about: "One row per month: members who visited a club or attended a class.",
    columns: [
      .date("month", "First day of the month, in the time zone of each club.")
    ] + activeColumns,
    key: ["month"],
    write: .derived(by: .key("month")),
    query: """
      SELECT
        CAST(date_trunc('month', activity_date) AS DATE) AS month,
        COUNT(DISTINCT member_id) AS active_members,
        COUNT(DISTINCT CASE WHEN visits > 0 THEN member_id END) AS visitors,
        COUNT(DISTINCT CASE WHEN classes_attended > 0 THEN member_id END) AS class_attendees
      FROM \(Silver.memberDays)
      GROUP BY 1
      """)

  /// How many members came to each club, by day, week and month.
  ///
  /// A member who comes to two clubs counts in both.
  public static let activeMembersByLocation = Table(
    "gold.active_members_by_location",
    about: "One row per club and day, week or month: members who came there.",
    columns: [
      .string("location_id", "The club; unknown for classes on no schedule."),
      .string("period", "day, week or month."),
      .date("period_start", "The day, Monday of the week or first day of the month, local."),
      .int("active_members", "Distinct members with a visit or an attended class."),
      .int("visits", "Visits."),
      .int("classes_attended", "Attended bookings of classes."),
    ],
    key: ["location_id", "period", "period_start"],
    write: .derived(by: .key("location_id", "period_start")),
    query: """
      SELECT
        location_id, period, period_start,
        COUNT(DISTINCT member_id) AS active_members,
        CAST(SUM(visits) AS BIGINT) AS visits,
        CAST(SUM(classes_attended) AS BIGINT) AS classes_attended
      FROM (
        SELECT
          location_id, 'day' AS period, activity_date AS period_start, member_id, visits,
          classes_attended
        FROM \(Silver.memberDays)
        UNION ALL
        SELECT
          location_id, 'week', CAST(date_trunc('week', activity_date) AS DATE), member_id, visits,
          classes_attended
        FROM \(Silver.memberDays)
        UNION ALL
        SELECT
          location_id, 'month', CAST(date_trunc('month', activity_date) AS DATE), member_id,
          visits, classes_attended
        FROM \(Silver.memberDays)
      ) AS periods
      GROUP BY location_id, period, period_start
      """)
}

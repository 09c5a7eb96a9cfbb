import Podium

extension Silver {
  /// Who came where on which day; what counts active members reads it.
  public static let memberDays = Table(
    "silver.member_days",
    about: "One row per day, club and member who visited it or attended a class there.",
    columns: [
      .date("activity_date", "The day, in the club's time zone; of a visit, that of the entry."),
      .string("location_id", "The club; unknown for a class on no schedule."),
      .string("member_id", "The member."),
      .int("visits", "Visits."),
      .int("classes_attended", "Attended bookings of classes."),
    ],
    key: ["activity_date", "location_id", "member_id"],
    write: .derived(by: .key("activity_date")),
    expect: [
      .sum(
        "visits", of: "SELECT visit_date AS activity_date, 1 AS visits FROM \(Silver.gymVisits)"),
      .sum(
        "classes_attended",
        of: """
          SELECT class_date AS activity_date, 1 AS classes_attended
          FROM \(Silver.classAttendance)
          WHERE status = 'attended'
          """),
    ],
    query: """
      SELECT
        activity_date, location_id, member_id,
        CAST(SUM(visits) AS BIGINT) AS visits,
        CAST(SUM(classes_attended) AS BIGINT) AS classes_attended
      FROM (
        SELECT
          visit_date AS activity_date, location_id, member_id, 1 AS visits, 0 AS classes_attended
        FROM \(Silver.gymVisits)
        UNION ALL
        SELECT class_date, coalesce(location_id, 'unknown'), member_id, 0, 1
        FROM \(Silver.classAttendance)
        WHERE status = 'attended'
      ) AS activity
      GROUP BY activity_date, location_id, member_id
      """)
}

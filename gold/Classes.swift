import Podium
import Silver

extension Gold {
  /// How full each class was.
  public static let classFillRates = Table(
    "gold.class_fill_rates",
    about: "One row per class that was not cancelled: how many of its places were taken.",
    columns: [
      .string("class_id", "The class, held once."),
      .date("class_date", "Day of the class, in the club's time zone."),
      .string("location_id", "The club."),
      .string("class_name", "Its name."),
      .string("class_type", "Its type in lower case."),
      .string("instructor_id", "Who teaches."),
      .int("start_hour", "Hour of the day it starts, 0 to 23, in the club's time zone."),
      .int("capacity", "Places."),
      .int("places_taken", "Bookings that hold a place: booked, attended or no-show."),
      .int("attended", "Attended bookings."),
      .int("waitlisted", "Bookings that wait, or waited and got no place."),
      .double("fill_rate", "Places taken by capacity; more than 1 where too many were let in."),
      .double("attendance_fill_rate", "Attended by capacity."),
    ],
    key: ["class_id"],
    write: .derived(by: .key("class_date")),
    query: """
      SELECT
        class_id, class_date, location_id, class_name, class_type, instructor_id, start_hour,
        capacity, places_taken, attended, waitlisted, fill_rate,
        CAST(attended AS DOUBLE) / nullif(capacity, 0) AS attendance_fill_rate
      FROM \(Silver.classSessions)
      WHERE status <> 'cancelled'
      """
  ).clustered(by: "class_type", "class_date")

  /// Which classes are booked most at each club, by month.
  public static let classPopularity = Table(
    "gold.class_popularity",
    about: "One row per club, month and class by name and type: bookings and how full it was.",
    columns: [
      .string("location_id", "The club."),
      .date("month", "First day of the month of the classes, local."),
      .string("class_name", "The class's name."),
      .string("class_type", "Its type in lower case."),
      .int("place", "Place in the club and month by attended bookings, then name, then type."),
      .int("sessions", "Classes on the schedule that were not cancelled."),
      .int("cancelled_sessions", "Classes that were cancelled."),
      .int("bookings", "All bookings, those of cancelled classes included."),
      .int("attended", "Attended bookings."),
      .int("waitlisted", "Bookings that wait, or waited and got no place."),
      .double(
        "fill_rate", "Places taken by capacity, over the classes that were not cancelled.",
        nullable: true),
    ],
    key: ["location_id", "month", "class_name", "class_type"],
    write: .derived(by: .key("location_id", "month")),
    expect: [
      .sum(
        "attended",
        of: """
          SELECT
            location_id, CAST(date_trunc('month', class_date) AS DATE) AS month, attended
          FROM \(Silver.classSessions)
          """)
    ],
    query: """
      SELECT
        location_id, month, class_name, class_type,
        CAST(ROW_NUMBER() OVER (
          PARTITION BY location_id, month
          ORDER BY attended DESC NULLS LAST, class_name ASC NULLS LAST, class_type ASC NULLS LAST
        ) AS BIGINT) AS place,
        sessions, cancelled_sessions, bookings, attended, waitlisted, fill_rate
      FROM (
        SELECT
          location_id, CAST(date_trunc('month', class_date) AS DATE) AS month, class_name,
          class_type,
          COUNT(*) FILTER (WHERE status <> 'cancelled') AS sessions,
          COUNT(*) FILTER (WHERE status = 'cancelled') AS cancelled_sessions,
          CAST(SUM(bookings) AS BIGINT) AS bookings,
          CAST(SUM(attended) AS BIGINT) AS attended,
          CAST(SUM(waitlisted) AS BIGINT) AS waitlisted,
          CAST(SUM(CASE WHEN status <> 'cancelled' THEN places_taken END) AS DOUBLE)
            / nullif(CAST(SUM(CASE WHEN status <> 'cancelled' THEN capacity END) AS BIGINT), 0)
            AS fill_rate
        FROM \(Silver.classSessions)
        GROUP BY 1, 2, 3, 4
      ) AS counted
      """)
}

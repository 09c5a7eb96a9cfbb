import Podium

extension Silver {
  /// What became of each class.
  ///
  /// A booking holds a place while it is booked, attended or a no-show; one that was cancelled or
  /// waits does not. Bookings belong to the class that they name, whatever day they tell.
  public static let classSessions = Table(
    "silver.class_sessions",
    about: "One row per class on the schedule with what became of its bookings.",
    columns: [
      .string("class_id", "The class, held once."),
      .date("class_date", "Day of the class, in the club's time zone."),
      .string("location_id", "The club."),
      .string("class_name", "Its name."),
      .string("class_type", "Its type in lower case."),
      .string("instructor_id", "Who teaches."),
      .int("start_hour", "Hour of the day it starts, 0 to 23, in the club's time zone."),
      .timestamp("starts_at", "Planned start, UTC."),
      .timestamp("ends_at", "Planned end, UTC."),
      .int("capacity", "Places."),
      .string("status", "scheduled, rescheduled or cancelled."),
      .int("bookings", "All bookings; a check-in repeated within 120 seconds counts once."),
      .int("places_taken", "Bookings that hold a place: booked, attended or no-show."),
      .int("attended", "Attended bookings."),
      .int("no_shows", "Bookings whose member did not come."),
      .int("cancelled", "Bookings that were cancelled, also with the class."),
      .int("waitlisted", "Bookings that wait, or waited and got no place."),
      .double(
        "fill_rate", "Places taken by capacity; empty for a cancelled class.", nullable: true),
    ],
    key: ["class_id"],
    write: .derived(by: .partition("class_date")),
    partitionedBy: ["class_date"],
    expect: [.rows(of: "SELECT class_date FROM \(Silver.classes)")],
    query: """
      SELECT
        c.class_id, c.class_date, c.location_id, c.class_name, c.class_type, c.instructor_id,
        c.start_hour, c.starts_at, c.ends_at, c.capacity, c.status,
        coalesce(a.bookings, 0) AS bookings,
        coalesce(a.places_taken, 0) AS places_taken,
        coalesce(a.attended, 0) AS attended,
        coalesce(a.no_shows, 0) AS no_shows,
        coalesce(a.cancelled, 0) AS cancelled,
        coalesce(a.waitlisted, 0) AS waitlisted,
        CASE WHEN c.status <> 'cancelled' THEN
          CAST(coalesce(a.places_taken, 0) AS DOUBLE) / nullif(c.capacity, 0) END AS fill_rate
      FROM \(Silver.classes) AS c
      LEFT JOIN (
        SELECT
          class_id,
          COUNT(*) AS bookings,
          COUNT(*) FILTER (WHERE status IN ('booked', 'attended', 'no-show')) AS places_taken,
          COUNT(*) FILTER (WHERE status = 'attended') AS attended,
          COUNT(*) FILTER (WHERE status = 'no-show') AS no_shows,
          COUNT(*) FILTER (WHERE status = 'cancelled') AS cancelled,
          COUNT(*) FILTER (WHERE status = 'waitlisted') AS waitlisted
        FROM \(Silver.classAttendance)
        GROUP BY class_id
      ) AS a ON c.class_id = a.class_id
      """)
}

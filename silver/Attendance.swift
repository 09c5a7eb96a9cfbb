import Bronze
import Podium

extension Silver {
  /// One row per booking in its newest state, check-in still as text.
  public static let classBookings = Table(
    "silver.class_bookings",
    about: "One row per booking of a class in its newest state.",
    columns: [
      .string("attendance_id", "The booking."),
      .string("member_id", "The member."),
      .string("class_id", "The class."),
      .string("instructor_id", "Who teaches.", nullable: true),
      .date("class_date", "Day of the class, in the club's time zone."),
      .timestamp("booked_at", "When it was booked, UTC.", nullable: true),
      .string("check_in_text", "Check-in as the source wrote it.", nullable: true),
      .string("status", "booked, attended, no-show, cancelled or waitlisted."),
      .timestamp("updated_at", "When it reached this state, UTC."),
    ],
    key: ["attendance_id"],
    write: .upsert(newestBy: "updated_at"),
    expect: [
      .oneOf(
        "status", ["booked", "attended", "no-show", "cancelled", "waitlisted"], else: .quarantine),
      .row(
        "who attended has checked in", "status <> 'attended' OR check_in_text IS NOT NULL",
        else: .warn),
    ],
    query: """
      SELECT
        attendance_id,
        user_id AS member_id,
        class_id,
        nullif(instructor_id, '') AS instructor_id,
        TRY_CAST(class_date AS DATE) AS class_date,
        try_to_timestamp(booked_at) AS booked_at,
        nullif(trim(check_in_time), '') AS check_in_text,
        lower(trim(status)) AS status,
        try_to_timestamp(updated_at) AS updated_at,
        _file, _line
      FROM \(new: Bronze.classAttendance)
      """)

  /// One row per booking, repeated check-ins left out, with the class it belongs to.
  ///
  /// Check-ins of one member to one class that follow each other within 120 seconds (inclusive) are
  /// one: the earliest stays, of equal ones that with the lowest id. A check-in without a zone is
  /// the club's local time; one that clocks repeat means its first occurrence.
  public static let classAttendance = Table(
    "silver.class_attendance",
    about: "One row per booking of a class; check-ins repeated within 120 seconds count once.",
    columns: [
      .string("attendance_id", "The booking."),
      .string("member_id", "The member."),
      .string("class_id", "The class."),
      .string("instructor_id", "Who teaches.", nullable: true),
      .string("location_id", "The club; empty while the class is unknown.", nullable: true),
      .string("class_type", "The class's type, unknown while the class is."),
      .date("class_date", "Day of the class, in the club's time zone."),
      .timestamp("booked_at", "When it was booked, UTC.", nullable: true),
      .timestamp("checked_in_at", "Check-in, UTC.", nullable: true),
      .string("status", "booked, attended, no-show, cancelled or waitlisted."),
      .timestamp("updated_at", "When it reached this state, UTC."),
    ],
    key: ["attendance_id"],
    write: .derived(by: .partition("class_date")),
    partitionedBy: ["class_date"],
    query: """
      SELECT
        attendance_id, member_id, class_id, instructor_id, location_id, class_type, class_date,
        booked_at, checked_in_at, status, updated_at
      FROM (
        SELECT
          *,
          lag(checked_in_at) OVER (
            PARTITION BY member_id, class_id, class_date, CASE WHEN checked_in_at IS NULL
              THEN attendance_id END
            ORDER BY checked_in_at ASC NULLS LAST, attendance_id ASC
          ) AS previous_check_in
        FROM (
          SELECT
            b.attendance_id, b.member_id, b.class_id,
            coalesce(b.instructor_id, c.instructor_id) AS instructor_id,
            c.location_id,
            coalesce(c.class_type, 'unknown') AS class_type,
            b.class_date, b.booked_at,
            CASE
              WHEN substr(b.check_in_text, 3, 1) = '/' THEN to_utc_timestamp(
                TRY_CAST(
                  substr(b.check_in_text, 7, 4) || '-' || substr(b.check_in_text, 1, 2) || '-'
                  || substr(b.check_in_text, 4, 2) || ' '
                  || lpad(
                    CAST(
                      mod(TRY_CAST(substr(b.check_in_text, 12, 2) AS INT), 12)
                      + CASE WHEN upper(substr(b.check_in_text, 21, 2)) = 'PM' THEN 12 ELSE 0 END
                      AS STRING), 2, '0')
                  || substr(b.check_in_text, 14, 6) AS TIMESTAMP),
                c.time_zone)
              ELSE try_to_timestamp(b.check_in_text)
            END AS checked_in_at,
            b.status, b.updated_at
          FROM \(Silver.classBookings) AS b
          LEFT JOIN \(Silver.classes) AS c ON b.class_id = c.class_id
        ) AS timed
      ) AS ordered
      WHERE previous_check_in IS NULL
        OR unix_timestamp(checked_in_at) - unix_timestamp(previous_check_in) > 120
      """)
}

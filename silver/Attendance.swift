import Bronze
import Podium

extension Silver {
  /// One row per booking in its newest state; a check-in may still wait for its club's time zone.
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
      .timestamp(
        "checked_in_at", "Check-in, UTC, where the source told the zone.", nullable: true),
      .string(
        "check_in_local",
        "Check-in by the club's clock, yyyy-MM-dd HH:mm:ss, where the source told no zone.",
        nullable: true),
      .string("status", "booked, attended, no-show, cancelled or waitlisted."),
      .timestamp("updated_at", "When it reached this state, UTC."),
    ],
    key: ["attendance_id"],
    write: .upsert(newestBy: "updated_at"),
    expect: [
      .oneOf(
        "status", ["booked", "attended", "no-show", "cancelled", "waitlisted"], else: .quarantine),
      .row(
        "who attended has checked in",
        "status <> 'attended' OR checked_in_at IS NOT NULL OR check_in_local IS NOT NULL",
        else: .warn),
      .row(
        "check-in can be read",
        "_check_in IS NULL OR checked_in_at IS NOT NULL "
          + "OR TRY_CAST(check_in_local AS TIMESTAMP) IS NOT NULL",
        else: .quarantine),
      .readable("booked_at", else: .warn),
    ],
    query: """
      SELECT
        attendance_id, member_id, class_id, instructor_id, class_date, booked_at,
        CASE WHEN zoned THEN \(.timestamp("_check_in")) END AS checked_in_at,
        CASE
          WHEN zoned THEN NULL
          WHEN regexp_like(
            _check_in,
            '^(19|20)[0-9][0-9]-[0-9][0-9]-[0-9][0-9][T ][0-9][0-9]:[0-9][0-9](:[0-9][0-9]([.][0-9]+)?)?$')
            THEN rpad(replace(_check_in, 'T', ' '), 19, ':00')
          WHEN regexp_like(
            _check_in,
            '^[0-9][0-9]?/[0-9][0-9]?/[0-9]{4} [0-9][0-9]?:[0-9][0-9]:[0-9][0-9]( [AaPp][Mm])?$')
            THEN CAST(\(.usDate("_check_in")) AS STRING) || ' ' || lpad(
              CASE
                WHEN split_part(_check_in, ' ', 3) = '' THEN hour
                WHEN CAST(TRY_CAST(hour AS DECIMAL(18, 0)) AS INT) NOT BETWEEN 1 AND 12 THEN NULL
                ELSE CAST(
                  mod(CAST(TRY_CAST(hour AS DECIMAL(18, 0)) AS INT), 12)
                  + CASE WHEN upper(split_part(_check_in, ' ', 3)) = 'PM' THEN 12 ELSE 0 END
                  AS STRING)
              END, 2, '0') || substr(split_part(_check_in, ' ', 2), length(hour) + 1)
        END AS check_in_local,
        status, updated_at, _check_in, _booked_at, _file, _line
      FROM (
        SELECT
          *,
          regexp_like(_check_in, '(Z|[+-][0-9][0-9]:?[0-9][0-9])$') AS zoned,
          split_part(split_part(_check_in, ' ', 2), ':', 1) AS hour
        FROM (
          SELECT
            \(.text("attendance_id")) AS attendance_id,
            \(.text("user_id")) AS member_id,
            \(.text("class_id")) AS class_id,
            \(.text("instructor_id")) AS instructor_id,
            \(.date("class_date")) AS class_date,
            \(.timestamp("booked_at")) AS booked_at,
            \(.text("check_in_time")) AS _check_in,
            lower(trim(status)) AS status,
            \(.timestamp("updated_at")) AS updated_at,
            \(.text("booked_at")) AS _booked_at,
            _file, _line
          FROM \(new: Bronze.classAttendance)
        ) AS bookings
      ) AS read
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
      .string("class_name", "The class's name, unknown while the class is."),
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
        attendance_id, member_id, class_id, instructor_id, location_id, class_name, class_type,
        class_date, booked_at, checked_in_at, status, updated_at
      FROM (
        SELECT
          *,
          lag(checked_in_at) OVER (
            PARTITION BY member_id, class_id, class_date, CASE WHEN checked_in_at IS NULL
              THEN attendance_id END
            ORDER BY checked_in_at ASC NULLS LAST, attendance_id ASC NULLS LAST
          ) AS previous_check_in
        FROM (
          SELECT
            b.attendance_id, b.member_id, b.class_id,
            coalesce(b.instructor_id, c.instructor_id) AS instructor_id,
            c.location_id,
            coalesce(c.class_name, 'unknown') AS class_name,
            coalesce(c.class_type, 'unknown') AS class_type,
            b.class_date, b.booked_at,
            coalesce(
              b.checked_in_at,
              to_utc_timestamp(TRY_CAST(b.check_in_local AS TIMESTAMP), c.time_zone)
            ) AS checked_in_at,
            b.status, b.updated_at
          FROM \(Silver.classBookings) AS b
          LEFT JOIN \(Silver.classes) AS c ON b.class_id = c.class_id
        ) AS timed
      ) AS ordered
      WHERE previous_check_in IS NULL
        OR unix_timestamp(checked_in_at) - unix_timestamp(previous_check_in) > 120
      """)
}

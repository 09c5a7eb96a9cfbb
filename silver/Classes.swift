import Bronze
import Podium

extension Silver {
  /// Rules for an announcement of a class; every table fed by it has them, so that it gets into all
  /// or none.
  static let announcementRules: [Expectation] = [
    .oneOf("_status", ["scheduled", "rescheduled", "cancelled"], else: .quarantine),
    .row(
      "time zone is known",
      "to_utc_timestamp(TIMESTAMP '2000-01-01 00:00:00', _time_zone) IS NOT NULL",
      else: .quarantine),
  ]

  /// One row per class held or to be held, as last announced.
  public static let classes = Table(
    "silver.classes",
    about: "One row per class on the schedule, as last announced.",
    columns: [
      .string("class_id", "The class, held once."),
      .string("class_name", "Its name."),
      .string("class_type", "Its type in lower case, such as spin."),
      .string("instructor_id", "Who teaches."),
      .string("location_id", "The club."),
      .string("time_zone", "The club's time zone, IANA."),
      .date("class_date", "Day of the class, in the club's time zone."),
      .int("start_hour", "Hour of the day it starts, 0 to 23, in the club's time zone."),
      .timestamp(
        "starts_at", "Start, UTC. A local time that clocks repeat means its first occurrence."),
      .timestamp("ends_at", "End, UTC."),
      .int("capacity", "Places."),
      .string("status", "scheduled, rescheduled or cancelled."),
      .timestamp("updated_at", "When this was announced, UTC."),
    ],
    key: ["class_id"],
    write: .upsert(newestBy: "updated_at"),
    expect: announcementRules + [
      .range("capacity", from: 1, to: 500, else: .quarantine),
      .row("it ends after it starts", "ends_at > starts_at", else: .warn),
    ],
    query: """
      SELECT
        class_id, class_name, class_type, instructor_id, location_id, time_zone,
        CAST(local_start AS DATE) AS class_date,
        CAST(extract(hour FROM local_start) AS BIGINT) AS start_hour,
        to_utc_timestamp(local_start, time_zone) AS starts_at,
        to_utc_timestamp(local_end, time_zone) AS ends_at,
        capacity, status, updated_at, time_zone AS _time_zone, status AS _status, _file, _line
      FROM (
        SELECT
          \(.text("class_id")) AS class_id,
          \(.text("class_name")) AS class_name,
          lower(\(.text("class_type"))) AS class_type,
          \(.text("instructor_id")) AS instructor_id,
          \(.text("location_id")) AS location_id,
          \(.text("time_zone")) AS time_zone,
          \(.localTimestamp("starts_at")) AS local_start,
          \(.localTimestamp("ends_at")) AS local_end,
          \(.integer("capacity")) AS capacity,
          lower(trim(status)) AS status,
          \(.timestamp("updated_at")) AS updated_at,
          _file, _line
        FROM \(new: Bronze.schedule)
      ) AS announced
      """)

  /// One row per club.
  public static let locations = Table(
    "silver.locations",
    about: "One row per club, as the newest class announcement describes it.",
    columns: [
      .string("location_id", "The club."),
      .string("location_name", "Its name."),
      .string("city", "Its city."),
      .string("state", "Its state, two capital letters."),
      .string("time_zone", "Its time zone, IANA."),
      .timestamp("updated_at", "When it was last described, UTC."),
    ],
    key: ["location_id"],
    write: .upsert(newestBy: "updated_at"),
    expect: announcementRules,
    query: """
      SELECT
        \(.text("location_id")) AS location_id,
        \(.text("location_name")) AS location_name,
        \(.text("city")) AS city,
        upper(\(.text("state"))) AS state,
        \(.text("time_zone")) AS time_zone,
        \(.timestamp("updated_at")) AS updated_at,
        \(.text("time_zone")) AS _time_zone,
        lower(trim(status)) AS _status,
        _file, _line
      FROM \(new: Bronze.schedule)
      """)

  /// One row per instructor, without the name.
  public static let instructors = Table(
    "silver.instructors",
    about: "One row per instructor, without name or e-mail.",
    columns: [
      .string("instructor_id", "The instructor."),
      .string("last_location_id", "Club of the class last announced."),
      .timestamp("updated_at", "When that was, UTC."),
    ],
    key: ["instructor_id"],
    write: .upsert(newestBy: "updated_at"),
    expect: announcementRules,
    query: """
      SELECT
        \(.text("instructor_id")) AS instructor_id,
        \(.text("location_id")) AS last_location_id,
        \(.timestamp("updated_at")) AS updated_at,
        \(.text("time_zone")) AS _time_zone,
        lower(trim(status)) AS _status,
        _file, _line
      FROM \(new: Bronze.schedule)
      """)

  /// One row per instructor with name and e-mail; readable to the owner alone.
  public static let instructorPII = Table(
    "silver.instructor_pii",
    about: "One row per instructor: name and e-mail, for those who may see them.",
    columns: [
      .string("instructor_id", "The instructor."),
      .string("instructor_name", "The name, as last spelled.", personal: true),
      .string(
        "instructor_email", "E-mail address, lower case.", nullable: true, personal: true),
      .timestamp("updated_at", "When this was last announced, UTC."),
    ],
    key: ["instructor_id"],
    write: .upsert(newestBy: "updated_at"),
    expect: announcementRules,
    query: """
      SELECT
        \(.text("instructor_id")) AS instructor_id,
        initcap(\(.text("instructor_name"))) AS instructor_name,
        lower(\(.text("instructor_email"))) AS instructor_email,
        \(.timestamp("updated_at")) AS updated_at,
        \(.text("time_zone")) AS _time_zone,
        lower(trim(status)) AS _status,
        _file, _line
      FROM \(new: Bronze.schedule)
      """)
}

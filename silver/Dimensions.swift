import Bronze
import Podium

extension Silver {
  /// One row per class of the schedule, and per class that only bookings or the app name.
  public static let dimClasses = Table(
    "silver.dim_classes",
    about: "One row per class that occurs anywhere, as last announced.",
    columns: [
      .string("class_id", "The class, held once."),
      .bool(
        "is_inferred",
        "True while the class is on no schedule; what the schedule tells is empty or unknown then."
      ),
      .string("class_name", "Its name, or unknown."),
      .string("class_type", "Its type in lower case, or unknown."),
      .string("instructor_id", "Who teaches.", nullable: true),
      .string("location_id", "The club.", nullable: true),
      .date("class_date", "Day of the class, in the club's time zone.", nullable: true),
      .timestamp("starts_at", "Planned start, UTC.", nullable: true),
      .timestamp("ends_at", "Planned end, UTC.", nullable: true),
      .int("capacity", "Places.", nullable: true),
      .string("status", "scheduled, rescheduled, cancelled or unknown."),
    ],
    key: ["class_id"],
    write: .derived(by: .key("class_id")),
    query: """
      SELECT
        i.class_id, c.class_id IS NULL AS is_inferred,
        coalesce(c.class_name, 'unknown') AS class_name,
        coalesce(c.class_type, 'unknown') AS class_type,
        c.instructor_id, c.location_id, c.class_date, c.starts_at, c.ends_at, c.capacity,
        coalesce(c.status, 'unknown') AS status
      FROM (
        SELECT class_id FROM \(Silver.classes)
        UNION SELECT class_id FROM \(Silver.classBookings)
        UNION SELECT class_id FROM \(Silver.appEvents) WHERE class_id IS NOT NULL
      ) AS i
      LEFT JOIN \(Silver.classes) AS c ON i.class_id = c.class_id
      """)

  /// One row per club that the schedule describes, and per club that only others name.
  public static let dimLocations = Table(
    "silver.dim_locations",
    about: "One row per club that occurs anywhere.",
    columns: [
      .string("location_id", "The club."),
      .bool(
        "is_inferred",
        "True while no class was announced for it; the rest is empty or unknown then."
      ),
      .string("location_name", "Its name, or unknown."),
      .string("city", "Its city.", nullable: true),
      .string("state", "Its state, two capital letters.", nullable: true),
      .string("time_zone", "Its time zone, IANA.", nullable: true),
    ],
    key: ["location_id"],
    write: .derived(by: .key("location_id")),
    query: """
      SELECT
        i.location_id, l.location_id IS NULL AS is_inferred,
        coalesce(l.location_name, 'unknown') AS location_name,
        l.city, l.state, l.time_zone
      FROM (
        SELECT location_id FROM \(Silver.locations)
        UNION SELECT location_id FROM \(Silver.classes)
        UNION SELECT home_location_id AS location_id FROM \(Silver.members)
        UNION SELECT location_id FROM \(Silver.gymVisits)
        UNION SELECT location_id FROM \(Silver.facilityUsage)
        UNION SELECT location_id FROM \(Silver.retailSales)
        UNION SELECT location_id FROM \(Silver.leads)
      ) AS i
      LEFT JOIN \(Silver.locations) AS l ON i.location_id = l.location_id
      """)

  /// One row per instructor of the schedule, and per instructor that only bookings name.
  ///
  /// An instructor is an id: names that are spelled in several ways are one instructor.
  public static let dimInstructors = Table(
    "silver.dim_instructors",
    about: "One row per instructor that occurs anywhere, without name or e-mail.",
    columns: [
      .string("instructor_id", "The instructor."),
      .bool("is_inferred", "True while no class was announced with the instructor."),
      .string("last_location_id", "Club of the class announced last.", nullable: true),
      .int("name_spellings", "In how many ways the schedule spelled the name; 0 without one."),
    ],
    key: ["instructor_id"],
    write: .derived(by: .key("instructor_id")),
    query: """
      SELECT
        i.instructor_id, t.instructor_id IS NULL AS is_inferred, t.last_location_id,
        coalesce(s.name_spellings, 0) AS name_spellings
      FROM (
        SELECT instructor_id FROM \(Silver.instructors)
        UNION SELECT instructor_id FROM \(Silver.classes)
        UNION SELECT instructor_id FROM \(Silver.classBookings) WHERE instructor_id IS NOT NULL
      ) AS i
      LEFT JOIN \(Silver.instructors) AS t ON i.instructor_id = t.instructor_id
      LEFT JOIN (
        SELECT
          \(.text("instructor_id")) AS instructor_id,
          COUNT(DISTINCT \(.text("instructor_name"))) AS name_spellings
        FROM \(Bronze.schedule)
        GROUP BY 1
      ) AS s ON i.instructor_id = s.instructor_id
      """)
}

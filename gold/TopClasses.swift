import Podium
import Silver

extension Gold {
  /// The ten classes of the chain with most attendances, by week.
  public static let topClasses = Table(
    "gold.top_classes",
    about: "One row per week and place: the ten classes with most attendances in all clubs.",
    columns: [
      .date("week_start", "Monday of the week of the classes, local."),
      .int("place", "1 to 10; equal attendance is ordered by club, then by name, then by type."),
      .string("location_id", "The club."),
      .string("class_name", "The class's name; all its classes of the week at the club count."),
      .string("class_type", "Its type in lower case."),
      .int("attendances", "Attended bookings, at least one."),
      .int("sessions", "Classes with at least one attendance."),
    ],
    key: ["week_start", "place"],
    write: .derived(by: .key("week_start")),
    query: """
      SELECT week_start, place, location_id, class_name, class_type, attendances, sessions
      FROM (
        SELECT
          *,
          CAST(ROW_NUMBER() OVER (
            PARTITION BY week_start
            ORDER BY attendances DESC NULLS LAST, location_id ASC NULLS LAST,
              class_name ASC NULLS LAST, class_type ASC NULLS LAST
          ) AS BIGINT) AS place
        FROM (
          SELECT
            CAST(date_trunc('week', class_date) AS DATE) AS week_start,
            location_id, class_name, class_type,
            CAST(SUM(attended) AS BIGINT) AS attendances,
            COUNT(*) AS sessions
          FROM \(Silver.classSessions)
          WHERE attended > 0
          GROUP BY 1, 2, 3, 4
        ) AS counted
      ) AS ranked
      WHERE place <= 10
      """)

  /// The ten classes of each club with most attendances, by week.
  public static let topClassesByLocation = Table(
    "gold.top_classes_by_location",
    about: "One row per club, week and place: the ten classes with most attendances.",
    columns: [
      .string("location_id", "The club."),
      .date("week_start", "Monday of the week of the classes, local."),
      .int("place", "1 to 10; equal attendance is ordered by name, then by type."),
      .string("class_name", "The class's name; all its classes of the week count."),
      .string("class_type", "Its type in lower case."),
      .int("attendances", "Attended bookings, at least one."),
      .int("sessions", "Classes with at least one attendance."),
    ],
    key: ["location_id", "week_start", "place"],
    write: .derived(by: .key("location_id", "week_start")),
    query: """
      SELECT location_id, week_start, place, class_name, class_type, attendances, sessions
      FROM (
        SELECT
          *,
          CAST(ROW_NUMBER() OVER (
            PARTITION BY location_id, week_start
            ORDER BY attendances DESC NULLS LAST, class_name ASC NULLS LAST,
              class_type ASC NULLS LAST
          ) AS BIGINT) AS place
        FROM (
          SELECT
            location_id,
            CAST(date_trunc('week', class_date) AS DATE) AS week_start,
            class_name, class_type,
            CAST(SUM(attended) AS BIGINT) AS attendances,
            COUNT(*) AS sessions
          FROM \(Silver.classSessions)
          WHERE attended > 0
          GROUP BY 1, 2, 3, 4
        ) AS counted
      ) AS ranked
      WHERE place <= 10
      """)
}

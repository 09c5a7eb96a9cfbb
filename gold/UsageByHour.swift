import Podium
import Silver

extension Gold {
  /// When saunas, pools, steam baths and courts are used.
  public static let facilityUsageByHour = Table(
    "gold.facility_usage_by_hour",
    about: "One row per club, facility, day and hour in which a use began.",
    columns: [
      .string("location_id", "The club."),
      .string("facility", "sauna, pool, steam or court."),
      .date("usage_date", "Day the uses began, in the club's time zone."),
      .int("hour", "Hour in which they began, 0 to 23, by the club's clock."),
      .int("weekday", "Weekday of the day, Monday 0 to Sunday 6."),
      .int("uses", "Uses that began."),
      .int("members", "Distinct members who began one."),
      .int("minutes", "Minutes of these uses, also those after the hour."),
    ],
    key: ["location_id", "facility", "usage_date", "hour"],
    write: .derived(by: .key("location_id", "facility", "usage_date")),
    expect: [
      .sum(
        "minutes",
        of: """
          SELECT location_id, facility, usage_date, duration_minutes AS minutes
          FROM \(Silver.facilityUsage)
          """)
    ],
    query: """
      SELECT
        location_id, facility, usage_date,
        CAST(floor(CAST(start_minute AS DOUBLE) / 60) AS BIGINT) AS hour,
        CAST(mod(CAST(usage_date - DATE '1970-01-05' AS INT), 7) AS BIGINT) AS weekday,
        COUNT(*) AS uses,
        COUNT(DISTINCT member_id) AS members,
        CAST(SUM(duration_minutes) AS BIGINT) AS minutes
      FROM \(Silver.facilityUsage)
      GROUP BY 1, 2, 3, 4, 5
      """)

  /// When machines are used, and how much.
  public static let equipmentUsageByHour = Table(
    "gold.equipment_usage_by_hour",
    about: "One row per machine, day and hour in which a use began.",
    columns: [
      .string("machine_id", "The machine."),
      .date("usage_date", "Day the uses began, in the club's time zone."),
      .int("hour", "Hour in which they began, 0 to 23, by the club's clock."),
      .int("weekday", "Weekday of the day, Monday 0 to Sunday 6."),
      .string("machine_type", "Its type; the first by letters if sources disagree."),
      .string("location_id", "Its club; the first by letters if sources disagree."),
      .int("uses", "Uses that began."),
      .int("seconds", "Seconds of these uses, also those after the hour."),
      .int("reps", "Repetitions of these uses."),
    ],
    key: ["machine_id", "usage_date", "hour"],
    write: .derived(by: .key("machine_id", "usage_date")),
    expect: [
      .sum(
        "seconds", of: "SELECT machine_id, usage_date, seconds FROM \(Silver.equipmentUsage)")
    ],
    query: """
      SELECT
        machine_id, usage_date,
        CAST(floor(CAST(start_minute AS DOUBLE) / 60) AS BIGINT) AS hour,
        CAST(mod(CAST(usage_date - DATE '1970-01-05' AS INT), 7) AS BIGINT) AS weekday,
        min(machine_type) AS machine_type,
        min(location_id) AS location_id,
        COUNT(*) AS uses,
        CAST(SUM(seconds) AS BIGINT) AS seconds,
        CAST(SUM(reps) AS BIGINT) AS reps
      FROM \(Silver.equipmentUsage)
      GROUP BY 1, 2, 3, 4
      """
  ).clustered(by: "location_id", "usage_date")
}

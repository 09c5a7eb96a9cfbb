import Podium
import Silver

extension Gold {
  /// Which machines are due for service.
  ///
  /// Sources tell of no services, so use is counted from a machine's first record.
  public static let equipmentMaintenance = Table(
    "gold.equipment_maintenance",
    about: "One row per business date and machine used up to it: is it due for service, and when.",
    columns: [
      .date("as_of", "The business date up to which the table looks."),
      .string("machine_id", "The machine."),
      .string("machine_type", "Its type; the first by letters if sources disagree."),
      .string("location_id", "Its club; the first by letters if sources disagree."),
      .int("uses", "Uses up to the business date."),
      .int("seconds", "Seconds of use since the first record."),
      .int("service_hours", "Hours of use after which this type is serviced."),
      .bool("is_due", "True from so many hours of use on."),
      .int("seconds_recent", "Seconds of use in the \(Training.daysOfPace) days up to the date."),
      .date(
        "expected_due_date",
        "The business date for machines that are due, else the day on which they will be at the pace of "
          + "the \(Training.daysOfPace) days; empty without a use in them, and beyond "
          + "\(Training.longestForecast) days.", nullable: true),
    ],
    key: ["as_of", "machine_id"],
    write: .derived(by: .partition("as_of")),
    partitionedBy: ["as_of"],
    query: """
      WITH used AS (
        SELECT
          machine_id, min(machine_type) AS machine_type, min(location_id) AS location_id,
          CAST(SUM(uses) AS BIGINT) AS uses,
          CAST(SUM(seconds) AS BIGINT) AS seconds,
          CAST(SUM(CASE
            WHEN usage_date > \(.asOf) - \(Training.daysOfPace) THEN seconds ELSE 0
          END) AS BIGINT) AS seconds_recent
        FROM \(Gold.equipmentUsageByHour)
        WHERE usage_date <= \(.asOf)
        GROUP BY machine_id
      ),
      measured AS (
        SELECT
          u.machine_id, u.machine_type, u.location_id, u.uses, u.seconds, u.seconds_recent,
          CAST(t.service_hours AS BIGINT) AS service_hours,
          greatest(t.service_hours * 3600 - u.seconds, 0) AS seconds_left
        FROM used AS u
        JOIN (
          VALUES ('treadmill', 220), ('bike', 190), ('rower', 170), ('elliptical', 170),
            ('leg_press', 60), ('chest_press', 65), ('lat_pulldown', 65), ('cable', 60)
        ) AS t(machine_type, service_hours) ON u.machine_type = t.machine_type
      ),
      forecast AS (
        SELECT
          *,
          ceil(CAST(seconds_left AS DOUBLE) * \(Training.daysOfPace) / nullif(seconds_recent, 0))
            AS days_left
        FROM measured
      )
      SELECT
        \(.asOf) AS as_of, machine_id, machine_type, location_id, uses, seconds, service_hours,
        seconds_left = 0 AS is_due,
        seconds_recent,
        CAST(CASE
          WHEN seconds_left = 0 THEN \(.asOf)
          WHEN days_left <= \(Training.longestForecast)
            THEN \(.asOf) + CAST(least(days_left, \(Training.longestForecast)) AS INT)
        END AS DATE) AS expected_due_date
      FROM forecast
      """)
}

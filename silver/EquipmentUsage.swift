import Bronze
import Podium

extension Silver {
  /// One row per use of a machine that can have been one.
  public static let equipmentUsage = Table(
    "silver.equipment_usage",
    about: "One row per use of a machine.",
    columns: [
      .string("usage_id", "The use."),
      .string("machine_id", "The machine, such as L01-TM-03."),
      .string(
        "machine_type",
        "treadmill, bike, rower, elliptical, leg_press, chest_press, lat_pulldown or cable."),
      .string("member_id", "The member."),
      .string("location_id", "The club."),
      .int("reps", "Repetitions; 0 on machines for endurance."),
      .decimal("weight_kg", "Weight, kg; 0 on machines for endurance."),
      .int("seconds", "How long, s."),
      .date("usage_date", "Day it began, in the club's time zone."),
      .int("start_minute", "Minute of that day at the start by the club's clock, 0 to 1439."),
      .timestamp("used_at", "Start, UTC."),
    ],
    key: ["usage_id"],
    write: .upsert(newestBy: "used_at"),
    expect: [
      .oneOf(
        "machine_type",
        [
          "treadmill", "bike", "rower", "elliptical", "leg_press", "chest_press", "lat_pulldown",
          "cable",
        ], else: .quarantine),
      .range("reps", from: 0, to: 1000, else: .quarantine),
      .range("weight_kg", from: 0, to: 500, else: .quarantine),
      .range("seconds", from: 1, to: 14_400, else: .quarantine),
    ],
    // Counters of repetitions are known to be bad: one row in ten may fail.
    share: ShareRule(atLeast: 0.9),
    query: """
      SELECT
        \(.text("usage_id")) AS usage_id,
        \(.text("machine_id")) AS machine_id,
        lower(trim(machine_type)) AS machine_type,
        \(.text("member_id")) AS member_id,
        \(.text("location_id")) AS location_id,
        \(.integer("reps")) AS reps,
        \(.decimal("weight_kg")) AS weight_kg,
        \(.integer("seconds")) AS seconds,
        \(.date("used_at")) AS usage_date,
        coalesce(
          \(.integer("substr(trim(used_at), 12, 2)")) * 60
            + \(.integer("substr(trim(used_at), 15, 2)")), 0) AS start_minute,
        \(.timestamp("used_at")) AS used_at,
        _file, _line
      FROM \(new: Bronze.equipmentUsage)
      """)
}

import Podium

extension OpenData.Bronze {
  /// One row per user and night of the tracker's export; some came twice.
  public static let sleep = Table(
    "bronze.sleep",
    about: "One row per user and night, as the tracker exported it.",
    landing: "sleep",
    columns: [
      .string("Id", "The user."),
      .string("SleepDay", "The day, such as 4/12/2016 12:00:00 AM."),
      .string("TotalSleepRecords", "Times that the user slept."),
      .string("TotalMinutesAsleep", "Minutes asleep."),
      .string("TotalTimeInBed", "Minutes in bed."),
    ])

  /// One row per weighing of the tracker's export.
  public static let weights = Table(
    "bronze.weights",
    about: "One row per weighing, as the tracker exported it.",
    landing: "weights",
    columns: [
      .string("Id", "The user."),
      .string("Date", "When, such as 5/2/2016 11:59:59 PM."),
      .string("WeightKg", "Weight, kg."),
      .string("WeightPounds", "Weight, pounds."),
      .string("Fat", "Share of fat, percent; mostly empty."),
      .string("BMI", "Body mass index, kg/m²."),
      .string("IsManualReport", "True if the user typed it in."),
      .string(
        "LogId", "Time of the entry in milliseconds; users share it, so it identifies no row."),
    ])
}

extension OpenData.Silver {
  /// One row per user and night; rows that came twice are one.
  public static let sleep = Table(
    "silver.sleep",
    about: "One row per user and night.",
    columns: [
      .string("user_id", "The user."),
      .date("sleep_date", "The day on which the sleep ended, as the tracker saw it."),
      .int("sleeps", "Times that the user slept."),
      .int("minutes_asleep", "Minutes asleep."),
      .int("minutes_in_bed", "Minutes in bed."),
    ],
    key: ["user_id", "sleep_date"],
    write: .upsert(newestBy: "sleep_date"),
    expect: [
      .range("minutes_asleep", from: 0, to: 1440, else: .quarantine),
      .row(
        "nobody sleeps longer than in bed", "minutes_asleep <= minutes_in_bed", else: .quarantine),
    ],
    query: """
      SELECT
        \(.text("Id")) AS user_id,
        \(.usDate("SleepDay")) AS sleep_date,
        \(.integer("TotalSleepRecords")) AS sleeps,
        \(.integer("TotalMinutesAsleep")) AS minutes_asleep,
        \(.integer("TotalTimeInBed")) AS minutes_in_bed,
        _file, _line
      FROM \(new: OpenData.Bronze.sleep)
      """)

  /// One row per user and time of a weighing.
  public static let weights = Table(
    "silver.weights",
    about: "One row per user and time of a weighing.",
    columns: [
      .string("user_id", "The user."),
      .timestamp(
        "weighed_at", "When, by the tracker's clock; the zone is not told, UTC is assumed."),
      .double("weight_kg", "Weight, kg."),
      .double("fat_percent", "Share of fat, percent.", nullable: true),
      .double("bmi", "Body mass index, kg/m²."),
      .bool("is_manual", "True if the user typed it in."),
    ],
    key: ["user_id", "weighed_at"],
    write: .upsert(newestBy: "weighed_at"),
    expect: [.range("weight_kg", from: 20, to: 400, else: .quarantine)],
    query: """
      SELECT
        \(.text("Id")) AS user_id,
        \(.usTimestamp("Date")) AS weighed_at,
        \(.double("WeightKg")) AS weight_kg,
        \(.double("Fat")) AS fat_percent,
        \(.double("BMI")) AS bmi,
        CASE lower(trim(IsManualReport)) WHEN 'true' THEN true WHEN 'false' THEN false END
          AS is_manual,
        _file, _line
      FROM \(new: OpenData.Bronze.weights)
      """)
}

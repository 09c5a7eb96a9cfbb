import Podium

extension OpenData.Bronze {
  /// One row per reading of the heart rate.
  public static let heartRates = Table(
    "bronze.heart_rates",
    about: "One row per reading of the heart rate, as the tracker exported it.",
    landing: "heart_rates",
    columns: [
      .string("Id", "The user."), .string("Time", "When, such as 4/12/2016 7:21:05 AM."),
      .string("Value", "Beats a minute."),
    ])
}

extension OpenData.Silver {
  /// One row per user and second with a reading.
  public static let heartRates = Table(
    "silver.heart_rates",
    about: "One row per user and second with a reading of the heart rate.",
    columns: [
      .string("user_id", "The user."),
      .timestamp("measured_at", "When; the zone is not told, UTC is assumed."),
      .date("reading_date", "The day of the reading."),
      .int("bpm", "Beats a minute."),
    ],
    key: ["user_id", "measured_at"],
    write: .upsert(newestBy: "measured_at"),
    partitionedBy: ["reading_date"],
    expect: [.range("bpm", from: 25, to: 240, else: .quarantine)],
    query: """
      SELECT
        user_id, measured_at, CAST(measured_at AS DATE) AS reading_date, bpm, _file, _line
      FROM (
        SELECT
          \(.text("Id")) AS user_id,
          \(.usTimestamp("Time")) AS measured_at,
          \(.integer("Value")) AS bpm,
          _file, _line
        FROM \(new: OpenData.Bronze.heartRates)
      ) AS readings
      """)
}

extension OpenData.Gold {
  /// Each user's heart rate by the minute.
  public static let heartRateByMinute = Table(
    "gold.heart_rate_by_minute",
    about: "One row per user and minute with a reading of the heart rate.",
    columns: [
      .string("user_id", "The user."),
      .date("reading_date", "The day."),
      .timestamp("minute_at", "Begin of the minute; the zone is not told, UTC is assumed."),
      .int("readings", "Readings."),
      .int("bpm_sum", "Their beats a minute, added up."),
      .int("min_bpm", "The lowest."),
      .int("max_bpm", "The highest."),
    ],
    key: ["user_id", "reading_date", "minute_at"],
    write: .derived(by: .partition("reading_date")),
    partitionedBy: ["reading_date"],
    expect: [
      .sum(
        "bpm_sum",
        of: "SELECT reading_date, bpm AS bpm_sum FROM \(OpenData.Silver.heartRates)")
    ],
    query: """
      SELECT
        user_id, reading_date, CAST(measured_at - CAST(extract(second FROM measured_at) AS INT) * INTERVAL '1' SECOND
          AS TIMESTAMP) AS minute_at,
        COUNT(*) AS readings, CAST(SUM(bpm) AS BIGINT) AS bpm_sum,
        min(bpm) AS min_bpm, max(bpm) AS max_bpm
      FROM \(OpenData.Silver.heartRates)
      GROUP BY 1, 2, 3
      """)
}

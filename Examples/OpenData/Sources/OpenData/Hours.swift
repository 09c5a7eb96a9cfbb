import Podium

extension OpenData.Bronze {
  /// One row per user and hour: steps.
  public static let hourlySteps = Table(
    "bronze.hourly_steps",
    about: "One row per user and hour with its steps, as the tracker exported it.",
    landing: "hourly_steps",
    columns: [
      .string("Id", "The user."), .string("ActivityHour", "Such as 4/12/2016 1:00:00 AM."),
      .string("StepTotal", "Steps."),
    ])

  /// One row per user and hour: calories.
  public static let hourlyCalories = Table(
    "bronze.hourly_calories",
    about: "One row per user and hour with its calories, as the tracker exported it.",
    landing: "hourly_calories",
    columns: [
      .string("Id", "The user."), .string("ActivityHour", "Such as 4/12/2016 1:00:00 AM."),
      .string("Calories", "Kilocalories burned."),
    ])

  /// One row per user and hour: intensity.
  public static let hourlyIntensities = Table(
    "bronze.hourly_intensities",
    about: "One row per user and hour with its intensity, as the tracker exported it.",
    landing: "hourly_intensities",
    columns: [
      .string("Id", "The user."), .string("ActivityHour", "Such as 4/12/2016 1:00:00 AM."),
      .string("TotalIntensity", "Sum of the minutes' intensities, 0 (none) to 3 each."),
      .string("AverageIntensity", "Their mean."),
    ])
}

extension OpenData.Silver {
  /// One row per user and hour: steps.
  public static let hourlySteps = Table(
    "silver.hourly_steps",
    about: "One row per user and hour with its steps.",
    columns: [
      .string("user_id", "The user."),
      .timestamp("hour_at", "Begin of the hour; the zone is not told, UTC is assumed."),
      .int("steps", "Steps."),
    ],
    key: ["user_id", "hour_at"],
    write: .upsert(newestBy: "hour_at"),
    expect: [.range("steps", from: 0, to: 30_000, else: .quarantine)],
    query: """
      SELECT
        \(.text("Id")) AS user_id,
        \(.usTimestamp("ActivityHour")) AS hour_at,
        \(.integer("StepTotal")) AS steps,
        _file, _line
      FROM \(new: OpenData.Bronze.hourlySteps)
      """)

  /// One row per user and hour: calories.
  public static let hourlyCalories = Table(
    "silver.hourly_calories",
    about: "One row per user and hour with its calories.",
    columns: [
      .string("user_id", "The user."),
      .timestamp("hour_at", "Begin of the hour; the zone is not told, UTC is assumed."),
      .int("calories", "Kilocalories burned."),
    ],
    key: ["user_id", "hour_at"],
    write: .upsert(newestBy: "hour_at"),
    expect: [.range("calories", from: 0, to: 3_000, else: .quarantine)],
    query: """
      SELECT
        \(.text("Id")) AS user_id,
        \(.usTimestamp("ActivityHour")) AS hour_at,
        \(.integer("Calories")) AS calories,
        _file, _line
      FROM \(new: OpenData.Bronze.hourlyCalories)
      """)

  /// One row per user and hour: intensity.
  public static let hourlyIntensities = Table(
    "silver.hourly_intensities",
    about: "One row per user and hour with its intensity.",
    columns: [
      .string("user_id", "The user."),
      .timestamp("hour_at", "Begin of the hour; the zone is not told, UTC is assumed."),
      .int("intensity", "Sum of the minutes' intensities, 0 (none) to 3 each."),
    ],
    key: ["user_id", "hour_at"],
    write: .upsert(newestBy: "hour_at"),
    expect: [.range("intensity", from: 0, to: 180, else: .quarantine)],
    query: """
      SELECT
        \(.text("Id")) AS user_id,
        \(.usTimestamp("ActivityHour")) AS hour_at,
        \(.integer("TotalIntensity")) AS intensity,
        _file, _line
      FROM \(new: OpenData.Bronze.hourlyIntensities)
      """)
}

extension OpenData.Gold {
  /// What is known of each user's hours.
  public static let factHourly = Table(
    "gold.fact_hourly",
    about: "One row per user and hour: steps, calories and intensity.",
    columns: [
      .string("user_id", "The user."),
      .timestamp("hour_at", "Begin of the hour; the zone is not told, UTC is assumed."),
      .int("steps", "Steps.", nullable: true),
      .int("calories", "Kilocalories burned.", nullable: true),
      .int("intensity", "Sum of the minutes' intensities, 0 (none) to 3 each.", nullable: true),
    ],
    key: ["user_id", "hour_at"],
    write: .derived(by: .key("user_id", "hour_at")),
    expect: [
      .sum("steps", of: "SELECT user_id, hour_at, steps FROM \(OpenData.Silver.hourlySteps)")
    ],
    query: """
      SELECT
        user_id, hour_at,
        max(steps) AS steps, max(calories) AS calories, max(intensity) AS intensity
      FROM (
        SELECT
          user_id, hour_at, steps,
          CAST(NULL AS BIGINT) AS calories, CAST(NULL AS BIGINT) AS intensity
        FROM \(OpenData.Silver.hourlySteps)
        UNION ALL
        SELECT user_id, hour_at, CAST(NULL AS BIGINT), calories, CAST(NULL AS BIGINT)
        FROM \(OpenData.Silver.hourlyCalories)
        UNION ALL
        SELECT user_id, hour_at, CAST(NULL AS BIGINT), CAST(NULL AS BIGINT), intensity
        FROM \(OpenData.Silver.hourlyIntensities)
      ) AS hours
      GROUP BY user_id, hour_at
      """)
}

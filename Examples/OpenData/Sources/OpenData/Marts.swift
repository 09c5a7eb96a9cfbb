import Podium

extension OpenData {
  /// Steps a day from which on a user counts as active, as Tudor-Locke and Bassett proposed in 2004.
  enum StepsADay {
    static let lowActive = 5_000
    static let somewhatActive = 7_500
    static let active = 10_000
    static let highlyActive = 12_500
  }
}

extension OpenData.Gold {
  /// What is known of each user's days.
  public static let factDaily = Table(
    "gold.fact_daily",
    about: "One row per user and day with activity: steps, distance, minutes, calories and sleep.",
    columns: [
      .string("user_id", "The user."),
      .date("activity_date", "The day, as the tracker saw it."),
      .int("steps", "Steps; 0 where the tracker was not worn."),
      .double("distance_km", "Distance, km."),
      .int("active_minutes", "Very, fairly and lightly active minutes together."),
      .int("sedentary_minutes", "Sedentary minutes."),
      .int("calories", "Kilocalories burned."),
      .int("minutes_asleep", "Minutes asleep; empty without a night on record.", nullable: true),
    ],
    key: ["user_id", "activity_date"],
    write: .derived(by: .key("user_id", "activity_date")),
    expect: [.rows(of: "SELECT user_id, activity_date FROM \(OpenData.Silver.dailyActivity)")],
    query: """
      SELECT
        d.user_id, d.activity_date, d.steps, d.distance_km, d.active_minutes,
        d.sedentary_minutes, d.calories, s.minutes_asleep
      FROM \(OpenData.Silver.dailyActivity) AS d
      LEFT JOIN \(OpenData.Silver.sleep) AS s
        ON d.user_id = s.user_id AND d.activity_date = s.sleep_date
      """)

  /// The users, and how active each is.
  public static let dimUser = Table(
    "gold.dim_user",
    about: "One row per user: days, usual steps and level of activity.",
    columns: [
      .string("user_id", "The user."),
      .date("first_day", "First day on record."),
      .date("last_day", "Last day on record."),
      .int("days", "Days on record."),
      .int("days_worn", "Days with steps."),
      .int("steps", "Steps of all days."),
      .string("activity_level", "Of gold.dim_activity, by the mean of days with steps."),
    ],
    key: ["user_id"],
    write: .derived(by: .key("user_id")),
    query: """
      SELECT
        user_id, first_day, last_day, days, days_worn, steps,
        CASE
          WHEN days_worn = 0 THEN 'unknown'
          WHEN steps < days_worn * \(OpenData.StepsADay.lowActive) THEN 'sedentary'
          WHEN steps < days_worn * \(OpenData.StepsADay.somewhatActive) THEN 'low active'
          WHEN steps < days_worn * \(OpenData.StepsADay.active) THEN 'somewhat active'
          WHEN steps < days_worn * \(OpenData.StepsADay.highlyActive) THEN 'active'
          ELSE 'highly active'
        END AS activity_level
      FROM (
        SELECT
          user_id, min(activity_date) AS first_day, max(activity_date) AS last_day,
          COUNT(*) AS days, COUNT(*) FILTER (WHERE steps > 0) AS days_worn,
          CAST(SUM(steps) AS BIGINT) AS steps
        FROM \(OpenData.Gold.factDaily)
        GROUP BY user_id
      ) AS u
      """)

  /// Levels of activity, and how many users have each.
  public static let dimActivity = Table(
    "gold.dim_activity",
    about: "One row per level of activity: its steps a day, and how many users have it.",
    columns: [
      .string("activity_level", "The level."),
      .int("least_steps", "Steps a day from which on it is this level."),
      .int("users", "Users whose mean of days with steps is in it."),
    ],
    key: ["activity_level"],
    write: .derived(by: .whole),
    query: """
      SELECT
        l.activity_level, CAST(l.least_steps AS BIGINT) AS least_steps,
        COUNT(u.user_id) AS users
      FROM (
        VALUES
          ('sedentary', 0), ('low active', \(OpenData.StepsADay.lowActive)),
          ('somewhat active', \(OpenData.StepsADay.somewhatActive)),
          ('active', \(OpenData.StepsADay.active)),
          ('highly active', \(OpenData.StepsADay.highlyActive))
      ) AS l(activity_level, least_steps)
      LEFT JOIN \(OpenData.Gold.dimUser) AS u ON l.activity_level = u.activity_level
      GROUP BY 1, 2
      """)
}

import Podium
import Silver

extension Gold {
  /// What trackers tell from week to week.
  public static let weeklyTrends = Table(
    "gold.weekly_trends",
    about: "One row per tracker user and week with a day of the tracker.",
    columns: [
      .string("user_id", "The tracker's user."),
      .date("week_start", "Monday of the week, as the tracker saw it."),
      .int("days_worn", "Days with steps."),
      .int("steps", "Steps."),
      .decimal("distance_km", "Distance, km; days without one count 0.", scale: 3),
      .int("active_minutes", "Very, fairly and lightly active minutes together."),
      .int("calories", "Kilocalories burned."),
      .int(
        "steps_change",
        "Steps less those of the week before; empty where that has no day, as in what follows.",
        nullable: true),
      .decimal(
        "distance_km_change", "Distance less that of the week before.", scale: 3, nullable: true),
      .int("active_minutes_change", "Active minutes less those before.", nullable: true),
      .int("calories_change", "Kilocalories less those before.", nullable: true),
    ],
    key: ["user_id", "week_start"],
    write: .derived(by: .partition("week_start", lookback: 7)),
    partitionedBy: ["week_start"],
    expect: [.range("days_worn", from: 0, to: 7, else: .stop)],
    query: """
      WITH weeks AS (
        SELECT
          user_id,
          CAST(date_trunc('week', activity_date) AS DATE) AS week_start,
          COUNT(*) FILTER (WHERE steps > 0) AS days_worn,
          CAST(SUM(steps) AS BIGINT) AS steps,
          CAST(SUM(CAST(coalesce(distance_km, 0) AS DECIMAL(18, 3))) AS DECIMAL(18, 3)) AS distance_km,
          CAST(SUM(active_minutes) AS BIGINT) AS active_minutes,
          CAST(SUM(calories) AS BIGINT) AS calories
        FROM \(Gold.factDaily)
        GROUP BY 1, 2
      ),
      followed AS (
        SELECT
          *,
          CAST(lag(week_start) OVER (
            PARTITION BY user_id ORDER BY week_start ASC NULLS LAST) + 7 AS DATE) = week_start
            AS follows,
          lag(steps) OVER (
            PARTITION BY user_id ORDER BY week_start ASC NULLS LAST) AS steps_before,
          lag(distance_km) OVER (
            PARTITION BY user_id ORDER BY week_start ASC NULLS LAST) AS distance_before,
          lag(active_minutes) OVER (
            PARTITION BY user_id ORDER BY week_start ASC NULLS LAST) AS minutes_before,
          lag(calories) OVER (
            PARTITION BY user_id ORDER BY week_start ASC NULLS LAST) AS calories_before
        FROM weeks
      )
      SELECT
        user_id, week_start, days_worn, steps, distance_km, active_minutes, calories,
        CASE WHEN follows THEN steps - steps_before END AS steps_change,
        CASE WHEN follows THEN CAST(distance_km - distance_before AS DECIMAL(18, 3)) END AS distance_km_change,
        CASE WHEN follows THEN active_minutes - minutes_before END AS active_minutes_change,
        CASE WHEN follows THEN calories - calories_before END AS calories_change
      FROM followed
      """)

  /// One row per tracker user, with how active the user is.
  public static let dimUser = Table(
    "gold.dim_user",
    about: "One row per tracker user: days, usual steps and level of activity.",
    columns: [
      .string("user_id", "The tracker's user."),
      .string(
        "member_id",
        "The member whose profile names the tracker; of several the first by letters.",
        nullable: true),
      .date("first_day", "First day of the tracker."),
      .date("last_day", "Last day of the tracker."),
      .int("days", "Days of the tracker."),
      .int("days_worn", "Days with steps."),
      .double("mean_steps", "Steps a day worn; empty without one.", nullable: true),
      .string("activity_level", "Of gold.dim_activity, or unknown without a day worn."),
    ],
    key: ["user_id"],
    write: .derived(by: .key("user_id")),
    query: """
      SELECT
        u.user_id, m.member_id, u.first_day, u.last_day, u.days, u.days_worn, u.mean_steps,
        CASE
          WHEN u.mean_steps IS NULL THEN 'unknown'
          WHEN u.mean_steps < \(Training.lowActive) THEN 'sedentary'
          WHEN u.mean_steps < \(Training.somewhatActive) THEN 'low active'
          WHEN u.mean_steps < \(Training.active) THEN 'somewhat active'
          WHEN u.mean_steps < \(Training.highlyActive) THEN 'active'
          ELSE 'highly active'
        END AS activity_level
      FROM (
        SELECT
          user_id, min(activity_date) AS first_day, max(activity_date) AS last_day,
          COUNT(*) AS days,
          COUNT(*) FILTER (WHERE steps > 0) AS days_worn,
          CAST(SUM(steps) AS DOUBLE) / nullif(COUNT(*) FILTER (WHERE steps > 0), 0) AS mean_steps
        FROM \(Gold.factDaily)
        GROUP BY user_id
      ) AS u
      LEFT JOIN (
        SELECT device_id, min(member_id) AS member_id
        FROM \(Silver.members)
        WHERE device_id IS NOT NULL
        GROUP BY device_id
      ) AS m ON u.user_id = m.device_id
      """)

  /// Levels of activity by steps a day, as Tudor-Locke and Bassett proposed them in 2004.
  ///
  /// It is computed whole: five rows, from one row for each user.
  public static let dimActivity = Table(
    "gold.dim_activity",
    about: "One row per level of activity: its steps a day, and who has it.",
    columns: [
      .string("activity_level", "The level."),
      .int("place", "1 for the least active to 5."),
      .int("least_steps", "Steps a day from which on it is this level."),
      .int("below_steps", "Steps a day at which the next begins.", nullable: true),
      .int("users", "Tracker users whose mean of days worn is in it."),
    ],
    key: ["activity_level"],
    write: .derived(by: .whole),
    query: """
      SELECT
        l.activity_level, CAST(l.place AS BIGINT) AS place,
        CAST(l.least_steps AS BIGINT) AS least_steps,
        CAST(l.below_steps AS BIGINT) AS below_steps,
        COUNT(u.user_id) AS users
      FROM (
        VALUES
          ('sedentary', 1, 0, \(Training.lowActive)),
          ('low active', 2, \(Training.lowActive), \(Training.somewhatActive)),
          ('somewhat active', 3, \(Training.somewhatActive), \(Training.active)),
          ('active', 4, \(Training.active), \(Training.highlyActive)),
          ('highly active', 5, \(Training.highlyActive), NULL)
      ) AS l(activity_level, place, least_steps, below_steps)
      LEFT JOIN \(Gold.dimUser) AS u ON l.activity_level = u.activity_level
      GROUP BY 1, 2, 3, 4
      """)
}

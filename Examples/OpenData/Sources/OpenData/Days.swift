import Podium

extension OpenData.Bronze {
  /// One row per user and day of the tracker's export.
  public static let dailyActivity = Table(
    "bronze.daily_activity",
    about: "One row per user and day, as the tracker exported it.",
    landing: "daily_activity",
    columns: [
      .string("Id", "The user."),
      .string("ActivityDate", "The day, such as 4/12/2016."),
      .string("TotalSteps", "Steps."),
      .string("TotalDistance", "Distance, km."),
      .string("TrackerDistance", "Distance that the tracker measured, km."),
      .string("LoggedActivitiesDistance", "Distance typed in by hand, km."),
      .string("VeryActiveDistance", "Distance while very active, km."),
      .string("ModeratelyActiveDistance", "Distance while moderately active, km."),
      .string("LightActiveDistance", "Distance while lightly active, km."),
      .string("SedentaryActiveDistance", "Distance while sedentary, km."),
      .string("VeryActiveMinutes", "Very active minutes."),
      .string("FairlyActiveMinutes", "Fairly active minutes."),
      .string("LightlyActiveMinutes", "Lightly active minutes."),
      .string("SedentaryMinutes", "Sedentary minutes."),
      .string("Calories", "Kilocalories burned."),
    ])
}

extension OpenData.Silver {
  /// One row per user and day; of a day that was exported again the file that comes last by name wins.
  public static let dailyActivity = Table(
    "silver.daily_activity",
    about: "One row per user and day.",
    columns: [
      .string("user_id", "The user."),
      .date("activity_date", "The day, as the tracker saw it."),
      .int("steps", "Steps; 0 where the tracker was not worn."),
      .double("distance_km", "Distance, km."),
      .int("active_minutes", "Very, fairly and lightly active minutes together."),
      .int("sedentary_minutes", "Sedentary minutes."),
      .int("calories", "Kilocalories burned."),
    ],
    key: ["user_id", "activity_date"],
    write: .upsert(newestBy: "activity_date"),
    expect: [
      .range("steps", from: 0, to: 200_000, else: .quarantine),
      .range("sedentary_minutes", from: 0, to: 1440, else: .quarantine),
      .range("calories", from: 0, to: 30_000, else: .quarantine),
    ],
    query: """
      SELECT
        \(.text("Id")) AS user_id,
        \(.usDate("ActivityDate")) AS activity_date,
        \(.integer("TotalSteps")) AS steps,
        \(.double("TotalDistance")) AS distance_km,
        \(.integer("VeryActiveMinutes")) + \(.integer("FairlyActiveMinutes"))
          + \(.integer("LightlyActiveMinutes")) AS active_minutes,
        \(.integer("SedentaryMinutes")) AS sedentary_minutes,
        \(.integer("Calories")) AS calories,
        _file, _line
      FROM \(new: OpenData.Bronze.dailyActivity)
      """)
}

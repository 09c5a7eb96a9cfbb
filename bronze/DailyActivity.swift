import Podium

extension Bronze {
  /// One row per tracker and day, in the columns of a Fitbit export.
  public static let dailyActivity = Table(
    "bronze.daily_activity",
    about: "One row per tracker and day, in the columns of a Fitbit export.",
    landing: "daily_activity",
    columns: [
      .string("Id", "The tracker's user.", identifies: "device"),
      .string("ActivityDate", "Day, such as 4/12/2016."),
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

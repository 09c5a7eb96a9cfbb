import Bronze
import Podium

extension Silver {
  /// One row per tracker user and day; the file that comes last by name wins.
  public static let dailyActivity = Table(
    "silver.daily_activity",
    about: "One row per tracker user and day.",
    columns: [
      .string("user_id", "The tracker's user."),
      .date("activity_date", "The day, as the tracker saw it."),
      .int("steps", "Steps; 0 is a fact, not a fault."),
      .double("distance_km", "Distance, km.", nullable: true),
      .double("logged_distance_km", "Distance typed in by hand, km.", nullable: true),
      .int("very_active_minutes", "Very active minutes.", nullable: true),
      .int("fairly_active_minutes", "Fairly active minutes.", nullable: true),
      .int("lightly_active_minutes", "Lightly active minutes.", nullable: true),
      .int("sedentary_minutes", "Sedentary minutes.", nullable: true),
      .int("calories", "Kilocalories burned."),
    ],
    key: ["user_id", "activity_date"],
    write: .upsert(newestBy: "activity_date"),
    expect: [
      .range("steps", from: 0, to: 200_000, else: .quarantine),
      .range("calories", from: 0, to: 30_000, else: .quarantine),
    ],
    query: """
      SELECT
        \(.text("Id")) AS user_id,
        \(.usDate("ActivityDate")) AS activity_date,
        \(.integer("TotalSteps")) AS steps,
        \(.double("TotalDistance")) AS distance_km,
        \(.double("LoggedActivitiesDistance")) AS logged_distance_km,
        \(.integer("VeryActiveMinutes")) AS very_active_minutes,
        \(.integer("FairlyActiveMinutes")) AS fairly_active_minutes,
        \(.integer("LightlyActiveMinutes")) AS lightly_active_minutes,
        \(.integer("SedentaryMinutes")) AS sedentary_minutes,
        \(.integer("Calories")) AS calories,
        _file, _line
      FROM \(new: Bronze.dailyActivity)
      """)
}

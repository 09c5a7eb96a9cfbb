import Podium

extension OpenData.Bronze {
  /// One row per member with the figures of a workout.
  public static let workoutMembers = Table(
    "bronze.workout_members",
    about: "One row per member with the figures of a workout, as the gym exported it.",
    landing: "workout_members",
    columns: [
      .string("Age", "Years."),
      .string("Gender", "Male or Female."),
      .string("weight_kg", "Weight, kg.", source: "Weight (kg)"),
      .string("height_m", "Height, m.", source: "Height (m)"),
      .string("Max_BPM", "Highest heart rate of a workout, beats a minute."),
      .string("Avg_BPM", "Mean heart rate of a workout, beats a minute."),
      .string("Resting_BPM", "Heart rate at rest, beats a minute."),
      .string("session_hours", "Length of a workout, hours.", source: "Session_Duration (hours)"),
      .string("Calories_Burned", "Kilocalories burned in it."),
      .string("WO_Type", "Kind of workout."),
      .string("Fat_Percentage", "Share of fat, percent."),
      .string("water_litres", "Water a day, litres.", source: "Water_Intake (liters)"),
      .string("workout_days", "Workout days a week.", source: "WO_Freq (days/week)"),
      .string("Experience_Level", "1 (beginner) to 3 (expert)."),
      .string("BMI", "Body mass index, kg/m²."),
    ])
}

extension OpenData.Silver {
  /// One row per member with the figures of a workout; members have no id, so rows that are equal in
  /// every field are one.
  public static let workoutMembers = Table(
    "silver.workout_members",
    about: "One row per member with the figures of a workout.",
    columns: [
      .string("row_id", "Hash of all fields as they were sent."),
      .int("age", "Years."),
      .string("workout_type", "Kind of workout."),
      .int("max_bpm", "Highest heart rate, beats a minute."),
      .int("mean_bpm", "Mean heart rate, beats a minute."),
      .double("session_hours", "Length of the workout, hours."),
      .double("calories", "Kilocalories burned."),
    ],
    key: ["row_id"],
    write: .upsert(newestBy: "row_id"),
    expect: [
      .row("the mean is not above the highest", "mean_bpm <= max_bpm", else: .warn),
      .range("session_hours", from: 0, to: 24, else: .quarantine),
    ],
    query: """
      SELECT
        CAST(md5(
          coalesce(Age, '') || '|' || coalesce(Gender, '')
          || '|' || coalesce(weight_kg, '') || '|' || coalesce(height_m, '')
          || '|' || coalesce(Max_BPM, '') || '|' || coalesce(Avg_BPM, '')
          || '|' || coalesce(Resting_BPM, '') || '|' || coalesce(session_hours, '')
          || '|' || coalesce(Calories_Burned, '') || '|' || coalesce(WO_Type, '')
          || '|' || coalesce(Fat_Percentage, '') || '|' || coalesce(water_litres, '')
          || '|' || coalesce(workout_days, '') || '|' || coalesce(Experience_Level, '')
          || '|' || coalesce(BMI, '')) AS STRING) AS row_id,
        \(.integer("Age")) AS age,
        \(.text("WO_Type")) AS workout_type,
        \(.integer("Max_BPM")) AS max_bpm,
        \(.integer("Avg_BPM")) AS mean_bpm,
        \(.double("session_hours")) AS session_hours,
        \(.double("Calories_Burned")) AS calories,
        _file, _line
      FROM \(new: OpenData.Bronze.workoutMembers)
      """)
}

extension OpenData.Gold {
  /// What members burn by kind of workout.
  public static let workoutTypes = Table(
    "gold.workout_types",
    about: "One row per kind of workout: members, hours and calories.",
    columns: [
      .string("workout_type", "Kind of workout."),
      .int("members", "Members."),
      .double("hours", "Their hours."),
      .double("calories", "Kilocalories that they burned."),
    ],
    key: ["workout_type"],
    write: .derived(by: .key("workout_type")),
    query: """
      SELECT
        workout_type, COUNT(*) AS members,
        CAST(SUM(CAST(session_hours AS DECIMAL(18, 2))) AS DOUBLE) AS hours,
        CAST(SUM(CAST(calories AS DECIMAL(18, 2))) AS DOUBLE) AS calories
      FROM \(OpenData.Silver.workoutMembers)
      GROUP BY workout_type
      """)
}

import Podium
import Silver

extension Gold {
  /// Heart rates during workouts by month, age and gender.
  public static let workoutHeartRate = Table(
    "gold.workout_heart_rate",
    about: "One row per month, age group and gender: heart rates during completed workouts.",
    columns: [
      .date("month", "First day of the month of the workouts' starts, UTC."),
      .string(
        "age_bucket",
        "Age reached in the year of the workout: under 18, 18-24, 25-34, 35-44, 45-54, 55-64, 65+ or "
          + "unknown."),
      .string("gender", "female, male, other or unknown."),
      .int("members", "Members with such workouts."),
      .int("workouts", "Completed workouts with heart rates."),
      .int("recordings", "Heart rates that were measured in them."),
      .int("min_bpm", "The least, beats a minute."),
      .double("avg_bpm", "Their mean over all recordings, so a long workout counts more."),
      .int("max_bpm", "The greatest."),
    ],
    key: ["month", "age_bucket", "gender"],
    write: .derived(by: .key("month")),
    expect: [
      .sum(
        "recordings",
        of: """
          SELECT CAST(date_trunc('month', workout_date) AS DATE) AS month, readings AS recordings
          FROM \(Silver.workoutBPM)
          """)
    ],
    query: """
      SELECT
        month, age_bucket, gender,
        COUNT(DISTINCT member_id) AS members,
        COUNT(*) AS workouts,
        CAST(SUM(readings) AS BIGINT) AS recordings,
        min(min_bpm) AS min_bpm,
        CAST(SUM(bpm_sum) AS DOUBLE) / nullif(CAST(SUM(readings) AS BIGINT), 0) AS avg_bpm,
        max(max_bpm) AS max_bpm
      FROM (
        SELECT
          CAST(date_trunc('month', b.workout_date) AS DATE) AS month,
          coalesce(u.age_bucket, 'unknown') AS age_bucket,
          coalesce(u.gender, 'unknown') AS gender,
          b.member_id, b.readings, b.bpm_sum, b.min_bpm, b.max_bpm
        FROM \(Silver.workoutBPM) AS b
        LEFT JOIN \(Silver.userBins) AS u
          ON b.member_id = u.member_id
            AND CAST(extract(year FROM b.workout_date) AS BIGINT) = u.year
      ) AS workouts
      GROUP BY month, age_bucket, gender
      """)

  /// How a member trains from month to month.
  public static let personalProgress = Table(
    "gold.personal_progress",
    about: "One row per member and month with a completed workout.",
    columns: [
      .string("member_id", "The member."),
      .date("month", "First day of the month of the workouts' starts, UTC."),
      .int("workouts", "Completed workouts."),
      .int("minutes", "Full minutes of their seconds added up."),
      .double(
        "mean_bpm", "Mean of all heart rates in them; empty without any.", nullable: true),
      .int("max_bpm", "The greatest heart rate in them.", nullable: true),
      .int(
        "workouts_change",
        "Workouts less those of the month before; empty where that has none, as in what follows.",
        nullable: true),
      .int("minutes_change", "Minutes less those of the month before.", nullable: true),
      .double(
        "mean_bpm_change",
        "Mean heart rate less that of the month before; empty where either has none.",
        nullable: true),
    ],
    key: ["member_id", "month"],
    write: .derived(by: .key("member_id")),
    expect: [
      .sum(
        "workouts",
        of: """
          SELECT
            member_id, CAST(date_trunc('month', workout_date) AS DATE) AS month, 1 AS workouts
          FROM \(Silver.completedWorkouts)
          """)
    ],
    query: """
      WITH months AS (
        SELECT
          w.member_id,
          CAST(date_trunc('month', w.workout_date) AS DATE) AS month,
          COUNT(*) AS workouts,
          CAST(floor(CAST(SUM(w.seconds) AS DOUBLE) / 60) AS BIGINT) AS minutes,
          CAST(SUM(b.bpm_sum) AS DOUBLE) / nullif(CAST(SUM(b.readings) AS BIGINT), 0) AS mean_bpm,
          max(b.max_bpm) AS max_bpm
        FROM \(Silver.completedWorkouts) AS w
        LEFT JOIN \(Silver.workoutBPM) AS b
          ON w.workout_id = b.workout_id AND w.member_id = b.member_id
        GROUP BY 1, 2
      ),
      followed AS (
        SELECT
          *,
          add_months(lag(month) OVER (
            PARTITION BY member_id ORDER BY month ASC NULLS LAST), 1) = month AS follows,
          lag(workouts) OVER (
            PARTITION BY member_id ORDER BY month ASC NULLS LAST) AS workouts_before,
          lag(minutes) OVER (
            PARTITION BY member_id ORDER BY month ASC NULLS LAST) AS minutes_before,
          lag(mean_bpm) OVER (
            PARTITION BY member_id ORDER BY month ASC NULLS LAST) AS mean_before
        FROM months
      )
      SELECT
        member_id, month, workouts, minutes, mean_bpm, max_bpm,
        CASE WHEN follows THEN workouts - workouts_before END AS workouts_change,
        CASE WHEN follows THEN minutes - minutes_before END AS minutes_change,
        CASE WHEN follows THEN mean_bpm - mean_before END AS mean_bpm_change
      FROM followed
      """)
}

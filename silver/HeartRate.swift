import Bronze
import Podium

extension Silver {
  /// One row per tracker and instant at which it measured a heart rate.
  public static let heartRate = Table(
    "silver.heart_rate",
    about: "One row per tracker and instant: the heart rate it measured.",
    columns: [
      .string("device_id", "Number of the tracker."),
      .timestamp("measured_at", "When, UTC."),
      .date("reading_date", "Day of it, UTC."),
      .int(
        "bpm",
        "Beats a minute, \(Training.bpm.lowerBound) to \(Training.bpm.upperBound); of several for "
          + "one instant that of the last file and line."),
    ],
    key: ["device_id", "measured_at"],
    write: .upsert(newestBy: "measured_at"),
    partitionedBy: ["reading_date"],
    expect: [
      .range(
        "bpm", from: .integer(Training.bpm.lowerBound), to: .integer(Training.bpm.upperBound),
        else: .quarantine)
    ],
    // Trackers that sit loosely measure 0 or 300, one of them all day at times.
    share: ShareRule(atLeast: 0.7),
    query: """
      SELECT
        device_id, measured_at, CAST(measured_at AS DATE) AS reading_date, bpm, _file, _line
      FROM (
        SELECT
          \(.text("device_id")) AS device_id,
          \(.timestamp("sent.at")) AS measured_at,
          \(.integer("bpm")) AS bpm,
          _file, _line
        FROM \(new: Bronze.heartRate) AS sent
      ) AS readings
      """)

  /// What trackers measured during completed workouts.
  ///
  /// A reading belongs to each workout of its tracker that it lies in, start and stop included. Since a
  /// workout takes a day at most, its readings are of its day and the next.
  public static let workoutBPM = Table(
    "silver.workout_bpm",
    about: "One row per completed workout with at least one heart rate.",
    columns: [
      .string("workout_id", "The workout."),
      .date("workout_date", "Day of the workout's start, UTC."),
      .string("member_id", "The member."),
      .string("device_id", "Number of the tracker."),
      .int("readings", "Heart rates that were measured."),
      .int("bpm_sum", "Their sum, so that means of several workouts can be told."),
      .int("min_bpm", "The least, beats a minute."),
      .double("avg_bpm", "Their mean: sum by readings."),
      .int("max_bpm", "The greatest."),
      .timestamp("first_at", "When the first was measured, UTC."),
      .timestamp("last_at", "When the last was measured, UTC."),
    ],
    key: ["workout_id"],
    write: .derived(by: .partition("workout_date")),
    partitionedBy: ["workout_date"],
    query: """
      SELECT
        workout_id, workout_date, member_id, device_id,
        COUNT(*) AS readings,
        CAST(SUM(bpm) AS BIGINT) AS bpm_sum,
        min(bpm) AS min_bpm,
        AVG(CAST(bpm AS DOUBLE)) AS avg_bpm,
        max(bpm) AS max_bpm,
        min(measured_at) AS first_at,
        max(measured_at) AS last_at
      FROM (
        SELECT w.workout_id, w.workout_date, w.member_id, w.device_id, r.bpm, r.measured_at
        FROM \(Silver.completedWorkouts) AS w
        JOIN \(Silver.heartRate) AS r
          ON w.device_id = r.device_id AND w.workout_date = r.reading_date
            AND r.measured_at BETWEEN w.started_at AND w.stopped_at
        UNION ALL
        SELECT w.workout_id, w.workout_date, w.member_id, w.device_id, r.bpm, r.measured_at
        FROM \(Silver.completedWorkouts) AS w
        JOIN \(Silver.heartRate) AS r
          ON w.device_id = r.device_id AND w.workout_date = CAST(r.reading_date - 1 AS DATE)
            AND r.measured_at <= w.stopped_at
      ) AS measured
      GROUP BY workout_id, workout_date, member_id, device_id
      """)
}

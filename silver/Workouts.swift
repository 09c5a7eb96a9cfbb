import Bronze
import Podium

extension Silver {
  /// One row per start and per stop of a workout.
  public static let workouts = Table(
    "silver.workouts",
    about: "One row per start and per stop of a workout.",
    columns: [
      .string("workout_id", "The workout; its start and its stop have the same id."),
      .string("action", "start or stop."),
      .string("member_id", "The member."),
      .string("device_id", "Number of the tracker."),
      .int("session_number", "The member's workouts counted from 1.", nullable: true),
      .timestamp("happened_at", "When, UTC."),
    ],
    key: ["workout_id", "action"],
    write: .upsert(newestBy: "happened_at"),
    expect: [.oneOf("action", ["start", "stop"], else: .quarantine)],
    query: """
      SELECT
        \(.text("workout_id")) AS workout_id,
        lower(trim(action)) AS action,
        \(.text("member_id")) AS member_id,
        \(.text("device_id")) AS device_id,
        \(.integer("session_number")) AS session_number,
        \(.timestamp("sent.at")) AS happened_at,
        _file, _line
      FROM \(new: Bronze.workouts) AS sent
      """)

  /// One row per workout that was started and stopped.
  ///
  /// Where start and stop name different members or trackers, those of the start count.
  public static let completedWorkouts = Table(
    "silver.completed_workouts",
    about: "One row per workout with a start and a stop after it, a day later at most.",
    columns: [
      .string("workout_id", "The workout."),
      .date("workout_date", "Day of the start, UTC."),
      .string("member_id", "The member."),
      .string("device_id", "Number of the tracker."),
      .int("session_number", "The member's workouts counted from 1.", nullable: true),
      .timestamp("started_at", "Start, UTC."),
      .timestamp("stopped_at", "Stop, UTC."),
      .int("seconds", "Seconds from start to stop, at least 1."),
      .int("minutes", "Full minutes from start to stop."),
    ],
    key: ["workout_id"],
    write: .derived(by: .partition("workout_date")),
    partitionedBy: ["workout_date"],
    query: """
      SELECT
        workout_id, workout_date, member_id, device_id, session_number, started_at, stopped_at,
        seconds, CAST(floor(CAST(seconds AS DOUBLE) / 60) AS BIGINT) AS minutes
      FROM (
        SELECT
          a.workout_id, CAST(a.happened_at AS DATE) AS workout_date, a.member_id, a.device_id,
          a.session_number, a.happened_at AS started_at, b.happened_at AS stopped_at,
          unix_timestamp(b.happened_at) - unix_timestamp(a.happened_at) AS seconds
        FROM \(Silver.workouts) AS a
        JOIN \(Silver.workouts) AS b ON a.workout_id = b.workout_id
        WHERE a.action = 'start' AND b.action = 'stop'
      ) AS pairs
      WHERE seconds BETWEEN 1 AND \(Training.longestWorkout)
      """)

  /// One row per workout that is not completed, with what it lacks.
  public static let unpairedWorkouts = Table(
    "silver.unpaired_workouts",
    about: "One row per workout that is not in silver.completed_workouts, and why.",
    columns: [
      .string("workout_id", "The workout."),
      .string("member_id", "The member; of several the first by letters."),
      .timestamp("first_at", "Its start or stop, whichever was first, UTC."),
      .string(
        "fault",
        "no start; no stop, which a workout that runs has too; stop before start, also at the same "
          + "second; or too long, of more than a day."),
    ],
    key: ["workout_id"],
    write: .derived(by: .key("workout_id")),
    query: """
      SELECT workout_id, member_id, first_at, fault
      FROM (
        SELECT
          workout_id, member_id, first_at,
          CASE
            WHEN started IS NULL THEN 'no start'
            WHEN stopped IS NULL THEN 'no stop'
            WHEN stopped - started < 1 THEN 'stop before start'
            WHEN stopped - started > \(Training.longestWorkout) THEN 'too long'
          END AS fault
        FROM (
          SELECT
            workout_id,
            min(member_id) AS member_id,
            min(happened_at) AS first_at,
            max(CASE action WHEN 'start' THEN unix_timestamp(happened_at) END) AS started,
            max(CASE action WHEN 'stop' THEN unix_timestamp(happened_at) END) AS stopped
          FROM \(Silver.workouts)
          GROUP BY workout_id
        ) AS events
      ) AS judged
      WHERE fault IS NOT NULL
      """)
}

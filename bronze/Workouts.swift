import Podium

extension Bronze {
  /// One row per start and per stop of a workout.
  public static let workouts = Table(
    "bronze.workouts",
    about: "One row per start and per stop of a workout.",
    landing: "workouts",
    columns: [
      .string("workout_id", "The workout; its start and its stop have the same id."),
      .string("member_id", "The member.", identifies: .person),
      .string("device_id", "Number of the tracker.", identifies: "device"),
      .string("action", "start or stop."),
      .string("session_number", "The member's workouts counted from 1."),
      .string("at", "When, UTC."),
    ])
}

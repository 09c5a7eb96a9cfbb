import Podium

extension Bronze {
  /// One row per event that the app sent.
  public static let appEvents = Table(
    "bronze.app_events",
    about: "One row per event that the app sent.",
    landing: "app_events",
    columns: [
      .string("event_id", "The event."),
      .string("member_id", "The member.", identifies: .person),
      .string(
        "event", "calendar_view, screen_view, booking, goal_set, goal_reached, or another name."),
      .string("occurred_at", "When, UTC, with milliseconds."),
      .string("properties", "What else is known, a JSON object with session_id and device."),
    ])
}

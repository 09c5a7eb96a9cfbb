import Bronze
import Podium

extension Silver {
  /// One row per event of the app; events of a name that nobody told of wait in quarantine.
  public static let appEvents = Table(
    "silver.app_events",
    about: "One row per event that the app sent, with the properties that tables ask for.",
    columns: [
      .string("event_id", "The event."),
      .string("member_id", "The member."),
      .string("event", "calendar_view, screen_view, booking, goal_set or goal_reached."),
      .date("event_date", "Day of the event, UTC."),
      .timestamp("occurred_at", "When, UTC."),
      .string("session_id", "The session; empty where properties are missing.", nullable: true),
      .string(
        "screen", "The screen: home, calendar, class, goals or another.", nullable: true),
      .string("class_id", "The class that was looked at or booked.", nullable: true),
      .string("goal_kind", "What a goal counts, such as visits_per_week.", nullable: true),
      .int("goal_target", "The number that a goal aims at.", nullable: true),
      .string("device_os", "ios, android or another.", nullable: true),
      .string("properties", "All properties as they were sent, JSON text.", nullable: true),
    ],
    key: ["event_id"],
    write: .upsert(newestBy: "occurred_at"),
    partitionedBy: ["event_date"],
    expect: [
      .oneOf(
        "event", ["calendar_view", "screen_view", "booking", "goal_set", "goal_reached"],
        else: .quarantine),
      .required("session_id", else: .warn),
    ],
    // A new version of the app may send many events that are not known yet; people must not wait.
    share: ShareRule(atLeast: 0.5),
    query: """
      SELECT
        event_id, member_id, event, CAST(occurred_at AS DATE) AS event_date, occurred_at,
        session_id, screen, class_id, goal_kind, \(.integer("target")) AS goal_target, device_os,
        properties, _file, _line
      FROM (
        SELECT
          \(.text("event_id")) AS event_id,
          \(.text("member_id")) AS member_id,
          lower(\(.text("event"))) AS event,
          \(.timestamp("occurred_at")) AS occurred_at,
          \(.text("get_json_object(properties, '$.session_id')")) AS session_id,
          \(.text("get_json_object(properties, '$.screen')")) AS screen,
          \(.text("get_json_object(properties, '$.class_id')")) AS class_id,
          \(.text("get_json_object(properties, '$.goal.kind')")) AS goal_kind,
          get_json_object(properties, '$.goal.target') AS target,
          lower(\(.text("get_json_object(properties, '$.device.os')"))) AS device_os,
          \(.text("properties")) AS properties,
          _file, _line
        FROM \(new: Bronze.appEvents)
      ) AS sent
      """)
}

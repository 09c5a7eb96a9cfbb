import Bronze
import Podium

extension Silver {
  /// One row per registration of a tracker, without its network address; one that was sent twice
  /// under two ids counts once, under the id that came first.
  public static let registrations = Table(
    "silver.registrations",
    about: "One row per tracker and time at which it was registered.",
    columns: [
      .string("device_id", "Number of the tracker."),
      .timestamp("registered_at", "When, UTC."),
      .string("registration_id", "The registration; the first of several at one time."),
      .string("member_id", "Who wears it."),
    ],
    key: ["device_id", "registered_at"],
    write: .deduplicate(by: ["device_id"], within: .zero, of: "registered_at"),
    query: """
      SELECT
        device_id,
        CASE
          WHEN seconds BETWEEN 0 AND 4102444799
            THEN CAST(TIMESTAMP '1970-01-01 00:00:00' + seconds * INTERVAL '1' SECOND AS TIMESTAMP)
        END AS registered_at,
        registration_id, member_id, _file, _line
      FROM (
        SELECT
          \(.text("device_id")) AS device_id,
          \(.integer("registered_at")) AS seconds,
          \(.text("registration_id")) AS registration_id,
          \(.text("member_id")) AS member_id,
          _file, _line
        FROM \(new: Bronze.registrations)
      ) AS sent
      """)

  /// One row per tracker: who wears it now.
  public static let devices = Table(
    "silver.devices",
    about: "One row per tracker: who wears it, by its newest registration.",
    columns: [
      .string("device_id", "Number of the tracker."),
      .string("member_id", "Who wears it since the newest registration."),
      .timestamp("first_registered_at", "First registration by anybody, UTC."),
      .timestamp("last_registered_at", "Newest registration, UTC."),
      .int("registrations", "Registrations, those sent twice counted once."),
    ],
    key: ["device_id"],
    write: .derived(by: .key("device_id")),
    query: """
      SELECT
        device_id, member_id, first_registered_at, registered_at AS last_registered_at,
        registrations
      FROM (
        SELECT
          device_id, member_id, registered_at,
          min(registered_at) OVER (PARTITION BY device_id) AS first_registered_at,
          COUNT(*) OVER (PARTITION BY device_id) AS registrations,
          CAST(ROW_NUMBER() OVER (
            PARTITION BY device_id ORDER BY registered_at DESC NULLS LAST
          ) AS BIGINT) AS place
        FROM \(Silver.registrations)
      ) AS ordered
      WHERE place = 1
      """)
}

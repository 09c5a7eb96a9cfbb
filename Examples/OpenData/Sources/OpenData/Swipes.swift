import Podium

extension OpenData.Bronze {
  /// One row per swipe of a card at the gym's doors.
  public static let swipes = Table(
    "bronze.swipes",
    about: "One row per swipe of a card at a door, as the doors logged it.",
    landing: "swipes",
    columns: [
      .string("DeviceName", "The door."),
      .string("Direction", "In or Out."),
      .string("AlarmDateTime", "The minute, such as 2/2/2015 8:11."),
    ])
}

extension OpenData.Silver {
  /// One row per swipe.
  ///
  /// The log names no card. Two equal lines are two people who came in the same minute, so nothing is
  /// taken for a repeat: a swipe is identified by its file and line.
  public static let swipes = Table(
    "silver.swipes",
    about: "One row per swipe of a card at a door.",
    columns: [
      .string("swipe_id", "File and line of the log."),
      .string("door", "The door."),
      .bool("is_in", "True for who comes in, false for who goes out."),
      .timestamp("swiped_at", "The minute; the zone is not told, UTC is assumed."),
    ],
    key: ["swipe_id"],
    write: .append,
    query: """
      SELECT
        _file || ':' || CAST(_line AS STRING) AS swipe_id,
        \(.text("DeviceName")) AS door,
        CASE lower(trim(Direction)) WHEN 'in' THEN true WHEN 'out' THEN false END AS is_in,
        \(.usTimestamp("AlarmDateTime")) AS swiped_at,
        _file, _line
      FROM \(new: OpenData.Bronze.swipes)
      """)
}

extension OpenData.Gold {
  /// When people come and go.
  public static let swipesByHour = Table(
    "gold.swipes_by_hour",
    about: "One row per weekday and hour with a swipe.",
    columns: [
      .int("weekday", "Weekday, Monday = 0."),
      .int("hour", "Hour of the day, 0 to 23."),
      .int("came", "Swipes of who came in."),
      .int("went", "Swipes of who went out; many do not swipe then."),
    ],
    key: ["weekday", "hour"],
    write: .derived(by: .key("weekday", "hour")),
    query: """
      SELECT
        weekday, hour,
        COUNT(*) FILTER (WHERE is_in) AS came, COUNT(*) FILTER (WHERE NOT is_in) AS went
      FROM (
        SELECT
          CAST(mod(CAST(CAST(swiped_at AS DATE) - DATE '1970-01-05' AS INT), 7) AS BIGINT)
            AS weekday,
          CAST(extract(hour FROM swiped_at) AS BIGINT) AS hour, is_in
        FROM \(OpenData.Silver.swipes)
      ) AS s
      GROUP BY weekday, hour
      """)
}

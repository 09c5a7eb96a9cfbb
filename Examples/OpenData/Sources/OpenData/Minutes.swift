import Podium

extension OpenData.Bronze {
  /// One row per user and hour, with a column for the steps of each minute.
  public static let minuteSteps = Table(
    "bronze.minute_steps",
    about:
      "One row per user and hour with the steps of its 60 minutes, as the tracker exported it.",
    landing: "minute_steps",
    columns: [
      .string("Id", "The user."), .string("ActivityHour", "Such as 4/13/2016 1:00:00 AM."),
    ] + (0..<60).map { .string($0 < 10 ? "Steps0\($0)" : "Steps\($0)", "Steps of minute \($0).") })
}

extension OpenData.Silver {
  /// One row per user and minute: each row of the source gives 60.
  public static let minuteSteps = Table(
    "silver.minute_steps",
    about: "One row per user and minute with its steps.",
    columns: [
      .string("user_id", "The user."),
      .timestamp("minute_at", "Begin of the minute; the zone is not told, UTC is assumed."),
      .int("steps", "Steps."),
    ],
    key: ["user_id", "minute_at"],
    write: .upsert(newestBy: "minute_at"),
    expect: [.rows(factor: 60), .range("steps", from: 0, to: 500, else: .quarantine)],
    query: """
      SELECT
        user_id,
        CAST(hour_at + minute_number * INTERVAL '1' MINUTE AS TIMESTAMP) AS minute_at,
        \(.integer("steps_text")) AS steps,
        _file, _line
      FROM (
        SELECT
          user_id, hour_at, minute_number, _file, _line,
          CASE minute_number
            WHEN 0 THEN Steps00 WHEN 1 THEN Steps01 WHEN 2 THEN Steps02 WHEN 3 THEN Steps03 WHEN 4 THEN Steps04
            WHEN 5 THEN Steps05 WHEN 6 THEN Steps06 WHEN 7 THEN Steps07 WHEN 8 THEN Steps08 WHEN 9 THEN Steps09
            WHEN 10 THEN Steps10 WHEN 11 THEN Steps11 WHEN 12 THEN Steps12 WHEN 13 THEN Steps13 WHEN 14 THEN Steps14
            WHEN 15 THEN Steps15 WHEN 16 THEN Steps16 WHEN 17 THEN Steps17 WHEN 18 THEN Steps18 WHEN 19 THEN Steps19
            WHEN 20 THEN Steps20 WHEN 21 THEN Steps21 WHEN 22 THEN Steps22 WHEN 23 THEN Steps23 WHEN 24 THEN Steps24
            WHEN 25 THEN Steps25 WHEN 26 THEN Steps26 WHEN 27 THEN Steps27 WHEN 28 THEN Steps28 WHEN 29 THEN Steps29
            WHEN 30 THEN Steps30 WHEN 31 THEN Steps31 WHEN 32 THEN Steps32 WHEN 33 THEN Steps33 WHEN 34 THEN Steps34
            WHEN 35 THEN Steps35 WHEN 36 THEN Steps36 WHEN 37 THEN Steps37 WHEN 38 THEN Steps38 WHEN 39 THEN Steps39
            WHEN 40 THEN Steps40 WHEN 41 THEN Steps41 WHEN 42 THEN Steps42 WHEN 43 THEN Steps43 WHEN 44 THEN Steps44
            WHEN 45 THEN Steps45 WHEN 46 THEN Steps46 WHEN 47 THEN Steps47 WHEN 48 THEN Steps48 WHEN 49 THEN Steps49
            WHEN 50 THEN Steps50 WHEN 51 THEN Steps51 WHEN 52 THEN Steps52 WHEN 53 THEN Steps53 WHEN 54 THEN Steps54
            WHEN 55 THEN Steps55 WHEN 56 THEN Steps56 WHEN 57 THEN Steps57 WHEN 58 THEN Steps58 WHEN 59 THEN Steps59
          END AS steps_text
        FROM (
          SELECT
            *,
            \(.text("Id")) AS user_id,
            \(.usTimestamp("ActivityHour")) AS hour_at
          FROM \(new: OpenData.Bronze.minuteSteps)
        ) AS hours
        CROSS JOIN (SELECT CAST(i AS INT) AS minute_number FROM range(0, 60) AS r(i)) AS minutes
      ) AS unpivoted
      """)
}

import Podium

extension OpenData.Bronze {
  /// One row per booking of a class.
  public static let bookings = Table(
    "bronze.bookings",
    about: "One row per booking of a class, as the gym exported it.",
    landing: "bookings",
    columns: [
      .string("booking_id", "The booking."),
      .string("months_as_member", "Months since the member joined."),
      .string("weight", "The member's weight, kg."),
      .string("days_before", "Days between booking and class; some exports write '3 days'."),
      .string("day_of_week", "Weekday of the class, such as Mon."),
      .string("time", "AM or PM."),
      .string("category", "Kind of class; a dash where it is not known."),
      .string("attended", "1 if the member came, else 0."),
    ])
}

extension OpenData.Silver {
  /// One row per booking of a class.
  public static let bookings = Table(
    "silver.bookings",
    about: "One row per booking of a class.",
    columns: [
      .string("booking_id", "The booking."),
      .int("booking_number", "The booking as a number."),
      .int("months_as_member", "Months since the member joined."),
      .double("weight_kg", "The member's weight, kg.", nullable: true),
      .int("days_before", "Days between booking and class."),
      .int("weekday", "Weekday of the class, Monday = 0."),
      .bool("is_morning", "True for a class before noon."),
      .string("category", "Kind of class, or unknown."),
      .bool("attended", "True if the member came."),
    ],
    key: ["booking_id"],
    write: .upsert(newestBy: "booking_number"),
    expect: [.range("months_as_member", from: 0, else: .quarantine)],
    query: """
      SELECT
        \(.text("booking_id")) AS booking_id,
        \(.integer("booking_id")) AS booking_number,
        \(.integer("months_as_member")) AS months_as_member,
        \(.double("weight")) AS weight_kg,
        \(.integer("replace(days_before, ' days', '')")) AS days_before,
        CAST(CASE substr(lower(trim(day_of_week)), 1, 3)
          WHEN 'mon' THEN 0 WHEN 'tue' THEN 1 WHEN 'wed' THEN 2 WHEN 'thu' THEN 3
          WHEN 'fri' THEN 4 WHEN 'sat' THEN 5 WHEN 'sun' THEN 6 END AS BIGINT) AS weekday,
        CASE upper(trim(time)) WHEN 'AM' THEN true WHEN 'PM' THEN false END AS is_morning,
        coalesce(nullif(\(.text("category")), '-'), 'unknown') AS category,
        CASE trim(attended) WHEN '1' THEN true WHEN '0' THEN false END AS attended,
        _file, _line
      FROM \(new: OpenData.Bronze.bookings)
      """)
}

extension OpenData.Gold {
  /// How many came of those who booked.
  public static let attendanceByCategory = Table(
    "gold.attendance_by_category",
    about: "One row per kind of class: bookings and attendances.",
    columns: [
      .string("category", "Kind of class, or unknown."),
      .int("bookings", "Bookings."),
      .int("attended", "Bookings whose member came."),
    ],
    key: ["category"],
    write: .derived(by: .key("category")),
    expect: [.rows(of: "SELECT DISTINCT category FROM \(OpenData.Silver.bookings)")],
    query: """
      SELECT
        category, COUNT(*) AS bookings, COUNT(*) FILTER (WHERE attended) AS attended
      FROM \(OpenData.Silver.bookings)
      GROUP BY category
      """)
}

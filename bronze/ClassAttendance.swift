import Podium

extension Bronze {
  /// One row per booking of a class and per outcome of a booking.
  public static let classAttendance = Table(
    "bronze.class_attendance",
    about: "One row per booking of a class and per outcome of a booking.",
    landing: "class_attendance",
    columns: [
      .string("attendance_id", "The booking.", identifies: "booking"),
      .string("user_id", "The member.", identifies: .person),
      .string("class_id", "The class."),
      .string("instructor_id", "Who teaches."),
      .string("class_date", "Day of the class, local."),
      .string("booked_at", "When it was booked, UTC."),
      .string("check_in_time", "Check-in, in one of three formats."),
      .string("status", "booked, attended, no-show, cancelled or waitlisted."),
      .string("updated_at", "When this was recorded, UTC."),
    ])
}

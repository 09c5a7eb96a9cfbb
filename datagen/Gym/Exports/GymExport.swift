/// A file that a booking system hands out whole, besides the sources that send something every day.
public enum GymExport: String, CaseIterable, Hashable, Sendable {
  /// All members as they are on the last day.
  case users = "mindbody_user_snapshot.csv"
  /// The classes of the last 14 days.
  case schedule = "schedule_sample.csv"
  /// The bookings of these classes.
  case attendance = "class_attendance.json"

  /// The days that end with the last one whose classes are exported.
  public static let days = 14

  /// The fields of a row, in their order.
  public var fields: [String] {
    switch self {
    case .users:
      ["user_id", "full_name", "email", "city", "signup_date", "birth_year", "gender"]
    case .schedule:
      [
        "class_id", "class_name", "class_type", "instructor_id", "instructor_name",
        "instructor_email", "location_id", "location_name", "city", "state", "start_time",
        "end_time", "capacity",
      ]
    case .attendance:
      [
        "attendance_id", "user_id", "class_id", "instructor_id", "booked_at", "check_in_time",
        "status", "class_date",
      ]
    }
  }

  /// The source that tells of the same things.
  var source: GymSource {
    switch self {
    case .users: .members
    case .schedule: .schedule
    case .attendance: .classAttendance
    }
  }
}

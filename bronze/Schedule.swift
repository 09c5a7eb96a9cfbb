import Podium

extension Bronze {
  /// One row per announcement or change of a class.
  public static let schedule = Table(
    "bronze.schedule",
    about: "One row per announcement or change of a class.",
    landing: "schedule",
    columns: [
      .string("class_id", "The class, held once."),
      .string("class_name", "Its name."),
      .string("class_type", "Its type, such as spin."),
      .string("instructor_id", "Who teaches.", identifies: "instructor"),
      .string("instructor_name", "The instructor's name, as typed.", personal: true),
      .string("instructor_email", "The instructor's e-mail.", personal: true),
      .string("location_id", "The club."),
      .string("location_name", "The club's name."),
      .string("city", "The club's city."),
      .string("state", "The club's state."),
      .string("time_zone", "The club's time zone, IANA."),
      .string("starts_at", "Start, local time."),
      .string("ends_at", "End, local time."),
      .string("capacity", "Places."),
      .string("status", "scheduled, rescheduled or cancelled."),
      .string("updated_at", "When this was announced, UTC."),
    ])
}

import Podium

extension Bronze {
  /// One row per rating of a class, and per edit of one.
  public static let classFeedback = Table(
    "bronze.class_feedback",
    about: "One row per rating of a class, and per edit of one.",
    landing: "class_feedback",
    columns: [
      .string("feedback_id", "The form; an edit has the same id."),
      .string("attendance_id", "The booking that is rated.", identifies: "booking"),
      .string("rating", "1 (poor) to 5 (great)."),
      .string("comment", "Free text, or nothing.", personal: true),
      .string("submitted_at", "When the form was sent first, UTC."),
      .string("updated_at", "When it was sent or last edited, UTC."),
    ])
}

import Podium

extension Bronze {
  /// One row per rating of a class, as the app exported it.
  public static let classFeedback = Table(
    "bronze.class_feedback",
    about: "One row per rating of a class, as the app exported it.",
    landing: "class_feedback",
    columns: [
      .string("feedback_id", "The form; an edit has the same id."),
      .string("class_id", "The class."),
      .string("member_id", "The member; empty for guests."),
      .string("rating", "1 (poor) to 5 (great)."),
      .string("comment", "Free text.", personal: true),
      .string("submitted_at", "When the form was sent or edited, UTC."),
    ])
}

import Bronze
import Podium

extension Silver {
  /// Rules for a form with a rating; both tables fed by it have them, so that it gets into both or
  /// none.
  private static let formRules: [Expectation] = [
    .row("rating is 1 to 5", "_rating BETWEEN 1 AND 5", else: .quarantine),
    .row("booking is told", "_attendance_id IS NOT NULL", else: .quarantine),
  ]

  /// One row per rating that a member left after a class; the newest edit wins.
  public static let classFeedback = Table(
    "silver.class_feedback",
    about: "One row per rating that a member left after a class, without its comment.",
    columns: [
      .string("feedback_id", "The form; an edit has the same id."),
      .string("attendance_id", "The booking that is rated."),
      .int("rating", "1 (poor) to 5 (great)."),
      .timestamp("submitted_at", "When the form was sent first, UTC.", nullable: true),
      .timestamp("updated_at", "When it was sent or last edited, UTC."),
    ],
    key: ["feedback_id"],
    write: .upsert(newestBy: "updated_at"),
    expect: formRules + [
      .references("attendance_id", in: Silver.classBookings, else: .warn)
    ],
    query: """
      SELECT
        \(.text("feedback_id")) AS feedback_id,
        \(.text("attendance_id")) AS attendance_id,
        \(.integer("rating")) AS rating,
        \(.timestamp("submitted_at")) AS submitted_at,
        \(.timestamp("updated_at")) AS updated_at,
        \(.integer("rating")) AS _rating,
        \(.text("attendance_id")) AS _attendance_id,
        _file, _line
      FROM \(new: Bronze.classFeedback)
      """)

  /// One row per rating with its comment; readable to the owner alone.
  public static let classFeedbackPII = Table(
    "silver.class_feedback_pii",
    about: "One row per rating with what the member wrote, for those who may see it.",
    columns: [
      .string("feedback_id", "The form; an edit has the same id."),
      .string("comment", "Free text of the newest edit.", nullable: true, personal: true),
      .timestamp("updated_at", "When it was sent or last edited, UTC."),
    ],
    key: ["feedback_id"],
    write: .upsert(newestBy: "updated_at"),
    expect: formRules,
    query: """
      SELECT
        \(.text("feedback_id")) AS feedback_id,
        \(.text("comment")) AS comment,
        \(.timestamp("updated_at")) AS updated_at,
        \(.integer("rating")) AS _rating,
        \(.text("attendance_id")) AS _attendance_id,
        _file, _line
      FROM \(new: Bronze.classFeedback)
      """)
}

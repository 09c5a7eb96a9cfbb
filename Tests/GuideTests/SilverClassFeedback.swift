import Podium

extension Silver {
  /// One row per rating that was left after a class; the newest edit wins.
  public static let classFeedback = Table(
    "silver.class_feedback",
    about: "One row per rating that was left after a class, without its comment.",
    columns: [
      .string("feedback_id", "The form."),
      .string("class_id", "The class."),
      .string("member_id", "The member; none for guests.", nullable: true),
      .int("rating", "1 (poor) to 5 (great)."),
      .timestamp("submitted_at", "When the form was sent or last edited, UTC."),
    ],
    key: ["feedback_id"],
    write: .upsert(newestBy: "submitted_at"),
    expect: [.row("rating is 1 to 5", "rating BETWEEN 1 AND 5", else: .quarantine)],
    query: """
      SELECT
        \(.text("feedback_id")) AS feedback_id,
        \(.text("class_id")) AS class_id,
        \(.text("member_id")) AS member_id,
        \(.integer("rating")) AS rating,
        \(.timestamp("submitted_at")) AS submitted_at,
        _file, _line
      FROM \(new: Bronze.classFeedback)
      """)
}

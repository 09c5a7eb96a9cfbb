import Podium
import Silver

extension Gold {
  /// Columns of ratings that were counted.
  private static let ratingColumns: [Column] = [
    .int("ratings", "Ratings, each with its newest edit."),
    .int("rating_sum", "Sum of the ratings."),
    .double("average_rating", "Their mean, 1 to 5."),
    .int("low_ratings", "Ratings of 1 and 2."),
    .int("high_ratings", "Ratings of 4 and 5."),
  ]

  /// What members think of instructors.
  public static let feedbackByInstructor = Table(
    "gold.feedback_by_instructor",
    about: "One row per instructor whose classes were rated.",
    columns: [.string("instructor_id", "The instructor.")] + ratingColumns,
    key: ["instructor_id"],
    write: .derived(by: .key("instructor_id")),
    query: """
      SELECT
        a.instructor_id,
        COUNT(*) AS ratings,
        CAST(SUM(f.rating) AS BIGINT) AS rating_sum,
        AVG(CAST(f.rating AS DOUBLE)) AS average_rating,
        COUNT(*) FILTER (WHERE f.rating <= 2) AS low_ratings,
        COUNT(*) FILTER (WHERE f.rating >= 4) AS high_ratings
      FROM \(Silver.classFeedback) AS f
      JOIN \(Silver.classAttendance) AS a ON f.attendance_id = a.attendance_id
      WHERE a.instructor_id IS NOT NULL
      GROUP BY a.instructor_id
      """)

  /// What members think of types of classes.
  public static let feedbackByClassType = Table(
    "gold.feedback_by_class_type",
    about: "One row per type of class that was rated.",
    columns: [
      .string("class_type", "The type in lower case; unknown for classes on no schedule.")
    ] + ratingColumns,
    key: ["class_type"],
    write: .derived(by: .key("class_type")),
    query: """
      SELECT
        a.class_type,
        COUNT(*) AS ratings,
        CAST(SUM(f.rating) AS BIGINT) AS rating_sum,
        AVG(CAST(f.rating AS DOUBLE)) AS average_rating,
        COUNT(*) FILTER (WHERE f.rating <= 2) AS low_ratings,
        COUNT(*) FILTER (WHERE f.rating >= 4) AS high_ratings
      FROM \(Silver.classFeedback) AS f
      JOIN \(Silver.classAttendance) AS a ON f.attendance_id = a.attendance_id
      GROUP BY a.class_type
      """)
}

import Podium

extension Gold {
  /// One row per class that was rated.
  public static let classRatings = Table(
    "gold.class_ratings",
    about: "One row per class that was rated.",
    columns: [
      .string("class_id", "The class."),
      .int("ratings", "Ratings that were left."),
      .double("average_rating", "Their mean, 1 to 5."),
    ],
    key: ["class_id"],
    write: .derived(by: .key("class_id")),
    query: """
      SELECT class_id, COUNT(*) AS ratings, AVG(CAST(rating AS DOUBLE)) AS average_rating
      FROM \(Silver.classFeedback)
      GROUP BY class_id
      """)
}

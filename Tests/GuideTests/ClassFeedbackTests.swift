import RunnerTestKit
import Testing

@Suite("Ratings of classes")
struct ClassFeedbackTests {
  private let tables = [Bronze.classFeedback, Silver.classFeedback, Gold.classRatings]

  @Test("The newest edit of a rating counts, and one out of range goes to quarantine")
  func newestEdit() throws {
    let lake = try TestLake()
    let header = "feedback_id,class_id,member_id,rating,comment,submitted_at\n"
    try lake.land(
      "class_feedback/a.csv",
      header + "F1,C100,M1,5,,2025-01-06T19:05:00Z\nF2,C100,,9,,2025-01-07\n")
    try lake.land("class_feedback/b.csv", header + "F1,C100,M1,3,,2025-01-07T09:00:00Z\n")
    expectSuccess(try lake.run(tables))
    try expect(
      Gold.classRatings, in: lake, is: "class_id | ratings | average_rating\nC100 | 1 | 3.0")
    try expect(.quarantine(of: Silver.classFeedback), in: lake, is: "feedback_id | rating\nF2 | 9")
  }
}

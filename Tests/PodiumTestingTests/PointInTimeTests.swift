import Podium
import PodiumTesting
import Testing

@Suite("Rows that know nothing later than their day")
struct PointInTimeTests {
  private static let visits = Table(
    "silver.point_visits", about: "One row per visit.",
    columns: [.string("id", "The visit."), .string("member", "Who."), .date("day", "When.")],
    key: ["id"], write: .derived(by: .whole),
    query: "SELECT 'a' AS id, 'b' AS member, DATE '2025-01-01' AS day")

  /// Visits before the first days of two months, and of so many days from these on.
  private static func features(leak: Int) -> Table {
    Table(
      "gold.point_features", about: "One row per member and day.",
      columns: [
        .string("member", "Who."), .date("feature_date", "The day."),
        .int("visits", "Visits before."),
      ], key: ["member", "feature_date"], write: .derived(by: .whole),
      query: """
        SELECT v.member, d.feature_date, COUNT(*) AS visits
        FROM \(visits) AS v
        JOIN (VALUES (DATE '2025-02-01'), (DATE '2025-03-01')) AS d(feature_date)
          ON v.day < d.feature_date + \(leak)
        GROUP BY v.member, d.feature_date
        """)
  }

  private func test(leak: Int) throws -> TableTest {
    try TableTest(Self.features(leak: leak))
      .given(
        Self.visits,
        """
        id | member | day
        1  | M1     | 2025-01-31
        2  | M1     | 2025-02-28
        3  | M1     | 2025-03-01
        4  | M1     | 2025-04-01
        """
      )
      .run()
      .given(Self.visits, "id | member | day\n5 | M2 | 2025-02-28")
  }

  @Test("A table that looks at earlier days alone passes")
  func passes() throws {
    try test(leak: 0)
      .expect(
        """
        member | feature_date | visits
        M1     | 2025-02-01   | 1
        M1     | 2025-03-01   | 2
        M2     | 2025-03-01   | 1
        """
      )
      .expectPointInTime(by: "feature_date", knownOn: [Self.visits: "day"])
  }

  @Test("A table that counts the day itself is found, with the day and the row")
  func leaks() throws {
    let test = try test(leak: 1)
    try withKnownIssue {
      try test.expectPointInTime(by: "feature_date", knownOn: [Self.visits: "day"])
    } matching: { issue in
      let text = "\(issue)"
      return text.contains("rows of 2025-03-01 (+)")
        && text.contains("visits (BIGINT) is 3, expected 2") && !text.contains("M2")
    }
  }

  @Test("An input of which nothing says when its rows were known is a mistake")
  func unknownTimes() throws {
    for (columns, part) in [
      ([:], "rows of silver.point_visits became known"),
      ([Self.visits: "date"], "there is no column 'date'"),
      ([Self.visits: "id"], "'1' is no DATE"),
    ] as [([Table: String], String)] {
      let test = try test(leak: 0)
      do {
        try test.expectPointInTime(by: "feature_date", knownOn: columns)
        Issue.record("no error for \(columns.count) columns")
      } catch {
        let words = "\(error)".split { $0.isWhitespace }.joined(separator: " ")
        #expect(words.contains(part), "\(words)")
      }
    }
  }
}

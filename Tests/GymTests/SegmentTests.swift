import Gold
import PodiumTesting
import Silver
import Testing

@Suite("Segments of members")
struct SegmentTests {
  private func engagement(_ rows: String) -> String {
    "as_of | member_id | tenure_days | attended_month | attended_90d | favourite_instructor_attended | days_since_last_visit\n"
      + rows
  }

  private func segments(
    _ rows: String, stays: String = "M0 | 1 | 2020-01-01 | NULL", days: String = ""
  ) throws -> TableTest {
    // The rules need the people's ids.
    let ids = (0...9).map { "M\($0) | M\($0) | false" }.joined(separator: "\n")
    return try TableTest(Gold.memberSegments, asOf: "2025-05-15")
      .given(Gold.memberEngagement, engagement(rows))
      .given(Silver.memberIDs, "member_id | user_id | is_inferred\n" + ids)
      .given(Silver.memberStays, "member_id | stay | start_date | end_date\n" + stays)
      .given(
        Silver.memberDays,
        "activity_date | location_id | member_id | visits | classes_attended\n" + days)
  }

  @Test("Few visits: fewer than two this month, and half of at least one in 90 days with one")
  func fewVisits() throws {
    try segments(
      """
      2025-05-15 | M1 | 5   | 1 | 4 | 2 | 3
      2025-05-15 | M2 | 500 | 1 | 5 | 2 | 3
      2025-05-15 | M3 | 500 | 2 | 4 | 4 | 3
      2025-05-15 | M4 | 500 | 0 | 0 | 0 | 3
      2025-05-14 | M5 | 500 | 0 | 1 | 1 | 3
      """
    )
    .expect(
      """
      member_id | segment
      M1        | few_visits
      M2        | regular
      M3        | regular
      M4        | regular
      """)
  }

  @Test("New up to day 30, at risk from day 21 to day 60 without a visit, won back from 30 to 180")
  func bounds() throws {
    try segments(
      """
      2025-05-15 | M1 | 30  | 0 | 0 | 0 | 40
      2025-05-15 | M2 | 31  | 0 | 0 | 0 | 20
      2025-05-15 | M3 | 31  | 0 | 0 | 0 | 21
      2025-05-15 | M4 | 500 | 0 | 0 | 0 | 60
      2025-05-15 | M5 | 500 | 0 | 0 | 0 | 61
      2025-05-15 | M6 | 500 | 0 | 0 | 0 | NULL
      2025-05-15 | M7 | 500 | 0 | 0 | 0 | NULL
      2025-05-15 | M8 | 500 | 0 | 0 | 0 | NULL
      2025-05-15 | M9 | 500 | 0 | 0 | 0 | NULL
      """,
      stays: """
        M2 | 1 | 2025-04-14 | NULL
        M5 | 1 | 2020-01-01 | 2025-05-15
        M6 | 1 | 2020-01-01 | 2025-04-16
        M7 | 1 | 2020-01-01 | 2025-04-15
        M8 | 1 | 2020-01-01 | 2024-11-16
        M9 | 1 | 2020-01-01 | 2024-11-15
        """
    )
    .expect(
      """
      member_id | segment  | is_member | ended_on
      M1        | new      | false     | NULL
      M2        | regular  | true      | NULL
      M3        | at_risk  | false     | NULL
      M4        | at_risk  | false     | NULL
      M5        | regular  | true      | NULL
      M6        | regular  | false     | 2025-04-16
      M7        | win_back | false     | 2025-04-15
      M8        | win_back | false     | 2024-11-16
      M9        | regular  | false     | 2024-11-15
      """)
  }

  @Test("Whoever came back is no longer to be won back")
  func cameBack() throws {
    try segments(
      "2025-05-15 | M1 | 500 | 0 | 0 | 0 | NULL",
      stays: "M1 | 1 | 2020-01-01 | 2025-03-01\nM1 | 2 | 2025-05-15 | NULL"
    )
    .expect("member_id | segment | is_member | ended_on\nM1 | regular | true | NULL")
  }

  @Test("Loyal: eight visits in each of the three full months before, those of this month not")
  func loyal() throws {
    func eight(_ member: String, _ month: String, _ count: Int = 8) -> String {
      (1...count).map { "2025-\(month)-0\($0) | L1 | \(member) | 1 | 0\n" }.joined()
    }
    try segments(
      """
      2025-05-15 | M1 | 500 | 0 | 0 | 0 | 3
      2025-05-15 | M2 | 500 | 0 | 0 | 0 | 3
      2025-05-15 | M3 | 500 | 0 | 0 | 0 | 3
      """,
      days: eight("M1", "02") + eight("M1", "03") + eight("M1", "04")
        + eight("M2", "02") + eight("M2", "03") + eight("M2", "04", 7)
        + eight("M3", "03") + eight("M3", "04") + eight("M3", "05")
        + "2025-02-01 | L1 | M3 | 7 | 3\n"
    )
    .expect(
      """
      member_id | segment | loyal_months
      M1        | loyal   | 3
      M2        | regular | 2
      M3        | regular | 2
      """)
  }

  @Test("Audiences hold a row for each member of a segment, and sizes count who welcomes e-mail")
  func audiences() throws {
    let segments = """
      as_of      | member_id | segment | is_member
      2025-05-15 | M1        | new     | true
      2025-05-15 | M2        | new     | true
      2025-05-15 | M3        | loyal   | true
      2025-05-14 | M3        | new     | true
      """
    let users = """
      user_id | home_location_id | email_consent
      M1      | L1               | true
      M2      | L1               | false
      M3      | NULL             | true
      """
    try TableTest(Gold.campaignSizes, asOf: "2025-05-15")
      .given(Gold.memberSegments, segments)
      .given(Silver.dimUsers, users)
      .expect(
        """
        as_of      | location_id | segment | members | reachable_members
        2025-05-15 | L1          | new     | 2       | 1
        2025-05-15 | unknown     | loyal   | 1       | 1
        """)
  }
}

import Bronze
import Gold
import Podium
import PodiumTesting
import Silver
import Testing

@Suite("Features of members")
struct FeatureTests {
  private static let attended = """
    attendance_id | user_id | class_id | instructor_id | class_date | booked_at  | check_in_time        | status   | updated_at
    A1            | M1      | C1       | I1            | 2025-01-31 | 2025-01-30 | 2025-01-31T18:00:00Z | attended | 2025-01-31T18:00:00Z
    A2            | M1      | C2       | I1            | 2025-02-01 | 2025-01-30 | 2025-02-01T18:00:00Z | attended | 2025-02-01T18:00:00Z
    A3            | M2      | C2       | I1            | 2025-02-01 | 2025-01-30 |                      | no-show  | 2025-02-01T18:15:00Z
    """
  private static let visits = """
    visit_id | member_id | location_id | login_at                  | logout_at
    V1       | M1        | L1          | 2024-12-20T08:00:00-05:00 | NULL
    V2       | M1        | L1          | 2025-01-02T08:00:00-05:00 | NULL
    V3       | M1        | L1          | 2025-01-31T23:30:00-05:00 | 2025-02-01T00:30:00-05:00
    V4       | M1        | L1          | 2025-02-01T08:00:00-05:00 | NULL
    V5       | M2        | L1          | 2025-02-10T08:00:00-05:00 | NULL
    """
  private static let memberships = """
    membership_id | member_id | plan  | billing_cycle | price  | status    | start_date | end_date   | updated_at
    S1            | M1        | basic | monthly       | 30.00  | active    | 2024-12-20 |            | 2024-12-20T15:00:00Z
    S1            | M1        | basic | monthly       | 30.00  | frozen    | 2024-12-20 |            | 2025-01-10T09:00:00Z
    S1            | M1        | basic | monthly       | 30.00  | cancelled | 2024-12-20 | 2025-02-20 | 2025-02-21T09:00:00Z
    S2            | M2        | plus  | annual        | 600.00 | active    | 2025-01-31 |            | 2025-01-31T23:59:59Z
    S3            | M3        | plus  | annual        | 600.00 | active    | 2025-01-31 |            | 2025-02-01T00:00:00Z
    """
  private static let members = """
    sequence | op     | changed_at | member_id | full_name    | birth_year | gender | home_club | signup_date | email_consent
    1        | insert | 2024-12-20 | M1        | "Member One" | 1990       | female | L1        | 2024-12-20  | true
    2        | update | 2025-02-01 | M1        | "Member One" | 1990       | female | L2        | 2024-12-20  | true
    3        | insert | 2025-02-02 | M2        | "Member Two" | 1991       | male   | L1        | 2025-01-31  | true
    """
  private static let sales = """
    receipt_id | line | member_id | location_id | sku     | product_name | category | quantity | unit_price | sold_at
    R1         | 1    | M1        | L1          | SNK-001 | Bar          | snacks   | 2        | 3.00       | 2025-01-31T23:59:59Z
    R1         | 2    | M1        | L1          | SNK-002 | Nuts         | snacks   | 1        | 2.00       | 2025-01-31T23:59:59Z
    R2         | 1    | M1        | L1          | SNK-001 | Bar          | snacks   | 1        | 3.00       | 2025-02-01T00:00:00Z
    R3         | 1    | M1        | L1          | SNK-001 | Bar          | snacks   | -1       | 3.00       | 2025-01-31T12:00:00Z
    """

  private func given(_ table: Table, asOf: String = "2025-04-15") throws -> TableTest {
    try TableTest(table, asOf: asOf)
      .given(Bronze.members, Self.members)
      .given(Bronze.memberships, Self.memberships)
      .given(Bronze.gymVisits, Self.visits)
      .given(Bronze.classAttendance, Self.attended)
      .given(Bronze.retail, Self.sales)
  }

  private let knownOn: [Table: String] = [
    Bronze.members: "changed_at", Bronze.memberships: "updated_at", Bronze.gymVisits: "login_at",
    Bronze.classAttendance: "class_date", Bronze.retail: "sold_at",
  ]

  @Test("A row knows what was told before its day: the last visit, the plan, the purchases")
  func rows() throws {
    try given(Gold.memberFeatures)
      .expect(
        """
        feature_date | member_id | history_days | tenure_days | visits_7d | visits_30d | visits_90d | days_since_last_visit | attended_90d | no_shows_90d
        2025-01-01   | M1        | 12           | 12          | 0         | 1          | 1          | 12                    | 0            | 0
        2025-02-01   | M1        | 43           | 43          | 1         | 2          | 3          | 1                     | 1            | 0
        2025-02-01   | M2        | 43           | 1           | 0         | 0          | 0          | NULL                  | 0            | 0
        2025-03-01   | M2        | 71           | 29          | 0         | 1          | 1          | 19                    | 0            | 1
        2025-03-01   | M3        | 71           | 29          | 0         | 0          | 0          | NULL                  | 0            | 0
        2025-04-01   | M2        | 90           | 60          | 0         | 0          | 1          | 50                    | 0            | 1
        2025-04-01   | M3        | 90           | 60          | 0         | 0          | 0          | NULL                  | 0            | 0
        2025-04-15   | M2        | 90           | 74          | 0         | 0          | 1          | 64                    | 0            | 1
        2025-04-15   | M3        | 90           | 74          | 0         | 0          | 0          | NULL                  | 0            | 0
        """
      )
      .expect(
        """
        feature_date | member_id | plan  | monthly_price | is_frozen | freezes_365d | purchases_90d | purchase_amount_90d | gender  | home_location_id | age_years
        2025-01-01   | M1        | basic | 30.00         | false     | 0            | 0             | 0.00                | female  | L1               | 35
        2025-02-01   | M1        | basic | 30.00         | true      | 1            | 1             | 5.00                | female  | L1               | 35
        2025-02-01   | M2        | plus  | 50.00         | false     | 0            | 0             | 0.00                | unknown | NULL             | NULL
        2025-03-01   | M2        | plus  | 50.00         | false     | 0            | 0             | 0.00                | male    | L1               | 34
        2025-03-01   | M3        | plus  | 50.00         | false     | 0            | 0             | 0.00                | unknown | NULL             | NULL
        2025-04-01   | M2        | plus  | 50.00         | false     | 0            | 0             | 0.00                | male    | L1               | 34
        2025-04-01   | M3        | plus  | 50.00         | false     | 0            | 0             | 0.00                | unknown | NULL             | NULL
        2025-04-15   | M2        | plus  | 50.00         | false     | 0            | 0             | 0.00                | male    | L1               | 34
        2025-04-15   | M3        | plus  | 50.00         | false     | 0            | 0             | 0.00                | unknown | NULL             | NULL
        """)
  }

  @Test("Nothing in a row became known on its day or later")
  func pointInTime() throws {
    try given(Gold.memberFeatures).expectPointInTime(by: "feature_date", knownOn: knownOn)
  }

  @Test("A copy that counts visits up to the day itself is found to know too much")
  func leak() throws {
    let leaking = Table(
      "gold.leaking_features", about: "One row per member and day, with a leak.",
      columns: [
        .date("as_of", "The business date."), .string("member_id", "The member."),
        .date("feature_date", "The day."), .int("visits_30d", "Visits in 30 days."),
      ], key: ["as_of", "member_id", "feature_date"], write: .derived(by: .partition("as_of")),
      partitionedBy: ["as_of"],
      query: """
        SELECT f.as_of, f.member_id, f.feature_date,
          coalesce(CAST(SUM(a.visits) AS BIGINT), 0) AS visits_30d
        FROM \(Gold.memberFeatures) AS f
        LEFT JOIN \(Silver.memberDays) AS a
          ON f.member_id = a.member_id AND a.activity_date <= f.feature_date
          AND a.activity_date >= f.feature_date - 30
        WHERE f.as_of = \(.asOf)
        GROUP BY f.as_of, f.member_id, f.feature_date
        """)
    let test = try given(leaking)
    try withKnownIssue {
      try test.expectPointInTime(by: "feature_date", knownOn: knownOn)
    } matching: { issue in
      let text = "\(issue)"
      return text.contains("rows of 2025-02-01")
        && text.contains("visits_30d (BIGINT) is 3, expected 2")
    }
  }

  @Test("A day has labels after 60 days; leaving counts from the day itself to the 29th after it")
  func labels() throws {
    func labels(_ asOf: String) throws -> TableTest {
      try TableTest(Gold.memberChurnLabels, asOf: asOf)
        .given(
          Gold.memberFeatures,
          """
          as_of   | member_id | feature_date
          \(asOf) | M1        | 2025-02-01
          \(asOf) | M2        | 2025-02-01
          \(asOf) | M3        | 2025-02-01
          \(asOf) | M4        | 2025-02-01
          \(asOf) | M5        | 2025-02-01
          \(asOf) | M1        | 2025-02-02
          """
        )
        .given(
          Silver.memberStays,
          """
          member_id | stay | start_date | end_date
          M1        | 1    | 2024-01-01 | 2025-01-31
          M2        | 1    | 2024-01-01 | 2025-03-01
          M3        | 1    | 2024-01-01 | 2025-03-02
          M4        | 1    | 2024-01-01 | NULL
          M5        | 1    | 2024-01-01 | 2024-10-31
          M5        | 2    | 2024-12-01 | 2025-02-28
          """)
    }
    try labels("2025-04-02")
      .expect(
        """
        member_id | feature_date | churned_within_30d
        M1        | 2025-02-01   | true
        M2        | 2025-02-01   | true
        M3        | 2025-02-01   | false
        M4        | 2025-02-01   | false
        M5        | 2025-02-01   | true
        """)
    try labels("2025-04-01").expect("member_id")
  }
}

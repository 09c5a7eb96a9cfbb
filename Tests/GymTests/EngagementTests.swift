import Gold
import PodiumTesting
import Silver
import Testing

@Suite("How often members come")
struct EngagementTests {
  private let users = """
    user_id | is_inferred | signup_date
    M1      | false       | 2025-05-02
    M2      | false       | 2020-01-01
    M3      | true        | NULL
    M4      | false       | 2025-06-01
    """
  private let ids = """
    member_id | user_id | is_inferred
    M1        | M1      | false
    M2        | M2      | false
    M8        | M2      | false
    M3        | M3      | true
    """

  @Test("A window ends on the business date; ids of a person count together; nobody is not there")
  func windows() throws {
    try TableTest(Gold.memberEngagement, asOf: "2025-05-15")
      .given(Silver.dimUsers, users)
      .given(Silver.memberIDs, ids)
      .given(
        Silver.memberDays,
        """
        activity_date | location_id | member_id | visits | classes_attended
        2025-05-15    | L1          | M1        | 1      | 1
        2025-05-09    | L1          | M1        | 1      | 0
        2025-05-08    | L1          | M1        | 1      | 2
        2025-05-16    | L1          | M1        | 1      | 1
        2025-04-16    | L1          | M2        | 1      | 0
        2025-04-15    | L1          | M8        | 1      | 1
        2025-02-15    | L1          | M8        | 1      | 0
        2025-02-14    | L1          | M2        | 1      | 1
        """
      )
      .expect(
        """
        member_id | tenure_days | visits_7d | visits_30d | visits_90d | attended_7d | attended_30d | attended_90d | attended_month | days_since_last_visit | visits_per_week
        M1        | 13          | 2         | 3          | 3          | 1           | 3            | 3            | 3              | 0                     | 1.5
        M2        | 1961        | 0         | 1          | 3          | 0           | 0            | 1            | 0              | 29                    | 0.23333333333
        """)
  }

  @Test("Of what was attended as often, the first by letters or the least id counts")
  func favourites() throws {
    try TableTest(Gold.memberEngagement, asOf: "2025-05-15")
      .given(Silver.dimUsers, users)
      .given(Silver.memberIDs, ids)
      .given(
        Silver.classAttendance,
        """
        attendance_id | member_id | class_id | instructor_id | class_type | class_date | status
        A1            | M1        | C1       | I2            | yoga       | 2025-05-14 | attended
        A2            | M1        | C2       | I1            | spin       | 2025-05-14 | attended
        A3            | M1        | C3       | I3            | hiit       | 2025-05-14 | no-show
        A4            | M2        | C4       | I3            | unknown    | 2025-02-15 | attended
        A5            | M2        | C5       | I4            | yoga       | 2025-02-14 | attended
        A6            | M8        | C6       | NULL          | unknown    | 2025-05-15 | attended
        """
      )
      .given(
        Silver.gymVisits,
        """
        visit_id | member_id | location_id | visit_date | login_at
        V1       | M1        | L1          | 2025-05-14 | 2025-05-14T22:30:00Z
        V2       | M1        | L1          | 2025-05-13 | 2025-05-13T11:05:00Z
        V3       | M2        | L9          | 2025-05-13 | 2025-05-13T11:05:00Z
        """
      )
      .given(Silver.dimLocations, "location_id | time_zone\nL1 | America/New_York\nL9 | NULL")
      .expect(
        """
        member_id | favourite_class_type | favourite_instructor_id | favourite_instructor_attended | preferred_hour
        M1        | spin                 | I1                      | 1                             | 7
        M2        | NULL                 | I3                      | 1                             | 11
        """)
  }

  @Test("The main instructor of the first 90 days keeps those who are members 180 days in")
  func instructors() throws {
    try TableTest(Gold.instructorRetention, asOf: "2025-06-30")
      .given(
        Silver.dimUsers,
        """
        user_id | is_inferred | signup_date
        M1      | false       | 2025-01-01
        M2      | false       | 2025-01-01
        M3      | false       | 2025-01-01
        M4      | false       | 2025-01-02
        M5      | false       | 2025-04-02
        """
      )
      .given(
        Silver.memberIDs,
        """
        member_id | user_id | is_inferred
        M1        | M1      | false
        M2        | M2      | false
        M3        | M3      | false
        M4        | M4      | false
        M5        | M5      | false
        """
      )
      .given(
        Silver.memberStays,
        """
        member_id | stay | start_date | end_date
        M1        | 1    | 2025-01-01 | 2025-06-30
        M2        | 1    | 2025-01-01 | 2025-06-29
        M3        | 1    | 2025-01-01 | 2025-03-31
        M4        | 1    | 2025-01-02 | NULL
        M5        | 1    | 2025-04-02 | NULL
        """
      )
      // The first of April is day 90 of who signed up on New Year; its class comes too late.
      .given(
        Silver.classAttendance,
        """
        attendance_id | member_id | class_id | instructor_id | class_date | status
        A1            | M1        | C1       | I1            | 2025-01-01 | attended
        A2            | M1        | C2       | I2            | 2025-04-01 | attended
        A3            | M2        | C3       | I2            | 2025-01-01 | attended
        A4            | M2        | C4       | I1            | 2025-03-31 | attended
        A5            | M3        | C5       | I1            | 2025-01-05 | attended
        A6            | M4        | C6       | I1            | 2025-01-05 | attended
        A7            | M5        | C7       | I1            | 2025-04-05 | attended
        A8            | M4        | C8       | I2            | 2025-01-06 | no-show
        """
      )
      // Bounds by Wilson for 1 of 2: 0.0945 and 0.9055.
      .expect(
        """
        instructor_id | members | eligible_90d | retained_90d | retention_90d | retention_90d_low | retention_90d_high | eligible_180d | retention_180d
        I1            | 3       | 2            | 1            | 0.5           | 0.09453120573423  | 0.90546879426577   | 0             | NULL
        """)
  }
}

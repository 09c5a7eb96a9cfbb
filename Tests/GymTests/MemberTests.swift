import Bronze
import PodiumTesting
import Silver
import Testing

@Suite("Members and memberships")
struct MemberTests {
  private let header =
    "sequence | op | changed_at | member_id | full_name | home_club | signup_date | email_consent\n"

  @Test("The greatest sequence wins, and a late change does not bring a deleted member back")
  func upserts() throws {
    try TableTest(Silver.members)
      .given(
        Bronze.members,
        header + """
          2 | update | 2025-01-02 | M1 | "Member One" | L2 | 2025-01-01 | true
          3 | delete | 2025-01-03 | M2 | "Member Two" | L1 | 2025-01-01 | false
          """
      )
      .expect("member_id | home_location_id | sequence\nM1 | L2 | 2")
      .given(
        Bronze.members,
        header + """
          1 | insert | 2025-01-01 | M1 | "Member One" | L1 | 2025-01-01 | true
          1 | insert | 2025-01-01 | M2 | "Member Two" | L1 | 2025-01-01 | false
          """
      )
      .expectCounts("2 superseded")
      .expect("member_id | home_location_id | sequence | gender\nM1 | L2 | 2 | unknown")
      .given(
        Bronze.members,
        header + "4 | insert | 2025-01-04 | M2 | \"Member Two\" | L1 | 2025-01-01 | true"
      )
      .expect("member_id | email_consent\nM1 | true\nM2 | true")
  }

  @Test("A change without a name or with an unknown operation waits, and the older state stays")
  func badChanges() throws {
    try TableTest(Silver.members)
      .given(
        Bronze.members,
        header + """
          1 | insert | 2025-01-01 | M1 | "Member One" | L1 | 2025-01-01 | true
          2 | update | 2025-01-02 | M1 | NULL         | L2 | 2025-01-01 | true
          3 | upsert | 2025-01-03 | M1 | "Member One" | L3 | 2025-01-01 | true
          """
      )
      .expect("member_id | home_location_id\nM1 | L1")
      .expectQuarantine(
        """
        member_id | sequence | _failed_rules
        M1        | 2        | name, club, days and consent are told
        M1        | 3        | _op is one of insert, update, delete
        """)
  }

  @Test("Overlaps follow a membership that is ended later")
  func overlaps() throws {
    try TableTest(Silver.membershipOverlaps)
      .given(
        Silver.memberships,
        """
        membership_id | member_id | start_date | end_date
        S1            | M1        | 2025-01-01 | NULL
        S2            | M1        | 2025-02-01 | NULL
        S3            | M2        | 2025-02-01 | NULL
        """
      )
      .expect("membership_id | overlaps_with | overlap_from\nS2 | S1 | 2025-02-01")
      .given(
        Silver.memberships,
        """
        membership_id | member_id | start_date | end_date
        S1            | M1        | 2025-01-01 | 2025-01-31
        """
      )
      .expect("membership_id")
  }
}

import Bronze
import PodiumTesting
import Silver
import Testing

@Suite("Check-ins")
struct CheckInTests {
  private let classes = """
    class_id | location_id | class_type | time_zone        | class_date
    C1       | L1          | spin       | America/New_York | 2025-01-06
    """

  @Test("Check-ins that follow each other within 120 seconds count once, whenever they arrive")
  func repeats() throws {
    try TableTest(Silver.classAttendance)
      .given(Silver.classes, classes)
      .given(
        Silver.classBookings,
        """
        attendance_id | member_id | class_id | class_date | checked_in_at        | status | updated_at
        A1            | M1        | C1       | 2025-01-06 | 2025-01-06T18:00:00Z | attended | 2025-01-07
        A2            | M1        | C1       | 2025-01-06 | 2025-01-06T18:02:00Z | attended | 2025-01-07
        A3            | M1        | C1       | 2025-01-06 | 2025-01-06T18:04:01Z | attended | 2025-01-07
        A4            | M2        | C1       | 2025-01-06 | 2025-01-06T18:00:30Z | attended | 2025-01-07
        A5            | M1        | C1       | 2025-01-06 | NULL                 | cancelled | 2025-01-07
        """
      )
      .expect(
        """
        attendance_id | member_id | location_id | status
        A1            | M1        | L1          | attended
        A3            | M1        | L1          | attended
        A4            | M2        | L1          | attended
        A5            | M1        | L1          | cancelled
        """
      )
      // A check-in that comes late bridges the gap to A3.
      .given(
        Silver.classBookings,
        """
        attendance_id | member_id | class_id | class_date | checked_in_at        | status | updated_at
        A6            | M1        | C1       | 2025-01-06 | 2025-01-06T18:03:00Z | attended | 2025-01-07
        """
      )
      .expect("attendance_id\nA1\nA4\nA5")
  }

  @Test("A check-in without a zone is the club's time, also where the club is known later")
  func local() throws {
    try TableTest(Silver.classAttendance)
      .given(
        Silver.classBookings,
        """
        attendance_id | member_id | class_id | class_date | check_in_local | status | updated_at
        A1            | M1 | C1       | 2025-01-06 | 2025-01-06 18:00:00 | attended | 2025-01-07
        """
      )
      .expect(
        """
        attendance_id | class_type | checked_in_at
        A1            | unknown    | NULL
        """
      )
      .given(Silver.classes, classes)
      .expect(
        """
        attendance_id | class_type | checked_in_at
        A1            | spin       | 2025-01-06T23:00:00Z
        """)
  }

  @Test("Check-ins are read in all three formats, and others wait in quarantine")
  func formats() throws {
    try TableTest(Silver.classBookings)
      .given(
        Bronze.classAttendance,
        """
        attendance_id | user_id | class_id | class_date | check_in_time          | status    | updated_at
        A1            | M1      | C1       | 2025-01-06 | 2025-01-06T18:00:00Z   | Attended  | 2025-01-06T18:00:00Z
        A2            | M1      | C1       | 2025-01-06 | 2025-01-06 18:00       | attended  | 2025-01-06T18:00:00Z
        A3            | M1      | C1       | 2025-01-06 | 01/06/2025 06:00:00 PM | attended  | 2025-01-06T18:00:00Z
        A4            | M1      | C1       | 2025-01-06 | six                    | attended  | 2025-01-06T18:00:00Z
        """
      )
      .expect(
        """
        attendance_id | checked_in_at        | check_in_local      | status
        A1            | 2025-01-06T18:00:00Z | NULL                | attended
        A2            | NULL                 | 2025-01-06 18:00:00 | attended
        A3            | NULL                 | 2025-01-06 18:00:00 | attended
        """
      )
      .expectQuarantine("attendance_id | _failed_rules\nA4 | check-in can be read")
  }
}

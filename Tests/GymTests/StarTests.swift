import Bronze
import PodiumTesting
import Silver
import Testing

@Suite("The star around members and classes")
struct StarTests {
  @Test("Second ids are one person, also by way of a third id")
  func persons() throws {
    try TableTest(Silver.dimUsers)
      .given(
        Silver.members,
        """
        member_id | city   | gender  | home_location_id | signup_date | email_consent
        M1        | Boston | female  | L1               | 2025-01-05  | true
        M2        | Salem  | female  | L2               | 2025-01-02  | true
        M3        | Salem  | unknown | L2               | 2025-01-03  | false
        M4        | Salem  | male    | L2               | 2025-01-04  | true
        """
      )
      .given(Silver.memberMatches, "member_id | same_person_as\nM3 | M2\nM2 | M1")
      .expect(
        """
        user_id | member_ids | city   | gender | signup_date | email_consent | is_inferred
        M1      | 3          | Boston | female | 2025-01-02  | false         | false
        M4      | 1          | Salem  | male   | 2025-01-04  | true          | false
        """)
  }

  @Test("A member whom only a visit names is inferred, and completed when the profile arrives")
  func inferred() throws {
    try TableTest(Silver.dimUsers)
      .given(
        Silver.gymVisits,
        """
        visit_id | member_id | location_id | visit_date | login_at
        V1       | M1        | L1          | 2025-01-05 | 2025-01-05T12:00:00Z
        """
      )
      .expect(
        """
        user_id | is_inferred | gender  | signup_date | email_consent | home_location_id
        M1      | true        | unknown | NULL        | false         | NULL
        """
      )
      .given(
        Silver.members,
        """
        member_id | gender | home_location_id | signup_date | email_consent
        M1        | female | L1               | 2025-01-05  | true
        """
      )
      .expect(
        """
        user_id | is_inferred | gender | signup_date | email_consent | home_location_id
        M1      | false       | female | 2025-01-05  | true          | L1
        """)
  }

  @Test("A deleted older id still stands for the person")
  func deleted() throws {
    let header =
      "sequence | op | changed_at | member_id | full_name | email | phone | home_club | signup_date | email_consent\n"
    try TableTest(Silver.dimUsers)
      .given(
        Bronze.members,
        header + """
          1 | insert | 2025-01-01 | M1 | "Member One" | a@x.org | 1 | L1 | 2025-01-01 | true
          2 | insert | 2025-01-01 | M8 | "Member One" | A@x.org | 1 | L1 | 2025-01-01 | true
          3 | insert | 2025-01-01 | M9 | "Member Two" | b@x.org | 1 | L1 | 2025-01-01 | true
          """
      )
      .expect("user_id | member_ids\nM1 | 2\nM9 | 1")
      .given(
        Bronze.members,
        header + "4 | delete | 2025-02-01 | M1 | NULL | NULL | NULL | NULL | NULL | NULL"
      )
      .expect("user_id | member_ids | is_inferred\nM1 | 1 | false\nM9 | 1 | false")
  }

  @Test("Two spellings of a name are one instructor, and one whom bookings name is inferred")
  func instructors() throws {
    let header =
      "class_id | class_name | class_type | instructor_id | instructor_name | location_id | location_name | city | state | time_zone | starts_at | ends_at | capacity | status | updated_at\n"
    let place =
      "L1 | One | Boston | MA | America/New_York | 2025-01-06T18:00:00 | 2025-01-06T19:00:00 | 10"
    try TableTest(Silver.dimInstructors)
      .given(
        Bronze.schedule,
        header + """
          C1 | Flow | yoga | I1 | "Ada B. Cole" | \(place) | scheduled | 2025-01-01
          C2 | Flow | yoga | I1 | "COLE, ADA"   | \(place) | scheduled | 2025-01-02
          C3 | Flow | yoga | I2 | "Eve F. Gray" | \(place) | scheduled | 2025-01-02
          """
      )
      .given(
        Bronze.classAttendance,
        """
        attendance_id | user_id | class_id | instructor_id | class_date | status | updated_at
        A1            | M1      | C9       | I9            | 2025-01-06 | booked | 2025-01-03
        """
      )
      .expect(
        """
        instructor_id | is_inferred | last_location_id | name_spellings
        I1            | false       | L1               | 2
        I2            | false       | L1               | 1
        I9            | true        | NULL             | 0
        """)
  }

  private let classes = """
    class_id | class_name | class_type | instructor_id | location_id | time_zone        | class_date | start_hour | starts_at            | ends_at              | capacity | status    | updated_at
    C1       | Flow       | yoga       | I1            | L1          | America/New_York | 2025-01-06 | 18         | 2025-01-06T23:00:00Z | 2025-01-07T00:00:00Z | 2        | scheduled | 2025-01-01
    C2       | Ride       | spin       | I2            | L1          | America/New_York | 2025-01-06 | 19         | 2025-01-07T00:00:00Z | 2025-01-07T01:00:00Z | 4        | cancelled | 2025-01-01
    C3       | Ride       | spin       | I2            | L1          | America/New_York | 2025-01-07 | 19         | 2025-01-08T00:00:00Z | 2025-01-08T01:00:00Z | 4        | scheduled | 2025-01-01
    """

  @Test("A class without bookings has a row; one that was moved keeps its bookings")
  func sessions() throws {
    try TableTest(Silver.classSessions)
      .given(Silver.classes, classes)
      .given(
        Silver.classAttendance,
        """
        attendance_id | member_id | class_id | class_date | status
        A1            | M1        | C1       | 2025-01-05 | attended
        A2            | M2        | C1       | 2025-01-06 | no-show
        A3            | M3        | C1       | 2025-01-06 | booked
        A4            | M4        | C1       | 2025-01-06 | waitlisted
        A5            | M5        | C1       | 2025-01-06 | cancelled
        A6            | M5        | C2       | 2025-01-06 | cancelled
        A7            | M5        | C9       | 2025-01-06 | attended
        """
      )
      .expect(
        """
        class_id | bookings | places_taken | attended | no_shows | cancelled | waitlisted | fill_rate
        C1       | 5        | 3            | 1        | 1        | 1         | 1          | 1.5
        C2       | 1        | 0            | 0        | 0        | 1         | 0          | NULL
        C3       | 0        | 0            | 0        | 0        | 0         | 0          | 0
        """)
  }

  @Test("A class that only a booking names is inferred until it is announced")
  func dimClasses() throws {
    try TableTest(Silver.dimClasses)
      .given(
        Silver.classBookings,
        """
        attendance_id | member_id | class_id | class_date | status | updated_at
        A1            | M1        | C3       | 2025-01-07 | booked | 2025-01-01
        """
      )
      .expect(
        "class_id | is_inferred | class_name | status | capacity\nC3 | true | unknown | unknown | NULL"
      )
      .given(Silver.classes, classes)
      .expect(
        """
        class_id | is_inferred | class_name | status    | capacity
        C1       | false       | Flow       | scheduled | 2
        C2       | false       | Ride       | cancelled | 4
        C3       | false       | Ride       | scheduled | 4
        """)
  }
}

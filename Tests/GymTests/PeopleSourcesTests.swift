import Bronze
import PodiumTesting
import Silver
import Testing

@Suite("Leads, trackers, the app and ratings")
struct PeopleSourcesTests {
  @Test("A registration that was sent twice counts once, whenever the second one arrives")
  func registrations() throws {
    try TableTest(Silver.registrations)
      .given(
        Bronze.registrations,
        """
        registration_id | device_id | member_id | mac_address | registered_at
        G1              | 7         | M1        | aa          | 1736150400
        G8              | 7         | M1        | aa          | 1736150400
        G2              | 8         | M2        | bb          | 1736150400
        G3              | 9         | M3        | cc          | soon
        G4              | 9         | M3        | cc          | 99999999999
        """
      )
      .expectCounts("2 inserted, 1 deduplicated, 2 quarantined")
      .given(
        Bronze.registrations,
        """
        registration_id | device_id | member_id | mac_address | registered_at
        G9              | 8         | M2        | bb          | 1736150400
        G5              | 7         | M1        | aa          | 1736150401
        """
      )
      .expect(
        """
        device_id | registered_at        | registration_id
        7         | 2025-01-06T08:00:00Z | G1
        7         | 2025-01-06T08:00:01Z | G5
        8         | 2025-01-06T08:00:00Z | G2
        """)
  }

  @Test("A tracker belongs to whom it was registered by last")
  func devices() throws {
    try TableTest(Silver.devices)
      .given(
        Silver.registrations,
        """
        device_id | registered_at | registration_id | member_id
        7         | 2025-01-06    | G1              | M1
        7         | 2025-03-06    | G2              | M2
        7         | 2025-02-06    | G3              | M3
        8         | 2025-01-06    | G4              | M4
        """
      )
      .expect(
        """
        device_id | member_id | first_registered_at  | last_registered_at   | registrations
        7         | M2        | 2025-01-06T00:00:00Z | 2025-03-06T00:00:00Z | 3
        8         | M4        | 2025-01-06T00:00:00Z | 2025-01-06T00:00:00Z | 1
        """)
  }

  @Test("Nested properties become columns; unknown events wait, events without properties stay")
  func appEvents() throws {
    let goal =
      #"{""session_id"":""P1"",""device"":{""os"":""iOS""},""screen"":""goals"","#
      + #"""goal"":{""kind"":""visits_per_week"",""target"":3}}"#
    try TableTest(Silver.appEvents)
      .given(
        Bronze.appEvents,
        """
        event_id | member_id | event       | occurred_at              | properties
        E1       | M1        | Goal_Set    | 2025-01-06T23:59:59.999Z | "\(goal)"
        E2       | M1        | booking     | 2025-01-07T00:00:00.000Z | NULL
        E3       | M1        | page_ping   | 2025-01-07T00:00:00.000Z | NULL
        E4       | M1        | screen_view | 2025-01-07T00:00:00.000Z | "{""session_id"":"
        """
      )
      .expect(
        """
        event_id | event       | event_date | session_id | screen | goal_kind       | goal_target | device_os
        E1       | goal_set    | 2025-01-06 | P1         | goals  | visits_per_week | 3           | ios
        E2       | booking     | 2025-01-07 | NULL       | NULL   | NULL            | NULL        | NULL
        E4       | screen_view | 2025-01-07 | NULL       | NULL   | NULL            | NULL        | NULL
        """
      )
      .expectQuarantine(
        """
        event_id | _failed_rules
        E3       | event is one of calendar_view, screen_view, booking, goal_set, goal_reached
        """)
  }

  @Test("The newest edit of a rating counts; one out of range waits and leaves the older one")
  func feedback() throws {
    try TableTest(Silver.classFeedback)
      .given(
        Bronze.classFeedback,
        """
        feedback_id | attendance_id | rating | comment | updated_at
        B1          | A1            | 5      | Great   | 2025-01-06T19:05:00Z
        B2          | A2            | 0      | NULL    | 2025-01-06T19:05:00Z
        B3          | A3            | 1      | NULL    | 2025-01-06T19:05:00Z
        """
      )
      .run()
      .given(
        Bronze.classFeedback,
        """
        feedback_id | attendance_id | rating | comment  | updated_at
        B1          | A1            | 6      | Too loud | 2025-01-07T19:05:00Z
        B3          | A3            | 4      | NULL     | 2025-01-07T19:05:00Z
        """
      )
      .expect("feedback_id | rating\nB1 | 5\nB3 | 4")
      .expectQuarantine("feedback_id | rating\nB1 | 6\nB2 | 0")
  }

  @Test("A lead without a source is of an unknown one, and is converted when it was last changed")
  func leads() throws {
    try TableTest(Silver.leads)
      .given(
        Bronze.leads,
        """
        lead_id | source  | location_id | created_at | trial_start | trial_end  | converted_member_id | updated_at
        L1      | Web     | L01         | 2025-01-01 | 2025-01-03  | 2025-01-16 | M1                  | 2025-01-09
        L1      | Web     | L01         | 2025-01-01 |             |            |                     | 2025-01-01
        L2      |         | L01         | 2025-01-01 |             |            |                     | 2025-01-01
        L3      | walk-in | L01         | 2025-01-01 |             |            | NULL                | 2025-01-02
        """
      )
      .expect(
        """
        lead_id | source  | trial_start | converted_member_id | converted_at
        L1      | web     | 2025-01-03  | M1                  | 2025-01-09T00:00:00Z
        L2      | unknown | NULL        | NULL                | NULL
        L3      | walk-in | NULL        | NULL                | NULL
        """)
  }

  @Test("A profile's history has no state for a change of what is personal alone")
  func memberHistory() throws {
    let header =
      "sequence | op | changed_at | member_id | full_name | phone | home_club | signup_date | email_consent\n"
    try TableTest(Silver.memberHistory)
      .given(
        Bronze.members,
        header + """
          1 | insert | 2025-01-01 | M1 | "Member One" | 1 | L1 | 2025-01-01 | true
          2 | update | 2025-01-05 | M1 | "Member One" | 2 | L1 | 2025-01-01 | true
          4 | delete | 2025-02-01 | M1 | NULL | NULL | NULL | NULL | NULL
          """
      )
      .run()
      // A change that comes late stands where it belongs.
      .given(
        Bronze.members,
        header + """
          3 | update | 2025-01-09 | M1 | "Member One" | 2 | L2 | 2025-01-01 | false
          """
      )
      .expect(
        """
        member_id | home_location_id | email_consent | valid_from           | valid_to             | is_current
        M1        | L1               | true          | 2025-01-01T00:00:00Z | 2025-01-09T00:00:00Z | false
        M1        | L2               | false         | 2025-01-09T00:00:00Z | 2025-02-01T00:00:00Z | false
        """)
  }
}

import Bronze
import PodiumTesting
import Silver
import Testing

@Suite("Workouts, heart rates and machines")
struct WorkoutTests {
  private let events = """
    workout_id | member_id | device_id | action | session_number | at
    W1         | M1        | 501       | start  | 1              | 2025-01-31T23:50:00Z
    W1         | M1        | 501       | stop   | 1              | 2025-02-01T00:20:59Z
    W2         | M1        | 501       | start  | 2              | 2025-02-02T10:00:00Z
    W3         | M2        | 502       | STOP   | 1              | 2025-02-02T10:00:00Z
    W4         | M2        | 502       | start  | 2              | 2025-02-03T10:00:00Z
    W4         | M2        | 502       | stop   | 2              | 2025-02-03T10:00:00Z
    W5         | M2        | 502       | start  | 3              | 2025-02-04T10:00:00Z
    W5         | M2        | 502       | stop   | 3              | 2025-02-05T10:00:00Z
    W6         | M2        | 502       | start  | 4              | 2025-02-06T10:00:00Z
    W6         | M2        | 502       | stop   | 4              | 2025-02-07T10:00:01Z
    """

  @Test("A workout is completed by a stop one second to a day after its start")
  func completed() throws {
    try TableTest(Silver.completedWorkouts)
      .given(Bronze.workouts, events)
      .expect(
        """
        workout_id | workout_date | member_id | device_id | session_number | seconds | minutes
        W1         | 2025-01-31   | M1        | 501       | 1              | 1859    | 30
        W5         | 2025-02-04   | M2        | 502       | 3              | 86400   | 1440
        """
      )
      .given(
        Bronze.workouts,
        """
        workout_id | member_id | device_id | action | session_number | at
        W2         | M1        | 501       | stop   | 2              | 2025-02-02T10:30:00Z
        """
      )
      .expect("workout_id | minutes\nW1 | 30\nW2 | 30\nW5 | 1440")
  }

  @Test("What is not completed says why, until its other row comes")
  func unpaired() throws {
    try TableTest(Silver.unpairedWorkouts)
      .given(Bronze.workouts, events)
      .expect(
        """
        workout_id | member_id | first_at             | fault
        W2         | M1        | 2025-02-02T10:00:00Z | no stop
        W3         | M2        | 2025-02-02T10:00:00Z | no start
        W4         | M2        | 2025-02-03T10:00:00Z | stop before start
        W6         | M2        | 2025-02-06T10:00:00Z | too long
        """
      )
      .given(
        Bronze.workouts,
        """
        workout_id | member_id | device_id | action | session_number | at
        W2         | M1        | 501       | stop   | 2              | 2025-02-02T10:30:00Z
        """
      )
      .expect("workout_id | fault\nW3|no start\nW4|stop before start\nW6|too long")
  }

  @Test("Rates of 25 to 240 count, one for each tracker and instant, the last line's")
  func rates() throws {
    try TableTest(Silver.heartRate)
      .given(
        Bronze.heartRate,
        """
        device_id | bpm | at
        501       | 25  | 2025-01-31T23:59:59Z
        501       | 240 | 2025-02-01T00:00:00Z
        501       | 0   | 2025-02-01T00:00:05Z
        501       | 300 | 2025-02-01T00:00:10Z
        501       | 24  | 2025-02-01T00:00:15Z
        501       | 241 | 2025-02-01T00:00:20Z
        502       | 90  | 2025-02-01T00:00:00Z
        502       | 91  | 2025-02-01T00:00:00Z
        """
      )
      .expect(
        """
        device_id | measured_at          | reading_date | bpm
        501       | 2025-01-31T23:59:59Z | 2025-01-31   | 25
        501       | 2025-02-01T00:00:00Z | 2025-02-01   | 240
        502       | 2025-02-01T00:00:00Z | 2025-02-01   | 91
        """
      )
      .expectQuarantine("bpm\n0\n300\n24\n241")
  }

  @Test("A workout has the readings of its tracker from start to stop, over midnight too")
  func workoutRates() throws {
    try TableTest(Silver.workoutBPM)
      .given(
        Silver.completedWorkouts,
        """
        workout_id | workout_date | member_id | device_id | started_at           | stopped_at           | seconds | minutes
        W1         | 2025-01-31   | M1        | 501       | 2025-01-31T23:50:00Z | 2025-02-01T00:20:00Z | 1800    | 30
        W2         | 2025-02-01   | M2        | 502       | 2025-02-01T10:00:00Z | 2025-02-01T10:30:00Z | 1800    | 30
        """
      )
      .given(
        Silver.heartRate,
        """
        device_id | measured_at          | reading_date | bpm
        501       | 2025-01-31T23:49:59Z | 2025-01-31   | 60
        501       | 2025-01-31T23:50:00Z | 2025-01-31   | 100
        501       | 2025-02-01T00:20:00Z | 2025-02-01   | 151
        501       | 2025-02-01T00:20:01Z | 2025-02-01   | 170
        503       | 2025-02-01T10:10:00Z | 2025-02-01   | 99
        """
      )
      .expect(
        """
        workout_id | workout_date | member_id | readings | bpm_sum | min_bpm | avg_bpm | max_bpm | first_at             | last_at
        W1         | 2025-01-31   | M1        | 2        | 251     | 100     | 125.5   | 151     | 2025-01-31T23:50:00Z | 2025-02-01T00:20:00Z
        """
      )
      .given(
        Silver.heartRate,
        """
        device_id | measured_at          | reading_date | bpm
        501       | 2025-02-01T00:10:00Z | 2025-02-01   | 49
        502       | 2025-02-01T10:00:00Z | 2025-02-01   | 80
        """
      )
      .expect("workout_id | readings | min_bpm | bpm_sum\nW1 | 3 | 49 | 300\nW2 | 1 | 80 | 80")
  }

  @Test("Age groups begin at 18, 25 and every ten years on, by the year of the workout")
  func bins() throws {
    let births = [
      ("M1", "2008"), ("M2", "2007"), ("M3", "2001"), ("M4", "2000"), ("M5", "1961"),
      ("M6", "1960"), ("M7", "1900"), ("M8", "NULL"), ("M9", "2026"),
    ]
    let members = births.map { "\($0) | \($1) | female" }.joined(separator: "\n")
    let workouts = (births.map(\.0) + ["M0"]).map { "W\($0) | \($0) | 2025-12-31" }
    try TableTest(Silver.userBins)
      .given(Silver.members, "member_id | birth_year | gender\n" + members)
      .given(
        Silver.completedWorkouts,
        "workout_id | member_id | workout_date\nWA | M2 | 2025-01-01\nWB | M2 | 2026-01-01\n"
          + workouts.joined(separator: "\n")
      )
      .expect(
        """
        member_id | year | workouts | age  | age_bucket | gender
        M0        | 2025 | 1        | NULL | unknown    | unknown
        M1        | 2025 | 1        | 17   | under 18   | female
        M2        | 2025 | 2        | 18   | 18-24      | female
        M2        | 2026 | 1        | 19   | 18-24      | female
        M3        | 2025 | 1        | 24   | 18-24      | female
        M4        | 2025 | 1        | 25   | 25-34      | female
        M5        | 2025 | 1        | 64   | 55-64      | female
        M6        | 2025 | 1        | 65   | 65+        | female
        M7        | 2025 | 1        | NULL | unknown    | female
        M8        | 2025 | 1        | NULL | unknown    | female
        M9        | 2025 | 1        | NULL | unknown    | female
        """)
  }

  @Test("Uses of machines have possible repetitions, weights and seconds, and a local hour")
  func machines() throws {
    let use = "L01-LP-01 | leg_press | M1 | L01"
    try TableTest(Silver.equipmentUsage)
      .given(
        Bronze.equipmentUsage,
        """
        usage_id | machine_id | machine_type | member_id | location_id | reps | weight_kg | seconds | used_at
        U1 | \(use) | 0    | 0.0   | 1     | 2025-01-05T23:59:00-05:00
        U2 | \(use) | 1000 | 500   | 14400 | 2025-01-05T00:00:00-05:00
        U3 | \(use) | -1   | 10.0  | 60    | 2025-01-05T00:00:00-05:00
        U4 | \(use) | 1001 | 10.0  | 60    | 2025-01-05T00:00:00-05:00
        U5 | \(use) | 10   | 500.5 | 60    | 2025-01-05T00:00:00-05:00
        U6 | \(use) | 10   | 10.0  | 0     | 2025-01-05T00:00:00-05:00
        """
      )
      .expect(
        """
        usage_id | reps | weight_kg | seconds | usage_date | start_minute | used_at
        U1       | 0    | 0         | 1       | 2025-01-05 | 1439         | 2025-01-06T04:59:00Z
        U2       | 1000 | 500       | 14400   | 2025-01-05 | 0            | 2025-01-05T05:00:00Z
        """
      )
      .expectQuarantine("usage_id\nU3\nU4\nU5\nU6")
  }
}

import Gold
import PodiumTesting
import Silver
import Testing

@Suite("Progress, clubs by the hour and trackers")
struct TrainingTests {
  @Test("Progress is told against the month before, and not against an older one")
  func progress() throws {
    try TableTest(Gold.personalProgress)
      .given(
        Silver.completedWorkouts,
        """
        workout_id | member_id | workout_date | seconds
        W1         | M1        | 2025-01-01   | 90
        W2         | M1        | 2025-01-31   | 90
        W3         | M1        | 2025-02-01   | 60
        W4         | M1        | 2025-04-01   | 60
        W5         | M2        | 2025-02-01   | 59
        """
      )
      .given(
        Silver.workoutBPM,
        """
        workout_id | workout_date | member_id | readings | bpm_sum | max_bpm
        W1         | 2025-01-01   | M1        | 1        | 100     | 100
        W2         | 2025-01-31   | M1        | 3        | 420     | 150
        W3         | 2025-02-01   | M1        | 1        | 140     | 140
        """
      )
      .expect(
        """
        member_id | month      | workouts | minutes | mean_bpm | max_bpm | workouts_change | minutes_change | mean_bpm_change
        M1        | 2025-01-01 | 2        | 3       | 130      | 150     | NULL            | NULL           | NULL
        M1        | 2025-02-01 | 1        | 1       | 140      | 140     | -1              | -2             | 10
        M1        | 2025-04-01 | 1        | 1       | NULL     | NULL    | NULL            | NULL           | NULL
        M2        | 2025-02-01 | 1        | 0       | NULL     | NULL    | NULL            | NULL           | NULL
        """)
  }

  @Test("A month counts all recordings alike, by the age and gender of the year")
  func heartRates() throws {
    try TableTest(Gold.workoutHeartRate)
      .given(
        Silver.workoutBPM,
        """
        workout_id | workout_date | member_id | readings | bpm_sum | min_bpm | max_bpm
        W1         | 2025-01-01   | M1        | 1        | 100     | 100     | 100
        W2         | 2025-01-31   | M2        | 3        | 420     | 90      | 150
        W3         | 2025-01-31   | M3        | 2        | 200     | 99      | 101
        W4         | 2026-01-01   | M1        | 1        | 70      | 70      | 70
        """
      )
      .given(
        Silver.userBins,
        """
        member_id | year | age_bucket | gender
        M1        | 2025 | 18-24      | female
        M1        | 2026 | 25-34      | female
        M2        | 2025 | 18-24      | female
        """
      )
      .expect(
        """
        month      | age_bucket | gender  | members | workouts | recordings | min_bpm | avg_bpm | max_bpm
        2025-01-01 | 18-24      | female  | 2       | 2        | 4          | 90      | 130     | 150
        2025-01-01 | unknown    | unknown | 1       | 1        | 2          | 99      | 100     | 101
        2026-01-01 | 25-34      | female  | 1       | 1        | 1          | 70      | 70      | 70
        """)
  }

  private let visits = """
    visit_id | member_id | location_id | visit_date | login_minute | login_at             | logout_at            | minutes
    V1       | M1        | L01         | 2025-01-05 | 600          | 2025-01-05T15:00:00Z | 2025-01-05T17:00:00Z | 120
    V2       | M1        | L01         | 2025-01-05 | 660          | 2025-01-05T16:00:00Z | NULL                 | NULL
    V3       | M2        | L01         | 2025-01-05 | 660          | 2025-01-05T16:00:00Z | 2025-01-05T16:00:00Z | 0
    """

  @Test("A workout belongs to the visit that began last before it")
  func summary() throws {
    try TableTest(Gold.gymSummary)
      .given(Silver.gymVisits, visits)
      .given(
        Silver.completedWorkouts,
        """
        workout_id | workout_date | member_id | started_at           | seconds
        W1         | 2025-01-05   | M1        | 2025-01-05T15:00:00Z | 90
        W2         | 2025-01-05   | M1        | 2025-01-05T15:59:59Z | 90
        W3         | 2025-01-05   | M1        | 2025-01-05T16:00:00Z | 60
        W4         | 2025-01-06   | M1        | 2025-01-06T16:00:00Z | 60
        W5         | 2025-01-06   | M1        | 2025-01-06T16:00:01Z | 60
        W6         | 2025-01-05   | M2        | 2025-01-05T16:00:01Z | 60
        """
      )
      .expect(
        """
        visit_id | member_id | minutes | workouts | exercise_minutes
        V1       | M1        | 120     | 2        | 3
        V2       | M1        | NULL    | 2        | 2
        V3       | M2        | 0       | 0        | 0
        """)
  }
}

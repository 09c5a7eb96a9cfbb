import Gold
import PodiumTesting
import Silver
import Testing

@Suite("Demand, staff, service and trackers")
struct DemandTests {
  @Test("A visit counts in each hour it touches, 60 minutes without a logout, in 56 days")
  func demand() throws {
    // From the first visit that counts, 5 January, to the 12th there are two Sundays.
    let hours = (0...6).flatMap { weekday in
      (0...23).map { hour -> String in
        let (weeks, mean, most) =
          switch (weekday, hour) {
          case (6, 23): (2, 1.5, 2)
          case (6, _): (2, 0, 0)
          case (0, 0): (1, 1, 1)
          default: (1, 0, 0)
          }
        return "2025-01-12 | L01 | club | \(weekday) | \(hour) | \(weeks) | \(mean) | \(most)"
      }
    }
    try TableTest(Gold.demandByHour, asOf: "2025-01-12")
      .given(
        Silver.gymVisits,
        """
        visit_id | location_id | visit_date | login_minute | minutes
        V1       | L01         | 2025-01-05 | 1439         | 2
        V2       | L01         | 2025-01-05 | 1380         | NULL
        V3       | L01         | 2025-01-12 | 1380         | 0
        V4       | L01         | 2025-01-13 | 1380         | 60
        V5       | L01         | 2024-11-17 | 0            | 60
        """
      )
      .expect(
        "as_of | location_id | place | weekday | hour | weeks | mean_people | p90_people\n"
          + hours.joined(separator: "\n"))
  }

  @Test("One of the staff is needed for each 25 visits begun")
  func staff() throws {
    try TableTest(Gold.staffing, asOf: "2025-01-12")
      .given(
        Gold.demandByHour,
        """
        as_of      | location_id | place | weekday | hour | weeks | mean_people | p90_people
        2025-01-12 | L01         | club  | 0       | 0    | 8     | 0           | 0
        2025-01-12 | L01         | club  | 0       | 1    | 8     | 0.5         | 1
        2025-01-12 | L01         | club  | 0       | 2    | 8     | 20          | 25
        2025-01-12 | L01         | club  | 0       | 3    | 8     | 20          | 26
        2025-01-12 | L01         | sauna | 0       | 3    | 8     | 20          | 26
        """
      )
      .expect("hour | mean_visits | p90_visits | staff\n0|0|0|0\n1|0.5|1|1\n2|20|25|1\n3|20|26|2")
  }

  @Test("A machine is due from its hours on; else its pace of 28 days tells when")
  func maintenance() throws {
    try TableTest(Gold.equipmentMaintenance, asOf: "2025-01-29")
      .given(
        Gold.equipmentUsageByHour,
        """
        machine_id | machine_type | location_id | usage_date | hour | uses | seconds
        A          | cable        | L01         | 2025-01-01 | 1    | 5    | 216000
        B          | cable        | L01         | 2025-01-01 | 1    | 1    | 107999
        B          | cable        | L01         | 2025-01-02 | 1    | 1    | 108000
        C          | cable        | L01         | 2025-01-01 | 1    | 1    | 216
        D          | cable        | L01         | 2025-01-29 | 1    | 1    | 1
        D          | cable        | L01         | 2025-01-30 | 1    | 1    | 216000
        """
      )
      .expect(
        """
        machine_id | uses | seconds | service_hours | is_due | seconds_recent | expected_due_date
        A          | 5    | 216000  | 60            | true   | 0              | 2025-01-29
        B          | 2    | 215999  | 60            | false  | 108000         | 2025-01-30
        C          | 1    | 216     | 60            | false  | 0              | NULL
        D          | 1    | 1       | 60            | false  | 1              | NULL
        """)
  }

  @Test("Weeks change against the week before, and a week between leaves none")
  func weeks() throws {
    try TableTest(Gold.weeklyTrends)
      .given(
        Gold.factDaily,
        """
        user_id | activity_date | steps | distance_km | active_minutes | calories
        1       | 2025-01-06    | 1000  | 1.5         | 10             | 2000
        1       | 2025-01-12    | 0     | NULL        | 0              | 1500
        1       | 2025-01-13    | 3000  | 2           | 5              | 2100
        1       | 2025-01-27    | 10    | 0           | 1              | 1000
        2       | 2025-01-13    | 7     | 0           | 1              | 1000
        """
      )
      .expect(
        """
        user_id | week_start | days_worn | steps | distance_km | active_minutes | calories | steps_change | distance_km_change | active_minutes_change | calories_change
        1       | 2025-01-06 | 1         | 1000  | 1.5         | 10             | 3500     | NULL         | NULL               | NULL                  | NULL
        1       | 2025-01-13 | 1         | 3000  | 2           | 5              | 2100     | 2000         | 0.5                | -5                    | -1400
        1       | 2025-01-27 | 1         | 10    | 0           | 1              | 1000     | NULL         | NULL               | NULL                  | NULL
        2       | 2025-01-13 | 1         | 7     | 0           | 1              | 1000     | NULL         | NULL               | NULL                  | NULL
        """)
  }

  @Test("Levels of activity begin at 5,000, 7,500, 10,000 and 12,500 steps of days worn")
  func levels() throws {
    let steps = [4999, 5000, 7499, 7500, 9999, 10_000, 12_499, 12_500, 0]
    let names = [
      "sedentary", "low active", "low active", "somewhat active", "somewhat active", "active",
      "active", "highly active", "unknown",
    ]
    let days = steps.enumerated().map { "\($0) | 2025-01-06 | \($1)\n\($0) | 2025-01-07 | 0" }
    try TableTest(Gold.dimUser)
      .given(
        Gold.factDaily, "user_id | activity_date | steps\n" + days.joined(separator: "\n")
      )
      .given(Silver.members, "member_id | device_id\nM2 | 3\nM1 | 3")
      .expect(
        "user_id | member_id | days | days_worn | activity_level\n"
          + names.enumerated().map {
            "\($0) | \($0 == 3 ? "M1" : "NULL") | 2 | \($0 == 8 ? 0 : 1) | \($1)"
          }
          .joined(separator: "\n"))
    try TableTest(Gold.dimActivity)
      .given(
        Gold.dimUser,
        "user_id | activity_level\n"
          + names.enumerated().map { "\($0) | \($1)" }.joined(separator: "\n")
      )
      .expect(
        """
        activity_level  | place | least_steps | below_steps | users
        sedentary       | 1     | 0           | 5000        | 1
        low active      | 2     | 5000        | 7500        | 2
        somewhat active | 3     | 7500        | 10000       | 2
        active          | 4     | 10000       | 12500       | 2
        highly active   | 5     | 12500       | NULL        | 1
        """)
  }

  @Test("Uses count in the local hour in which they began")
  func hours() throws {
    try TableTest(Gold.facilityUsageByHour)
      .given(
        Silver.facilityUsage,
        """
        usage_id | member_id | location_id | facility | usage_date | start_minute | duration_minutes
        F1       | M1        | L01         | sauna    | 2025-01-06 | 59           | 10
        F2       | M1        | L01         | sauna    | 2025-01-06 | 0            | 100
        F3       | M2        | L01         | sauna    | 2025-01-06 | 60           | 1
        F4       | M2        | L01         | pool     | 2025-01-12 | 1439         | 1
        """
      )
      .expect(
        """
        location_id | facility | usage_date | hour | weekday | uses | members | minutes
        L01         | sauna    | 2025-01-06 | 0    | 0       | 2    | 1       | 110
        L01         | sauna    | 2025-01-06 | 1    | 0       | 1    | 1       | 1
        L01         | pool     | 2025-01-12 | 23   | 6       | 1    | 1       | 1
        """)
  }
}

import OpenData
import PodiumTesting
import Testing

@Suite("Tables over public data")
struct OpenDataTests {
  @Test("Each hour gives sixty minutes; too many steps in one set that minute alone aside")
  func minutes() throws {
    let names = (0..<60).map { $0 < 10 ? "Steps0\($0)" : "Steps\($0)" }
    let steps = (0..<60).map { $0 == 7 ? "600" : "\($0)" }
    try TableTest(OpenData.Silver.minuteSteps)
      .given(
        OpenData.Bronze.minuteSteps,
        """
        Id | ActivityHour | \(names.joined(separator: " | "))
        1 | 4/12/2016 12:00:00 AM | \(steps.joined(separator: " | "))
        """
      )
      .expectCounts("59 inserted, 1 quarantined")
      .expectQuarantine(
        """
        user_id | minute_at            | steps | _failed_rules
        1       | 2016-04-12T00:07:00Z | 600   | steps is 0 to 500
        """
      )
      .expect(
        (["user_id | minute_at | steps"]
          + (0..<60).filter { $0 != 7 }.map {
            "1 | 2016-04-12T00:\($0 < 10 ? "0" : "")\($0):00Z | \($0)"
          }).joined(separator: "\n"))
  }

  @Test("Two equal swipes are two people")
  func swipes() throws {
    try TableTest(OpenData.Gold.swipesByHour)
      .given(
        OpenData.Bronze.swipes,
        """
        DeviceName | Direction | AlarmDateTime
        Door       | In        | 2/2/2015 8:11
        Door       | In        | 2/2/2015 8:11
        Door       | Out       | 2/8/2015 23:59
        """
      )
      .expect(
        """
        weekday | hour | came | went
        0       | 8    | 2    | 0
        6       | 23   | 0    | 1
        """)
  }

  @Test("A night that came twice is one, and a day has its sleep")
  func sleep() throws {
    try TableTest(OpenData.Gold.factDaily)
      .given(
        OpenData.Silver.dailyActivity,
        """
        user_id | activity_date | steps | distance_km | active_minutes | sedentary_minutes | calories
        1       | 2016-04-12    | 100   | 0.1         | 2              | 1438              | 1800
        1       | 2016-04-13    | 0     | 0           | 0              | 1440              | 1700
        """
      )
      .given(
        OpenData.Bronze.sleep,
        """
        Id | SleepDay              | TotalSleepRecords | TotalMinutesAsleep | TotalTimeInBed
        1  | 4/12/2016 12:00:00 AM | 1                 | 327                | 346
        1  | 4/12/2016 12:00:00 AM | 1                 | 327                | 346
        """
      )
      .expect(
        """
        user_id | activity_date | steps | minutes_asleep
        1       | 2016-04-12    | 100   | 327
        1       | 2016-04-13    | 0     | NULL
        """)
  }

  @Test("Bookings without a kind of class count as unknown")
  func bookings() throws {
    try TableTest(OpenData.Gold.attendanceByCategory)
      .given(
        OpenData.Bronze.bookings,
        """
        booking_id | months_as_member | days_before | day_of_week | time | category | attended
        1          | 17               | 8           | Wed         | PM   | Strength | 0
        2          | 10               | 2 days      | Fri.        | AM   | -        | 1
        3          | 10               | 2           | Monday      | AM   |          | 0
        """
      )
      .expect(
        """
        category | bookings | attended
        Strength | 1        | 0
        unknown  | 2        | 1
        """)
  }
}

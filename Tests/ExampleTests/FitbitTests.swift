import Bronze
import Gold
import Silver
import Testing

@Suite("A real tracker export", .enabled(if: RealData.has("fitbit"), RealData.missing))
struct FitbitTests {
  @Test("dailyActivity_merged.csv passes through all layers of a lake that holds only it")
  func dailyActivity() throws {
    let lake = try ProjectLake(Bronze.tables + Silver.tables + Gold.tables)
    let file = "dailyActivity_merged.csv"
    try lake.land("daily_activity/\(file)", try RealData.bytes("fitbit/\(file)"))
    try lake.run(asOf: "2016-05-12")
    let rows = try lake.ask(
      """
      SELECT count(*), count(DISTINCT user_id), sum(steps), sum(calories) FROM gold.fact_daily
      """)
    #expect(rows == [["940", "33", "7179636", "2165393"]])
    #expect(
      try lake.ask(
        "SELECT count(*), sum(steps) FROM gold.fact_daily WHERE user_id = '8877689391'")
        == [["31", "497241"]])
  }
}

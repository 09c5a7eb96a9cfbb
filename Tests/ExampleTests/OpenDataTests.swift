import OpenData
import Runner
import RunnerTestKit
import Storage
import Testing

@Suite("Tables over public data, in full")
struct OpenDataInFullTests {
  /// A file of the data sets and the folder of the landing zone that takes it.
  private struct Source {
    let folder: String
    let file: String
    /// The lines that are taken where files come one by one; nil for all.
    let most: Int?

    init(_ folder: String, _ file: String, most: Int? = nil) {
      (self.folder, self.file, self.most) = (folder, file, most)
    }

    /// The file's name in the landing zone.
    var name: String { "\(folder)/all.\(file.hasSuffix(".gz") ? "csv.gz" : "csv")" }

    /// The header and the lines that are taken where files come one by one.
    func lines() throws -> [ArraySlice<UInt8>] {
      var bytes = try RealData.bytes(file)[...]
      if file.hasSuffix(".gz") { bytes = try Gzip.decompress(Array(bytes))[...] }
      // No line of the long ones is longer than 400 bytes.
      if let most { bytes = bytes.prefix(most * 400) }
      return Array(bytes.split(separator: 0x0A).prefix((most ?? .max - 1) + 1))
    }

    static func join(_ lines: some Sequence<ArraySlice<UInt8>>) -> [UInt8] {
      Array(lines.joined(separator: [0x0A])) + [0x0A]
    }
  }

  private static let sources = [
    Source("daily_activity", "fitbit/dailyActivity_merged.csv"),
    Source("sleep", "fitbit/sleepDay_merged.csv"),
    Source("weights", "fitbit/weightLogInfo_merged.csv"),
    Source("hourly_steps", "fitbit/hourlySteps_merged.csv"),
    Source("hourly_calories", "fitbit/hourlyCalories_merged.csv"),
    Source("hourly_intensities", "fitbit/hourlyIntensities_merged.csv"),
    Source("minute_steps", "fitbit/minuteStepsWide_merged.csv", most: 1_500),
    Source("heart_rates", "fitbit/heartrate_seconds_merged.csv.gz", most: 20_000),
    Source("bookings", "goalzone/fitness_class_2212.csv"),
    Source("swipes", "gym_swipes/gyminout.csv"),
    Source("workout_members", "gym_members/gym_members_exercise_tracking.csv"),
    Source("churn_members", "gym_churn/gym_churn_us.csv"),
  ]

  private static let hasAll = ["fitbit", "goalzone", "gym_swipes", "gym_members", "gym_churn"]
    .allSatisfy(RealData.has)

  /// Reference answers that were computed outside Podium, each with its query.
  private static let answers: [(sql: String, rows: [[String]])] = [
    (
      "SELECT count(*), count(DISTINCT user_id), sum(steps), sum(calories) FROM gold.fact_daily",
      [["940", "33", "7179636", "2165393"]]
    ),
    (
      "SELECT days, steps FROM gold.dim_user WHERE user_id = '8877689391'", [["31", "497241"]]
    ),
    (
      """
      SELECT sum(users), count(*) FILTER (WHERE users = (
        SELECT count(*) FROM gold.dim_user AS u WHERE u.activity_level = l.activity_level))
      FROM gold.dim_activity AS l
      """, [["33", "5"]]
    ),
    ("SELECT count(*), sum(minutes_asleep) FROM silver.sleep", [["410", "171861"]]),
    (
      "SELECT count(*), sum(CAST(TotalMinutesAsleep AS BIGINT)) FROM bronze.sleep",
      [["413", "173240"]]
    ),
    ("SELECT count(*), count(fat_percent) FROM silver.weights", [["67", "2"]]),
    ("SELECT count(*), sum(steps) FROM gold.fact_hourly", [["22099", "7075356"]]),
    (
      """
      SELECT count(*), count(*) FILTER (WHERE d.steps <> h.steps)
      FROM silver.daily_activity AS d JOIN (
        SELECT user_id, CAST(hour_at AS DATE) AS day, sum(steps) AS steps
        FROM gold.fact_hourly GROUP BY 1, 2) AS h ON d.user_id = h.user_id AND d.activity_date = h.day
      """, [["934", "159"]]
    ),
    ("SELECT count(*) FROM bronze.minute_steps", [["21645"]]),
    ("SELECT count(*), sum(steps) FROM silver.minute_steps", [["1298700", "6938153"]]),
    ("SELECT count(*) FROM silver.heart_rates", [["999999"]]),
    (
      """
      SELECT count(*), sum(readings), sum(bpm_sum), min(min_bpm), max(max_bpm)
      FROM gold.heart_rate_by_minute
      """, [["114693", "999999", "77092563", "38", "203"]]
    ),
    (
      "SELECT * FROM gold.attendance_by_category ORDER BY bookings DESC",
      [
        ["HIIT", "667", "213"], ["Cycling", "376", "110"], ["Strength", "233", "62"],
        ["Yoga", "135", "42"], ["Aqua", "76", "25"], ["unknown", "13", "2"],
      ]
    ),
    (
      "SELECT weekday, sum(came) FROM gold.swipes_by_hour GROUP BY 1 ORDER BY 1",
      [
        ["0", "1191"], ["1", "1061"], ["2", "1111"], ["3", "1030"], ["4", "1070"], ["5", "27"],
        ["6", "23"],
      ]
    ),
    ("SELECT sum(came), sum(went) FROM gold.swipes_by_hour", [["5513", "2246"]]),
    (
      """
      SELECT hour, sum(came) AS came FROM gold.swipes_by_hour GROUP BY 1 ORDER BY came DESC LIMIT 1
      """, [["12", "936"]]
    ),
    (
      """
      SELECT count(*) - (
        SELECT count(*) FROM (SELECT DISTINCT door, is_in, swiped_at FROM silver.swipes) AS d)
      FROM silver.swipes
      """, [["431"]]
    ),
    (
      "SELECT workout_type, members FROM gold.workout_types ORDER BY 1",
      [["Cardio", "255"], ["HIIT", "221"], ["Strength", "258"], ["Yoga", "239"]]
    ),
    (
      "SELECT sum(members), CAST(sum(calories) AS BIGINT) FROM gold.workout_types",
      [["973", "880976"]]
    ),
    (
      "SELECT * FROM gold.churn_by_contract ORDER BY 1",
      [["1", "2207", "934"], ["6", "833", "104"], ["12", "960", "23"]]
    ),
  ]

  @Test("The declarations have no problem")
  func checked() throws {
    let problems = try Checker(tables: OpenData.tables, engine: TestLake.engine).problems()
    #expect(problems.map { "\($0.rule.rawValue): \($0.message)" } == [])
  }

  @Test(
    "All files in one run give the reference answers, and no row is set aside",
    .enabled(if: hasAll, RealData.missing))
  func allAtOnce() throws {
    let lake = try ProjectLake(OpenData.tables)
    for source in Self.sources { try lake.land(source.name, try RealData.bytes(source.file)) }
    let report = try lake.run(asOf: "2016-05-12")
    for outcome in report.tables where outcome.table.layer == .silver {
      #expect(outcome.counts.quarantined == 0 && outcome.counts.filtered == 0, "\(outcome.table)")
    }
    for (sql, rows) in Self.answers { #expect(try lake.ask(sql) == rows) }
  }

  @Test(
    "Files that come piece by piece, the later first, give the tables of one run",
    .enabled(if: hasAll, RealData.missing))
  func pieceByPiece() throws {
    let whole = try ProjectLake(OpenData.tables)
    let pieces = try ProjectLake(OpenData.tables)
    let count = 3
    let sources = try Self.sources.map { (folder: $0.folder, lines: try $0.lines()) }
    for (folder, lines) in sources { try whole.land("\(folder)/all.csv", Source.join(lines)) }
    try whole.run(asOf: "2016-05-12")
    for round in 0..<count {
      for (folder, lines) in sources {
        let size = (lines.count - 1) / count + 1
        let part = lines.dropFirst(1 + (count - 1 - round) * size).prefix(size)
        try pieces.land("\(folder)/\(round).csv", Source.join(lines.prefix(1) + part))
      }
      let report = try pieces.run(asOf: "2016-05-12")
      for outcome in report.tables where outcome.table.layer == .silver {
        let factor: Int64 = outcome.table == OpenData.Silver.minuteSteps.name ? 60 : 1
        #expect(outcome.counts.read * factor == outcome.counts.accounted, "\(outcome.table)")
      }
    }
    for (sql, rows) in Self.answers where !sql.contains("minute") && !sql.contains("heart_rate") {
      #expect(try pieces.ask(sql) == rows)
    }
    // A swipe is identified by its file.
    let alike = OpenData.tables.filter {
      $0.name.layer != .bronze && $0 != OpenData.Silver.swipes
    }
    try pieces.expectAlike(whole, alike, "piece by piece")
  }
}

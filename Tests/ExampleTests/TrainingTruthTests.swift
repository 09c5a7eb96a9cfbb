import Basics
import Bronze
import DataGen
import Gold
import Podium
import Runner
import Silver
import Testing

@Suite("The planted truth of training", .serialized)
struct TrainingTruthTests {
  private static let sources: [GymSource] = [
    .members, .gymVisits, .facilityUsage, .dailyActivity, .equipmentUsage, .workouts, .heartRate,
  ]

  @Test("Tables have the figures of the simulation, in one batch and in three, and come in parts")
  func figures() throws {
    for batches in [[40], [25, 14, 1]] {
      let lake = try ProjectLake(Bronze.tables + Silver.tables + Gold.tables)
      var summary: GymSummary?
      var report: RunReport?
      for (index, days) in batches.enumerated() {
        let options =
          index == 0
          ? GymOptions(
            members: 500, clubs: 2, days: days, seed: 11, quirks: 0.03,
            sources: TrainingTruthTests.sources, heartRateEvery: 30, heartRateShare: 0.1)
          : GymOptions(days: days)
        let made = try GymGenerator(options).generate(into: lake.landing, continuing: index > 0)
        report = try lake.run(asOf: (made.settings.from + (made.days - 1)).description)
        summary = made
      }
      let truth = try #require(summary)
      try expectWorkouts(lake, truth.expected, truth.truth)
      try expectClubs(lake, truth.expected)
      try expectTrackers(lake, truth.expected)
      if batches.count > 1 {
        try expectParts(try #require(report))
        let last = (truth.settings.from + (truth.days - 1)).description
        try lake.expectFullRefresh("training", asOf: last)
      }
    }
  }

  /// The members of an object, each as its name and some of its values.
  private func rows(_ json: JSON?, _ values: [String]) throws -> [[String]] {
    try #require(json?.object).map { member in
      [member.name] + values.map { member.value[$0]?.int.map { "\($0)" } ?? "" }
    }
  }

  private func expectWorkouts(_ lake: ProjectLake, _ expected: JSON, _ truth: JSON) throws {
    #expect(
      try lake.ask(
        """
        SELECT substr(CAST(workout_date AS STRING), 1, 7), count(*), sum(seconds)
        FROM silver.completed_workouts GROUP BY 1 ORDER BY 1
        """) == rows(expected["workouts"], ["completed", "seconds"]))
    #expect(
      try lake.ask(
        """
        SELECT substr(CAST(month AS STRING), 1, 7), sum(workouts)
        FROM gold.personal_progress GROUP BY 1 ORDER BY 1
        """) == rows(expected["workouts"], ["completed"]))
    let faults = truth["sources"]?["workouts"]?["quirks"]
    for (fault, name) in [("no start", "stops_without_start"), ("no stop", "missing_stops")] {
      #expect(
        try lake.ask("SELECT count(*) FROM silver.unpaired_workouts WHERE fault = '\(fault)'")
          == [["\(try #require(faults?[name]?.int))"]])
    }
    #expect(
      try lake.ask(
        """
        SELECT substr(CAST(reading_date AS STRING), 1, 7), count(*), sum(bpm), min(bpm), max(bpm)
        FROM silver.heart_rate GROUP BY 1 ORDER BY 1
        """) == rows(expected["heart_rate"]?["by_month"], ["rows", "sum", "min", "max"]))
    #expect(
      try lake.ask(
        """
        SELECT substr(CAST(month AS STRING), 1, 7), sum(workouts), sum(recordings),
          CAST(round(sum(avg_bpm * recordings)) AS BIGINT), min(min_bpm), max(max_bpm)
        FROM gold.workout_heart_rate GROUP BY 1 ORDER BY 1
        """)
        == rows(expected["workout_heart_rate"], ["workouts", "rows", "sum", "min", "max"]))
  }

  private func expectClubs(_ lake: ProjectLake, _ expected: JSON) throws {
    for source in ["gold.gym_summary_daily", "gold.gym_summary"] {
      let isDaily = source.hasSuffix("daily")
      #expect(
        try lake.ask(
          """
          SELECT location_id, \(isDaily ? "sum(visits), sum(visits_with_logout)" : "count(*), count(minutes)"),
            sum(minutes)
          FROM \(source) GROUP BY 1 ORDER BY 1
          """) == rows(expected["visits_by_club"], ["visits", "visits_with_logout", "minutes"]))
    }
    // Each completed workout lies inside the visit during which it was started.
    #expect(
      try lake.ask(
        """
        SELECT (SELECT sum(workouts) FROM gold.gym_summary) = count(*)
        FROM silver.completed_workouts
        """) == [["true"]])
    for facility in try #require(expected["facility_usage_by_hour"]?.object) {
      #expect(
        try lake.ask(
          """
          SELECT hour, sum(uses), sum(minutes) FROM gold.facility_usage_by_hour
          WHERE facility = '\(facility.name)' GROUP BY 1 ORDER BY 1
          """) == rows(facility.value, ["uses", "minutes"]), "\(facility.name)")
    }
    let types = try rows(
      expected["equipment_by_type"],
      ["uses", "seconds", "machines_used", "service_hours", "machines_due"])
    #expect(
      try lake.ask(
        """
        SELECT machine_type, sum(uses), sum(seconds), count(*), max(service_hours),
          count(*) FILTER (WHERE is_due)
        FROM gold.equipment_maintenance
        WHERE as_of = (SELECT max(as_of) FROM gold.equipment_maintenance)
        GROUP BY 1 ORDER BY 1
        """) == types.sorted { $0[0] < $1[0] })
    #expect(
      try lake.ask(
        """
        SELECT machine_type, sum(uses), sum(seconds)
        FROM gold.equipment_usage_by_hour GROUP BY 1 ORDER BY 1
        """) == types.sorted { $0[0] < $1[0] }.map { Array($0.prefix(3)) })
  }

  private func expectTrackers(_ lake: ProjectLake, _ expected: JSON) throws {
    #expect(
      try lake.ask(
        """
        SELECT CAST(week_start AS STRING), sum(days_worn), sum(steps), sum(calories)
        FROM gold.weekly_trends GROUP BY 1 ORDER BY 1
        """) == rows(expected["tracker_weeks"], ["days_worn", "steps", "calories"]))
    #expect(
      try lake.ask(
        """
        SELECT sum(u.mean_steps * u.days_worn) - \(try #require(expected["tracker_steps"]?.int)) < 1
          AND count(*) FILTER (WHERE u.activity_level <> 'unknown')
            = (SELECT sum(users) FROM gold.dim_activity)
        FROM gold.dim_user AS u
        """) == [["true"]])
  }

  /// A day's batch computes no table whole but the one that asks for all rows.
  private func expectParts(_ report: RunReport) throws {
    var reasons: [String: String] = [:]
    for outcome in report.tables { reasons[outcome.table.description] = outcome.reason }
    for table in Silver.trainingTables + Gold.trainingTables
    where table.write != .derived(by: .whole) {
      let reason = try #require(reasons[table.name.description])
      let isByDate = table.query?.readsBusinessDate == true
      #expect(
        reason == "new rows" || reason == "no input changed" || reason.contains(" value")
          || reason.contains(" partition")
          || isByDate && reason == "the business date changed",
        "\(table.name): \(reason)")
    }
  }
}

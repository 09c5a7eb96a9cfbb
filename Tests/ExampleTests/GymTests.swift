import Basics
import Bronze
import DataGen
import Gold
import Podium
import Runner
import Silver
import Testing

@Suite("The planted truth of a gym", .serialized)
struct GymTests {
  @Test(
    "Every fault that was planted is found, in one batch and in three",
    arguments: [[42], [20, 1, 21]])
  func faults(batches: [Int]) throws {
    let gym = try PlantedGym(batches: batches)
    for source in GymSource.allCases.map(\.rawValue) {
      #expect(
        try gym.number("SELECT count(*) FROM bronze.\(source)") == gym.fact(source, "rows"),
        "rows of \(source)")
    }
    try expectNested(gym)
    try expectKeys(gym)
    try expectMembers(gym)
    try expectVisits(gym)
    try expectSales(gym)
    for report in gym.reports {
      for outcome in report.tables where outcome.table.layer == .silver && !outcome.isDerived {
        #expect(outcome.counts.read == outcome.counts.accounted, "\(outcome.table)")
      }
    }
  }

  /// Nested properties arrive as JSON that an engine can ask.
  private func expectNested(_ gym: PlantedGym) throws {
    let funnel = try #require(gym.expected["app_funnel"]?.object)
    let sessions = funnel.reduce(0) { $0 + Int($1.value["booking"]?.int ?? 0) }
    #expect(
      try gym.number(
        """
        SELECT count(DISTINCT json_extract_string(properties, '$.session_id'))
        FROM bronze.app_events
        WHERE event = 'booking' AND json_extract_string(properties, '$.device.os') <> ''
        """) == sessions)
  }

  private func expectKeys(_ gym: PlantedGym) throws {
    let keys = [
      ("silver.memberships", "memberships"), ("silver.billing", "billing"),
      ("silver.classes", "schedule"), ("silver.class_bookings", "class_attendance"),
      ("silver.gym_visits", "gym_visits"), ("silver.retail_sales", "retail"),
      ("silver.daily_activity", "daily_activity"),
    ]
    for (table, source) in keys {
      #expect(
        try gym.number("SELECT count(*) FROM \(table)") == gym.fact(source, "distinct_keys"),
        "\(table)")
    }
    #expect(
      try gym.number("SELECT count(*) FROM silver.class_attendance")
        == gym.fact("class_attendance", "distinct_keys")
        - gym.planted("class_attendance", "double_check_ins"))
    #expect(
      try gym.number("SELECT count(*) FROM silver.cancellations")
        == gym.fact("cancellations", "distinct_keys")
        - gym.planted("cancellations", "unknown_memberships"))
    #expect(
      try gym.number("SELECT count(DISTINCT cancellation_id) FROM quarantine.cancellations")
        == gym.planted("cancellations", "unknown_memberships"))
    #expect(
      try gym.number("SELECT count(*) FROM silver.membership_overlaps")
        == gym.planted("memberships", "overlaps"))
  }

  private func expectMembers(_ gym: PlantedGym) throws {
    let deleted = try gym.planted("members", "deletes")
    #expect(
      try gym.number("SELECT count(*) FROM silver.members")
        == gym.fact("members", "distinct_keys") - deleted)
    #expect(
      try gym.number("SELECT count(*) FROM silver.member_matches")
        == gym.planted("members", "second_ids"))
    #expect(
      try gym.number("SELECT count(*) FROM silver.member_pii WHERE email <> lower(email)") == 0)
    // The newest change by its sequence holds, in whatever order changes came.
    #expect(
      try gym.number(
        """
        SELECT count(*) FROM silver.members AS m JOIN (
          SELECT member_id, max(CAST(sequence AS BIGINT)) AS newest FROM bronze.members GROUP BY 1
        ) AS b ON m.member_id = b.member_id WHERE m.sequence <> b.newest
        """) == 0)
  }

  private func expectVisits(_ gym: PlantedGym) throws {
    #expect(
      try gym.number("SELECT count(*) FROM silver.gym_visits WHERE logout_at IS NULL")
        == gym.planted("gym_visits", "missing_logouts"))
    #expect(
      try gym.number("SELECT count(*) FROM silver.gym_visits WHERE over_midnight")
        == gym.planted("gym_visits", "over_midnight"))
    #expect(
      try gym.number(
        """
        SELECT count(DISTINCT usage_id) FROM quarantine.facility_usage WHERE duration_minutes < 0
        """) == gym.planted("facility_usage", "negative_durations"))
    #expect(
      try gym.number(
        """
        SELECT count(DISTINCT usage_id) FROM quarantine.facility_usage
        WHERE duration_minutes > 1440
        """) == gym.planted("facility_usage", "absurd_durations"))
    #expect(
      try gym.number(
        "SELECT count(*) FROM quarantine.facility_usage WHERE _file IS NULL OR _line < 1")
        == 0)
    #expect(
      try gym.number(
        "SELECT count(*) FROM silver.class_attendance WHERE status = 'attended' AND checked_in_at IS NULL"
      ) == 0)
  }

  private func expectSales(_ gym: PlantedGym) throws {
    #expect(
      try gym.number("SELECT count(*) FROM silver.retail_sales WHERE is_return")
        == gym.planted("retail", "returns"))
    #expect(
      try gym.number(
        "SELECT count(*) FROM silver.retail_sales WHERE NOT regexp_like(sku, '^[A-Z]{3}-[0-9]{3}$')"
      )
        == 0)
    #expect(
      try gym.number("SELECT count(*) FROM silver.daily_activity WHERE steps = 0")
        == gym.planted("daily_activity", "zero_step_days"))
  }

  @Test("Gold gives the figures of the simulation itself")
  func gold() throws {
    let gym = try PlantedGym(batches: [30, 15])
    let days = try #require(gym.expected["active_members_by_day"]?.object)
    let active = try gym.lake.ask(
      "SELECT activity_date, active_members FROM gold.daily_active_members ORDER BY 1")
    #expect(active == days.map { [$0.name, $0.value.int.map { String($0) } ?? ""] })

    let products = try #require(gym.expected["retail_by_product"]?.array)
    let sold = try gym.lake.ask(
      """
      SELECT sku, sum(units_sold - units_returned), sum(net_revenue)
      FROM gold.revenue_by_product GROUP BY sku ORDER BY sku
      """)
    let planted: [[String]] = try products.map { product in
      [
        try #require(product["sku"]?.string), "\(try #require(product["quantity"]?.int))",
        try #require(product["net_revenue"]?.string),
      ]
    }
    #expect(sold == planted.sorted { $0[0] < $1[0] })

    let net = try #require(gym.expected["billing"]?["total"]?["net"]?.string)
    #expect(try gym.lake.ask("SELECT sum(membership_revenue) FROM gold.customer_ltv") == [[net]])
    #expect(try gym.lake.ask("SELECT sum(revenue) FROM gold.revenue_by_class_type") == [[net]])

    let types = try #require(gym.expected["attendance_by_class_type"]?.object)
    let outcomes = try gym.lake.ask(
      """
      SELECT class_type, count(*) FILTER (WHERE status = 'attended'),
        count(*) FILTER (WHERE status = 'no-show'), count(*) FILTER (WHERE status = 'cancelled')
      FROM silver.class_attendance
      WHERE class_date <= (SELECT max(activity_date) FROM gold.daily_active_members)
      GROUP BY class_type ORDER BY class_type
      """)
    let attended: [[String]] = types.map { type in
      let counts = ["attended", "no-show", "cancelled"].map { "\(type.value[$0]?.int ?? 0)" }
      return [type.name.lowercased()] + counts
    }
    #expect(outcomes == attended.sorted { $0[0] < $1[0] })

    let steps = try #require(gym.expected["tracker_steps"]?.int)
    let calories = try #require(gym.expected["tracker_calories"]?.int)
    #expect(
      try gym.lake.ask("SELECT sum(steps), sum(calories) FROM gold.fact_daily")
        == [["\(steps)", "\(calories)"]])
  }

  @Test("Rows that came in batches are the rows of a full refresh")
  func batchesEqualFullRefresh() throws {
    let gym = try PlantedGym(batches: [10, 5, 5])
    let tables = (Silver.tables + Gold.tables).filter { !$0.partitionedBy.contains("as_of") }
    func contents() throws -> [String: [[String]]] {
      var rows: [String: [[String]]] = [:]
      for table in tables {
        let columns = table.columns.map(\.name).joined(separator: ", ")
        rows[table.name.description] = try gym.lake.ask(
          "SELECT \(columns) FROM \(table.name) ORDER BY \(columns)")
      }
      return rows
    }
    let before = try contents()
    try gym.lake.run(asOf: "2025-01-20", fullRefresh: true)
    let after = try contents()
    for table in tables {
      let name = table.name.description
      let pairs = zip(before[name] ?? [], after[name] ?? []).filter { $0 != $1 }
      #expect(
        before[name]?.count == after[name]?.count && pairs.isEmpty, "\(name): \(pairs.prefix(3))")
    }
  }
}

extension TableOutcome {
  /// True for tables that are computed from whole inputs, whose rows are not counted one by one.
  fileprivate var isDerived: Bool {
    let table = (Silver.tables + Gold.tables).first { $0.name == self.table }
    if case .derived? = table?.write { return true }
    return false
  }
}

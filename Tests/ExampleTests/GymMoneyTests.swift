import Basics
import Testing

/// Gold about money, against what the simulation's own state knows.
@Suite("The planted truth of a gym's money", .serialized)
struct GymMoneyTests {
  private let gym: PlantedGym
  private static let through = "2025-03-14"

  init() throws { gym = try PlantedGym(batches: [45, 28]) }

  private func figure(_ name: String) throws -> [JSON.Member] {
    try #require(gym.expected[name]?.object)
  }

  private func texts(_ json: JSON, _ names: [String]) -> [String] {
    names.map { name in json[name]?.string ?? json[name]?.int.map { "\($0)" } ?? "" }
  }

  /// Rows for objects by month (as its first day) of objects by another name.
  private func rows(_ figure: [JSON.Member], _ names: [String]) -> [[String]] {
    figure.flatMap { month in
      (month.value.object ?? []).map { [month.name + "-01", $0.name] + texts($0.value, names) }
    }.sorted { ($0[0], $0[1]) < ($1[0], $1[1]) }
  }

  @Test("All gold tables about money give the figures of the simulation itself")
  func gold() throws {
    try expectRecurring()
    try expectMovements()
    try expectPayments()
    try expectBalances()
    try expectCancellations()
    try expectRevenue()
    try expectBaskets()
    try expectPairs()
    try expectTransactions()
    try expectProjection()
  }

  private func expectRecurring() throws {
    let names = [
      "mrr_opening", "mrr_new", "mrr_expansion", "mrr_contraction", "mrr_churned", "mrr",
      "active_memberships", "frozen_memberships", "members",
    ]
    let months = try figure("mrr_by_month")
    #expect(months.map(\.name) == ["2025-01", "2025-02", "2025-03"])
    for table in ["mrr", "mrr_by_plan_and_location"] {
      let sums = names.map { "sum(\($0))" }.joined(separator: ", ")
      #expect(
        try gym.lake.ask(
          """
          SELECT month, \(sums) FROM gold.\(table)
          WHERE as_of = DATE '\(Self.through)' AND month >= DATE '2025-01-01'
          GROUP BY month ORDER BY month
          """) == months.map { [$0.name + "-01"] + texts($0.value, names) }, "\(table)")
    }
    for table in ["mrr_by_plan", "mrr_by_location"] {
      #expect(
        try gym.lake.ask(
          """
          SELECT month, sum(mrr), sum(active_memberships), sum(members) FROM gold.\(table)
          WHERE as_of = DATE '\(Self.through)' AND month >= DATE '2025-01-01'
          GROUP BY month ORDER BY month
          """)
          == months.map {
            [$0.name + "-01"] + texts($0.value, ["mrr", "active_memberships", "members"])
          }, "\(table)")
    }
    let last = try #require(months.last?.value)
    #expect((last["frozen_memberships"]?.int ?? 0) > 0, "nobody froze, so nothing is tested")
  }

  private func expectMovements() throws {
    for (column, name) in [("joins", "joins_by_month"), ("leaves", "leaves_by_month")] {
      let planted = try figure(name).map { [$0.name + "-01", "\($0.value.int ?? 0)"] }
      #expect(planted.count > 1)
      let from = "FROM gold.membership_movements WHERE as_of = DATE '\(Self.through)'"
      #expect(
        try gym.lake.ask(
          """
          SELECT period_start, \(column) \(from) AND period = 'month' AND \(column) > 0
          ORDER BY 1
          """) == planted, "\(name)")
      let sum = planted.reduce(0) { $0 + (Int($1[1]) ?? 0) }
      #expect(
        try gym.lake.ask("SELECT sum(\(column)) \(from) GROUP BY period")
          == [["\(sum)"], ["\(sum)"], ["\(sum)"]], "\(name)")
    }
  }

  private func expectPayments() throws {
    let names = [
      "charges", "failed", "pending", "recovered", "charged_amount", "failed_amount",
      "recovered_amount",
    ]
    #expect(
      try gym.lake.ask(
        """
        SELECT month, method, \(names.joined(separator: ", ")) FROM gold.payment_failures
        ORDER BY month, method
        """) == rows(try figure("charges_by_month"), names))
  }

  private func expectBalances() throws {
    let unpaid = try #require(gym.expected["unpaid"])
    #expect((unpaid["charges"]?.int ?? 0) > 0)
    #expect(
      try gym.lake.ask(
        """
        SELECT sum(unpaid_charges), count(*), sum(unpaid_balance), min(oldest_unpaid)
        FROM gold.member_balances WHERE as_of = DATE '\(Self.through)'
        """) == [texts(unpaid, ["charges", "members", "amount", "oldest"])])
  }

  private func expectCancellations() throws {
    let names = ["requests", "tenure_days", "visits_30d", "visits_90d"]
    let planted = rows(try figure("cancellations_by_month"), names)
    let sums = ["tenure_days", "visits_30d", "visits_90d"].map {
      "CAST(round(mean_\($0) * requests) AS BIGINT)"
    }.joined(separator: ", ")
    #expect(
      try gym.lake.ask(
        """
        SELECT month, reason, requests, \(sums) FROM gold.cancellation_reasons
        ORDER BY month, reason
        """) == planted)
    #expect(
      try gym.lake.ask(
        """
        SELECT month, reason, sum(requests) FROM gold.cancellations_by_plan
        GROUP BY month, reason ORDER BY month, reason
        """) == planted.map { Array($0.prefix(3)) })
    #expect(
      try gym.lake.ask(
        """
        SELECT DISTINCT round(share, 9) FROM (
          SELECT sum(share) AS share FROM gold.cancellation_reasons GROUP BY month)
        """) == [["1.0"]])
  }

  private func expectRevenue() throws {
    let billed = try figure("billing_net_by_month").map {
      [$0.name + "-01", $0.value.string ?? ""]
    }
    #expect(
      try gym.lake.ask(
        """
        SELECT month, sum(membership_revenue - membership_refunds) FROM gold.revenue_by_location
        GROUP BY month HAVING sum(membership_revenue) > 0 ORDER BY month
        """) == billed)
    let sold = rows(try figure("baskets_by_month"), ["revenue", "net_revenue"])
    #expect(
      try gym.lake.ask(
        """
        SELECT month, location_id, retail_revenue, retail_revenue - retail_returns
        FROM gold.revenue_by_location WHERE location_id <> 'unknown' ORDER BY month, location_id
        """) == sold)
  }

  private func expectBaskets() throws {
    let names = ["receipts", "lines", "items", "revenue", "guest_receipts"]
    #expect(
      try gym.lake.ask(
        """
        SELECT month, location_id, \(names.joined(separator: ", ")) FROM gold.baskets
        ORDER BY month, location_id
        """) == rows(try figure("baskets_by_month"), names))
    #expect(
      try gym.lake.ask(
        """
        SELECT week_start, sum(units), sum(revenue) FROM gold.product_sales_weekly
        GROUP BY week_start ORDER BY week_start
        """)
        == (try figure("retail_by_week")).map {
          [$0.name] + texts($0.value, ["units", "revenue"])
        })
    #expect(
      try gym.lake.ask(
        "SELECT sku, sum(baskets) FROM gold.product_sales_weekly GROUP BY sku ORDER BY sku")
        == (try figure("baskets_with")).map { [$0.name, "\($0.value.int ?? 0)"] }
        .sorted { $0[0] < $1[0] })
  }

  private func expectPairs() throws {
    let all = try #require(gym.expected["baskets"]?.int)
    let with = Dictionary(
      uniqueKeysWithValues: try figure("baskets_with").map { ($0.name, $0.value.int ?? 0) })
    let pairs = try #require(gym.expected["basket_pairs"]?.array).map {
      texts($0, ["sku_a", "sku_b", "baskets"])
    }.sorted { ($0[0], $0[1]) < ($1[0], $1[1]) }
    #expect(
      try gym.lake.ask(
        """
        SELECT sku_a, sku_b, sum(baskets) FROM gold.basket_pairs GROUP BY 1, 2 ORDER BY 1, 2
        """) == pairs)
    let often = pairs.filter { (Int($0[2]) ?? 0) >= 5 }
    #expect(often.count > 10 && often.count < pairs.count)
    #expect(
      try gym.lake.ask(
        """
        SELECT sku_a, sku_b, baskets, baskets_a, baskets_b, all_baskets
        FROM gold.product_affinity ORDER BY 1, 2
        """) == often.map { $0 + ["\(with[$0[0]] ?? 0)", "\(with[$0[1]] ?? 0)", "\(all)"] })
  }

  private func expectTransactions() throws {
    let keys = try gym.fact("billing", "distinct_keys") + gym.fact("retail", "distinct_keys")
    #expect(try gym.number("SELECT count(*) FROM silver.fact_transactions") == keys)
    #expect(
      try gym.number(
        "SELECT count(*) FROM silver.membership_history WHERE is_current")
        == gym.fact("memberships", "distinct_keys"))
    #expect(try gym.number("SELECT count(*) FROM silver.dim_memberships WHERE is_inferred") == 0)
    let net = try #require(gym.expected["billing"]?["total"]?["net"]?.string)
    let retail = try #require(gym.expected["retail_net_revenue"]?.string)
    #expect(
      try gym.lake.ask(
        """
        SELECT sum(received_amount) FILTER (WHERE kind LIKE 'membership%'),
          sum(received_amount) FILTER (WHERE kind LIKE 'retail%')
        FROM silver.fact_transactions
        """) == [[net, retail]])
  }

  /// What is projected begins with what was received, and its chances to leave with who left.
  private func expectProjection() throws {
    #expect(
      try gym.lake.ask(
        """
        SELECT count(*) FROM gold.customer_ltv_projection AS p
        JOIN gold.customer_ltv AS l ON p.member_id = l.member_id
        WHERE p.as_of = DATE '\(Self.through)' AND l.last_payment <= p.as_of
          AND p.lifetime_value <> l.lifetime_value
        """) == [["0"]])
    let members = try #require(try figure("mrr_by_month").last?.value["members"]?.int)
    #expect(
      try gym.lake.ask(
        """
        SELECT count(*) FROM gold.customer_ltv_projection
        WHERE as_of = DATE '\(Self.through)' AND expected_months > 0
        """) == [["\(members)"]])
  }
}

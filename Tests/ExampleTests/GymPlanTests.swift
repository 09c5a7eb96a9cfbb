import Gold
import Podium
import Silver
import Testing

@Suite("What a day's batch of a gym computes")
struct GymPlanTests {
  /// Tables that are computed whole, since each row depends on all rows of their inputs.
  private static let whole: Set<TableName> = [Gold.productAffinity.name]

  /// Tables whose rows follow a few rows of their inputs.
  private static let traced: [Table] = [
    Silver.memberStays, Silver.dimMemberships, Silver.chargeOutcomes, Silver.factTransactions,
    Gold.revenueByLocation, Gold.paymentFailures, Gold.customerLTV, Gold.cancellationReasons,
    Gold.cancellationsByPlan, Gold.baskets, Gold.productSalesWeekly, Gold.basketPairs,
    Gold.productAffinity,
  ]

  @Test("Tables about money follow a day by its keys; what is computed whole is told here")
  func money() throws {
    let gym = try PlantedGym(batches: [20, 4])
    let outcomes = try #require(gym.reports.last).tables
    for table in Self.traced {
      let outcome = try #require(outcomes.first { $0.table == table.name }, "\(table.name)")
      #expect(
        outcome.reason.contains("value") != Self.whole.contains(table.name),
        "\(table.name): \(outcome.reason)")
    }
    // A business date's partition is computed by itself; the earlier ones stay.
    // Labels of churn come when the days after have passed.
    for table in Gold.tables
    where table.partitionedBy == ["as_of"] && table.name != Gold.memberChurnLabels.name {
      let days = try gym.lake.ask("SELECT DISTINCT as_of FROM \(table.name) ORDER BY 1")
      #expect(days == [["2025-01-20"], ["2025-01-24"]], "\(table.name)")
    }
  }
}

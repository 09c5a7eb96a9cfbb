import Podium
import Silver

extension Gold {
  /// What each club brought in, by month.
  public static let revenueByLocation = Table(
    "gold.revenue_by_location",
    about: "One row per club and month: money for memberships and sales, refunds taken off.",
    columns: [
      .date("month", "First day of the month, UTC."),
      .string(
        "location_id",
        "Club of the sale; for memberships the home club by the member's profile as it is now, unknown "
          + "without one."),
      .decimal("membership_revenue", "Paid charges, USD."),
      .decimal("membership_refunds", "Paid refunds of charges, USD, not negative."),
      .decimal("retail_revenue", "Money for pieces sold, USD."),
      .decimal("retail_returns", "Money given back for returns, USD, not negative."),
      .decimal("net_revenue", "Both revenues less refunds and returns, USD."),
    ],
    key: ["month", "location_id"],
    write: .derived(by: .key("month", "location_id")),
    expect: [
      .row(
        "net revenue adds up",
        "net_revenue = membership_revenue - membership_refunds + retail_revenue - retail_returns",
        else: .stop),
      .sum(
        "net_revenue",
        of: """
          SELECT
            transaction_month AS month, coalesce(location_id, 'unknown') AS location_id,
            received_amount AS net_revenue
          FROM \(Silver.factTransactions)
          """),
    ],
    query: """
      SELECT
        transaction_month AS month,
        coalesce(location_id, 'unknown') AS location_id,
        CAST(SUM(CASE kind WHEN 'membership_charge' THEN received_amount ELSE 0 END)
          AS DECIMAL(18, 2)) AS membership_revenue,
        CAST(SUM(CASE kind WHEN 'membership_refund' THEN -received_amount ELSE 0 END)
          AS DECIMAL(18, 2)) AS membership_refunds,
        CAST(SUM(CASE kind WHEN 'retail_sale' THEN received_amount ELSE 0 END)
          AS DECIMAL(18, 2)) AS retail_revenue,
        CAST(SUM(CASE kind WHEN 'retail_return' THEN -received_amount ELSE 0 END)
          AS DECIMAL(18, 2)) AS retail_returns,
        CAST(SUM(received_amount) AS DECIMAL(18, 2)) AS net_revenue
      FROM \(Silver.factTransactions)
      GROUP BY transaction_month, coalesce(location_id, 'unknown')
      """)
}

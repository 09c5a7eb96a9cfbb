import Podium
import Silver

extension Gold {
  /// How often two articles are bought at once, by week.
  public static let basketPairs = Table(
    "gold.basket_pairs",
    about: "One row per week and pair of articles that were in one basket.",
    columns: [
      .date("week_start", "Monday of the week, UTC."),
      .string("sku_a", "The article that is first by letters."),
      .string("sku_b", "The other one."),
      .int("baskets", "Baskets with both; a basket is what one receipt says was sold on one day."),
    ],
    key: ["week_start", "sku_a", "sku_b"],
    write: .derived(by: .key("week_start")),
    expect: [.row("the first is first by letters", "sku_a < sku_b", else: .stop)],
    query: """
      WITH held AS (
        SELECT DISTINCT
          CAST(date_trunc('week', sale_date) AS DATE) AS week_start, sale_date, receipt_id, sku
        FROM \(Silver.retailSales)
        WHERE NOT is_return
      )
      SELECT a.week_start, a.sku AS sku_a, b.sku AS sku_b, COUNT(*) AS baskets
      FROM held AS a
      JOIN held AS b
        ON a.week_start = b.week_start AND a.sale_date = b.sale_date
        AND a.receipt_id = b.receipt_id AND a.sku < b.sku
      GROUP BY a.week_start, a.sku, b.sku
      """)

  /// Which articles are bought together.
  ///
  /// It is computed whole, since each row depends on the number of all baskets; what it reads are counts
  /// by week and month.
  public static let productAffinity = Table(
    "gold.product_affinity",
    about: """
      One row per pair of articles that at least \(Definition.leastBasketsOfPair) baskets held together.
      """,
    columns: [
      .string("sku_a", "The article that is first by letters."),
      .string("sku_b", "The other one."),
      .int("baskets", "Baskets with both."),
      .int("baskets_a", "Baskets with the first."),
      .int("baskets_b", "Baskets with the other."),
      .int("all_baskets", "All baskets, those with one article too."),
      .double("support", "Baskets with both by all baskets."),
      .double("confidence_a_to_b", "Baskets with both by those with the first."),
      .double("confidence_b_to_a", "Baskets with both by those with the other."),
      .double(
        "lift",
        "Support by the product of the shares of baskets with each; 1 where they are independent."),
    ],
    key: ["sku_a", "sku_b"],
    write: .derived(by: .whole),
    expect: [
      .row(
        "no pair is in more baskets than its articles",
        "baskets <= baskets_a AND baskets <= baskets_b AND baskets_a <= all_baskets", else: .stop)
    ],
    query: """
      WITH pairs AS (
        SELECT sku_a, sku_b, CAST(SUM(baskets) AS BIGINT) AS baskets
        FROM \(Gold.basketPairs)
        GROUP BY sku_a, sku_b
      ),
      singles AS (
        SELECT sku, CAST(SUM(baskets) AS BIGINT) AS baskets
        FROM \(Gold.productSalesWeekly)
        GROUP BY sku
      ),
      total AS (
        SELECT CAST(SUM(receipts) AS BIGINT) AS baskets FROM \(Gold.baskets)
      )
      SELECT
        p.sku_a, p.sku_b, p.baskets, a.baskets AS baskets_a, b.baskets AS baskets_b,
        t.baskets AS all_baskets,
        CAST(p.baskets AS DOUBLE) / nullif(t.baskets, 0) AS support,
        CAST(p.baskets AS DOUBLE) / nullif(a.baskets, 0) AS confidence_a_to_b,
        CAST(p.baskets AS DOUBLE) / nullif(b.baskets, 0) AS confidence_b_to_a,
        CAST(p.baskets AS DOUBLE) * t.baskets / nullif(CAST(a.baskets AS DOUBLE) * b.baskets, 0)
          AS lift
      FROM pairs AS p
      JOIN singles AS a ON p.sku_a = a.sku
      JOIN singles AS b ON p.sku_b = b.sku
      CROSS JOIN total AS t
      WHERE p.baskets >= \(Definition.leastBasketsOfPair)
      """)
}

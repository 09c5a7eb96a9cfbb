import Podium
import Silver

extension Gold {
  /// What is bought at once, by club and month.
  ///
  /// A basket is what one receipt says was sold on one day; returns are no part of it.
  public static let baskets = Table(
    "gold.baskets",
    about: "One row per club and month: receipts, what is on them, and who buys.",
    columns: [
      .date("month", "First day of the month, UTC."),
      .string("location_id", "The club."),
      .int("receipts", "Baskets: receipts with something sold."),
      .int("lines", "Lines of them with something sold."),
      .int("items", "Pieces sold."),
      .decimal("revenue", "Money for pieces sold, USD, before returns."),
      .decimal("mean_basket_value", "Revenue by receipts, USD, half a cent rounded up."),
      .int("guest_receipts", "Receipts without a member."),
      .double("guest_share", "Guest receipts by receipts."),
    ],
    key: ["month", "location_id"],
    write: .derived(by: .key("month", "location_id")),
    expect: [.range("guest_share", from: 0, to: 1, else: .stop)],
    query: """
      SELECT
        month, location_id,
        COUNT(*) AS receipts,
        CAST(SUM(lines) AS BIGINT) AS lines,
        CAST(SUM(items) AS BIGINT) AS items,
        CAST(SUM(revenue) AS DECIMAL(18, 2)) AS revenue,
        CAST(floor(
          (CAST(SUM(revenue) * 200 AS DOUBLE) + COUNT(*)) / nullif(2 * COUNT(*), 0)
        ) / 100 AS DECIMAL(18, 2)) AS mean_basket_value,
        COUNT(*) FILTER (WHERE member_id IS NULL) AS guest_receipts,
        CAST(COUNT(*) FILTER (WHERE member_id IS NULL) AS DOUBLE) / COUNT(*) AS guest_share
      FROM (
        SELECT
          CAST(date_trunc('month', sale_date) AS DATE) AS month,
          location_id, receipt_id, sale_date,
          max(member_id) AS member_id,
          COUNT(*) AS lines,
          CAST(SUM(quantity) AS BIGINT) AS items,
          CAST(SUM(amount) AS DECIMAL(18, 2)) AS revenue
        FROM \(Silver.retailSales)
        WHERE NOT is_return
        GROUP BY 1, 2, 3, 4
      ) AS sold
      GROUP BY month, location_id
      """)

  /// What each article brought in, by week: the series that forecasts begin with.
  public static let productSalesWeekly = Table(
    "gold.product_sales_weekly",
    about: "One row per article and week in which it was sold or returned.",
    columns: [
      .date("week_start", "Monday of the week, UTC."),
      .string("sku", "Article number."),
      .string(
        "product_name", "The article; the first by letters where it was spelled differently."),
      .string("category", "juice bar, supplements, snacks or apparel."),
      .int("units", "Pieces sold less pieces returned."),
      .decimal("revenue", "Money for them, returns taken off, USD."),
      .int("baskets", "Baskets with the article."),
    ],
    key: ["week_start", "sku"],
    write: .derived(by: .key("week_start", "sku")),
    expect: [
      .sum(
        "revenue",
        of: """
          SELECT CAST(date_trunc('week', sale_date) AS DATE) AS week_start, sku, amount AS revenue
          FROM \(Silver.retailSales)
          """)
    ],
    query: """
      SELECT
        CAST(date_trunc('week', sale_date) AS DATE) AS week_start,
        sku,
        min(product_name) AS product_name,
        min(category) AS category,
        CAST(SUM(quantity) AS BIGINT) AS units,
        CAST(SUM(amount) AS DECIMAL(18, 2)) AS revenue,
        COUNT(DISTINCT CASE
          WHEN NOT is_return THEN CAST(sale_date AS STRING) || receipt_id
        END) AS baskets
      FROM \(Silver.retailSales)
      GROUP BY 1, 2
      """)
}

import Podium
import Silver

extension Gold {
  /// What each article brought in, by month.
  public static let revenueByProduct = Table(
    "gold.revenue_by_product",
    about: "One row per article and month: pieces sold and money, returns taken off.",
    columns: [
      .date("month", "First day of the month, UTC."),
      .string("sku", "Article number."),
      .string(
        "product_name", "The article; the first by letters where it was spelled differently."),
      .string("category", "juice bar, supplements, snacks or apparel."),
      .int("units_sold", "Pieces sold, before returns."),
      .int("units_returned", "Pieces returned."),
      .decimal("gross_revenue", "Money for pieces sold, USD."),
      .decimal("refunds", "Money given back for returns, USD, not negative."),
      .decimal("net_revenue", "Gross revenue less refunds, USD."),
    ],
    key: ["month", "sku"],
    write: .derived(by: .key("month", "sku")),
    expect: [
      .sum(
        "net_revenue",
        of: """
          SELECT CAST(date_trunc('month', sale_date) AS DATE) AS month, sku, amount AS net_revenue
          FROM \(Silver.retailSales)
          """)
    ],
    query: """
      SELECT
        CAST(date_trunc('month', sale_date) AS DATE) AS month,
        sku,
        min(product_name) AS product_name,
        min(category) AS category,
        CAST(SUM(CASE WHEN quantity > 0 THEN quantity ELSE 0 END) AS BIGINT) AS units_sold,
        CAST(SUM(CASE WHEN quantity < 0 THEN -quantity ELSE 0 END) AS BIGINT) AS units_returned,
        CAST(SUM(CASE WHEN quantity > 0 THEN amount ELSE 0 END) AS DECIMAL(18, 2))
          AS gross_revenue,
        CAST(SUM(CASE WHEN quantity < 0 THEN -amount ELSE 0 END) AS DECIMAL(18, 2)) AS refunds,
        CAST(SUM(amount) AS DECIMAL(18, 2)) AS net_revenue
      FROM \(Silver.retailSales)
      GROUP BY 1, 2
      """)

  /// Membership money, shared out over the types of classes that the payers attended.
  ///
  /// What a member paid in a month, less refunds, is shared out over the types of the classes the
  /// member attended in that month, by number, in whole cents; cents that do not divide go to the
  /// type attended most. Without an attended class the type is `none`. So the rows of a month add up
  /// to the money received in it.
  public static let revenueByClassType = Table(
    "gold.revenue_by_class_type",
    about: "One row per class type and month: membership money shared out by attendance.",
    columns: [
      .date("month", "First day of the month, UTC for money, local for classes."),
      .string("class_type", "The type, or none for members who attended no class."),
      .int("paying_members", "Members whose money is in the row."),
      .int("attendances", "Their attended bookings."),
      .decimal("revenue", "Money received less refunds, USD."),
    ],
    key: ["month", "class_type"],
    write: .derived(by: .key("month")),
    expect: [
      .sum(
        "revenue",
        of: """
          SELECT
            CAST(date_trunc('month', billed_at) AS DATE) AS month,
            CASE type WHEN 'refund' THEN -amount ELSE amount END AS revenue
          FROM \(Silver.billing)
          WHERE status = 'paid'
          """)
    ],
    query: """
      WITH paid AS (
        SELECT
          member_id,
          CAST(date_trunc('month', billed_at) AS DATE) AS month,
          CAST(SUM(CASE type WHEN 'refund' THEN -amount ELSE amount END) * 100 AS BIGINT) AS cents
        FROM \(Silver.billing)
        WHERE status = 'paid'
        GROUP BY 1, 2
      ),
      attended AS (
        SELECT
          member_id,
          CAST(date_trunc('month', class_date) AS DATE) AS month,
          class_type,
          COUNT(*) AS attendances
        FROM \(Silver.classAttendance)
        WHERE status = 'attended'
        GROUP BY 1, 2, 3
      ),
      shared AS (
        SELECT
          p.member_id, p.month,
          coalesce(a.class_type, 'none') AS class_type,
          coalesce(a.attendances, 0) AS attendances,
          p.cents,
          CAST(floor(
            CAST(p.cents AS DOUBLE) * coalesce(a.attendances, 1)
              / nullif(
                CAST(SUM(coalesce(a.attendances, 1)) OVER (PARTITION BY p.member_id, p.month)
                  AS BIGINT), 0)
          ) AS BIGINT) AS share_cents,
          ROW_NUMBER() OVER (
            PARTITION BY p.member_id, p.month
            ORDER BY a.attendances DESC NULLS LAST, a.class_type ASC NULLS LAST
          ) AS place
        FROM paid AS p
        LEFT JOIN attended AS a ON p.member_id = a.member_id AND p.month = a.month
      )
      SELECT
        month,
        class_type,
        COUNT(DISTINCT member_id) AS paying_members,
        CAST(SUM(attendances) AS BIGINT) AS attendances,
        CAST(CAST(SUM(
          share_cents + CASE WHEN place = 1 THEN cents - all_shares ELSE 0 END
        ) AS DOUBLE) / 100 AS DECIMAL(18, 2)) AS revenue
      FROM (
        SELECT
          *,
          CAST(SUM(share_cents) OVER (PARTITION BY member_id, month) AS BIGINT) AS all_shares
        FROM shared
      ) AS totalled
      GROUP BY month, class_type
      """)
}

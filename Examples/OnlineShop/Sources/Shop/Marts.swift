import Podium

extension Shop.Gold {
  /// Clean sales by day.
  public static let salesByDay = Table(
    "gold.sales_by_day",
    about: "One row per day with a sale.",
    columns: [
      .date("day", "The day, UTC."),
      .int("lines", "Lines sold."),
      .int("invoices", "Invoices."),
      .decimal("revenue", "Pieces times price, pounds.", precision: 18, scale: 3),
    ],
    key: ["day"],
    write: .derived(by: .key("day")),
    query: """
      SELECT
        CAST(invoiced_at AS DATE) AS day,
        COUNT(*) AS lines,
        COUNT(DISTINCT invoice_no) AS invoices,
        CAST(SUM(quantity * unit_price) AS DECIMAL(18, 3)) AS revenue
      FROM \(Shop.Silver.invoiceLines)
      WHERE is_sale
      GROUP BY 1
      """)

  /// What each customer bought.
  public static let customers = Table(
    "gold.customers",
    about: "One row per customer with a sale.",
    columns: [
      .string("customer_id", "The customer."),
      .date("first_sale", "Day of the first sale, UTC."),
      .date("last_sale", "Day of the last sale, UTC."),
      .int("invoices", "Invoices."),
      .decimal("revenue", "Pieces times price, pounds.", precision: 18, scale: 3),
    ],
    key: ["customer_id"],
    write: .derived(by: .key("customer_id")),
    query: """
      SELECT
        customer_id,
        min(CAST(invoiced_at AS DATE)) AS first_sale,
        max(CAST(invoiced_at AS DATE)) AS last_sale,
        COUNT(DISTINCT invoice_no) AS invoices,
        CAST(SUM(quantity * unit_price) AS DECIMAL(18, 3)) AS revenue
      FROM \(Shop.Silver.invoiceLines)
      WHERE is_sale
      GROUP BY customer_id
      """)

  /// What each article brought in.
  public static let products = Table(
    "gold.products",
    about: "One row per article with a sale.",
    columns: [
      .string("sku", "Article number in capitals."),
      .string("description", "What it is; the first by letters of several.", nullable: true),
      .int("units", "Pieces sold."),
      .decimal("revenue", "Pieces times price, pounds.", precision: 18, scale: 3),
    ],
    key: ["sku"],
    write: .derived(by: .key("sku")),
    query: """
      SELECT
        sku,
        min(description) AS description,
        CAST(SUM(quantity) AS BIGINT) AS units,
        CAST(SUM(quantity * unit_price) AS DECIMAL(18, 3)) AS revenue
      FROM \(Shop.Silver.invoiceLines)
      WHERE is_sale
      GROUP BY sku
      """)
}

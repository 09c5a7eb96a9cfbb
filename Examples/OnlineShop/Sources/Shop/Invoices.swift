import Podium

extension Shop.Bronze {
  /// One row per line of the shop's daily files.
  public static let invoices = Table(
    "bronze.invoices",
    about: "One row per line of an invoice, as the shop sent it.",
    landing: "invoices",
    columns: [
      .string("InvoiceNo", "Number of the invoice; C in front cancels one."),
      .string("StockCode", "Article number."),
      .string("Description", "What was sold."),
      .string("Quantity", "Pieces; negative for goods that came back."),
      .string("InvoiceDate", "Date and time of the invoice."),
      .string("UnitPrice", "Price of a piece, pounds."),
      .string("CustomerID", "The customer, such as 17850.0, or nothing."),
      .string("Country", "The customer's country."),
    ])
}

extension Shop.Silver {
  /// One row per line of an invoice; lines that are equal in every field are one.
  public static let invoiceLines = Table(
    "silver.invoice_lines",
    about: "One row per distinct line of an invoice.",
    columns: [
      .string("line_id", "Hash of all fields as they were sent."),
      .string("invoice_no", "Number of the invoice."),
      .string("sku", "Article number in capitals."),
      .string("description", "What was sold.", nullable: true),
      .int("quantity", "Pieces; negative for goods that came back."),
      .timestamp("invoiced_at", "Time of the invoice; the shop gives no zone, UTC is assumed."),
      .decimal("unit_price", "Price of a piece, pounds.", precision: 18, scale: 3),
      .string("customer_id", "The customer; empty where none was recorded.", nullable: true),
      .string("country", "The customer's country."),
      .bool("is_cancellation", "True if the line cancels an invoice."),
      .bool("is_sale", "True for a known customer, pieces and price above zero, no cancellation."),
    ],
    key: ["line_id"],
    write: .upsert(newestBy: "invoiced_at"),
    query: """
      SELECT
        CAST(md5(
          coalesce(InvoiceNo, '') || '|' || coalesce(StockCode, '') || '|'
          || coalesce(Description, '') || '|' || coalesce(Quantity, '') || '|'
          || coalesce(InvoiceDate, '') || '|' || coalesce(UnitPrice, '') || '|'
          || coalesce(CustomerID, '') || '|' || coalesce(Country, '')) AS STRING) AS line_id,
        trim(InvoiceNo) AS invoice_no,
        upper(trim(StockCode)) AS sku,
        nullif(trim(Description), '') AS description,
        \(.integer("Quantity")) AS quantity,
        \(.timestamp("InvoiceDate")) AS invoiced_at,
        \(.decimal("UnitPrice", scale: 3)) AS unit_price,
        nullif(split_part(CustomerID, '.', 1), '') AS customer_id,
        Country AS country,
        substr(InvoiceNo, 1, 1) = 'C' AS is_cancellation,
        coalesce(
          nullif(split_part(CustomerID, '.', 1), '') IS NOT NULL
          AND \(.integer("Quantity")) > 0
          AND \(.decimal("UnitPrice", scale: 3)) > 0
          AND substr(InvoiceNo, 1, 1) <> 'C', false) AS is_sale,
        _file, _line
      FROM \(new: Shop.Bronze.invoices)
      """)
}

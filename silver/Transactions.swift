import Podium

extension Silver {
  /// One row per movement of money: charges, refunds and lines of receipts.
  ///
  /// Rows follow when a member's home club changes or becomes known. A membership that no source knows
  /// yet has an inferred row in `silver.dim_memberships`, so no money waits for it.
  public static let factTransactions = Table(
    "silver.fact_transactions",
    about: "One row per charge, refund and line of a receipt.",
    columns: [
      .string(
        "transaction_id",
        "B: and the id of a charge or refund; R:, the receipt, a colon and the line of a sale."),
      .string(
        "kind", "membership_charge, membership_refund, retail_sale or retail_return."),
      .string("member_id", "Who pays or is paid; empty for a guest.", nullable: true),
      .string(
        "membership_id", "What a charge or refund is for; empty for sales.", nullable: true),
      .string(
        "location_id",
        "Club of a sale; of a charge or refund the home club that the member's profile tells now, "
          + "empty without a profile.", nullable: true),
      .decimal(
        "amount", "What was asked for, USD; negative for refunds and returns, paid or not."),
      .decimal("received_amount", "The amount where it was paid, 0 otherwise, USD."),
      .string("status", "paid, failed or pending; sales are paid."),
      .string(
        "method", "card, ach or cash; empty for sales, whose tills do not say.", nullable: true),
      .timestamp("transaction_at", "When, UTC."),
      .date("transaction_date", "Day of it, UTC."),
      .date("transaction_month", "First day of its month, UTC."),
    ],
    key: ["transaction_id"],
    write: .derived(by: .key("transaction_month", "transaction_id")),
    partitionedBy: ["transaction_month"],
    expect: [
      .oneOf(
        "kind", ["membership_charge", "membership_refund", "retail_sale", "retail_return"],
        else: .stop),
      .references("membership_id", in: Silver.dimMemberships, else: .quarantine),
      .rows(
        of: """
          SELECT
            'B:' || transaction_id AS transaction_id,
            CAST(date_trunc('month', billed_at) AS DATE) AS transaction_month
          FROM \(Silver.billing)
          UNION ALL
          SELECT
            'R:' || receipt_id || ':' || CAST(line AS STRING),
            CAST(date_trunc('month', sale_date) AS DATE)
          FROM \(Silver.retailSales)
          """),
    ],
    query: """
      SELECT
        'B:' || b.transaction_id AS transaction_id,
        CASE b.type WHEN 'refund' THEN 'membership_refund' ELSE 'membership_charge' END AS kind,
        b.member_id,
        b.membership_id,
        m.home_location_id AS location_id,
        CAST(CASE b.type WHEN 'refund' THEN -b.amount ELSE b.amount END AS DECIMAL(18, 2))
          AS amount,
        CAST(
          CASE WHEN b.status <> 'paid' THEN 0 WHEN b.type = 'refund' THEN -b.amount ELSE b.amount END
          AS DECIMAL(18, 2)) AS received_amount,
        b.status,
        b.method,
        b.billed_at AS transaction_at,
        CAST(b.billed_at AS DATE) AS transaction_date,
        CAST(date_trunc('month', b.billed_at) AS DATE) AS transaction_month
      FROM \(Silver.billing) AS b
      LEFT JOIN \(Silver.members) AS m ON b.member_id = m.member_id
      UNION ALL
      SELECT
        'R:' || receipt_id || ':' || CAST(line AS STRING),
        CASE WHEN is_return THEN 'retail_return' ELSE 'retail_sale' END,
        member_id,
        CAST(NULL AS STRING),
        location_id,
        amount,
        amount,
        'paid',
        CAST(NULL AS STRING),
        sold_at,
        sale_date,
        CAST(date_trunc('month', sale_date) AS DATE)
      FROM \(Silver.retailSales)
      """)
}

import Podium

extension People {
  /// Purchases, as a source sends them.
  public static let saleFeed = Table(
    "bronze.sales", about: "One row per purchase.", landing: "sales",
    columns: [
      .string("sale", "The purchase."), .string("id", "Who bought."), .string("amount", "Money."),
      .string("since", "When, a number."),
    ])

  /// The header line of the purchases' CSV files.
  public static let saleHeader = "sale,id,amount,since\n"

  /// Purchases of known people only.
  public static let sales = Table(
    "silver.sales", about: "One row per purchase of a known person.",
    columns: [
      .string("sale", "The purchase."), .string("id", "Who bought."),
      .decimal("amount", "Money."), .int("since", "When it was."),
    ], key: ["sale"], write: .upsert(newestBy: "since"),
    expect: [.references("id", in: People.people, else: .quarantine)], query: salesQuery)

  /// Purchases, typed.
  public static let salesQuery: SQL = """
    SELECT sale, id, TRY_CAST(amount AS DECIMAL(18, 2)) AS amount, CAST(TRY_CAST(since AS DECIMAL(18, 0)) AS BIGINT) AS since,
      _file, _line
    FROM \(new: saleFeed)
    """

  /// Every purchase that was ever reported, whoever bought.
  public static let log = Table(
    "silver.sale_log", about: "One row per report of a purchase.",
    columns: [
      .string("sale", "The purchase."), .decimal("amount", "Money."),
    ], key: ["sale"], write: .append,
    expect: [.row("amount is at most 1000", "amount <= 1000", else: .quarantine)],
    query: """
      SELECT sale, TRY_CAST(amount AS DECIMAL(18, 2)) AS amount, _file, _line
      FROM \(new: saleFeed)
      """)
}

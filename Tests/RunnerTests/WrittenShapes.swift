import Podium
import RunnerTestKit

/// Tables of the ways of writing that look beyond single rows.
enum WrittenShapes {
  /// States of people, with deletions.
  static let states = Table(
    "silver.people_history", about: "One row per state of a person.",
    columns: [
      .string("id", "The person."), .string("city", "A city.", nullable: true),
      .decimal("balance", "Money."), .int("since", "Since when."),
    ], key: ["id"], write: .history(changedAt: "since", deleteWhen: "_op = 'delete'"),
    expect: [.row("balance is not negative", "balance >= 0", else: .quarantine)], share: .none,
    query: """
      SELECT id, nullif(city, '') AS city, TRY_CAST(balance AS DECIMAL(18, 2)) AS balance,
        TRY_CAST(since AS BIGINT) AS since, op AS _op, _file, _line
      FROM \(new: People.feed)
      """)

  /// States of purchases of people who come and go.
  static let saleStates = Table(
    "silver.sale_history", about: "One row per state of a known person's purchase.",
    columns: PropertyTests.sales.columns, key: ["sale"], write: .history(changedAt: "since"),
    expect: [.references("id", in: PropertyTests.people, else: .quarantine)], share: .none,
    query: People.salesQuery)

  /// Purchases of one person within a minute are one.
  static let distinct = Table(
    "silver.distinct_sales", about: "One row per purchase, those within a minute as one.",
    columns: [
      .string("sale", "The purchase."), .string("id", "Who bought."),
      .timestamp("bought_at", "When."),
    ], key: ["sale"], write: .deduplicate(by: ["id"], within: .seconds(60), of: "bought_at"),
    expect: [.references("id", in: PropertyTests.people, else: .quarantine)], share: .none,
    query: """
      SELECT sale, id, to_timestamp(TRY_CAST(since AS BIGINT) * 45) AS bought_at, _file, _line
      FROM \(new: People.saleFeed)
      """)

  /// What reads a history whole.
  static let stays = Table(
    "gold.stays", about: "One row per city: how often somebody came to it.",
    columns: [
      .string("city", "A city."), .int("arrivals", "Arrivals."), .int("present", "Still there."),
    ], key: ["city"], write: .derived(by: .key("city")),
    query: """
      SELECT coalesce(city, '?') AS city, COUNT(*) AS arrivals,
        COUNT(CASE WHEN is_current THEN 1 END) AS present
      FROM \(states) GROUP BY 1
      """)

  static let tables = [states, saleStates, distinct, stays]
}

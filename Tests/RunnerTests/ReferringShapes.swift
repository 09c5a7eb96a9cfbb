import Podium
import RunnerTestKit

/// Tables whose rules refer to people, who come and go: one for each way of writing and each action.
enum ReferringShapes {
  static let people = PropertyTests.people

  private static let columns: [Column] = [
    .string("sale", "The purchase."), .string("id", "Who bought."),
    .decimal("amount", "Money.", nullable: true), .int("since", "When it was."),
  ]

  /// Every purchase, whoever bought.
  static let every = Table(
    "silver.every_sale", about: "One row per purchase.", columns: columns, key: ["sale"],
    write: .upsert(newestBy: "since"), share: .none, query: People.salesQuery)

  /// Those of unknown people are left out without a trace.
  static let dropped = Table(
    "silver.kept_sales", about: "One row per purchase of a known person.", columns: columns,
    key: ["sale"], write: .upsert(newestBy: "since"),
    expect: [.references("id", in: people, else: .drop)], share: .none, query: People.salesQuery)

  /// Nothing is merged.
  static let appended = Table(
    "silver.reported_sales", about: "One row per report of a known person's purchase.",
    columns: columns, key: ["sale"], write: .append,
    expect: [.references("id", in: people, else: .quarantine)], share: .none,
    query: People.salesQuery)

  /// Partitions of which rows are judged by another table than those that they come from.
  static let checked = Table(
    "silver.checked_sales", about: "One row per purchase of a known person.", columns: columns,
    key: ["sale"], write: .derived(by: .partition("since")), partitionedBy: ["since"],
    expect: [.references("id", in: people, else: .quarantine)], share: .none,
    query: "SELECT sale, id, amount, since FROM \(every)")

  /// Keys of which rows are judged by a derived table.
  static let social = Table(
    "gold.social_buyers", about: "One row per buyer with neighbours.",
    columns: [.string("id", "Who."), .int("sales", "Purchases.")], key: ["id"],
    write: .derived(by: .key("id")),
    expect: [.references("id", in: DerivedShapes.neighbours, else: .quarantine)], share: .none,
    query: "SELECT id, count(*) AS sales FROM \(every) GROUP BY id")

  static let tables = [every, dropped, appended, checked, social]
}

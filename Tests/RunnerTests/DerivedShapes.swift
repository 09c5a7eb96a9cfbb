import Podium
import RunnerTestKit

/// Derived tables over people and their purchases, one for each way in which changes of inputs reach
/// rows of a result.
enum DerivedShapes {
  static let people = PropertyTests.people
  static let sales = PropertyTests.sales

  /// Another input's rows reach partitions by a join alone.
  static let placed = Table(
    "silver.placed_sales", about: "One row per purchase, with its buyer's city.",
    columns: [
      .string("sale", "The purchase."), .string("city", "A city.", nullable: true),
      .decimal("amount", "Money.", nullable: true), .int("since", "When.", nullable: true),
    ], key: ["sale"], write: .derived(by: .partition("since")), partitionedBy: ["since"],
    expect: [.row("it is not dear", "amount < 8", else: .quarantine)], share: .none,
    query: """
      SELECT s.sale, p.city, s.amount, s.since
      FROM \(sales) AS s LEFT JOIN \(people) AS p ON p.id = s.id
      """)

  /// Windows within groups; a place may be another's after a change.
  static let best = Table(
    "gold.best_buyers", about: "One row per city and place: the two who bought most.",
    columns: [
      .string("city", "A city."), .int("place", "1 or 2."), .string("id", "Who."),
      .decimal("spent", "What they paid."),
    ], key: ["city", "place"], write: .derived(by: .key("city")),
    query: """
      SELECT city, place, id, spent FROM (
        SELECT *, CAST(ROW_NUMBER() OVER (
          PARTITION BY city ORDER BY spent DESC, id ASC) AS BIGINT) AS place
        FROM (
          SELECT coalesce(p.city, '?') AS city, p.id,
            CAST(coalesce(SUM(s.amount), 0) AS DECIMAL(18, 2)) AS spent
          FROM \(people) AS p LEFT JOIN \(sales) AS s ON s.id = p.id GROUP BY 1, 2
        ) AS bought
      ) AS ranked WHERE place <= 2
      """)

  /// One input twice: rows reach others of their own table.
  static let neighbours = Table(
    "gold.neighbours", about: "One row per person with others in the same city.",
    columns: [
      .string("id", "The person."), .int("others", "How many."),
      .decimal("richest", "The most that one of them has."),
    ], key: ["id"], write: .derived(by: .key("id")),
    query: """
      SELECT a.id, COUNT(*) AS others, max(b.balance) AS richest
      FROM \(people) AS a JOIN \(people) AS b ON a.city = b.city AND a.id <> b.id
      GROUP BY a.id
      """)

  /// Rows that are there because others are not.
  static let idle = Table(
    "gold.idle_people", about: "One row per person who never bought anything.",
    columns: [.string("id", "The person."), .decimal("balance", "Money.")], key: ["id"],
    write: .derived(by: .key("id")),
    query: """
      SELECT p.id, p.balance FROM \(people) AS p ANTI JOIN \(sales) AS s ON s.id = p.id
      """)

  /// Branches that spell the key in different ways, and a part of it that no input tells.
  static let moves = Table(
    "gold.moves", about: "One row per person or city and kind of number.",
    columns: [
      .string("kind", "count or sum."), .string("who", "A person or a city."),
      .decimal("number", "The number."),
    ], key: ["kind", "who"], write: .derived(by: .key("kind", "who")),
    query: """
      SELECT k.kind, m.who, CAST(SUM(CASE k.kind WHEN 'sum' THEN m.amount ELSE 1 END)
        AS DECIMAL(18, 2)) AS number
      FROM (
        SELECT upper(coalesce(city, 'nowhere')) AS who, balance AS amount FROM \(people)
        UNION ALL
        SELECT 'p' || id, coalesce(amount, 0) FROM \(sales)
      ) AS m CROSS JOIN (VALUES ('count'), ('sum')) AS k(kind)
      GROUP BY k.kind, m.who
      """)

  /// Nothing tells which rows a change touches: computed whole each time.
  static let shares = Table(
    "gold.shares", about: "One row per person: the share of all money.",
    columns: [.string("id", "The person."), .double("share", "Between 0 and 1.", nullable: true)],
    key: ["id"], write: .derived(by: .key("id")),
    query: """
      SELECT id, CAST(balance AS DOUBLE) / nullif(CAST(SUM(balance) OVER () AS DOUBLE), 0) AS share
      FROM \(people)
      """)

  /// A derived table over derived ones.
  static let summary = Table(
    "gold.summary", about: "One row per city: neighbours and best buyers.",
    columns: [
      .string("city", "A city."), .int("places", "Best buyers."),
      .int("lonely", "People without neighbours."),
    ], key: ["city"], write: .derived(by: .key("city")),
    query: """
      WITH lonely AS (
        SELECT coalesce(p.city, '?') AS city, COUNT(*) AS people
        FROM \(people) AS p ANTI JOIN \(neighbours) AS n ON n.id = p.id GROUP BY 1
      )
      SELECT b.city, COUNT(*) AS places, coalesce(max(l.people), 0) AS lonely
      FROM \(best) AS b LEFT JOIN lonely AS l ON l.city = b.city
      GROUP BY b.city
      """)

  /// Windows that look back into other partitions.
  static let trend = Table(
    "gold.sales_trend", about: "One row per time with purchases: those of it and the two before.",
    columns: [
      .int("since", "When."), .decimal("amount", "Then."),
      .decimal("recent", "With the two before."),
      .int("ids", "Buyers then.", nullable: true),
    ], key: ["since"], write: .derived(by: .partition("since", lookback: 2)),
    partitionedBy: ["since"],
    query: """
      SELECT since, amount, ids, CAST(SUM(amount) OVER (
        ORDER BY since RANGE BETWEEN 2 PRECEDING AND CURRENT ROW) AS DECIMAL(18, 2)) AS recent
      FROM (
        SELECT since, CAST(coalesce(SUM(amount), 0) AS DECIMAL(18, 2)) AS amount,
          COUNT(DISTINCT id) AS ids
        FROM \(sales) GROUP BY since
      ) AS days
      """)

  /// Inputs that meet in WHERE, and by subqueries.
  static let met = Table(
    "gold.met_buyers", about: "One row per city: buyers with money, and what they bought.",
    columns: [
      .string("city", "A city."), .int("sales", "Purchases."),
      .decimal("dearest", "Their dearest.", nullable: true),
      .int("known", "Purchases of people with neighbours."),
    ], key: ["city"], write: .derived(by: .key("city")),
    query: """
      SELECT coalesce(p.city, '?') AS city, COUNT(*) AS sales, max(d.amount) AS dearest,
        COUNT(*) FILTER (WHERE d.lives_near) AS known
      FROM \(people) AS p, (
        SELECT s.id, s.amount, EXISTS (
          SELECT 1 FROM \(neighbours) AS n WHERE n.id = s.id) AS lives_near
        FROM \(sales) AS s WHERE s.id IN (SELECT id FROM \(people) WHERE balance > 1)
      ) AS d
      WHERE d.id = p.id
      GROUP BY 1
      """)

  static let tables = [placed, best, neighbours, idle, moves, shares, summary, trend, met]
}

import Podium

/// A small project: people with a balance, and what they bought.
///
/// Declarations are functions, so that a test can change one part of them.
public enum People {
  /// Changes of people, as a source sends them.
  public static let feed = Table(
    "bronze.people", about: "One row per change of a person.", landing: "people",
    columns: [
      .string("id", "The person."), .string("name", "A name.", personal: true),
      .string("city", "A city."), .string("balance", "Money."), .string("since", "When, a number."),
      .string("op", "put or delete."),
    ])

  /// One row a person; rows without a balance or with a negative one are bad.
  public static let people = people()

  /// The header line of the feed's CSV files.
  public static let header = "id,name,city,balance,since,op\n"

  /// `people` with other rules or another way of writing.
  public static func people(
    _ rules: [Expectation] = [
      .row("balance is not negative", "balance >= 0", else: .quarantine)
    ], share: ShareRule = .standard,
    write: Write = .upsert(newestBy: "since", deleteWhen: "_op = 'delete'")
  ) -> Table {
    Table(
      "silver.people", about: "One row per person.",
      columns: [
        .string("id", "The person."), .string("city", "A city.", nullable: true),
        .decimal("balance", "Money."), .int("since", "When it was so."),
      ], key: ["id"], write: write, expect: rules, share: share,
      query: """
        SELECT id, nullif(city, '') AS city, TRY_CAST(balance AS DECIMAL(18, 2)) AS balance,
          CAST(TRY_CAST(since AS DECIMAL(18, 0)) AS BIGINT) AS since, op AS _op, _file, _line
        FROM \(new: feed)
        """)
  }

  /// People and money by city.
  public static let cities = cities(of: people)

  /// `cities` over another declaration of people.
  public static func cities(of people: Table) -> Table {
    Table(
      "gold.cities", about: "One row per city.",
      columns: [
        .string("city", "A city."), .int("people", "People there."), .decimal("money", "Theirs."),
      ], key: ["city"], write: .derived(by: .key("city")),
      query: """
        SELECT coalesce(city, '?') AS city, COUNT(*) AS people,
          CAST(SUM(balance) AS DECIMAL(18, 2)) AS money
        FROM \(people) GROUP BY 1
        """)
  }

  /// All three tables.
  public static let tables = [feed, people, cities]
}

extension TestLake {
  /// Puts a file of changes of people into the landing zone.
  public func landPeople(_ file: String, _ lines: String...) throws {
    try landPeople(file, lines)
  }

  /// Puts a file of changes of people into the landing zone.
  public func landPeople(_ file: String, _ lines: [String]) throws {
    try land("people/\(file).csv", People.header + lines.map { $0 + "\n" }.joined())
  }
}

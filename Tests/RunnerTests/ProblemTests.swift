import Podium
import Runner
import RunnerTestKit
import Testing

@Suite("Declarations that would break a rule of refreshing")
struct ProblemTests {
  private func problems(_ table: Table) -> [String] { table.problems().map(\.rule.rawValue) }

  private func upsert(_ query: SQL) -> Table {
    Table(
      "silver.people", about: "One row per person.",
      columns: [.string("id", "The person."), .int("since", "When.")], key: ["id"],
      write: .upsert(newestBy: "since"), query: query)
  }

  /// Queries that combine new rows, each by another word.
  static let resolving: [SQL] = [
    "SELECT DISTINCT id, since, _file, _line FROM \(new: People.feed)",
    "SELECT id, max(since) AS since, _file, _line FROM \(new: People.feed) GROUP BY 1, 3, 4",
    "SELECT id, row_number() OVER (ORDER BY id) AS since, _file, _line FROM \(new: People.feed)",
    "SELECT id, since, _file, _line FROM \(new: People.feed) limit 1",
    """
    SELECT id, since, _file, _line FROM \(new: People.feed)
    UNION SELECT id, since, _file, _line FROM \(new: People.feed)
    """,
  ]

  @Test("Combining new rows is refused, whatever the word", arguments: resolving.indices)
  func noResolution(_ index: Int) {
    let problems = problems(upsert(ProblemTests.resolving[index]))
    #expect(Set(problems) == ["no-resolution-over-new-rows"])
  }

  @Test("UNION ALL, and such words in texts, comments and quoted names, are fine")
  func noResolutionNeeded() {
    let query: SQL = """
      SELECT id, since, _file, _line FROM \(new: People.feed) -- DISTINCT
      UNION ALL SELECT 'LIMIT' || "group", since, _file, _line FROM \(new: People.saleFeed)
      """
    #expect(problems(upsert(query)) == [])
  }

  @Test("An upsert that reads another table whole is refused")
  func wholeInput() {
    let query: SQL = """
      SELECT f.id, since, _file, _line FROM \(new: People.feed) AS f JOIN \(People.sales) AS s
      ON f.id = s.id
      """
    #expect(problems(upsert(query)) == ["upsert-reads-one-table"])
  }

  @Test("The new rows of a table that changes its rows are refused")
  func newFromUpsert() {
    let query: SQL = "SELECT id, since, '' AS _file, 1 AS _line FROM \(new: People.people)"
    #expect(problems(upsert(query)) == ["new-rows-from-append"])
  }

  @Test("A problem stands at the line of the query where it was found")
  func location() throws {
    let query: SQL = """
      SELECT id, since, _file, _line
      FROM \(new: People.feed)
      ORDER BY id
      LIMIT 1
      """
    let problem = try #require(upsert(query).problems().first)
    #expect(problem.location.description == "RunnerTests/ProblemTests.swift:\(#line - 3)")
  }

  @Test(
    "A derived table cannot see file, line or run of its inputs' rows",
    arguments: ["_file", "_line", "_run", "_ingested_at", "_ingest_date"])
  func technicalColumns(_ column: String) throws {
    let queries: [String: SQL] = [
      "_file": "SELECT max(_file) AS city FROM \(People.feed)",
      "_line": "SELECT CAST(max(_line) AS STRING) AS city FROM \(People.feed)",
      "_run": "SELECT max(_run) AS city FROM \(People.feed)",
      "_ingested_at": "SELECT CAST(max(_ingested_at) AS STRING) AS city FROM \(People.feed)",
      "_ingest_date": "SELECT CAST(max(_ingest_date) AS STRING) AS city FROM \(People.feed)",
    ]
    let table = Table(
      "silver.cities", about: "One row per city.", columns: [.string("city", "A city.")],
      key: ["city"], write: .derived(by: .whole), query: try #require(queries[column]))
    let problems = try Checker(tables: [People.feed, table], engine: TestLake.engine).problems()
    #expect(problems.map(\.rule) == [.queryRuns])
    #expect(problems.first?.message.contains(column) == true)
  }

  @Test("The tables of the test kit have no problems, and their SQL is understood")
  func kit() throws {
    let tables = People.tables + [People.saleFeed, People.sales, People.log]
    #expect(try Checker(tables: tables, engine: TestLake.engine).problems() == [])
  }

  @Test("A spelling of one engine and a * at the outside are told at their lines, of rules too")
  func portable() throws {
    let above = #line
    let table = Table(
      "silver.cities", about: "One row per city.", columns: [.string("city", "A city.")],
      key: ["city"], write: .derived(by: .whole),
      expect: [.row("the name is whole", "regexp_matches(city, 'a')", else: .warn)],
      query: """
        SELECT * FROM (
          SELECT any_value(city) AS city
          FROM \(People.feed)) AS c
        """)
    let problems = try Checker(tables: [People.feed, table], engine: TestLake.engine).problems()
    #expect(problems.map(\.rule) == [.portableSQL, .namedColumns, .portableSQL])
    #expect(problems.map(\.location.line) == [above + 4, above + 6, above + 7])
    #expect(
      problems.map(\.message) == [
        "the rule 'the name is whole': regexp_matches: a match of a pattern is not portable: write "
          + "`regexp_like(x, p)`.",
        "SELECT * at the outside: name the columns, so that one which an input gains does not come "
          + "in unseen.",
        "any_value: a value in no fixed order is not portable: write `min(x)` or `max(x)`.",
      ])
  }

  @Test("Sums of columns that are declared DOUBLE are told, and those of decimals are not")
  func sums() throws {
    let walks = Table(
      "silver.walks", about: "One row per walk.",
      columns: [
        .string("city", "A city."), .double("km", "Its length."), .decimal("paid", "What it cost."),
      ], key: ["city"], write: .derived(by: .key("city")),
      query: """
        SELECT city, CAST(1 AS DOUBLE) AS km, CAST(1 AS DECIMAL(18, 2)) AS paid
        FROM \(People.people) GROUP BY city
        """)
    let table = Table(
      "gold.cities", about: "One row per city.",
      columns: [
        .string("city", "A city."), .double("km", "Length of all."),
        .decimal("paid", "What all cost."),
      ], key: ["city"], write: .derived(by: .key("city")),
      query: """
        SELECT city, CAST(SUM(km) AS DOUBLE) AS km, CAST(SUM(paid) AS DECIMAL(18, 2)) AS paid
        FROM \(walks) GROUP BY city
        """)
    let tables = [People.feed, People.people, walks, table]
    #expect(
      try Checker(tables: tables, engine: TestLake.engine).problems().map(\.message) == [
        "km: a sum or mean of DOUBLEs (its last digits follow the order of rows) is not portable: "
          + "write `SUM(CAST(x AS DECIMAL(18, 6)))`, divided by `COUNT(x)` for a mean."
      ])
  }
}

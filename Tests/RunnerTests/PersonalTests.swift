import Podium
import Runner
import RunnerTestKit
import Testing

@Suite("Values of personal columns in columns that do not say so")
struct PersonalTests {
  private func problems(_ query: SQL, _ columns: [String] = ["city"]) throws -> [Problem] {
    let table = Table(
      "silver.cities", about: "One row per city.",
      columns: columns.map { .string($0, "A text.", nullable: $0 != columns[0]) },
      key: [columns[0]], write: .derived(by: .whole), query: query)
    return try Checker(tables: [People.feed, table], engine: TestLake.engine).problems()
  }

  @Test("Raw tables with personal values say whose they are, where others do")
  func identified() throws {
    func feed(_ identity: Identity?) -> Table {
      Table(
        "bronze.visits", about: "One row per visit.", landing: "visits",
        columns: [.string("id", "Who came.", identifies: identity)])
    }
    func rules(_ tables: [Table]) throws -> [Problem.Rule] {
      try Checker(tables: tables, engine: TestLake.engine).problems().map(\.rule)
    }
    #expect(try rules([People.feed, feed(.person)]) == [.identifiedPersons])
    #expect(try rules([People.feed, feed(nil)]) == [])
    #expect(try rules([feed(.person)]) == [])
  }

  /// Queries whose column `city` holds names.
  static let copies: [SQL] = [
    "SELECT name AS city FROM \(People.feed)",
    "SELECT f.name AS city FROM \(People.feed) AS f LEFT JOIN \(People.feed) AS g ON f.id = g.id",
    "SELECT lower(trim(name)) AS city FROM \(People.feed)",
    "SELECT \(.text("name")) AS city FROM \(People.feed)",
    "SELECT CAST(name AS STRING) || '!' AS city FROM \(People.feed)",
    "SELECT split_part(name, ' ', 1) AS city FROM \(People.feed)",
    "SELECT coalesce(city, name) AS city FROM \(People.feed)",
    "SELECT CASE WHEN id = '1' THEN city ELSE upper(name) END AS city FROM \(People.feed)",
    "SELECT max_by(name, since) AS city FROM \(People.feed) GROUP BY id",
    "SELECT lag(name) OVER (ORDER BY id ASC NULLS LAST) AS city FROM \(People.feed)",
    "SELECT city FROM (SELECT name FROM \(People.feed)) AS t(city)",
    "WITH a AS (SELECT name AS x FROM \(People.feed)), b AS (SELECT * FROM a) SELECT b.x AS city FROM b",
    "SELECT city FROM \(People.feed) UNION ALL SELECT name FROM \(People.feed)",
    "SELECT (SELECT min(name) FROM \(People.feed)) AS city",
  ]

  @Test("A copy is told, whatever way it takes", arguments: copies.indices)
  func copy(_ index: Int) throws {
    let found = try problems(PersonalTests.copies[index])
    #expect(found.map(\.rule) == [.personalValues])
    #expect(
      found.first?.message
        == "column 'city' takes its value from bronze.people.name, which is personal: leave it out, "
        + "or mark it `personal: true` in a table called <name>_pii.")
  }

  /// Queries that use names and give none away.
  static let uses: [SQL] = [
    "SELECT city FROM \(People.feed) WHERE name IS NOT NULL ORDER BY name ASC NULLS LAST",
    "SELECT id AS city FROM \(People.feed) GROUP BY id, name",
    "SELECT CAST(md5(lower(name)) AS STRING) AS city FROM \(People.feed)",
    "SELECT CAST(length(name) AS STRING) AS city FROM \(People.feed)",
    "SELECT CASE WHEN name = 'Ann' THEN 'yes' ELSE city END AS city FROM \(People.feed)",
    "SELECT max_by(city, name) AS city FROM \(People.feed)",
    "SELECT f.city FROM \(People.feed) AS f LEFT JOIN \(People.feed) AS g ON f.name = g.name",
    "SELECT x.name AS city FROM (SELECT city AS name FROM \(People.feed)) AS x",
    "SELECT city, name AS _name FROM \(People.feed)",
  ]

  @Test(
    "Names that are compared, counted, hashed or only seen by rules are fine",
    arguments: uses.indices)
  func use(_ index: Int) throws {
    #expect(try problems(PersonalTests.uses[index]) == [])
  }

  @Test("A copy stands at its line, and one that is marked is fine")
  func place() throws {
    let above = #line
    let found = try problems(
      """
      SELECT id,
        city,
        CASE WHEN id = '1' THEN lower(name) END AS who
      FROM \(People.feed)
      """, ["id", "city", "who"])
    #expect(found.map { $0.location.line - above } == [5])
    let marked = Table(
      "silver.people_pii", about: "One row per name.",
      columns: [.string("name", "A name.", personal: true)], key: ["name"],
      write: .derived(by: .whole), query: "SELECT name FROM \(People.feed)")
    #expect(
      try Checker(tables: [People.feed, marked], engine: TestLake.engine).problems() == [])
    let copy = Table(
      "gold.people", about: "One row per name.", columns: [.string("name", "A name.")],
      key: ["name"], write: .derived(by: .whole), query: "SELECT name FROM \(marked)")
    let below = try Checker(tables: [People.feed, marked, copy], engine: TestLake.engine).problems()
    #expect(
      below.map(\.message.prefixToComma) == [
        "column 'name' takes its value from silver.people_pii.name"
      ])
  }
}

extension String {
  fileprivate var prefixToComma: String { String(prefix { $0 != "," }) }
}

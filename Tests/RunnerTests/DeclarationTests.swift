import Lakehouse
import Podium
import Runner
import RunnerTestKit
import Testing

@Suite("A declaration that changes")
struct DeclarationTests {
  let lake: TestLake

  init() throws {
    lake = try TestLake()
    try lake.landPeople("a", "1,Ann,Rome,1.00,5,put", "2,Bob,Oslo,2.00,5,put")
    expectSuccess(try lake.run(People.tables))
  }

  private func cities(
    _ query: SQL, about: String = "One row per city.",
    _ columns: [Column] = People.cities.columns
  ) -> Table {
    Table(
      "gold.cities", about: about, columns: columns, key: ["city"],
      write: .derived(by: .key("city")), query: query)
  }

  @Test("Comments, white space, the case of words and descriptions change nothing")
  func sameMeaning() throws {
    let same = cities(
      """
      select coalesce(city, '?') as city, -- where
        count(*) as people, /* how
        many */ cast(sum(balance) as decimal(18, 2)) as money
      from \(People.people)

      group by 1
      """, about: "A city.")
    #expect(try lake.run([People.feed, People.people, same]).committed == [])
  }

  @Test("A text in quotes that changes its case computes the table whole")
  func literal() throws {
    let other = cities(
      """
      SELECT coalesce(city, '??') AS city, COUNT(*) AS people,
        CAST(SUM(balance) AS DECIMAL(18, 2)) AS money
      FROM \(People.people) GROUP BY 1
      """)
    let run = expectSuccess(try lake.run([People.feed, People.people, other]))
    #expect(run.committed == ["gold.cities"])
    #expect(run[other]?.reason == "its declaration changed")
  }

  @Test("A column that silver gains is filled from all of bronze")
  func newColumn() throws {
    let people = Table(
      "silver.people", about: "One row per person.",
      columns: People.people.columns + [.int("letters", "Letters of the name.")], key: ["id"],
      write: People.people.write, expect: People.people.expectations,
      query: """
        SELECT id, nullif(city, '') AS city, TRY_CAST(balance AS DECIMAL(18, 2)) AS balance,
          TRY_CAST(since AS BIGINT) AS since, length(name) AS letters, op AS _op, _file, _line
        FROM \(new: People.feed)
        """)
    let tables = [People.feed, people, People.cities(of: people)]
    expectSuccess(try lake.run(tables))
    try expect(people, in: lake, is: "id | city | letters\n1 | Rome | 3\n2 | Oslo | 3")
    try lake.landPeople("b", "3,Cecil,Bern,3.00,5,put")
    expectSuccess(try lake.run(tables))
    try expect(people, in: lake, is: "id | letters\n1 | 3\n2 | 3\n3 | 5")
  }

  @Test("A column that silver loses is gone, and one of another type has it")
  func lostColumn() throws {
    let people = Table(
      "silver.people", about: "One row per person.",
      columns: [
        .string("id", "The person."), .double("balance", "Money."), .int("since", "When."),
      ],
      key: ["id"], write: .upsert(newestBy: "since"),
      query: """
        SELECT id, TRY_CAST(balance AS DOUBLE) AS balance, TRY_CAST(since AS BIGINT) AS since,
          _file, _line
        FROM \(new: People.feed)
        """)
    expectSuccess(try lake.run([People.feed, people]))
    #expect(
      try lake.snapshot(.of(people))?.schema.names == ["id", "balance", "since", "_file", "_line"])
    try expect(people, in: lake, is: "id | balance\n1 | 1.0\n2 | 2.0")
  }

  @Test("A rule that changes judges all rows again")
  func rule() throws {
    let strict = People.people([.row("balance is above 1", "balance > 1", else: .quarantine)])
    expectSuccess(try lake.run([People.feed, strict, People.cities(of: strict)]))
    try expect(strict, in: lake, is: "id\n2")
    try expect(.quarantine(of: strict), in: lake, is: "id\n1")
    try expect(People.cities, in: lake, is: "city\nOslo")
  }

  @Test("A field that bronze gains is NULL in the rows so far; nothing is read again")
  func bronzeGains() throws {
    let feed = Table(
      "bronze.people", about: People.feed.about, landing: "people",
      columns: People.feed.columns + [.string("mood", "How they are.")])
    #expect(try lake.plan([feed]).map(\.works) == [true])
    let run = expectSuccess(try lake.run([feed]))
    #expect(run.committed == ["bronze.people"])
    #expect(try lake.plan([feed]).map(\.works) == [false])
    try lake.land("people/b.ndjson", "{\"id\":\"3\",\"mood\":\"good\"}\n")
    expectSuccess(try lake.run([feed]))
    try expect(feed, in: lake, is: "id | mood\n1 | NULL\n2 | NULL\n3 | good")
  }

  @Test("A field that bronze loses keeps its column and is rescued from new files")
  func bronzeLoses() throws {
    let feed = Table(
      "bronze.people", about: People.feed.about, landing: "people",
      columns: People.feed.columns.filter { $0.name != "city" })
    try lake.land("people/b.ndjson", "{\"id\":\"3\",\"city\":\"Bern\"}\n")
    expectSuccess(try lake.run([feed]))
    try expect(
      feed, in: lake,
      is: """
        id | city | _rescued
        1  | Rome | NULL
        2  | Oslo | NULL
        3  | NULL | {"city":"Bern"}
        """)
  }

  @Test("A table that is no longer declared stays as it was")
  func undeclared() throws {
    let before = try lake.version(People.cities)
    try lake.landPeople("b", "3,Cid,Bern,3.00,5,put")
    expectSuccess(try lake.run([People.feed, People.people]))
    #expect(try lake.version(People.cities) == before)
    expectSuccess(try lake.run(People.tables))
    try expect(People.cities, in: lake, is: "city\nRome\nOslo\nBern")
  }
}

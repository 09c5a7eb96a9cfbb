import Lakehouse
import Podium
import Runner
import RunnerTestKit
import Testing

@Suite("The fates of rows")
struct AccountingTests {
  let lake: TestLake

  init() throws { lake = try TestLake() }

  private func people(_ query: SQL) -> Table {
    Table(
      "silver.people", about: "One row per person.",
      columns: [.string("id", "The person."), .int("since", "When.")], key: ["id"],
      write: .upsert(newestBy: "since"), query: query)
  }

  @Test("A query that loses rows with WHERE is an error at the table's file and line")
  func lostRows() throws {
    let people = people(
      """
      SELECT id, TRY_CAST(since AS BIGINT) AS since, _file, _line FROM \(new: People.feed)
      WHERE city <> 'Oslo'
      """)
    try lake.landPeople("a", "1,Ann,Rome,1.00,5,put", "2,Bob,Oslo,2.00,5,put")
    let error = try #require(try lake.run([People.feed, people]).error(people))
    #expect(error.code == "accounting")
    let words = "\(error)"
    #expect(
      words.hasPrefix("RunnerTests/AccountingTests.swift:14: 2 rows were read but 1 accounted"))
    #expect(words.contains("else: .drop"))
    try expect(people, in: lake, is: "id")
  }

  @Test("A query that makes more rows than it read is an error, also in a later run")
  func doubledRows() throws {
    let people = people(
      """
      SELECT id || p AS id, TRY_CAST(since AS BIGINT) AS since, _file, _line
      FROM \(new: People.feed) CROSS JOIN (VALUES ('a'), ('b')) AS v(p)
      """)
    #expect(expectSuccess(try lake.run([People.feed, people])).committed.count == 2)
    try lake.landPeople("a", "1,Ann,Rome,1.00,5,put")
    #expect(try lake.run([People.feed, people]).error(people)?.code == "accounting")
    try expect(people, in: lake, is: "id")
  }

  @Test("Rows that were not accounted for leave nothing in quarantine")
  func nothingLeft() throws {
    let lossy = people(
      """
      SELECT nullif(id, '') AS id, TRY_CAST(since AS BIGINT) AS since, _file, _line
      FROM \(new: People.feed) WHERE city <> 'Oslo'
      """)
    try lake.landPeople("a", ",Ann,Rome,1.00,5,put", "2,Bob,Oslo,2.00,5,put")
    #expect(try lake.run([People.feed, lossy]).error(lossy)?.code == "accounting")
    try expect(.quarantine(of: lossy), in: lake, is: "id")
  }

  @Test("The fates of every table sum up to the rows it read, and all of them occur")
  func allFates() throws {
    let people = People.people([
      .row("balance is not negative", "balance >= 0", else: .quarantine),
      .row("it is no test row", "id <> 'test'", else: .drop),
    ])
    let tables = [People.feed, people]
    try lake.landPeople("a", "1,Ann,Rome,1.00,5,put", "2,Bob,Rome,1.00,5,put", "3,C,R,1,5,put")
    #expect(expectSuccess(try lake.run(tables))[people]?.counts.words == "3 inserted")
    try lake.land(
      "people/b.csv",
      People.header + """
        4,New,Rome,1.00,6,put
        1,Ann,Oslo,1.00,6,put
        2,,,,6,delete
        3,C,R,1,6,put
        3,C,R,1,6,put
        1,Ann,Bern,1.00,4,put
        test,T,Rome,1.00,6,put
        5,Bad,Rome,-1.00,6,put

        """)
    let counts = try #require(expectSuccess(try lake.run(tables))[people]?.counts)
    #expect(
      counts.words
        == "1 inserted, 2 updated, 1 deleted, 1 superseded, 1 deduplicated, 1 filtered, "
        + "1 quarantined")
    #expect(counts.read == 8 && counts.accounted == 8)
  }

  @Test("A row that says what the table holds already is unchanged")
  func unchanged() throws {
    try lake.landPeople("a", "1,Ann,Rome,1.00,5,put")
    try lake.run(People.tables)
    try lake.landPeople("b", "1,Ann,Rome,1.00,5,put")
    let run = expectSuccess(try lake.run(People.tables))
    #expect(run[People.people]?.counts.words == "1 unchanged")
  }

  @Test("A row that repeats a deletion is accounted for, and the table stays as it was")
  func repeatedDeletion() throws {
    for file in ["a", "b"] {
      try lake.landPeople(file, "1,,,,5,delete")
      let counts = expectSuccess(try lake.run(People.tables))[People.people]?.counts
      #expect(counts?.read == 1 && counts?.accounted == 1)
    }
    try expect(People.people, in: lake, is: "id")
  }
}

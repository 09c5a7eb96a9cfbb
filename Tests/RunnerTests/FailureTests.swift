import Lakehouse
import Podium
import Runner
import RunnerTestKit
import TestKit
import Testing

@Suite("A table that fails")
struct FailureTests {
  let lake: TestLake
  /// A table whose query the engine refuses once there are rows.
  let broken = Table(
    "silver.broken", about: "One row per person.",
    columns: [.string("id", "The person."), .int("balance", "Money.")], key: ["id"],
    write: .append,
    query: """
      SELECT id,
        CAST(city AS BIGINT) AS balance, _file, _line
      FROM \(new: People.feed)
      """)

  var below: Table { below(broken) }

  private func below(_ table: Table) -> Table {
    Table(
      "gold.below", about: "One row per person.",
      columns: [.string("id", "The person.")], key: ["id"], write: .derived(by: .key("id")),
      query: "SELECT id FROM \(table)")
  }

  var last: Table {
    let below = below
    return Table(
      "gold.last", about: "One row per person.",
      columns: [.string("id", "The person.")], key: ["id"], write: .derived(by: .key("id")),
      query: "SELECT id FROM \(below)")
  }

  init() throws {
    lake = try TestLake()
    try lake.landPeople("a", "1,Ann,Rome,1.00,5,put")
  }

  @Test("It stops what needs it, however far, and nothing else", arguments: [1, 2, 8])
  func stopsBelow(_ jobs: Int) throws {
    let run = try lake.run(People.tables + [broken, below, last], jobs: jobs)
    #expect(!run.succeeded)
    #expect(
      run.statuses == [
        "bronze.people: committed", "silver.broken: failed", "silver.people: committed",
        "gold.below: skipped", "gold.cities: committed", "gold.last: skipped",
      ])
    for table in [below, last] {
      guard case .skipped(let cause)? = run[table]?.status else { continue }
      #expect(cause == broken.name)
    }
  }

  @Test("Its error names the line of the query and shows no value of a row")
  func errorWords() throws {
    let words = "\(try #require(try lake.run([People.feed, broken]).error(broken)))"
    #expect(words.hasPrefix("RunnerTests/FailureTests.swift:"))
    #expect(words.contains("Conversion Error") || TestLake.isOnServer)
    #expect(!words.contains("Rome"))
  }

  @Test("The next run with a mended declaration goes on from there")
  func goesOn() throws {
    try lake.run(People.tables + [broken, below])
    let mended = Table(
      "silver.broken", about: broken.about, columns: broken.columns, key: ["id"], write: .append,
      query: """
        SELECT id, length(city) AS balance, _file, _line FROM \(new: People.feed)
        """)
    let run = expectSuccess(try lake.run(People.tables + [mended, below(mended)]))
    #expect(run.committed == ["silver.broken", "gold.below"])
    try expect(below, in: lake, is: "id\n1")
  }

  @Test("The next run as it was tries it again and fails again, alone")
  func failsAgain() throws {
    try lake.run(People.tables + [broken, below])
    let run = try lake.run(People.tables + [broken, below])
    #expect(run.committed == [])
    #expect(run.error(broken) != nil)
  }

  @Test("A selection of tables runs them alone, whatever their inputs would need")
  func selection() throws {
    let run = expectSuccess(try lake.run(People.tables, "bronze silver.people"))
    #expect(run.committed == ["bronze.people", "silver.people"])
    #expect(expectSuccess(try lake.run(People.tables, "gold")).committed == ["gold.cities"])
    #expect(throws: UnknownSelector.self) { try lake.run(People.tables, "silver.peple") }
  }

  @Test("Columns that the query gives but nobody declared, or the reverse, are told by name")
  func columns() throws {
    let wrong = Table(
      "silver.wrong", about: "One row per person.",
      columns: [.string("id", "The person."), .string("town", "A city.", nullable: true)],
      key: ["id"], write: .append, query: "SELECT id, city AS twon, _file FROM \(new: People.feed)")
    let error = try #require(try lake.run([People.feed, wrong]).error(wrong))
    #expect(error.code == "columns")
    #expect("\(error)".contains("does not give the column 'town'. Did you mean 'twon'?"))
    #expect("\(error)".contains("'_line', which says where a row came from"))
  }

  @Test("A log that was damaged fails the table with the file that is damaged")
  func damagedLog() throws {
    expectSuccess(try lake.run(People.tables))
    let log = "silver/people/_delta_log"
    try lake.write("{\"add\":", to: "\(log)/00000000000000000002.json")
    try lake.landPeople("b", "2,Bob,Rome,1.00,5,put")
    let run = try lake.run(People.tables)
    #expect(run.statuses.first == "bronze.people: committed")
    let error = try #require(run.error(People.people))
    #expect("\(error)".contains("00000000000000000002.json"))
  }
}

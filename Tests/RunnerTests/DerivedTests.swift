import Lakehouse
import Podium
import Runner
import RunnerTestKit
import TestKit
import Testing

@Suite("A derived table")
struct DerivedTests {
  let lake: TestLake
  let tables = People.tables

  init() throws { lake = try TestLake() }

  @Test("The first run makes it, a changed input changes it, nothing new commits nothing")
  func life() throws {
    try lake.landPeople(
      "a", "1,Ann,Rome,1.00,5,put", "2,Bob,Rome,2.00,5,put", "3,Cid,Oslo,3.00,5,put")
    #expect(expectSuccess(try lake.run(tables))[People.cities]?.reason == "it does not exist yet")
    try expect(
      People.cities, in: lake,
      is: """
        city | people | money
        Rome | 2      | 3.00
        Oslo | 1      | 3.00
        """)
    let version = try lake.version(People.cities)
    let idle = expectSuccess(try lake.run(tables))
    #expect(idle.committed == [])
    #expect(try lake.version(People.cities) == version)
    try lake.landPeople("b", "2,Bob,Bern,2.50,6,put", "3,,,,6,delete")
    let run = expectSuccess(try lake.run(tables))
    #expect(run[People.cities]?.reason == "silver.people changed: 3 values of city")
    try expect(
      People.cities, in: lake,
      is: """
        city | people | money
        Rome | 1      | 1.00
        Bern | 1      | 2.50
        """)
  }

  @Test("Without any landing file all tables exist and are empty")
  func empty() throws {
    #expect(expectSuccess(try lake.run(tables)).committed.count == 3)
    try expect(People.cities, in: lake, is: "city | people | money")
    #expect(try lake.run(tables).committed == [])
  }

  @Test("A query that gives a key twice is refused at the table's declaration")
  func repeatedKey() throws {
    let wrong = Table(
      "gold.cities", about: "One row per city.",
      columns: [.string("city", "A city."), .decimal("money", "Money.")], key: ["city"],
      write: .derived(by: .key("city")),
      query: "SELECT city, balance AS money FROM \(People.people)"
    )
    let tables = [People.feed, People.people, wrong]
    try lake.landPeople("a", "1,Ann,Rome,1.00,5,put", "2,Bob,Rome,2.00,5,put")
    let error = try lake.run(tables).error(wrong)
    #expect(error?.code == "repeated-key")
    #expect(error?.description.hasPrefix("RunnerTests/DerivedTests.swift:") == true)
    #expect(error?.description.contains("1 key (city) has") == true)
    try expect(wrong, in: lake, is: "city")
  }

  @Test("An input that was deleted and made anew makes it whole again")
  func recreatedInput() throws {
    try lake.landPeople("a", "1,Ann,Rome,1.00,5,put")
    expectSuccess(try lake.run(tables))
    let calm = try lake.copy()
    lake.remove("bronze/people")
    let run = expectSuccess(try lake.run(tables))
    #expect(run[People.people]?.reason == "bronze.people was made anew")
    #expect(run[People.people]?.counts.words == "1 inserted")
    try expectSame(lake, calm, tables)
    lake.remove("silver/people")
    let other = expectSuccess(try lake.run(tables))
    #expect(other[People.feed]?.status.word == "up to date")
    #expect(other[People.cities]?.reason == "silver.people was made anew")
    try expectSame(lake, calm, tables)
  }

  @Test("An input made anew with other rows leaves nothing of the old ones")
  func recreatedWithOtherRows() throws {
    try lake.landPeople("a", "1,Ann,Rome,1.00,5,put", "2,,,,9,delete", "3,Cid,Rome,-3.00,9,put")
    expectSuccess(try lake.run(tables))
    lake.remove("bronze/people")
    lake.remove("landing/people/a.csv")
    try lake.landPeople("b", "2,Bob,Oslo,1.00,5,put")
    expectSuccess(try lake.run(tables))
    try expect(People.people, in: lake, is: "id\n2")
    try expect(.quarantine(of: People.people), in: lake, is: "id")
    try expect(People.cities, in: lake, is: "city\nOslo")
  }

  @Test("An input set back to an older state makes it whole again")
  func inputSetBack() throws {
    try lake.landPeople("a", "1,Ann,Rome,1.00,5,put")
    expectSuccess(try lake.run(tables))
    let old = try lake.copy()
    try lake.landPeople("b", "2,Bob,Oslo,1.00,5,put")
    expectSuccess(try lake.run(tables))
    // Somebody restores one table from a backup.
    lake.remove("bronze/people")
    try lake.copy("bronze/people", from: old)
    lake.remove("landing/people/b.csv")
    let run = expectSuccess(try lake.run(tables))
    #expect(run[People.people]?.reason == "bronze.people lost or rewrote rows")
    try expectSame(lake, old, tables)
  }

  @Test("An input whose log no longer tells what came is read whole")
  func lostLog() throws {
    let log = "bronze/people/_delta_log"
    for number in 1...12 {
      try lake.landPeople("\(number)", "\(number),Ann,Rome,1.00,5,put")
      if number == 2 { expectSuccess(try lake.run(tables)) }
      if number > 2 { expectSuccess(try lake.run(tables, "bronze")) }
    }
    let names = try lake.names(log)
    try #require(names.contains("00000000000000000010.checkpoint.parquet"))
    for name in names where name < "00000000000000000010" { lake.remove("\(log)/\(name)") }
    expectSuccess(try lake.run(tables))
    try expect(People.cities, in: lake, is: "city | people\nRome | 12")
  }

  @Test("Rows without the value by which changes are told follow as all others do")
  func nullValues() throws {
    let placed = Table(
      "silver.placed", about: "One row per person.",
      columns: [
        .string("id", "The person."), .string("city", "A city.", nullable: true),
        .decimal("balance", "Money."),
      ], key: ["id"], write: .derived(by: .partition("city")), partitionedBy: ["city"],
      query: "SELECT id, city, balance FROM \(People.people)")
    // A city that nobody has told is no key: that row waits in quarantine.
    let known = Table(
      "gold.known_cities", about: "One row per city.", columns: People.cities.columns,
      key: ["city"], write: .derived(by: .key("city")), share: .none,
      query: """
        SELECT city, COUNT(*) AS people, CAST(SUM(balance) AS DECIMAL(18, 2)) AS money
        FROM \(People.people) GROUP BY 1
        """)
    let tables = [People.feed, People.people, placed, known]
    try lake.landPeople("a", "1,Ann,,1.00,5,put", "2,Bob,,2.00,5,put", "3,Cid,Oslo,3.00,5,put")
    expectSuccess(try lake.run(tables))
    try expect(.quarantine(of: known), in: lake, is: "city | people | money\nNULL | 2 | 3.00")
    try lake.landPeople("b", "1,Ann,,7.00,6,put", "2,Bob,Oslo,2.00,6,put")
    let run = expectSuccess(try lake.run(tables))
    #expect(run[placed]?.reason == "silver.people changed: 2 values of city")
    #expect(run[known]?.reason == "silver.people changed: 2 values of city")
    try expect(
      placed, in: lake,
      is: "id | city | balance\n1 | NULL | 7.00\n2 | Oslo | 2.00\n3 | Oslo | 3.00")
    try expect(.quarantine(of: known), in: lake, is: "city | people | money\nNULL | 1 | 7.00")
    try lake.landPeople("c", "1,Ann,Rome,7.00,7,put")
    expectSuccess(try lake.run(tables))
    try expect(.quarantine(of: known), in: lake, is: "city | people | money")
    try expect(
      placed, in: lake,
      is: "id | city | balance\n1 | Rome | 7.00\n2 | Oslo | 2.00\n3 | Oslo | 3.00")
  }
}

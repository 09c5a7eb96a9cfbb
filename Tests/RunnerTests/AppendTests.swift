import Lakehouse
import Podium
import Runner
import RunnerTestKit
import Testing

@Suite("A table whose rows are added")
struct AppendTests {
  let lake: TestLake
  let tables = [People.saleFeed, People.log]

  init() throws { lake = try TestLake() }

  @Test("Every row of every file is in it once, repeats included")
  func rows() throws {
    for file in ["a", "b"] {
      try lake.land("sales/\(file).csv", People.saleHeader + "s1,1,1.00,1\ns1,1,1.00,1\n")
      let run = expectSuccess(try lake.run(tables))
      #expect(run[People.log]?.counts.words == "2 inserted")
    }
    try expect(
      People.log, in: lake,
      is: """
        sale | _file       | _line
        s1   | sales/a.csv | 2
        s1   | sales/a.csv | 3
        s1   | sales/b.csv | 2
        s1   | sales/b.csv | 3
        """)
    #expect(try lake.operations(.of(People.log)) == ["CREATE TABLE", "OVERWRITE", "WRITE"])
  }

  @Test("Computed anew it has the same rows, and its quarantine too")
  func fullRefresh() throws {
    try lake.land("sales/a.csv", People.saleHeader + "s1,1,1.00,1\ns2,1,2000.00,1\n")
    try lake.run(tables)
    try lake.land("sales/b.csv", People.saleHeader + "s3,1,1.00,1\ns4,1,2000.00,1\n")
    try lake.run(tables)
    let before = try lake.copy()
    let run = expectSuccess(try lake.run(tables, fullRefresh: true))
    #expect(run[People.log]?.counts.words == "2 inserted, 2 quarantined")
    try expectSame(lake, before, tables)
  }

  @Test("It reads the new rows of several inputs, each on its own")
  func twoInputs() throws {
    let all = Table(
      "silver.names", about: "One row per name.",
      columns: [.string("name", "A person or a purchase.")], key: ["name"], write: .append,
      query: """
        SELECT id AS name, _file, _line FROM \(new: People.feed)
        UNION ALL SELECT sale, _file, _line FROM \(new: People.saleFeed)
        """)
    let tables = [People.feed, People.saleFeed, all]
    try lake.land("people/a.ndjson", "{\"id\":\"p1\"}\n")
    expectSuccess(try lake.run(tables))
    try lake.land("sales/a.ndjson", "{\"sale\":\"s1\"}\n")
    #expect(expectSuccess(try lake.run(tables))[all]?.counts.words == "1 inserted")
    try lake.land("people/b.ndjson", "{\"id\":\"p2\"}\n")
    try lake.land("sales/b.ndjson", "{\"sale\":\"s2\"}\n")
    #expect(expectSuccess(try lake.run(tables))[all]?.counts.words == "2 inserted")
    try expect(all, in: lake, is: "name\np1\np2\ns1\ns2")
  }

  @Test("Decimals are exact to the last of 38 digits, and sums of them too")
  func decimals() throws {
    let exact = Table(
      "silver.exact", about: "One row per number.",
      columns: [
        .string("sale", "Its name."), .decimal("amount", "The number.", precision: 38, scale: 18),
      ], key: ["sale"], write: .append,
      query: """
        SELECT sale, TRY_CAST(amount AS DECIMAL(38, 18)) AS amount, _file, _line
        FROM \(new: People.saleFeed)
        """)
    let sum = Table(
      "gold.sum", about: "One row: the sum.",
      columns: [
        .int("one", "Always 1."), .decimal("total", "The sum.", precision: 38, scale: 18),
      ], key: ["one"], write: .derived(by: .whole),
      query: """
        SELECT 1 AS one, CAST(SUM(amount) AS DECIMAL(38, 18)) AS total FROM \(exact)
        """)
    let lines = """
      a,1,12345678901234567890.123456789012345678,1
      b,1,0.000000000000000001,1
      c,1,-12345678901234567890.1,1

      """
    try lake.land("sales/a.csv", People.saleHeader + lines)
    expectSuccess(try lake.run([People.saleFeed, exact, sum]))
    try expect(
      exact, in: lake,
      is: """
        sale | amount
        a    | 12345678901234567890.123456789012345678
        b    | 0.000000000000000001
        c    | -12345678901234567890.100000000000000000
        """)
    try expect(sum, in: lake, is: "total\n0.023456789012345679")
  }

  @Test("A cent added ten thousand times is a hundred")
  func cents() throws {
    let rows = (0..<10_000).map { "s\($0),1,0.01,1\n" }.joined()
    try lake.land("sales/a.csv", People.saleHeader + rows)
    let sum = Table(
      "gold.sum", about: "One row: the sum.",
      columns: [.int("one", "Always 1."), .decimal("total", "The sum.")], key: ["one"],
      write: .derived(by: .whole),
      query: "SELECT 1 AS one, SUM(amount) AS total FROM \(People.log)")
    expectSuccess(try lake.run(tables + [sum]))
    try expect(sum, in: lake, is: "total\n100.00")
  }
}

import Podium
import RunnerTestKit
import Testing

@Suite("Partitions that look back into others")
struct LookbackTests {
  let lake: TestLake

  init() throws {
    lake = try TestLake()
    try lake.landPeople("a", "1,Ann,Rome,1.00,5,put")
  }

  private func land(_ file: String, _ lines: String...) throws {
    try lake.land("sales/\(file).csv", People.saleHeader + lines.map { $0 + "\n" }.joined())
  }

  private func tables(_ trend: Table) -> [Table] {
    [People.feed, PropertyTests.people, People.saleFeed, PropertyTests.sales, trend]
  }

  private static func trend(_ derivation: Write.Derivation) -> Table {
    Table(
      "gold.sales_trend", about: "One row per time.", columns: DerivedShapes.trend.columns,
      key: ["since"], write: .derived(by: derivation), partitionedBy: ["since"],
      query: DerivedShapes.trend.query ?? "")
  }

  @Test("A change reaches the partitions after it, as far as they look back, and no others")
  func reaches() throws {
    let trend = DerivedShapes.trend
    try land("a", "s1,1,1.00,1", "s2,1,2.00,2", "s3,1,3.00,3", "s4,1,4.00,4", "s9,1,9.00,9")
    expectSuccess(try lake.run(tables(trend)))
    try land("b", "s5,1,10.00,2")
    let run = expectSuccess(try lake.run(tables(trend)))
    #expect(run[trend]?.reason == "silver.sales changed: 3 values of since")
    #expect(run[trend]?.counts.inserted == 3)
    try expect(
      trend, in: lake,
      is: """
        since | amount | recent
        1     | 1.00   | 1.00
        2     | 12.00  | 13.00
        3     | 3.00   | 16.00
        4     | 4.00   | 19.00
        9     | 9.00   | 9.00
        """)
  }

  @Test("Without a word on how far it looks back, a table with such windows is computed whole")
  func undeclared() throws {
    let trend = LookbackTests.trend(.partition("since"))
    try land("a", "s1,1,1.00,1", "s3,1,3.00,3", "s4,1,4.00,4")
    expectSuccess(try lake.run(tables(trend)))
    try land("b", "s5,1,10.00,2")
    let run = expectSuccess(try lake.run(tables(trend)))
    #expect(run[trend]?.counts.inserted == 4)
    try expect(trend, in: lake, is: "since | recent\n1 | 1.00\n2 | 11.00\n3 | 14.00\n4 | 17.00")
  }
}

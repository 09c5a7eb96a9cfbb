import Runner
import Shop
import Testing

@Suite("The online shop's real data", .enabled(if: RealData.has("online_retail"), RealData.missing))
struct OnlineShopTests {
  /// Reference answers that were computed outside Podium.
  private func expectReferenceAnswers(_ lake: ProjectLake) throws {
    #expect(
      try lake.ask("SELECT count(*) FROM bronze.invoices") == [["320705"]])
    #expect(
      try lake.ask("SELECT count(*), count(*) FILTER (WHERE is_sale) FROM silver.invoice_lines")
        == [["318222", "224036"]])
    #expect(
      try lake.ask("SELECT sum(lines), round(sum(revenue), 2) FROM gold.sales_by_day")
        == [["224036", "5227480.19"]])
    #expect(
      try lake.ask(
        """
        SELECT customer_id, invoices, round(revenue, 2) FROM gold.customers
        ORDER BY revenue DESC LIMIT 1
        """) == [["14646", "40", "176355.94"]])
  }

  @Test("219 files that arrive at once give the reference answers")
  func allAtOnce() throws {
    let lake = try ProjectLake(Shop.tables)
    for file in try RealData.files("online_retail") {
      try lake.land("invoices/\(file)", try RealData.bytes("online_retail/\(file)"))
    }
    let report = try lake.run()
    #expect(report.tables.first?.files?.taken == 219)
    try expectReferenceAnswers(lake)
  }

  @Test("219 files that arrive day by day, with a run after each, give the same answers")
  func dayByDay() throws {
    let lake = try ProjectLake(Shop.tables)
    for file in try RealData.files("online_retail") {
      try lake.land("invoices/\(file)", try RealData.bytes("online_retail/\(file)"))
      let report = try lake.run()
      #expect(report.tables.first?.files?.taken == 1)
      for outcome in report.tables where outcome.table.layer == .silver {
        #expect(outcome.counts.read == outcome.counts.accounted)
      }
    }
    try expectReferenceAnswers(lake)
  }
}

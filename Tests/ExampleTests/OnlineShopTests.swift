import Runner
import Shop
import Testing

@Suite("The online shop's real data", .enabled(if: RealData.has("online_retail"), RealData.missing))
struct OnlineShopTests {
  /// Reference answers that were computed outside Podium.
  /// - Parameter repeated: lines that came twice.
  private func expectReferenceAnswers(_ lake: ProjectLake, repeated: Int64 = 0) throws {
    #expect(
      try lake.ask("SELECT count(*) FROM bronze.invoices") == [["\(320_705 + repeated)"]])
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

  @Test(
    "219 files that arrive day by day, one late and one twice, give the same answers at any time")
  func dayByDay() throws {
    let lake = try ProjectLake(Shop.tables)
    var days = try RealData.files("online_retail")
    days.insert(days.remove(at: 40), at: 95)
    var repeated: Int64 = 0
    for (index, file) in days.enumerated() {
      try take(file, as: file, lake)
      if index == 120 { repeated = try takeAgain(days[60], lake) }
      if [39, 95, 120, 180].contains(index) { try lake.expectFullRefresh("after \(file)") }
    }
    try expectReferenceAnswers(lake, repeated: repeated)
    try lake.expectFullRefresh("after all days")
    try correct(days[200], lake)
  }

  /// Takes in one file, whose rows all have a fate.
  @discardableResult
  private func take(_ file: String, as name: String, _ lake: ProjectLake) throws -> RunReport {
    try lake.land("invoices/\(name)", try RealData.bytes("online_retail/\(file)"))
    let report = try lake.run()
    #expect(report.tables.first?.files?.taken == 1)
    for outcome in report.tables where outcome.table.layer == .silver {
      #expect(outcome.counts.read == outcome.counts.accounted)
    }
    return report
  }

  /// Takes in a day once more under another name, which changes nothing below bronze.
  /// - Returns: its lines.
  private func takeAgain(_ file: String, _ lake: ProjectLake) throws -> Int64 {
    let before = try lake.ask("SELECT * FROM gold.customers ORDER BY customer_id")
    let report = try take(file, as: "again-\(file)", lake)
    let silver = try #require(report.tables.first { $0.table.layer == .silver }).counts
    #expect(silver.read > 0)
    #expect(silver.inserted == 0 && silver.deleted == 0 && silver.updated == 0)
    #expect(try lake.ask("SELECT * FROM gold.customers ORDER BY customer_id") == before)
    return silver.read
  }

  /// Corrects the countries of a day: in its place the file is told and not read; under a new name its
  /// lines are new ones.
  private func correct(_ file: String, _ lake: ProjectLake) throws {
    let text = String(decoding: try RealData.bytes("online_retail/\(file)"), as: UTF8.self)
    let corrected = Array(text.replacing("United Kingdom", with: "Great Britain").utf8)
    let before = try lake.ask("SELECT count(*) FROM silver.invoice_lines")
    try lake.land("invoices/\(file)", corrected)
    let told = try #require(try lake.run().tables.first?.files)
    #expect(told.taken == 0 && told.changed.count == 1)
    #expect(try lake.ask("SELECT count(*) FROM silver.invoice_lines") == before)
    try lake.land("invoices/corrected-\(file)", corrected)
    #expect(try lake.run().tables.first?.files?.taken == 1)
    #expect(
      try lake.ask("SELECT count(*) > 0 FROM silver.invoice_lines WHERE country = 'Great Britain'")
        == [["true"]])
    try lake.expectFullRefresh("after a corrected day")
  }
}

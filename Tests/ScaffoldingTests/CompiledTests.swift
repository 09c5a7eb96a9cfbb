import PackageTestKit
import TestKit
import Testing

/// The code of new tables is compiled, checked, run and tested in copies of packages.
@Suite("The code of new tables")
struct CompiledTests {
  /// Headers and values that are easy to get wrong.
  private static let sample = """
    Rental Id,order,Größe,"a ""b"" \\(c)",member_id,member_name,is_open,price,rented_at,weight,day
    R1,1,2,x,M1,Ann,true,1.250,2025-01-06T19:05:00Z,70,2025-01-06
    R2,2,3,y,M2,Bo,false,2.5,2025-01-07T08:00:00Z,71.5,2025-01-07
    R1,3,3,y,M1,Ann,false,2,2025-01-08T08:00:00Z,70,2025-01-08

    """

  /// Runs a command that must succeed, and gives what it printed.
  @discardableResult
  private func succeed(
    _ outcome: PackageCopy.Outcome, sourceLocation: SourceLocation = #_sourceLocation
  ) -> String {
    #expect(outcome.status == 0, "\(outcome.text)", sourceLocation: sourceLocation)
    return outcome.text
  }

  /// Adds a table and its test to the package.
  private func add(_ name: String, _ more: String, to package: PackageCopy) throws {
    let told = succeed(try package.line("\(package.program) new table \(name) --from \(more)"))
    let next = "next: swift run \(package.program) check && swift test --filter "
    #expect(told.split(separator: "\n").last?.hasPrefix(next) == true, "\(told)")
  }

  private func addAll(to package: PackageCopy) throws {
    let file = "lake/landing/class/a.csv"
    try Files.write(CompiledTests.sample, to: "\(package.path)/\(file)")
    try package.build()
    try add("bronze.class", file, to: package)
    try package.build()
    try add("silver.class", "bronze.class --sample \(file)", to: package)
    try add("silver.class_pii", "bronze.class --key 'Rental Id, order'", to: package)
    try package.build()
    try add("gold.class", "silver.class --key is_open,day", to: package)
    try package.build()
    #expect(succeed(try package.run("check")).contains("no problems"))
    #expect(succeed(try package.test("Class.*Tests")).contains("Test run with 4 tests in 4 suites"))
    succeed(try package.lint())
    succeed(try package.run("run", "+gold.class"))
    let rows = try package.run(
      "sql", "--format", "csv", "SELECT day, is_open, row_count FROM gold.class ORDER BY day")
    #expect(
      succeed(rows).hasPrefix("day,is_open,row_count\n2025-01-07,false,1\n2025-01-08,false,1\n"))
    let again = try package.line("\(package.program) new table bronze.class --from \(file)")
    #expect(again.status == 2)
    #expect(again.text.contains("bronze.class is declared already, at "))
  }

  @Test("It compiles and does what its tests say where each layer is a module")
  func gym() throws { try addAll(to: .gym()) }

  @Test("It compiles and does what its tests say where one module has all layers")
  func shop() throws {
    let package = try PackageCopy.shop()
    try addAll(to: package)
    let list = try Files.text("\(package.path)/Sources/Shop/Shop.swift")
    #expect(
      list.contains(
        """
            Bronze.invoices, Silver.invoiceLines, Gold.salesByDay, Gold.customers, Gold.products,
            Bronze.classBronze,
            Silver.classSilver,
            Silver.classPii,
            Gold.classGold,
          ]
        """))
    #expect(Files.names("\(package.path)/Tests/ShopTests").contains("SilverClassPiiTests.swift"))
    try add("gold.countries", "silver.invoice_lines --key country", to: package)
    try package.build()
    let tests = succeed(try package.test("GoldCountriesTests|ShopTests"))
    #expect(tests.contains("Test run with 7 tests in 6 suites passed"), "\(tests)")
  }
}

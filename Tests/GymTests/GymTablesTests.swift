import Bronze
import Gold
import Podium
import Runner
import RunnerTestKit
import Silver
import Testing

/// Tests of single tables stand beside this file.
@Suite("The gym's tables")
struct GymTablesTests {
  private let tables = Bronze.tables + Silver.tables + Gold.tables

  @Test("A check finds no problem in them")
  func check() throws {
    #expect(try Checker(tables: tables, engine: TestLake.engine).problems() == [])
  }

  @Test("Each is declared in the folder of its layer, and a problem is told with that folder")
  func folders() {
    for table in tables {
      let layer = table.name.layer?.rawValue ?? "none"
      #expect(table.declaredAt.file.hasPrefix("\(layer)/"), "\(table.declaredAt)")
      for rule in table.expectations {
        #expect(rule.declaredAt.file.hasPrefix("\(layer)/"), "\(rule.declaredAt)")
      }
    }
  }
}

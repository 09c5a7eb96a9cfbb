import Basics
import Bronze
import DataGen
import Gold
import Podium
import Runner
import Silver
import Testing

@Suite("What a day's batch computes of members and classes")
struct PeoplePlanTests {
  @Test("No table is computed whole, but those of which a query asks for all rows")
  func parts() throws {
    let lake = try ProjectLake(Bronze.tables + Silver.tables + Gold.tables)
    let options = GymOptions(
      members: 150, clubs: 2, days: 20, seed: 3, sources: PeopleGym.sources)
    let first = try GymGenerator(options).generate(into: lake.landing)
    let asOf = first.settings.from + (first.days - 1)
    try lake.run(asOf: asOf.description)
    _ = try GymGenerator(GymOptions(days: 1)).generate(into: lake.landing, continuing: true)
    let report = try lake.run(asOf: (asOf + 1).description)
    var reasons: [String: String] = [:]
    for outcome in report.tables { reasons[outcome.table.description] = outcome.reason }
    for table in Silver.peopleTables + Gold.peopleTables {
      let reason = try #require(reasons[table.name.description])
      let isByDate = table.query?.readsBusinessDate == true
      let isPart =
        reason == "new rows" || reason == "no input changed" || reason.contains(" value")
        || isByDate && reason == "the business date changed"
      #expect(isPart, "\(table.name): \(reason)")
      // What grows by days has only the days, weeks or months of the batch computed anew.
      let parts = reason.split(separator: " ").compactMap { Int($0) }.last ?? 0
      if ["activity_date", "class_date"].contains(table.partitionedBy.first) {
        #expect(parts <= 10, "\(table.name): \(reason)")
      }
    }
  }
}

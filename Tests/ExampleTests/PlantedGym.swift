import Basics
import Bronze
import DataGen
import Gold
import Podium
import Runner
import Silver
import Testing

/// A generated gym with many faults, run through all layers in two batches.
struct PlantedGym {
  let lake: ProjectLake
  let truth: JSON
  let expected: JSON
  let reports: [RunReport]

  init(batches: [Int], quirks: Double = 0.02, seed: UInt64 = 7) throws {
    lake = try ProjectLake(Bronze.tables + Silver.tables + Gold.tables)
    var last: GymSummary?
    var reports: [RunReport] = []
    for (index, days) in batches.enumerated() {
      let options = GymOptions(
        members: index == 0 ? 1500 : nil, clubs: index == 0 ? 3 : nil, days: days,
        seed: index == 0 ? seed : nil, quirks: index == 0 ? quirks : nil,
        heartRateEvery: index == 0 ? 60 : nil)
      let summary = try GymGenerator(options).generate(
        into: lake.landing, continuing: index > 0)
      reports.append(try lake.run(asOf: (summary.settings.from + (summary.days - 1)).description))
      last = summary
    }
    let summary = try #require(last)
    truth = summary.truth
    expected = summary.expected
    self.reports = reports
  }

  /// How many of a fault were planted.
  func planted(_ source: String, _ quirk: String) throws -> Int {
    Int(try #require(truth["sources"]?[source]?["quirks"]?[quirk]?.int))
  }

  func fact(_ source: String, _ name: String) throws -> Int {
    Int(try #require(truth["sources"]?[source]?[name]?.int))
  }

  func number(_ sql: String) throws -> Int {
    let text = try lake.ask(sql).first?.first
    return try #require(text.flatMap { Int($0) })
  }
}

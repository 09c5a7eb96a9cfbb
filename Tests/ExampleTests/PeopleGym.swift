import Basics
import Bronze
import DataGen
import Gold
import Runner
import Silver
import Testing

/// A generated gym with the sources that tell of members, classes and marketing, run in batches.
struct PeopleGym {
  let lake: ProjectLake
  let truth: JSON
  let expected: JSON
  /// The last day, as `yyyy-MM-dd`.
  let last: String

  static let sources: [GymSource] = [
    .members, .memberships, .schedule, .classAttendance, .gymVisits, .retail, .leads,
    .registrations, .appEvents, .classFeedback,
  ]

  init(
    members: Int, clubs: Int = 2, batches: [Int], quirks: Double, seed: UInt64 = 5
  ) throws {
    lake = try ProjectLake(Bronze.tables + Silver.tables + Gold.tables)
    var made: GymSummary?
    for (index, days) in batches.enumerated() {
      let options =
        index == 0
        ? GymOptions(
          members: members, clubs: clubs, days: days, seed: seed, quirks: quirks,
          sources: PeopleGym.sources) : GymOptions(days: days)
      let summary = try GymGenerator(options).generate(into: lake.landing, continuing: index > 0)
      try lake.run(asOf: (summary.settings.from + (summary.days - 1)).description)
      made = summary
    }
    let summary = try #require(made)
    truth = summary.truth
    expected = summary.expected
    last = (summary.settings.from + (summary.days - 1)).description
  }

  /// How many of a fault were planted.
  func planted(_ source: String, _ quirk: String) throws -> Int {
    Int(try #require(truth["sources"]?[source]?["quirks"]?[quirk]?.int))
  }

  func number(_ sql: String) throws -> Int {
    let text = try lake.ask(sql).first?.first
    return try #require(text.flatMap { Int($0) })
  }

  /// A figure with a name for each value, as rows of name and values.
  func rows(_ figure: String, _ values: [String]) throws -> [[String]] {
    let members = try #require(expected[figure]?.object, "\(figure)")
    return members.map { [$0.name] + PeopleGym.cells($0.value, values) }
  }

  /// Values of an object as texts, those of texts and numbers.
  static func cells(_ json: JSON, _ names: [String]) -> [String] {
    if let number = json.int { return ["\(number)"] }
    return names.map { name in
      json[name]?.int.map { "\($0)" } ?? json[name]?.string ?? ""
    }
  }

  /// The same rows in an order that depends on them alone.
  static func sorted(_ rows: [[String]]) -> [[String]] {
    rows.sorted { $0.lexicographicallyPrecedes($1) }
  }
}

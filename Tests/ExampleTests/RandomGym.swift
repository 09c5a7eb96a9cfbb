import Basics
import Bronze
import DataGen
import Faker
import Gold
import Podium
import RunnerTestKit
import Silver
import Storage
import TestKit

/// A small generated gym whose files arrive in any order, some of them days late, among them records
/// that correct, repeat or delete earlier ones.
struct RandomGym {
  struct File {
    let path: String
    let bytes: [UInt8]
  }

  private(set) var random: SeededRandom
  private(set) var files: [File] = []
  /// The last day of the gym.
  let lastDay: CivilDate

  /// The tables that a seed's history is about: a tenth of those that no other table reads, each
  /// with all that it needs, so that any ten seeds in a row cover the gym; at night all of them.
  static func tables(for seed: UInt64) throws -> [Table] {
    let all = Bronze.tables + Silver.tables + Gold.tables
    if Nightly.isOn { return all }
    let graph = try Graph(all)
    let ends = graph.ordered.filter { graph.dependents(of: $0.name).isEmpty }
    let chosen = ends.indices.filter { $0 * 10 / ends.count == Int(seed % 10) }
    return try Graph(chosen.map { ends[$0] }).ordered
  }

  init(seed: UInt64) throws {
    random = SeededRandom(seed: seed, "gym")
    let source = try TestLake()
    let landing = source.lake.landing
    let options = GymOptions(
      members: Int.random(in: 8...30, using: &random), clubs: Int.random(in: 1...2, using: &random),
      days: Int.random(in: 3...15, using: &random), seed: seed, quirks: 0.1)
    let summary = try GymGenerator(options, width: 1).generate(into: landing)
    lastDay = summary.settings.from + (summary.days - 1)
    for object in try landing.list("").sorted(by: { $0.path < $1.path })
    where !object.path.hasPrefix("_") {
      files.append(File(path: object.path, bytes: try landing.read(object.path)))
    }
    files += corrections()
  }

  /// The files in one to three lots: most of them with those of the same days, some in any.
  mutating func lots() -> [[File]] {
    let count = Int.random(in: 1...3, using: &random)
    var lots = Array(repeating: [File](), count: count)
    // Names end with the day, so that each source's files are in order.
    let days = Dictionary(grouping: files) { $0.path.suffix(18) }.sorted { $0.key < $1.key }
    for (index, day) in days.enumerated() {
      for file in day.value {
        let lot =
          once(in: 5) ? Int.random(in: 0..<count, using: &random) : index * count / days.count
        lots[lot].append(file)
      }
    }
    return lots
  }

  /// True once in so many times.
  mutating func once(in times: Int) -> Bool { Int.random(in: 0..<times, using: &random) == 0 }

  /// One of several things.
  mutating func one<Element>(of elements: [Element]) -> Element {
    elements[Int.random(in: elements.indices, using: &random)]
  }

  /// Files of changed copies of records: each has one field of another record of its source; members
  /// are deleted as well.
  private mutating func corrections() -> [File] {
    let folders = Dictionary(grouping: files.filter { $0.path.hasSuffix(".ndjson") }) { file in
      String(file.path.prefix { $0 != "/" })
    }.sorted { $0.key < $1.key }
    return folders.flatMap { folder, files -> [File] in
      let records = files.flatMap { file in
        file.bytes.split(separator: 0x0A).compactMap { try? JSON(parsing: Array($0)).object }
      }
      guard records.count > 1 else { return [] }
      return (0..<Int.random(in: 0...2, using: &random)).map { number in
        let lines = (0..<Int.random(in: 1...4, using: &random)).map { _ in
          changed(one(of: records), by: one(of: records)) + "\n"
        }
        let day = one(of: files).path.suffix(18)
        return File(
          path: "\(folder)/\(folder)_more\(number)_\(day)", bytes: Array(lines.joined().utf8))
      }
    }
  }

  private mutating func changed(_ record: [JSON.Member], by other: [JSON.Member]) -> String {
    var record = record
    let index = Int.random(in: record.indices, using: &random)
    if let value = other.first(where: { $0.name == record[index].name })?.value {
      record[index] = JSON.Member(record[index].name, value)
    }
    for (index, member) in record.enumerated() {
      if member.name == "op", once(in: 3) { record[index] = JSON.Member("op", "delete") }
      if member.name == "sequence", let number = member.value.int {
        record[index] = JSON.Member("sequence", .int(number + one(of: [0, 0, 1, 500])))
      }
    }
    return JSON.object(record).text
  }
}

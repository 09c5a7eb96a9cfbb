import Faker
import Podium
import RunnerTestKit

/// Files of random changes of people and their purchases, and the runs that take them in.
struct RandomFeed {
  /// A landing file.
  struct File {
    let path: String
    let text: String
  }

  private var random: SeededRandom
  private(set) var files: [File] = []

  init(seed: UInt64) {
    random = SeededRandom(seed: seed, "feed")
    files =
      split(peopleLines(), "people", People.header) + split(saleLines(), "sales", People.saleHeader)
    files.shuffle(using: &random)
  }

  /// The files in one to four lots, one lot a run; a lot may be empty.
  mutating func lots() -> [[File]] {
    var lots = Array(repeating: [File](), count: Int.random(in: 1...4, using: &random))
    for file in files { lots[Int.random(in: lots.indices, using: &random)].append(file) }
    return lots
  }

  /// True once in so many times.
  mutating func once(in times: Int) -> Bool { Int.random(in: 0..<times, using: &random) == 0 }

  /// One of several things.
  mutating func one<Element>(of elements: [Element]) -> Element {
    elements[Int.random(in: elements.indices, using: &random)]
  }

  /// Changes of a dozen people in no order, some of one moment, some twice, some bad.
  private mutating func peopleLines() -> [String] {
    var lines: [String] = []
    for _ in 0..<Int.random(in: 5...60, using: &random) {
      let id = once(in: 25) ? "" : "p\(Int.random(in: 1...12, using: &random))"
      let since = once(in: 25) ? "soon" : "\(Int.random(in: 1...15, using: &random))"
      if once(in: 5) {
        lines.append("\(id),,,,\(since),delete")
      } else {
        let city = one(of: ["Rome", "Oslo", "Bern", "", "Saint John, NB", "Two\nLines"])
        let quoted = city.contains(where: { $0 == "," || $0.isNewline }) ? "\"\(city)\"" : city
        let balance = one(of: ["1.10", "22.22", "0.01", "-3", "", "1e3", "many"])
        lines.append("\(id),Ann,\(quoted),\(balance),\(since),put")
      }
      if once(in: 6) { lines.append(one(of: lines)) }
    }
    return lines
  }

  /// Purchases, some of them by nobody that is known.
  private mutating func saleLines() -> [String] {
    var lines: [String] = []
    for _ in 0..<Int.random(in: 0...40, using: &random) {
      let sale = "s\(Int.random(in: 1...20, using: &random))"
      let id = "p\(Int.random(in: 1...15, using: &random))"
      let amount = one(of: ["5.00", "0.10", "2000", "x"])
      lines.append("\(sale),\(id),\(amount),\(Int.random(in: 1...6, using: &random))")
      if once(in: 6) { lines.append(one(of: lines)) }
    }
    return lines
  }

  /// Lines in one to six files, whose names say nothing about when they arrive.
  private mutating func split(_ lines: [String], _ folder: String, _ header: String) -> [File] {
    var parts = Array(repeating: header, count: Int.random(in: 1...6, using: &random))
    for line in lines { parts[Int.random(in: parts.indices, using: &random)] += line + "\n" }
    var names = Array(0..<parts.count)
    names.shuffle(using: &random)
    return zip(names, parts).map { File(path: "\(folder)/\($0).csv", text: $1) }
  }
}

import CLITestKit
import Glibc
import RunnerTestKit
import TestKit

/// A month of the gym's files, in lots as they come to the landing zone.
struct Month {
  /// Files that are there together, and the business date of the run that finds them.
  struct Lot {
    /// Relative to the landing zone.
    let files: [String]
    let asOf: String
  }

  /// A gym of a month of which nothing has been taken in; nobody may change it.
  static let gym = Result { try Gym.generate(members: 150, days: 31, ends: Gym.partEnds) }

  private let landing: String
  let lots: [Lot]

  /// The month in so many lots: by day, those of a day in no order, one in ten some days late.
  init(lots count: Int, _ random: inout Seeded) throws {
    let landing = "\(try Month.gym.get().path)/landing"
    self.landing = landing
    let files = Files.all(below: landing).map { String($0.dropFirst(landing.count + 1)) }
      .filter { !$0.hasPrefix("_") }
    var arrivals: [(day: Int, place: UInt64, file: String)] = []
    for file in files {
      let day = try Month.day(of: file)
      let late = random.once(in: 10) ? Int.random(in: 1...4, using: &random) : 0
      arrivals.append((min(31, day + late), random.next(), file))
    }
    arrivals.sort { ($0.day, $0.place) < ($1.day, $1.place) }
    let sorted = arrivals
    lots = (0..<count).compactMap { number in
      let lot = sorted[sorted.count * number / count..<sorted.count * (number + 1) / count]
      guard let last = lot.last else { return nil }
      return Lot(
        files: lot.map(\.file), asOf: "2025-01-\(last.day < 10 ? "0" : "")\(last.day)")
    }
  }

  private static func day(of file: String) throws -> Int {
    guard let date = file.firstRange(of: "2025-01-")?.upperBound,
      let day = Int(file[date...].prefix(2))
    else { throw TestKitError("no day in \(file)") }
    return day
  }

  /// Lands a lot; a third of them with a file besides that breaks off.
  func land(_ number: Int, in gym: Gym) throws {
    for file in lots[number].files {
      try land(file, try Files.read("\(landing)/\(file)"), in: gym)
    }
    guard number % 3 == 1 else { return }
    let visits = try Files.read("\(landing)/gym_visits/gym_visits_2025-01-02.ndjson")
    try land("gym_visits/torn_\(number).ndjson", visits.dropLast(20 + number), in: gym)
  }

  /// A file is there at once and whole, also for a run that is at work.
  private func land(_ file: String, _ bytes: [UInt8], in gym: Gym) throws {
    let (coming, place) = ("\(gym.path)/coming", "\(gym.path)/landing/\(file)")
    try Files.write(bytes, to: coming)
    try Files.makeFolder(String(place[..<(place.lastIndex(of: "/") ?? place.endIndex)]))
    guard rename(coming, place) == 0 else { throw TestKitError(call: "rename \(place)") }
  }
}

import Basics
import Faker

/// How busy days and hours are.
enum Daily {
  /// Visits by weekday, Monday first, compared with a usual day.
  static let visits: [Double] = [1.22, 1.16, 1.1, 1.05, 0.88, 0.86, 0.73]
  /// Class bookings by the weekday of the class.
  static let classes: [Double] = [1.1, 1.1, 1.08, 1.0, 0.85, 0.9, 0.7]
  /// By month, January first.
  static let season: [Double] = [
    1.16, 1.08, 1.04, 1.02, 0.99, 0.95, 0.91, 0.93, 1.03, 1.04, 0.98, 0.88,
  ]
  /// New members by month: resolutions in January, students in September.
  static let joins: [Double] = [
    1.9, 1.25, 1.05, 0.95, 0.95, 0.9, 0.8, 0.85, 1.3, 1.0, 0.8, 0.6,
  ]

  /// When members without a class come, by half hours from 5:00 on; Monday to Friday.
  static let workdayArrivals = AliasTable(weights: [
    2, 6, 9, 10, 8, 6, 5, 4, 4, 4, 4, 4, 5, 6, 8, 8, 6, 4, 4, 4, 5, 6, 8, 10, 13, 14, 13, 11, 8,
    6, 4, 2,
  ])
  /// The same for weekends.
  static let weekendArrivals = AliasTable(weights: [
    0, 1, 2, 4, 6, 8, 11, 13, 14, 14, 13, 12, 10, 9, 8, 7, 6, 6, 6, 6, 6, 5, 5, 4, 4, 3, 3, 2, 2,
    1, 1, 0,
  ])
  /// When classes are booked, by hours from 6:00 on.
  static let bookingHours = AliasTable(weights: [
    3, 6, 8, 7, 6, 6, 9, 8, 6, 5, 5, 7, 9, 11, 12, 10, 6,
  ])
  /// How many days before the class it is booked, from 0 to 7.
  static let leads = AliasTable(weights: [22, 26, 15, 10, 8, 6, 5, 8])

  /// Seconds that visits without a class last, at equal steps of probability.
  static let stays: [Int32] = {
    var random = SeededRandom(seed: 0x57A7)
    let minutes = (0..<4096).map { _ in
      min(170, max(14, random.lognormal(median: 58, sigma: 0.42)))
    }
    return minutes.map { Int32($0 * 60) }
  }()
}

/// The good and bad days of each club: noise that carries over from one day to the next, as the
/// weather does (an autoregressive series of order one).
struct Moods: Sendable {
  private static let persistence = 0.72
  private static let deviation = 0.055

  private var logs: [Double]

  init(clubs: Int) { logs = [Double](repeating: 0, count: clubs) }

  /// Goes on by one day and gives each club's factor.
  mutating func next(_ random: inout SeededRandom) -> [Double] {
    for club in logs.indices {
      logs[club] = Moods.persistence * logs[club] + Moods.deviation * random.normal()
    }
    return logs.map(PortableMath.exp)
  }
}

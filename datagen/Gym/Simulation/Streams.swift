import Faker

/// The parts of a day that draw from a stream of their own, so that none disturbs another.
enum Stream: UInt64 {
  case moods = 1
  case walk, life, joins, updates, schedule, outcomes, visits, billing, special
}

extension SeededRandom {
  /// The stream of one part of one day.
  init(seed: UInt64, _ stream: Stream, day: Int) {
    self.init(seed: seed, stream.rawValue, UInt64(bitPattern: Int64(day)))
  }
}

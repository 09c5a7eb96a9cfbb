import Basics

@testable import DataGen

/// Gyms that several suites look into; each is made once.
enum SampleGym {
  /// Two months with many faults, in NDJSON.
  static let faulty = Result {
    try ParsedGym(
      makeGym(
        GymOptions(
          members: 500, clubs: 3, days: 62, seed: 11, quirks: 0.06, heartRateEvery: 60,
          heartRateShare: 0.06)))
  }

  /// The same gym without faults, in CSV.
  static let clean = Result {
    try ParsedGym(
      makeGym(
        GymOptions(
          members: 500, clubs: 3, days: 62, seed: 11, quirks: 0, format: .csv, heartRateEvery: 60,
          heartRateShare: 0.06)))
  }

  /// A week around the end of daylight saving time in 2025, on 2 November.
  static let autumn = Result {
    try ParsedGym(
      makeGym(
        GymOptions(
          members: 500, clubs: 5, days: 7, from: CivilDate(year: 2025, month: 10, day: 30),
          seed: 4, format: .json)))
  }

  /// A week around its beginning, on 9 March.
  static let spring = Result {
    try ParsedGym(
      makeGym(
        GymOptions(
          members: 500, clubs: 5, days: 7, from: CivilDate(year: 2025, month: 3, day: 6),
          seed: 4, format: .ndjsonLZ4)))
  }
}

/// What makes members leave; each chance is multiplied by a factor.
enum Churn {
  /// The chance to ask for the end in a month.
  static let monthly = 0.032

  /// By visits in the last 30 days: a factor for so many at most.
  static let byVisits: [(atMost: Int, factor: Double)] = [
    (0, 4.2), (2, 2.5), (5, 1.3), (9, 0.75), (.max, 0.4),
  ]

  /// The factor of so many visits in the last 30 days.
  static func factor(visits: Int) -> Double {
    byVisits.first { visits <= $0.atMost }?.factor ?? 1
  }
}

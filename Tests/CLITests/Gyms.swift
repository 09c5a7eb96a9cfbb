import CLITestKit

extension Gym {
  static let lastDay = "2025-01-05"

  /// A gym of which nothing has been taken in.
  static let fresh = Result { try Gym.generate(members: 150, days: 5) }

  /// A gym with all tables; nobody may change it.
  static let finished = Result { try fresh.get().finished() }
}

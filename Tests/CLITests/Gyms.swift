import CLITestKit

extension Gym {
  static let lastDay = "2025-01-05"

  /// A gym of which nothing has been taken in.
  static let fresh = Result { try Gym.generate(members: 150, days: 5) }

  /// A gym with all tables; nobody may change it.
  static let finished = Result { try fresh.get().finished() }

  /// A gym of which a part is made; nobody may change it.
  static let partFinished = Result {
    try Gym.generate(members: 150, days: 5, ends: partEnds).finished()
  }

  /// Puts a file with one new member into the landing zone.
  func landMember() throws {
    try lake.land(
      "members/more.ndjson",
      """
      {"sequence":999999,"op":"insert","member_id":"M9","full_name":"A B","home_club":"L01",\
      "signup_date":"2025-01-05","email_consent":true,"changed_at":"2025-01-05T00:00:00Z"}

      """)
  }
}

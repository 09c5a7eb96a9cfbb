import Podium

extension Bronze {
  /// One row per visit to a club.
  public static let gymVisits = Table(
    "bronze.gym_visits",
    about: "One row per visit to a club.",
    landing: "gym_visits",
    columns: [
      .string("visit_id", "The visit."),
      .string("member_id", "The member.", identifies: .person),
      .string("location_id", "The club."),
      .string("login_at", "Entry, with the local offset."),
      .string("logout_at", "Exit, with the local offset, or nothing."),
    ])
}

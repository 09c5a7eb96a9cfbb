import Podium

extension Bronze {
  /// One row per change of state of a membership.
  public static let memberships = Table(
    "bronze.memberships",
    about: "One row per change of state of a membership.",
    landing: "memberships",
    columns: [
      .string("membership_id", "The membership.", identifies: "membership"),
      .string("member_id", "The member.", identifies: .person),
      .string("plan", "basic, plus, elite or student."),
      .string("billing_cycle", "monthly, quarterly or annual."),
      .string("price", "Price of one billing cycle, USD."),
      .string("status", "active, frozen or cancelled."),
      .string("start_date", "First day."),
      .string("end_date", "Last day, once known."),
      .string("updated_at", "When the state changed, UTC."),
    ])
}

import Podium

extension Bronze {
  /// One row per change of a lead: its first word, a trial, a membership.
  public static let leads = Table(
    "bronze.leads",
    about: "One row per change of a lead: its first word, a trial, a membership.",
    landing: "leads",
    columns: [
      .string("lead_id", "Somebody who may become a member."),
      .string("source", "referral, walk-in, web or partner; empty where it was not asked."),
      .string("location_id", "The club."),
      .string("created_at", "First word, UTC."),
      .string("trial_start", "First day of the trial, or nothing."),
      .string("trial_end", "Last day of the trial, or nothing."),
      .string(
        "converted_member_id", "The member that the lead became, or nothing.", identifies: .person),
      .string("updated_at", "When this row became true, UTC."),
    ])
}

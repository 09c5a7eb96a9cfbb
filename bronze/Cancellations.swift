import Podium

extension Bronze {
  /// One row per request to cancel a membership.
  public static let cancellations = Table(
    "bronze.cancellations",
    about: "One row per request to cancel a membership.",
    landing: "cancellations",
    columns: [
      .string("cancellation_id", "The request."),
      .string("membership_id", "The membership to cancel.", identifies: "membership"),
      .string("requested_at", "When it was asked for, UTC."),
      .string("effective_date", "Day it takes effect."),
      .string("reason", "Why, one of a few words."),
      .string("tenure_days", "Days since the member signed up."),
      .string("visits_30d", "Visits in the 30 days before."),
      .string("visits_90d", "Visits in the 90 days before."),
    ])
}

import Podium

extension Bronze {
  /// One row per charge or refund.
  public static let billing = Table(
    "bronze.billing",
    about: "One row per charge or refund.",
    landing: "billing",
    columns: [
      .string("transaction_id", "The charge or refund."),
      .string("member_id", "Who pays.", identifies: .person),
      .string("membership_id", "What for."),
      .string("type", "charge or refund."),
      .string("amount", "Amount, never negative."),
      .string("currency", "USD."),
      .string("method", "card, ach or cash."),
      .string("status", "paid, failed or pending."),
      .string("billed_at", "When, UTC."),
      .string("retry_of", "The failed charge that this one repeats."),
    ])
}

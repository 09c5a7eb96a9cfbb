import Bronze
import Podium

extension Silver {
  /// One row per membership in its newest state.
  public static let memberships = Table(
    "silver.memberships",
    about: "One row per membership in its newest state.",
    columns: [
      .string("membership_id", "The membership."),
      .string("member_id", "The member."),
      .string("plan", "basic, plus, elite or student."),
      .string("billing_cycle", "monthly, quarterly or annual."),
      .decimal("price", "Price of one billing cycle, USD."),
      .string("status", "active, frozen or cancelled."),
      .date("start_date", "First day."),
      .date("end_date", "Last day, included; empty while it is open.", nullable: true),
      .timestamp("updated_at", "When it reached this state, UTC."),
    ],
    key: ["membership_id"],
    write: .upsert(newestBy: "updated_at"),
    expect: [
      .oneOf("plan", ["basic", "plus", "elite", "student"], else: .quarantine),
      .oneOf("billing_cycle", ["monthly", "quarterly", "annual"], else: .quarantine),
      .oneOf("status", ["active", "frozen", "cancelled"], else: .quarantine),
      amount("price"),
      .readable("end_date", else: .quarantine),
      .row("it ends after it starts", "end_date IS NULL OR end_date >= start_date", else: .warn),
    ],
    query: """
      SELECT
        \(.text("membership_id")) AS membership_id,
        \(.text("member_id")) AS member_id,
        lower(trim(plan)) AS plan,
        lower(trim(billing_cycle)) AS billing_cycle,
        \(.decimal("price")) AS price,
        lower(trim(status)) AS status,
        \(.date("start_date")) AS start_date,
        \(.date("end_date")) AS end_date,
        \(.text("end_date")) AS _end_date,
        \(.timestamp("updated_at")) AS updated_at,
        _file, _line
      FROM \(new: Bronze.memberships)
      """)

  /// One row per membership that begins before an older one of the member has ended.
  public static let membershipOverlaps = Table(
    "silver.membership_overlaps",
    about: "One row per membership that runs on the same days as an older one of the member.",
    columns: [
      .string("membership_id", "The later membership."),
      .string("overlaps_with", "The membership it overlaps, the first of several."),
      .string("member_id", "The member."),
      .date("overlap_from", "First day that both cover."),
    ],
    key: ["membership_id"],
    write: .derived(by: .whole),
    query: """
      SELECT
        later.membership_id,
        min(earlier.membership_id) AS overlaps_with,
        min(later.member_id) AS member_id,
        min(later.start_date) AS overlap_from
      FROM \(Silver.memberships) AS later
      JOIN \(Silver.memberships) AS earlier
        ON later.member_id = earlier.member_id
        AND (earlier.start_date < later.start_date
          OR earlier.start_date = later.start_date
            AND earlier.membership_id < later.membership_id)
        AND (earlier.end_date IS NULL OR earlier.end_date >= later.start_date)
      WHERE later.end_date IS NULL OR later.end_date >= later.start_date
      GROUP BY later.membership_id
      """)

  /// One row per request to cancel a membership.
  public static let cancellations = Table(
    "silver.cancellations",
    about: "One row per request to cancel a membership.",
    columns: [
      .string("cancellation_id", "The request."),
      .string("membership_id", "The membership to cancel."),
      .timestamp("requested_at", "When it was asked for, UTC."),
      .date("effective_date", "Day it takes effect."),
      .string("reason", "price, moved, injury, too_busy, dissatisfied or other."),
      .int("tenure_days", "Days since the member signed up.", nullable: true),
      .int("visits_30d", "Visits in the 30 days before.", nullable: true),
      .int("visits_90d", "Visits in the 90 days before.", nullable: true),
    ],
    key: ["cancellation_id"],
    write: .upsert(newestBy: "requested_at"),
    expect: [
      .oneOf(
        "reason", ["price", "moved", "injury", "too_busy", "dissatisfied", "other"], else: .warn),
      .references("membership_id", in: Silver.memberships, else: .quarantine),
    ],
    query: """
      SELECT
        \(.text("cancellation_id")) AS cancellation_id,
        \(.text("membership_id")) AS membership_id,
        \(.timestamp("requested_at")) AS requested_at,
        \(.date("effective_date")) AS effective_date,
        lower(trim(reason)) AS reason,
        \(.integer("tenure_days")) AS tenure_days,
        \(.integer("visits_30d")) AS visits_30d,
        \(.integer("visits_90d")) AS visits_90d,
        _file, _line
      FROM \(new: Bronze.cancellations)
      """)

  /// One row per charge or refund.
  public static let billing = Table(
    "silver.billing",
    about: "One row per charge or refund.",
    columns: [
      .string("transaction_id", "The charge or refund."),
      .string("member_id", "Who pays."),
      .string("membership_id", "What for.", nullable: true),
      .string("type", "charge or refund."),
      .decimal("amount", "Amount, never negative, USD."),
      .string("currency", "Three letters."),
      .string("method", "card, ach or cash."),
      .string("status", "paid, failed or pending."),
      .timestamp("billed_at", "When, UTC."),
      .string("retry_of", "The failed charge that this one repeats.", nullable: true),
    ],
    key: ["transaction_id"],
    write: .upsert(newestBy: "billed_at"),
    expect: [
      .oneOf("type", ["charge", "refund"], else: .quarantine),
      .oneOf("status", ["paid", "failed", "pending"], else: .quarantine),
      amount("amount"),
      .oneOf("currency", ["USD"], else: .quarantine),
    ],
    query: """
      SELECT
        \(.text("transaction_id")) AS transaction_id,
        \(.text("member_id")) AS member_id,
        \(.text("membership_id")) AS membership_id,
        lower(trim(type)) AS type,
        \(.decimal("amount")) AS amount,
        upper(trim(currency)) AS currency,
        lower(trim(method)) AS method,
        lower(trim(status)) AS status,
        \(.timestamp("billed_at")) AS billed_at,
        \(.text("retry_of")) AS retry_of,
        _file, _line
      FROM \(new: Bronze.billing)
      """)
}

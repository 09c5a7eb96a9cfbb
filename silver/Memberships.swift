import Bronze
import Podium

extension Silver {
  /// How the price of a billing cycle becomes that of a month.
  static let monthlyPriceFormula =
    "the monthly price, a third of the quarterly, a twelfth of the annual, half a cent rounded up"

  /// Columns of a membership's state.
  static let membershipColumns: [Column] = [
    .string("membership_id", "The membership."),
    .string("member_id", "The member."),
    .string("plan", "basic, plus, elite or student."),
    .string("billing_cycle", "monthly, quarterly or annual."),
    .decimal("price", "Price of one billing cycle, USD."),
    .decimal("monthly_price", "Price by the month, USD: \(monthlyPriceFormula)."),
    .string("status", "active, frozen or cancelled."),
    .date("start_date", "First day."),
    .date("end_date", "Last day, included; empty while it is open.", nullable: true),
    .timestamp("updated_at", "When it reached this state, UTC."),
  ]

  /// Rules for a state of a membership; both tables fed by it have them, so that it gets into both or
  /// none.
  static let membershipRules: [Expectation] = [
    .oneOf("plan", ["basic", "plus", "elite", "student"], else: .quarantine),
    .oneOf("billing_cycle", ["monthly", "quarterly", "annual"], else: .quarantine),
    .oneOf("status", ["active", "frozen", "cancelled"], else: .quarantine),
    amount("price"),
    .readable("end_date", else: .quarantine),
    .row("it ends after it starts", "end_date IS NULL OR end_date >= start_date", else: .warn),
    .row(
      "a cancelled one has an end", "status <> 'cancelled' OR end_date IS NOT NULL", else: .warn),
  ]

  /// The states of memberships that came since the last run.
  static let membershipStates: SQL = """
    SELECT
      membership_id, member_id, plan, billing_cycle, price,
      CAST(
        floor((CAST(price * 200 AS DOUBLE) + months) / nullif(2 * months, 0)) / 100
        AS DECIMAL(18, 2)
      ) AS monthly_price,
      status, start_date, end_date, updated_at, _end_date, _file, _line
    FROM (
      SELECT
        \(.text("membership_id")) AS membership_id,
        \(.text("member_id")) AS member_id,
        lower(trim(plan)) AS plan,
        lower(trim(billing_cycle)) AS billing_cycle,
        CASE lower(trim(billing_cycle))
          WHEN 'monthly' THEN 1 WHEN 'quarterly' THEN 3 WHEN 'annual' THEN 12
        END AS months,
        \(.decimal("price")) AS price,
        lower(trim(status)) AS status,
        \(.date("start_date")) AS start_date,
        \(.date("end_date")) AS end_date,
        \(.text("end_date")) AS _end_date,
        \(.timestamp("updated_at")) AS updated_at,
        _file, _line
      FROM \(new: Bronze.memberships)
    ) AS states
    """

  /// One row per membership in its newest state.
  public static let memberships = Table(
    "silver.memberships",
    about: "One row per membership in its newest state.",
    columns: membershipColumns,
    key: ["membership_id"],
    write: .upsert(newestBy: "updated_at"),
    expect: membershipRules,
    query: membershipStates)

  /// One row per state that a membership was in.
  public static let membershipHistory = Table(
    "silver.membership_history",
    about: "One row per state that a membership was in, from when to when: SCD type 2.",
    columns: membershipColumns,
    key: ["membership_id"],
    write: .history(changedAt: "updated_at"),
    expect: membershipRules,
    query: membershipStates)

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
}

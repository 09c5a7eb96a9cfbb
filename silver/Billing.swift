import Bronze
import Podium

extension Silver {
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

  /// One row per charge that was asked for, with all attempts to get it paid.
  ///
  /// A charge and the charges of the same member that name it, or one of its repeats, in `retry_of` are
  /// attempts at one charge, up to seven repeats in a row. A repeat of a charge that nobody knows is a
  /// charge of its own, and so are charges that name each other in a circle.
  public static let chargeOutcomes = Table(
    "silver.charge_outcomes",
    about: "One row per charge that was asked for, with what became of it in all attempts.",
    columns: [
      .string(
        "charge_id", "Transaction of the first attempt; of attempts at one time the least id."),
      .string("member_id", "Who pays."),
      .string("membership_id", "What for, as the first attempt says.", nullable: true),
      .string("method", "card, ach or cash, as in the first attempt."),
      .decimal("amount", "Amount of the first attempt, USD."),
      .date("charge_month", "First day of the month of the first attempt, UTC."),
      .timestamp("charged_at", "First attempt, UTC."),
      .string("first_status", "What became of the first attempt: paid, failed or pending."),
      .int("attempts", "Attempts, the first included."),
      .timestamp("last_attempt_at", "Last attempt, UTC."),
      .timestamp("paid_at", "The first attempt that was paid, UTC; none so far.", nullable: true),
      .string(
        "outcome",
        "paid at the first attempt, recovered by a later one, or unpaid: no attempt was paid."),
    ],
    key: ["charge_id"],
    write: .derived(by: .key("member_id")),
    expect: [.oneOf("outcome", ["paid", "recovered", "unpaid"], else: .stop)],
    query: """
      WITH charges AS (
        SELECT
          member_id, transaction_id, membership_id, method, amount, status, billed_at, retry_of
        FROM \(Silver.billing)
        WHERE type = 'charge'
      ),
      traced AS (
        SELECT
          c.member_id, c.transaction_id, c.membership_id, c.method, c.amount, c.status, c.billed_at,
          coalesce(
            p7.transaction_id, p6.transaction_id, p5.transaction_id, p4.transaction_id,
            p3.transaction_id, p2.transaction_id, p1.transaction_id, c.transaction_id) AS origin
        FROM charges AS c
        LEFT JOIN charges AS p1
          ON c.member_id = p1.member_id AND c.retry_of = p1.transaction_id
        LEFT JOIN charges AS p2
          ON c.member_id = p2.member_id AND p1.retry_of = p2.transaction_id
        LEFT JOIN charges AS p3
          ON c.member_id = p3.member_id AND p2.retry_of = p3.transaction_id
        LEFT JOIN charges AS p4
          ON c.member_id = p4.member_id AND p3.retry_of = p4.transaction_id
        LEFT JOIN charges AS p5
          ON c.member_id = p5.member_id AND p4.retry_of = p5.transaction_id
        LEFT JOIN charges AS p6
          ON c.member_id = p6.member_id AND p5.retry_of = p6.transaction_id
        LEFT JOIN charges AS p7
          ON c.member_id = p7.member_id AND p6.retry_of = p7.transaction_id
      ),
      attempts AS (
        SELECT
          member_id, transaction_id, membership_id, method, amount, status, billed_at, origin,
          ROW_NUMBER() OVER (
            PARTITION BY member_id, origin
            ORDER BY billed_at ASC NULLS LAST, transaction_id ASC NULLS LAST
          ) AS place
        FROM traced
      ),
      outcomes AS (
        SELECT
          member_id,
          max(CASE WHEN place = 1 THEN transaction_id END) AS charge_id,
          max(CASE WHEN place = 1 THEN membership_id END) AS membership_id,
          max(CASE WHEN place = 1 THEN method END) AS method,
          max(CASE WHEN place = 1 THEN amount END) AS amount,
          max(CASE WHEN place = 1 THEN status END) AS first_status,
          min(billed_at) AS charged_at,
          COUNT(*) AS attempts,
          max(billed_at) AS last_attempt_at,
          min(CASE WHEN status = 'paid' THEN billed_at END) AS paid_at
        FROM attempts
        GROUP BY member_id, origin
      )
      SELECT
        charge_id, member_id, membership_id, method, amount,
        CAST(date_trunc('month', charged_at) AS DATE) AS charge_month,
        charged_at, first_status, attempts, last_attempt_at, paid_at,
        CASE
          WHEN first_status = 'paid' THEN 'paid'
          WHEN paid_at IS NOT NULL THEN 'recovered'
          ELSE 'unpaid'
        END AS outcome
      FROM outcomes
      """)
}

import Podium
import Silver

extension Gold {
  /// How many charges fail, and how many of them are paid after all.
  public static let paymentFailures = Table(
    "gold.payment_failures",
    about:
      "One row per month and method: charges, those not paid at first, and what became of them.",
    columns: [
      .date("month", "First day of the month of the first attempt, UTC."),
      .string("method", "card, ach or cash, as in the first attempt."),
      .int("charges", "Charges asked for; attempts at one charge count once."),
      .int("failed", "Charges whose first attempt failed."),
      .int("pending", "Charges whose first attempt is pending."),
      .int("recovered", "Of the failed and pending ones, those paid by a later attempt."),
      .int("never_recovered", "Of the failed and pending ones, those not paid so far."),
      .int("retries", "Attempts after the first."),
      .decimal("charged_amount", "Amounts of all charges, USD."),
      .decimal("failed_amount", "Amounts of failed and pending charges, USD."),
      .decimal("recovered_amount", "Of that, amounts of charges paid by a later attempt, USD."),
      .decimal("unpaid_amount", "Of that, amounts of charges not paid so far, USD."),
      .double("failure_rate", "Failed by charges; pending ones have not failed."),
      .double(
        "recovery_rate", "Recovered by failed and pending; empty without any.", nullable: true),
    ],
    key: ["month", "method"],
    write: .derived(by: .key("month", "method")),
    expect: [
      .row(
        "what was not paid at first is paid later or not",
        "failed + pending = recovered + never_recovered "
          + "AND failed_amount = recovered_amount + unpaid_amount", else: .stop),
      .sum(
        "charged_amount",
        of: """
          SELECT charge_month AS month, method, amount AS charged_amount
          FROM \(Silver.chargeOutcomes)
          """),
    ],
    query: """
      SELECT
        charge_month AS month,
        method,
        COUNT(*) AS charges,
        COUNT(*) FILTER (WHERE first_status = 'failed') AS failed,
        COUNT(*) FILTER (WHERE first_status = 'pending') AS pending,
        COUNT(*) FILTER (WHERE outcome = 'recovered') AS recovered,
        COUNT(*) FILTER (WHERE outcome = 'unpaid') AS never_recovered,
        CAST(SUM(attempts - 1) AS BIGINT) AS retries,
        CAST(SUM(amount) AS DECIMAL(18, 2)) AS charged_amount,
        CAST(SUM(CASE WHEN outcome <> 'paid' THEN amount ELSE 0 END) AS DECIMAL(18, 2))
          AS failed_amount,
        CAST(SUM(CASE WHEN outcome = 'recovered' THEN amount ELSE 0 END) AS DECIMAL(18, 2))
          AS recovered_amount,
        CAST(SUM(CASE WHEN outcome = 'unpaid' THEN amount ELSE 0 END) AS DECIMAL(18, 2))
          AS unpaid_amount,
        CAST(COUNT(*) FILTER (WHERE first_status = 'failed') AS DOUBLE) / COUNT(*) AS failure_rate,
        CAST(COUNT(*) FILTER (WHERE outcome = 'recovered') AS DOUBLE)
          / nullif(COUNT(*) FILTER (WHERE outcome IN ('recovered', 'unpaid')), 0) AS recovery_rate
      FROM \(Silver.chargeOutcomes)
      GROUP BY charge_month, method
      """)

  /// What members owe.
  public static let memberBalances = Table(
    "gold.member_balances",
    about:
      "One row per business date and member who owes: charges that no attempt had paid by then.",
    columns: [
      .date("as_of", "The business date up to which the table looks."),
      .string("member_id", "The member."),
      .int("unpaid_charges", "Charges asked for by the day, UTC, and not paid by it."),
      .decimal("unpaid_balance", "Their amounts, USD."),
      .date("oldest_unpaid", "Day of the first attempt of the oldest of them, UTC."),
      .int("days_overdue", "Days from then to the business date."),
    ],
    key: ["as_of", "member_id"],
    write: .derived(by: .partition("as_of")),
    partitionedBy: ["as_of"],
    expect: [.range("days_overdue", from: 0, else: .stop)],
    query: """
      SELECT
        \(.asOf) AS as_of,
        member_id,
        COUNT(*) AS unpaid_charges,
        CAST(SUM(amount) AS DECIMAL(18, 2)) AS unpaid_balance,
        min(CAST(charged_at AS DATE)) AS oldest_unpaid,
        CAST(CAST(\(.asOf) - min(CAST(charged_at AS DATE)) AS INT) AS BIGINT) AS days_overdue
      FROM \(Silver.chargeOutcomes)
      WHERE CAST(charged_at AS DATE) <= \(.asOf)
        AND (paid_at IS NULL OR CAST(paid_at AS DATE) > \(.asOf))
      GROUP BY member_id
      """)
}

import Podium
import Silver

extension Gold {
  /// The money each member brought in so far.
  public static let customerLTV = Table(
    "gold.customer_ltv",
    about: "One row per member who paid or bought something: the money received so far.",
    columns: [
      .string("member_id", "The member."),
      .date("first_payment", "Day of the first payment or purchase, UTC."),
      .date("last_payment", "Day of the last payment or purchase, UTC."),
      .int("payments", "Paid charges and receipts."),
      .int("months_active", "Calendar months, UTC, with a payment or purchase."),
      .decimal("membership_revenue", "Paid charges less paid refunds, USD."),
      .decimal("retail_revenue", "Purchases less returns, USD."),
      .decimal("lifetime_value", "Membership and retail revenue together, USD."),
    ],
    key: ["member_id"],
    write: .derived(by: .key("member_id")),
    expect: [
      .sum(
        "retail_revenue",
        of: """
          SELECT member_id, amount AS retail_revenue
          FROM \(Silver.retailSales)
          WHERE member_id IS NOT NULL
          """)
    ],
    query: """
      SELECT
        member_id,
        min(paid_on) AS first_payment,
        max(paid_on) AS last_payment,
        COUNT(DISTINCT payment) AS payments,
        COUNT(DISTINCT CASE
          WHEN payment IS NOT NULL THEN CAST(date_trunc('month', paid_on) AS DATE)
        END) AS months_active,
        CAST(SUM(membership_amount) AS DECIMAL(18, 2)) AS membership_revenue,
        CAST(SUM(retail_amount) AS DECIMAL(18, 2)) AS retail_revenue,
        CAST(SUM(membership_amount + retail_amount) AS DECIMAL(18, 2)) AS lifetime_value
      FROM (
        SELECT
          member_id,
          CAST(billed_at AS DATE) AS paid_on,
          CASE type WHEN 'charge' THEN 'b' || transaction_id END AS payment,
          CAST(CASE type WHEN 'refund' THEN -amount ELSE amount END AS DECIMAL(18, 2))
            AS membership_amount,
          CAST(0 AS DECIMAL(18, 2)) AS retail_amount
        FROM \(Silver.billing)
        WHERE status = 'paid'
        UNION ALL
        SELECT
          member_id, sale_date, 'r' || receipt_id, CAST(0 AS DECIMAL(18, 2)), amount
        FROM \(Silver.retailSales)
        WHERE member_id IS NOT NULL
      ) AS money
      GROUP BY member_id
      """)

  /// What each member is likely to bring in altogether.
  ///
  /// The simple model of retention of Gupta and Lehmann ("Customers as Assets", Journal of Interactive
  /// Marketing 17(1), 2003), without margin and discount, since no costs are known here: who leaves
  /// with the same chance c in each month stays 1 ÷ c months in the mean. So
  /// projected = lifetime_value + monthly_revenue × expected_months.
  ///
  /// The chance to leave is one of the plan: stays that ended with it in the last 365 days, by the days
  /// that its memberships ran in them, in months of 365.25 ÷ 12 days. Days before the first leaving on
  /// record do not count, since nobody could be seen to leave in them.
  public static let customerLTVProjection = Table(
    "gold.customer_ltv_projection",
    about: "One row per business date and member with a membership or a payment: projected value.",
    columns: [
      .date("as_of", "The business date up to which the table looks."),
      .string("member_id", "The member."),
      .string(
        "plan", "Plan of the membership that runs on the day; none without one.", nullable: true),
      .decimal("lifetime_value", "Money received less refunds and returns so far, USD."),
      .double(
        "months_observed",
        "Months of 365.25 / 12 days since joining or the first payment, at least 1."),
      .decimal(
        "monthly_revenue",
        "monthly_price of the membership that runs, 0 without one, plus what the member spent in the "
          + "clubs by months_observed, USD, half a cent rounded up."),
      .double(
        "monthly_churn",
        "The plan's chance that a member leaves within a month; none without a membership, or where "
          + "the plan was not seen to run.", nullable: true),
      .double(
        "expected_months",
        """
        1 / monthly_churn, \(Definition.longestProjection) at most, also where no churn is known, and no \
        longer than to the end of a stay that is known to end; 0 without a membership.
        """),
      .decimal(
        "projected_ltv",
        "lifetime_value + monthly_revenue * expected_months, USD, half a cent rounded up."),
    ],
    key: ["as_of", "member_id"],
    write: .derived(by: .partition("as_of")),
    partitionedBy: ["as_of"],
    expect: [
      .range(
        "expected_months", from: 0, to: .integer(Int64(Definition.longestProjection)), else: .stop),
      .row("churn is a chance of 0 or more", "coalesce(monthly_churn, 0) >= 0", else: .stop),
    ],
    query: """
      WITH stays AS (
        SELECT
          member_id, start_date, last_plan,
          CASE WHEN end_date <= \(.asOf) THEN end_date END AS left_on,
          coalesce(end_date, DATE '9999-12-31') AS end_date
        FROM \(Silver.memberStays)
        WHERE start_date <= \(.asOf)
      ),
      span AS (
        SELECT
          greatest(coalesce(min(left_on), \(.asOf) - 364), \(.asOf) - 364) AS first_day,
          CAST(1461 AS DOUBLE) / 48 AS month_days
        FROM stays
      ),
      leaves AS (
        SELECT s.last_plan AS plan, COUNT(*) AS leaves
        FROM stays AS s
        CROSS JOIN span AS p
        WHERE s.left_on >= p.first_day
        GROUP BY s.last_plan
      ),
      ran AS (
        SELECT
          m.plan,
          CAST(SUM(CAST(
            least(coalesce(m.end_date, \(.asOf)), \(.asOf)) - greatest(m.start_date, p.first_day)
            AS INT) + 1) AS BIGINT) AS days
        FROM \(Silver.memberships) AS m
        CROSS JOIN span AS p
        WHERE m.start_date <= \(.asOf) AND coalesce(m.end_date, \(.asOf)) >= p.first_day
          AND coalesce(m.end_date, m.start_date) >= m.start_date
        GROUP BY m.plan
      ),
      churn AS (
        SELECT
          r.plan,
          CAST(coalesce(l.leaves, 0) AS DOUBLE) * p.month_days / nullif(r.days, 0)
            AS monthly_churn
        FROM ran AS r
        CROSS JOIN span AS p
        LEFT JOIN leaves AS l ON r.plan = l.plan
      ),
      running AS (
        SELECT member_id, plan, monthly_price, ends_on
        FROM (
          SELECT
            m.member_id, m.plan, m.monthly_price, s.end_date AS ends_on,
            ROW_NUMBER() OVER (
              PARTITION BY m.member_id
              ORDER BY m.start_date ASC NULLS LAST, m.membership_id ASC NULLS LAST
            ) AS place
          FROM \(Silver.memberships) AS m
          JOIN stays AS s
            ON m.member_id = s.member_id AND s.left_on IS NULL
          WHERE m.start_date <= \(.asOf) AND coalesce(m.end_date, \(.asOf)) >= \(.asOf)
        ) AS ranked
        WHERE place = 1
      ),
      received AS (
        SELECT
          member_id,
          min(transaction_date) AS first_day,
          CAST(SUM(received_amount) AS DECIMAL(18, 2)) AS lifetime_value,
          CAST(SUM(
            CASE WHEN kind IN ('retail_sale', 'retail_return') THEN received_amount ELSE 0 END
          ) AS DECIMAL(18, 2)) AS spent
        FROM \(Silver.factTransactions)
        WHERE member_id IS NOT NULL AND status = 'paid' AND transaction_date <= \(.asOf)
        GROUP BY member_id
      ),
      known AS (
        SELECT
          member_id,
          min(first_day) AS first_day,
          CAST(SUM(lifetime_value) AS DECIMAL(18, 2)) AS lifetime_value,
          CAST(SUM(spent) AS DECIMAL(18, 2)) AS spent
        FROM (
          SELECT member_id, first_day, lifetime_value, spent FROM received
          UNION ALL
          SELECT
            member_id, start_date, CAST(0 AS DECIMAL(18, 2)), CAST(0 AS DECIMAL(18, 2))
          FROM stays
        ) AS days
        GROUP BY member_id
      ),
      measured AS (
        SELECT
          k.member_id, r.plan, k.lifetime_value, c.monthly_churn,
          greatest(
            1, CAST(CAST(\(.asOf) - k.first_day AS INT) + 1 AS DOUBLE) / nullif(p.month_days, 0)
          ) AS months_observed,
          k.spent, r.monthly_price,
          CASE
            WHEN r.member_id IS NULL THEN 0
            ELSE least(
              \(Definition.longestProjection),
              coalesce(
                CAST(1 AS DOUBLE) / nullif(c.monthly_churn, 0), \(Definition.longestProjection)),
              CAST(CAST(r.ends_on - \(.asOf) AS INT) AS DOUBLE) / nullif(p.month_days, 0))
          END AS expected_months
        FROM known AS k
        CROSS JOIN span AS p
        LEFT JOIN running AS r ON k.member_id = r.member_id
        LEFT JOIN churn AS c ON r.plan = c.plan
      ),
      valued AS (
        SELECT
          member_id, plan, lifetime_value, months_observed, monthly_churn, expected_months,
          CAST(floor(
            (coalesce(CAST(monthly_price AS DOUBLE), 0)
              + CAST(spent AS DOUBLE) / nullif(months_observed, 0)) * 100 + 0.5
          ) / 100 AS DECIMAL(18, 2)) AS monthly_revenue
        FROM measured
      )
      SELECT
        \(.asOf) AS as_of, member_id, plan, lifetime_value, months_observed, monthly_revenue,
        monthly_churn, CAST(expected_months AS DOUBLE) AS expected_months,
        CAST(floor(
          (CAST(lifetime_value AS DOUBLE) + CAST(monthly_revenue AS DOUBLE) * expected_months)
            * 100 + 0.5) / 100 AS DECIMAL(18, 2)) AS projected_ltv
      FROM valued
      """)
}

import Bronze
import Gold
import PodiumTesting
import Silver
import Testing

@Suite("Stays, recurring revenue and movements")
struct MembershipMoneyTests {
  private static let header =
    "membership_id | member_id | plan | billing_cycle | price | status | start_date | end_date | updated_at\n"

  @Test(
    "A membership that begins 30 days after the last one goes on with a stay, one of 31 begins one")
  func stays() throws {
    try TableTest(Silver.memberStays)
      .given(
        Silver.memberships,
        """
        membership_id | member_id | plan  | start_date | end_date
        S1            | M1        | basic | 2025-01-01 | 2025-01-31
        S2            | M1        | plus  | 2025-03-02 | NULL
        S3            | M2        | basic | 2025-01-01 | 2025-01-31
        S4            | M2        | plus  | 2025-03-03 | 2025-03-31
        S6            | M3        | plus  | 2025-01-01 | 2025-01-10
        S5            | M3        | elite | 2025-01-01 | 2025-01-10
        S7            | M4        | basic | 2025-02-10 | 2025-02-05
        """
      )
      .expect(
        """
        member_id | stay | start_date | end_date   | memberships | first_plan | last_plan
        M1        | 1    | 2025-01-01 | NULL       | 2           | basic      | plus
        M2        | 1    | 2025-01-01 | 2025-01-31 | 1           | basic      | basic
        M2        | 2    | 2025-03-03 | 2025-03-31 | 1           | plus       | plus
        M3        | 1    | 2025-01-01 | 2025-01-10 | 2           | elite      | plus
        M4        | 1    | 2025-02-10 | 2025-02-10 | 1           | basic      | basic
        """
      )
      // What fills the gap makes one stay of two.
      .given(
        Silver.memberships,
        """
        membership_id | member_id | plan  | start_date | end_date
        S8            | M2        | basic | 2025-02-15 | 2025-02-20
        """
      )
      .expect("member_id | stay | memberships\nM1|1|2\nM2|1|3\nM3|1|2\nM4|1|1")
  }

  @Test(
    "A price by the month is a third or a twelfth, half a cent rounded up; states are a history")
  func history() throws {
    try TableTest(Silver.membershipHistory)
      .given(
        Bronze.memberships,
        Self.header + """
          S1 | M1 | basic | annual    | 0.06   | active    | 2025-01-01 | NULL       | 2025-01-01T10:00:00Z
          S2 | M2 | basic | annual    | 0.05   | active    | 2025-01-01 | NULL       | 2025-01-01T10:00:00Z
          S3 | M3 | plus  | quarterly | 100.00 | active    | 2025-01-01 | NULL       | 2025-01-01T10:00:00Z
          S4 | M4 | plus  | monthly   | 49.99  | active    | 2025-01-01 | NULL       | 2025-01-01T10:00:00Z
          S4 | M4 | plus  | monthly   | 49.99  | cancelled | 2025-01-01 | 2025-02-01 | 2025-02-02T10:00:00Z
          S5 | M5 | plus  | weekly    | 10.00  | active    | 2025-01-01 | NULL       | 2025-01-01T10:00:00Z
          """
      )
      .run()
      .given(
        Bronze.memberships,
        Self.header
          + "S4 | M4 | plus | monthly | 49.99 | frozen | 2025-01-01 | NULL | 2025-01-20T10:00:00Z"
      )
      .expect(
        """
        membership_id | monthly_price | status    | valid_from | valid_to   | is_current
        S1            | 0.01          | active    | 2025-01-01T10:00:00Z | NULL | true
        S2            | 0.00          | active    | 2025-01-01T10:00:00Z | NULL | true
        S3            | 33.33         | active    | 2025-01-01T10:00:00Z | NULL | true
        S4            | 49.99         | active    | 2025-01-01T10:00:00Z | 2025-01-20T10:00:00Z | false
        S4            | 49.99         | frozen    | 2025-01-20T10:00:00Z | 2025-02-02T10:00:00Z | false
        S4            | 49.99         | cancelled | 2025-02-02T10:00:00Z | NULL | true
        """
      )
      .expectQuarantine("membership_id\nS5")
  }

  @Test("Memberships that only charges name are inferred until they arrive")
  func inferred() throws {
    try TableTest(Silver.factTransactions)
      .given(
        Silver.billing,
        """
        transaction_id | member_id | membership_id | type   | amount | status | method | billed_at
        T1             | M1        | S9            | charge | 29.00  | paid   | card   | 2025-01-31T23:59:59Z
        T2             | M1        | S9            | refund | 9.00   | paid   | card   | 2025-02-01T00:00:00Z
        T3             | M1        | NULL          | charge | 29.00  | failed | card   | 2025-02-01T00:00:00Z
        """
      )
      .given(
        Silver.retailSales,
        """
        receipt_id | line | member_id | location_id | amount | is_return | sold_at              | sale_date
        R1         | 1    | NULL      | L2          | 2.50   | false     | 2025-02-01T00:00:00Z | 2025-02-01
        R1         | 2    | NULL      | L2          | -5.00  | true      | 2025-02-01T00:00:00Z | 2025-02-01
        """
      )
      .expect(
        """
        transaction_id | kind              | location_id | amount | received_amount | transaction_month
        B:T1           | membership_charge | NULL        | 29.00  | 29.00           | 2025-01-01
        B:T2           | membership_refund | NULL        | -9.00  | -9.00           | 2025-02-01
        B:T3           | membership_charge | NULL        | 29.00  | 0.00            | 2025-02-01
        R:R1:1         | retail_sale       | L2          | 2.50   | 2.50            | 2025-02-01
        R:R1:2         | retail_return     | L2          | -5.00  | -5.00           | 2025-02-01
        """
      )
      // The profile comes late, and the rows of all months follow.
      .given(
        Silver.members,
        """
        member_id | home_location_id | sequence
        M1        | L1               | 1
        """
      )
      .expect(
        """
        transaction_id | location_id
        B:T1 | L1
        B:T2 | L1
        B:T3 | L1
        R:R1:1 | L2
        R:R1:2 | L2
        """)
    try TableTest(Silver.dimMemberships)
      .given(
        Silver.billing, "transaction_id | member_id | membership_id\nT1 | M2 | S9\nT2 | M1 | S9"
      )
      .expect("membership_id | member_id | plan | is_inferred\nS9 | M1 | unknown | true")
      .given(
        Silver.memberships,
        "membership_id | member_id | plan | billing_cycle | status\nS9 | M2 | plus | annual | active"
      )
      .expect("membership_id | member_id | plan | is_inferred\nS9 | M2 | plus | false")
  }

  @Test("Recurring revenue is that of members who stay on, and its movements explain each change")
  func recurring() throws {
    try TableTest(Gold.mrr, asOf: "2025-04-10")
      .given(
        Bronze.memberships,
        Self.header + """
          S1 | M1 | basic | monthly | 29 | active    | 2025-01-05 | NULL       | 2025-01-06T02:00:00Z
          S2 | M2 | basic | monthly | 29 | active    | 2025-01-10 | NULL       | 2025-01-10T10:00:00Z
          S2 | M2 | basic | monthly | 29 | cancelled | 2025-01-10 | 2025-01-31 | 2025-02-01T10:00:00Z
          S3 | M2 | elite | monthly | 79 | active    | 2025-02-01 | NULL       | 2025-02-01T10:00:01Z
          S3 | M2 | elite | monthly | 79 | frozen    | 2025-02-01 | NULL       | 2025-03-31T10:00:00Z
          S4 | M3 | plus  | annual  | 600 | active   | 2025-01-20 | NULL       | 2025-02-03T10:00:00Z
          S4 | M3 | plus  | annual  | 600 | cancelled | 2025-01-20 | 2025-02-28 | 2025-03-01T10:00:00Z
          S5 | M4 | plus  | monthly | 49 | active    | 2025-02-01 | NULL       | 2025-02-01T10:00:00Z
          S5 | M4 | plus  | monthly | 49 | cancelled | 2025-02-01 | 2025-02-20 | 2025-02-21T10:00:00Z
          S6 | M4 | plus  | monthly | 49 | active    | 2025-03-10 | NULL       | 2025-03-10T10:00:00Z
          S7 | M5 | plus  | monthly | 49 | active    | 2025-04-10 | NULL       | 2025-04-11T02:00:00Z
          S8 | M6 | plus  | monthly | 49 | active    | 2025-04-11 | NULL       | 2025-04-01T02:00:00Z
          S9 | M1 | elite | monthly | 79 | cancelled | 2025-01-05 | 2025-02-10 | 2025-01-06T02:00:00Z
          """
      )
      .expect(
        """
        month      | measured_on | mrr_opening | mrr_new | mrr_expansion | mrr_contraction | mrr_churned | mrr    | active_memberships | frozen_memberships | members_opening | joins | returns | leaves | members | net
        2025-01-01 | 2025-01-31  | 0.00        | 108.00  | 0.00          | 0.00            | 0.00        | 108.00 | 3 | 0 | 0 | 3 | 0 | 0 | 3 | 3
        2025-02-01 | 2025-02-28  | 108.00      | 0.00    | 50.00         | 0.00            | 50.00       | 108.00 | 2 | 0 | 3 | 1 | 0 | 1 | 3 | 0
        2025-03-01 | 2025-03-31  | 108.00      | 0.00    | 49.00         | 79.00           | 0.00        | 78.00  | 2 | 1 | 3 | 0 | 0 | 0 | 3 | 0
        2025-04-01 | 2025-04-10  | 78.00       | 49.00   | 0.00          | 0.00            | 0.00        | 127.00 | 3 | 1 | 3 | 1 | 0 | 0 | 4 | 1
        """)
  }

  @Test("Who ends on the business date has left, who ends after it has not; a later return counts")
  func movements() throws {
    let stays = """
      member_id | stay | start_date | end_date
      M1        | 1    | 2025-01-31 | 2025-02-28
      M2        | 1    | 2025-02-03 | 2025-03-01
      M3        | 1    | 2024-12-30 | 2025-01-01
      M3        | 2    | 2025-02-09 | NULL
      M4        | 1    | 2025-03-01 | NULL
      """
    try TableTest(Gold.membershipMovements, asOf: "2025-02-28")
      .given(Silver.memberStays, stays)
      .expect(
        """
        as_of      | period | period_start | joins | returns | leaves | net
        2025-02-28 | day    | 2024-12-30   | 1     | 0       | 0      | 1
        2025-02-28 | day    | 2025-01-01   | 0     | 0       | 1      | -1
        2025-02-28 | day    | 2025-01-31   | 1     | 0       | 0      | 1
        2025-02-28 | day    | 2025-02-03   | 1     | 0       | 0      | 1
        2025-02-28 | day    | 2025-02-09   | 0     | 1       | 0      | 1
        2025-02-28 | day    | 2025-02-28   | 0     | 0       | 1      | -1
        2025-02-28 | week   | 2024-12-30   | 1     | 0       | 1      | 0
        2025-02-28 | week   | 2025-01-27   | 1     | 0       | 0      | 1
        2025-02-28 | week   | 2025-02-03   | 1     | 1       | 0      | 2
        2025-02-28 | week   | 2025-02-24   | 0     | 0       | 1      | -1
        2025-02-28 | month  | 2024-12-01   | 1     | 0       | 0      | 1
        2025-02-28 | month  | 2025-01-01   | 1     | 0       | 1      | 0
        2025-02-28 | month  | 2025-02-01   | 1     | 1       | 1      | 1
        """)
  }

  @Test(
    "Reasons are shared out over the requests of their month, and what was not told has no mean")
  func reasons() throws {
    try TableTest(Gold.cancellationReasons)
      .given(
        Silver.cancellations,
        """
        cancellation_id | membership_id | requested_at         | reason | tenure_days | visits_30d | visits_90d
        X1              | S1            | 2025-01-31T23:59:59Z | price  | 100         | 1          | NULL
        X2              | S2            | 2025-01-01           | price  | NULL        | 2          | NULL
        X3              | S3            | 2025-01-02           | moved  | 10          | 0          | 5
        X4              | S4            | 2025-01-03           | price  | 201         | 6          | NULL
        X5              | S5            | 2025-02-01           | other  | NULL        | NULL       | NULL
        """
      )
      .expect(
        """
        month      | reason | requests | share | mean_tenure_days | mean_visits_30d | mean_visits_90d
        2025-01-01 | price  | 3        | 0.75  | 150.5            | 3               | NULL
        2025-01-01 | moved  | 1        | 0.25  | 10               | 0               | 5
        2025-02-01 | other  | 1        | 1     | NULL             | NULL            | NULL
        """)
  }

  @Test(
    "A projection adds the price, and what is spent, for the months that the plan's members stay")
  func projection() throws {
    try TableTest(Gold.customerLTVProjection, asOf: "2025-01-31")
      .given(
        Silver.memberships,
        """
        membership_id | member_id | plan  | monthly_price | status | start_date | end_date
        S1            | M1        | basic | 29.00         | active | 2024-12-01 | NULL
        S2            | M2        | basic | 29.00         | cancelled | 2024-12-01 | 2025-01-01
        S3            | M3        | elite | 79.00         | active | 2024-12-01 | NULL
        S4            | M4        | plus  | 49.00         | active | 2025-01-01 | 2025-02-02
        """
      )
      .given(
        Silver.billing,
        """
        transaction_id | member_id | type   | amount | status | method | billed_at
        T1             | M1        | charge | 29.00  | paid   | card   | 2024-12-01
        T2             | M1        | charge | 29.00  | failed | card   | 2025-01-01
        T3             | M2        | charge | 29.00  | paid   | card   | 2025-01-01
        T4             | M2        | charge | 29.00  | paid   | card   | 2025-02-01
        """
      )
      .given(
        Silver.retailSales,
        """
        receipt_id | line | member_id | amount | is_return | sold_at    | sale_date
        R1         | 1    | M3        | 10.00  | false     | 2025-01-31 | 2025-01-31
        """
      )
      // Leaving is on record from 1 January on: basic ran 31 days of M1 and 1 of M2, with one leaving.
      .expect(
        """
        member_id | plan  | lifetime_value | monthly_revenue | monthly_churn | expected_months    | projected_ltv
        M1        | basic | 29.00          | 29.00           | 0.951171875   | 1.0513347022587269 | 59.49
        M2        | NULL  | 29.00          | 0.00            | NULL          | 0                  | 29.00
        M3        | elite | 10.00          | 83.91           | 0             | 60                 | 5044.60
        M4        | plus  | 0.00           | 49.00           | 0             | 0.0657084188911704 | 3.22
        """)
  }
}

import Gold
import PodiumTesting
import Silver
import Testing

@Suite("Charges, balances and baskets")
struct PaymentTests {
  @Test(
    "A repeat is an attempt at its charge, unless that is a stranger's, unknown or a repeat of it"
  )
  func outcomes() throws {
    let header =
      "transaction_id | member_id | membership_id | type | amount | method | status | billed_at | retry_of\n"
    try TableTest(Silver.chargeOutcomes)
      .given(
        Silver.billing,
        header + """
          T1 | M1 | S1   | charge | 29 | card | failed  | 2025-01-31T23:00:00Z | NULL
          T2 | M1 | S1   | charge | 29 | card | pending | 2025-02-03T08:00:00Z | T1
          T4 | M2 | S2   | charge | 49 | ach  | pending | 2025-02-01T08:00:00Z | NULL
          T5 | M2 | S2   | charge | 49 | ach  | failed  | 2025-02-02T08:00:00Z | T1
          T6 | M2 | S2   | charge | 49 | ach  | paid    | 2025-02-03T08:00:00Z | T0
          T7 | M3 | NULL | refund | 49 | ach  | paid    | 2025-02-03T08:00:00Z | NULL
          T8 | M4 | S4   | charge | 9  | card | failed  | 2025-02-03T08:00:00Z | T9
          T9 | M4 | S4   | charge | 9  | card | failed  | 2025-02-03T08:00:00Z | T8
          """
      )
      .expect(
        """
        charge_id | member_id | charge_month | first_status | attempts | paid_at | outcome
        T1        | M1        | 2025-01-01   | failed       | 2        | NULL    | unpaid
        T4        | M2        | 2025-02-01   | pending      | 1        | NULL    | unpaid
        T5        | M2        | 2025-02-01   | failed       | 1        | NULL    | unpaid
        T6        | M2        | 2025-02-01   | paid         | 1        | 2025-02-03T08:00:00Z | paid
        T8        | M4        | 2025-02-01   | failed       | 1        | NULL    | unpaid
        T9        | M4        | 2025-02-01   | failed       | 1        | NULL    | unpaid
        """
      )
      .given(
        Silver.billing,
        header + """
          T3 | M1 | S1 | charge | 29 | card | paid | 2025-02-06T08:00:00Z | T2
          """
      )
      .expect(
        "charge_id | attempts | outcome\nT1|3|recovered\nT4|1|unpaid\nT5|1|unpaid\nT6|1|paid\nT8|1|unpaid\nT9|1|unpaid"
      )
  }

  @Test("Seven repeats are of one charge, and the eighth is another")
  func long() throws {
    let rows = (1...10).map { number in
      "T\(number) | M1 | charge | 5 | card | failed | 2025-01-\(number + 10) | "
        + (number == 1 ? "NULL" : "T\(number - 1)")
    }
    try TableTest(Silver.chargeOutcomes)
      .given(
        Silver.billing,
        "transaction_id | member_id | type | amount | method | status | billed_at | retry_of\n"
          + rows.joined(separator: "\n")
      )
      .expect(
        "charge_id | attempts | last_attempt_at\nT1 | 8 | 2025-01-18\nT9 | 1 | 2025-01-19\n"
          + "T10 | 1 | 2025-01-20")
  }

  private let charges = """
    charge_id | member_id | method | amount | charge_month | charged_at | first_status | attempts | paid_at    | outcome
    T1        | M1        | card   | 29.00  | 2025-01-01   | 2025-01-31 | failed       | 3        | 2025-02-03 | recovered
    T2        | M1        | card   | 29.00  | 2025-01-01   | 2025-01-10 | pending      | 1        | NULL       | unpaid
    T3        | M1        | card   | 10.00  | 2025-01-01   | 2025-01-20 | failed       | 2        | NULL       | unpaid
    T4        | M2        | card   | 49.00  | 2025-01-01   | 2025-01-20 | paid         | 1        | 2025-01-20 | paid
    T5        | M3        | cash   | 49.00  | 2025-02-01   | 2025-02-03 | paid         | 1        | 2025-02-03 | paid
    T6        | M4        | card   | 79.00  | 2025-02-01   | 2025-02-04 | failed       | 1        | NULL       | unpaid
    """

  @Test("Failures are those of the first attempt, and are recovered or not")
  func failures() throws {
    try TableTest(Gold.paymentFailures)
      .given(Silver.chargeOutcomes, charges)
      .expect(
        """
        month      | method | charges | failed | pending | recovered | never_recovered | retries | charged_amount | failed_amount | recovered_amount | unpaid_amount | failure_rate | recovery_rate
        2025-01-01 | card   | 4 | 2 | 1 | 1 | 2 | 3 | 117.00 | 68.00 | 29.00 | 39.00 | 0.5 | 0.333333333333
        2025-02-01 | card   | 1 | 1 | 0 | 0 | 1 | 0 | 79.00  | 79.00 | 0.00  | 79.00 | 1   | 0
        2025-02-01 | cash   | 1 | 0 | 0 | 0 | 0 | 0 | 49.00  | 0.00  | 0.00  | 0.00  | 0   | NULL
        """)
  }

  @Test("A balance is what was asked for by the day and not paid by it; the day itself counts")
  func balances() throws {
    try TableTest(Gold.memberBalances, asOf: "2025-02-02")
      .given(Silver.chargeOutcomes, charges)
      .expect(
        """
        as_of      | member_id | unpaid_charges | unpaid_balance | oldest_unpaid | days_overdue
        2025-02-02 | M1        | 3              | 68.00          | 2025-01-10    | 23
        """)
    try TableTest(Gold.memberBalances, asOf: "2025-02-04")
      .given(Silver.chargeOutcomes, charges)
      .expect(
        """
        member_id | unpaid_charges | unpaid_balance | oldest_unpaid | days_overdue
        M1        | 2              | 39.00          | 2025-01-10    | 25
        M4        | 1              | 79.00          | 2025-02-04    | 0
        """)
  }

  @Test("A club's revenue is its own, and money of members without a club is that of no known one")
  func locations() throws {
    try TableTest(Gold.revenueByLocation)
      .given(
        Silver.factTransactions,
        """
        transaction_id | kind              | location_id | received_amount | transaction_month
        B:1            | membership_charge | NULL        | 29.00           | 2025-01-01
        B:2            | membership_refund | NULL        | -9.00           | 2025-01-01
        R:1:1          | retail_sale       | L1          | 5.00            | 2025-01-01
        R:2:1          | retail_return     | L1          | -7.00           | 2025-01-01
        """
      )
      .expect(
        """
        month      | location_id | membership_revenue | membership_refunds | retail_revenue | retail_returns | net_revenue
        2025-01-01 | unknown     | 29.00              | 9.00               | 0.00           | 0.00           | 20.00
        2025-01-01 | L1          | 0.00               | 0.00               | 5.00           | 7.00           | -2.00
        """)
  }

  private let sales = """
    receipt_id | line | member_id | location_id | sku   | product_name | category | quantity | amount | is_return | sale_date
    R1         | 1    | NULL      | L1          | A-1   | Bar          | snacks   | 2        | 1.00   | false     | 2025-01-31
    R1         | 2    | NULL      | L1          | B-1   | Tea          | snacks   | 1        | 0.01   | false     | 2025-01-31
    R2         | 1    | M1        | L1          | A-1   | Bar          | snacks   | 1        | 0.02   | false     | 2025-01-30
    R3         | 1    | M1        | L1          | A-1   | bar          | snacks   | -1       | -0.50  | true      | 2025-01-31
    R4         | 1    | M1        | L2          | A-1   | Bar          | snacks   | -1       | -0.50  | true      | 2025-02-01
    """

  @Test("Returns are no baskets, and half a cent of a mean is rounded up")
  func baskets() throws {
    try TableTest(Gold.baskets)
      .given(Silver.retailSales, sales)
      .expect(
        """
        month      | location_id | receipts | lines | items | revenue | mean_basket_value | guest_receipts | guest_share
        2025-01-01 | L1          | 2        | 3     | 4     | 1.03    | 0.52              | 1              | 0.5
        """)
    try TableTest(Gold.productSalesWeekly)
      .given(Silver.retailSales, sales)
      .expect(
        """
        week_start | sku | product_name | units | revenue | baskets
        2025-01-27 | A-1 | Bar          | 1     | 0.02    | 2
        2025-01-27 | B-1 | Tea          | 1     | 0.01    | 1
        """)
  }

  @Test("Pairs are told from five baskets on, whoever is named first on the receipt")
  func pairs() throws {
    let header =
      "receipt_id | line | location_id | sku | product_name | category | quantity | amount | is_return | sale_date\n"
    func receipt(_ number: Int, _ skus: [String]) -> String {
      skus.enumerated().map { line, sku in
        "R\(number) | \(line) | L1 | \(sku) | X | snacks | 1 | 1.00 | false | 2025-01-0\(number)"
      }.joined(separator: "\n")
    }
    let four = (1...4).map { receipt($0, ["B-1", "A-1", "A-1"]) } + [receipt(5, ["A-1", "C-1"])]
    try TableTest(Gold.productAffinity)
      .given(Silver.retailSales, header + four.joined(separator: "\n"))
      .expect("sku_a")
      .given(Silver.retailSales, header + receipt(6, ["A-1", "B-1"]) + "\n" + receipt(7, ["C-1"]))
      .expect(
        """
        sku_a | sku_b | baskets | baskets_a | baskets_b | all_baskets | support | confidence_a_to_b | confidence_b_to_a | lift
        A-1   | B-1   | 5       | 6         | 5         | 7           | 0.714285714286 | 0.833333333333 | 1 | 1.166666666667
        """)
  }
}

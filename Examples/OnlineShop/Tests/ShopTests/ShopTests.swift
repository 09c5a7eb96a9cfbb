import PodiumTesting
import Shop
import Testing

@Suite("The shop's tables")
struct ShopTests {
  @Test("Lines that are equal in every field are one, and only clean sales count")
  func invoiceLines() throws {
    try TableTest(Shop.Silver.invoiceLines)
      .given(
        Shop.Bronze.invoices,
        """
        InvoiceNo | StockCode | Quantity | InvoiceDate         | UnitPrice | CustomerID | Country
        536365    | 85123a    | 6        | 2010-12-01 08:26:00 | 2.55      | 17850.0    | UK
        536365    | 85123a    | 6        | 2010-12-01 08:26:00 | 2.55      | 17850.0    | UK
        C536379   | D         | -1       | 2010-12-01 09:41:00 | 27.5      | 14527.0    | UK
        536414    | 22139     | 56       | 2010-12-01 11:52:00 | 0         |            | UK
        """
      )
      .expectCounts("3 inserted, 1 deduplicated")
      .expect(
        """
        invoice_no | sku    | quantity | customer_id | is_cancellation | is_sale
        536365     | 85123A | 6        | 17850       | false           | true
        C536379    | D      | -1       | 14527       | true            | false
        536414     | 22139  | 56       | NULL        | false           | false
        """)
  }

  @Test("A customer's figures follow the invoices that come later")
  func customers() throws {
    try TableTest(Shop.Gold.customers)
      .given(
        Shop.Silver.invoiceLines,
        """
        line_id | invoice_no | quantity | invoiced_at          | unit_price | customer_id | is_sale
        a       | 1          | 2        | 2010-12-01T08:00:00Z | 1.25       | 17850       | true
        b       | 1          | 1        | 2010-12-01T08:00:00Z | 10         | 17850       | true
        c       | 2          | 5        | 2010-12-02T08:00:00Z | 1          | 12583       | false
        """
      )
      .expect(
        """
        customer_id | first_sale | last_sale  | invoices | revenue
        17850       | 2010-12-01 | 2010-12-01 | 1        | 12.5
        """
      )
      .given(
        Shop.Silver.invoiceLines,
        """
        line_id | invoice_no | quantity | invoiced_at          | unit_price | customer_id | is_sale
        d       | 3          | 1        | 2010-12-05T08:00:00Z | 2          | 17850       | true
        """
      )
      .expect(
        """
        customer_id | last_sale  | invoices | revenue
        17850       | 2010-12-05 | 2        | 14.5
        """)
  }
}

import Podium

/// The tables of an online shop: the files it sends, its invoice lines, and what they tell.
public enum Shop {
  /// All tables.
  public static let tables: [Table] = [
    Bronze.invoices, Silver.invoiceLines, Gold.salesByDay, Gold.customers, Gold.products,
  ]

  /// Rows as the shop sends them.
  public enum Bronze {}
  /// Typed and cleaned rows.
  public enum Silver {}
  /// Tables to ask.
  public enum Gold {}
}

import Podium

extension Bronze {
  /// One row per line of a receipt.
  public static let retail = Table(
    "bronze.retail",
    about: "One row per line of a receipt.",
    landing: "retail",
    columns: [
      .string("receipt_id", "The receipt."),
      .string("line", "Line of the receipt."),
      .string("member_id", "The buyer, or nothing for a guest.", identifies: .person),
      .string("location_id", "The club."),
      .string("sku", "Article number, as typed."),
      .string("product_name", "The article."),
      .string("category", "juice bar, supplements, snacks or apparel."),
      .string("quantity", "Pieces; negative for a return."),
      .string("unit_price", "Price of a piece, USD."),
      .string("sold_at", "When, UTC."),
    ])
}

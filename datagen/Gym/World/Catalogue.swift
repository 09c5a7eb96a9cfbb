/// One thing the clubs sell.
struct Product: Hashable, Sendable {
  /// As the shop's list has it, such as `SUP-001`.
  let sku: String
  let name: String
  let category: String
  let cents: Int
  /// How often it is bought, compared with the others.
  let weight: Double
}

/// What the clubs sell.
enum Catalogue {
  /// `prefix|category`, followed by `name|cents|weight` for each product.
  private static let shelves: [(prefix: String, category: String, products: [String])] = [
    (
      "JUI", "juice bar",
      [
        "Green Reset|795|9", "Citrus Kick|695|8", "Berry Recovery Smoothie|895|12",
        "Banana Peanut Shake|895|11", "Mango Sunrise|795|7", "Beet Booster|745|4",
        "Carrot Ginger Press|695|5", "Protein Coffee|650|14", "Iced Matcha|595|8",
        "Coconut Water|395|9", "Ginger Shot|350|6", "Wheatgrass Shot|395|3",
        "Watermelon Cooler|645|5", "Chocolate Oat Shake|875|9", "Cold Brew|450|13",
        "Sparkling Water|250|16",
      ]
    ),
    (
      "SUP", "supplements",
      [
        "Whey Protein Vanilla 1 kg|3999|6", "Whey Protein Chocolate 1 kg|3999|7",
        "Plant Protein 1 kg|4299|4", "Creatine 300 g|2499|5", "Electrolyte Tablets|1199|8",
        "Pre-Workout Berry|3299|4", "BCAA Lemon|2899|3", "Fish Oil Capsules|1899|3",
        "Vitamin D3|1299|3", "Magnesium|1399|3", "Multivitamin|1799|3", "Collagen Peptides|3499|3",
        "Casein Night 900 g|3799|2", "Caffeine Gum|599|4", "Glutamine|2199|1",
        "Beta-Alanine|2099|1",
      ]
    ),
    (
      "SNA", "snacks",
      [
        "Protein Bar Peanut|349|14", "Protein Bar Cookie|349|13", "Oat Bar|249|8",
        "Trail Mix|399|6", "Rice Cakes|299|4", "Banana|100|12", "Apple|125|6",
        "Beef Jerky|599|5", "Greek Yogurt Cup|375|7", "Almonds|425|5", "Dark Chocolate|325|6",
        "Date Balls|450|5", "Hummus Cup|475|3", "Boiled Eggs|295|4", "Veggie Chips|350|4",
      ]
    ),
    (
      "APP", "apparel",
      [
        "Club T-Shirt|2495|4", "Club Tank Top|2295|3", "Club Hoodie|4995|2",
        "Training Shorts|3495|2",
        "Leggings|4995|2", "Sports Bra|3995|2", "Grip Socks|1495|5", "Lifting Straps|1695|1",
        "Boxing Wraps|1195|2", "Yoga Mat|3495|2", "Sweat Towel|1295|4", "Shaker Bottle|1295|6",
        "Padlock|995|5", "Swim Goggles|1895|1", "Headband|895|2",
      ]
    ),
  ]

  /// All products; the order is part of what a seed means.
  static let products: [Product] = shelves.flatMap { shelf in
    shelf.products.enumerated().map { index, line in
      let parts = line.split(separator: "|").map(String.init)
      let digits = String(1001 + index).dropFirst()
      return Product(
        sku: "\(shelf.prefix)-\(digits)", name: parts[0], category: shelf.category,
        cents: Int(parts[1]) ?? 100, weight: Double(parts[2]) ?? 1)
    }
  }

  /// For each product, the one most often bought with it: a product of another shelf, so that
  /// baskets have a pattern to find.
  static let companions: [Int] = products.indices.map { ($0 * 7 + 23) % products.count }

  /// Guests buy as members do and are not known by name.
  static let guestReceiptsPerClubAndDay = 4.0
}

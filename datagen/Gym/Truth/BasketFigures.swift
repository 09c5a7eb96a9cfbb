import Basics

/// What is bought at once, as the tills know it.
struct BasketFigures: Sendable {
  private struct Place: Hashable {
    var month: Int
    var club: Int
  }

  /// Receipts, lines, pieces, cents and receipts of guests, of sales.
  private var places: [Place: [Int]] = [:]
  /// Net cents by month and club.
  private var net: [Place: Int] = [:]
  /// Pieces and cents, returns taken off, by the Monday.
  private var weeks: [Int: (units: Int, cents: Int)] = [:]
  /// By product: the baskets it was in.
  private(set) var with: [Int]
  /// By the first product times the number of products plus the second, which is greater.
  private var pairs: [Int]

  init(products: Int) {
    with = [Int](repeating: 0, count: products)
    pairs = [Int](repeating: 0, count: products * products)
  }

  /// Counts a line of a receipt.
  /// - Parameters:
  ///   - basket: products that earlier lines of the receipt sold.
  ///   - at: in seconds since 1970.
  mutating func add(
    product: Int, quantity: Int, cents: Int, after basket: [Int], isGuest: Bool, club: Int, at: Int
  ) {
    let day = floorDivide(at, 86_400)
    let place = Place(month: Figures.month(day), club: club)
    net[place, default: 0] += quantity * cents
    let week = weeks[Figures.monday(day)] ?? (0, 0)
    weeks[Figures.monday(day)] = (week.units + quantity, week.cents + quantity * cents)
    guard quantity > 0 else { return }
    let first = basket.isEmpty ? 1 : 0
    let line = [first, 1, quantity, quantity * cents, isGuest ? first : 0]
    places[place] = zip(places[place] ?? [0, 0, 0, 0, 0], line).map { $0 + $1 }
    with[product] += 1
    for other in basket {
      pairs[min(product, other) * with.count + max(product, other)] += 1
    }
  }

  func expected(_ clubs: [Club], _ products: [Product]) -> [JSON.Member] {
    let all = places.values.reduce(0) { $0 + $1[0] }
    let held = pairs.indices.filter { pairs[$0] > 0 }.map { index in
      let skus = [products[index / with.count].sku, products[index % with.count].sku].sorted()
      return JSON.object([
        .init("sku_a", .string(skus[0])), .init("sku_b", .string(skus[1])),
        .init("baskets", .int(pairs[index])),
      ])
    }
    return [
      .init("baskets", .int(all)),
      .init(
        "baskets_with",
        .object(products.indices.map { .init(products[$0].sku, .int(with[$0])) })),
      .init("basket_pairs", .array(held)), .init("baskets_by_month", byMonth(clubs)),
      .init(
        "retail_by_week",
        .object(
          weeks.sorted { $0.key < $1.key }.map { monday, sums in
            .init(
              CivilDate(daysSinceEpoch: monday).description,
              .object([
                .init("units", .int(sums.units)),
                .init("revenue", .string(Truth.money(sums.cents))),
              ]))
          })),
    ]
  }

  private func byMonth(_ clubs: [Club]) -> JSON {
    let months = Dictionary(grouping: net) { $0.key.month }.sorted { $0.key < $1.key }
    return .object(
      months.map { month, entries in
        .init(
          Truth.monthName(month),
          .object(
            entries.sorted { $0.key.club < $1.key.club }.map { place, cents in
              let sums = places[place] ?? [0, 0, 0, 0, 0]
              return .init(
                clubs[place.club].id,
                .object([
                  .init("receipts", .int(sums[0])), .init("lines", .int(sums[1])),
                  .init("items", .int(sums[2])),
                  .init("revenue", .string(Truth.money(sums[3]))),
                  .init("guest_receipts", .int(sums[4])),
                  .init("net_revenue", .string(Truth.money(cents))),
                ]))
            }))
      })
  }
}

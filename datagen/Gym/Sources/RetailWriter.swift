import Basics
import Faker

/// Writes what is sold over the counter, to members and to guests.
struct RetailWriter: SourceWriter {
  private struct Line {
    var receipt: Int
    var line: Int
    /// From 1; 0 for a guest.
    var member: UInt32
    var club: Int
    var product: Int
    var quantity: Int
    /// Days since 1970, local.
    var day: Int
    /// Seconds since 1970.
    var at: Int
  }

  var rows: RowWriter
  private let seed: UInt64
  private let clubs: [Club]
  private let epoch: Int
  private let products = Catalogue.products
  private let choice = AliasTable(weights: Catalogue.products.map(\.weight))
  private var dates = DateBytes()
  private var lowercase: QuirkSampler
  private var underscore: QuirkSampler
  private var returns: QuirkSampler
  private var receipts = 0
  /// Lines to be given back, by day.
  private var pending: [Int: [Line]] = [:]
  private(set) var keys = 0
  private var lowercased = 0
  private var underscored = 0
  private var returned = 0
  private var quantities: [Int]
  private var revenues: [Int]
  private var baskets: BasketFigures

  init(_ simulation: Simulation) {
    rows = RowWriter(.retail, simulation.settings)
    seed = simulation.seed
    clubs = simulation.clubs
    epoch = simulation.epochDay * 86_400
    lowercase = QuirkSampler(simulation.settings, .retail, "sku_lowercase")
    underscore = QuirkSampler(simulation.settings, .retail, "sku_underscore")
    returns = QuirkSampler(simulation.settings, .retail, "returns")
    quantities = [Int](repeating: 0, count: products.count)
    revenues = quantities
    baskets = BasketFigures(products: products.count)
  }

  var counts: [(name: String, count: Int)] {
    [("sku_lowercase", lowercased), ("sku_underscore", underscored), ("returns", returned)]
  }

  var expected: [JSON.Member] {
    let lines = products.indices.map { index in
      JSON.object([
        .init("sku", .string(products[index].sku)), .init("quantity", .int(quantities[index])),
        .init("net_revenue", .string(Truth.money(revenues[index]))),
      ])
    }
    return [
      .init("retail_by_product", .array(lines)),
      .init("retail_net_revenue", .string(Truth.money(revenues.reduce(0, +)))),
    ] + baskets.expected(clubs, products)
  }

  mutating func write(_ day: DayEvents) {
    var random = SeededRandom(seed: seed, "retail", UInt64(bitPattern: Int64(day.day)))
    for line in pending.removeValue(forKey: day.day) ?? [] { giveBack(line, on: day.day) }
    for visit in day.visits where random.chance(0.14) {
      let at = epoch + Int(visit.logout) - 60 - random.below(240)
      sell(visit.member + 1, Int(visit.club), at: at, day.day, &random)
    }
    for club in clubs.indices {
      for _ in 0..<random.poisson(mean: Catalogue.guestReceiptsPerClubAndDay) {
        let second = 7 * 3600 + random.below(13 * 3600)
        let at = day.day * 86_400 - Int(day.offsets[club]) * 60 + second
        sell(0, club, at: at, day.day, &random)
      }
    }
  }

  private mutating func sell(
    _ member: UInt32, _ club: Int, at: Int, _ day: Int, _ random: inout SeededRandom
  ) {
    receipts += 1
    var product = choice.draw(&random)
    let lines = random.chance(0.35) ? (random.chance(0.3) ? 3 : 2) : 1
    var bought: [Int] = []
    for _ in 0..<lines {
      guard !bought.contains(product) else { break }
      bought.append(product)
      let line = Line(
        receipt: receipts, line: bought.count, member: member, club: club, product: product,
        quantity: random.chance(0.88) ? 1 : 2 + random.below(3), day: day, at: at)
      write(line, after: Array(bought.dropLast()))
      if returns.hits() {
        let later = day + 1 + Int(returns.detail() % 10)
        pending[later, default: []].append(line)
      }
      product = random.chance(0.5) ? Catalogue.companions[product] : choice.draw(&random)
    }
  }

  /// A receipt of its own with a negative quantity, at the time of day of the sale.
  private mutating func giveBack(_ sold: Line, on day: Int) {
    receipts += 1
    returned += 1
    var line = sold
    line.receipt = receipts
    line.line = 1
    line.quantity = -sold.quantity
    line.at = sold.at + (day - sold.day) * 86_400
    write(line)
  }

  /// - Parameter basket: products that earlier lines of the receipt sold.
  private mutating func write(_ line: Line, after basket: [Int] = []) {
    let product = products[line.product]
    baskets.add(
      product: line.product, quantity: line.quantity, cents: product.cents, after: basket,
      isGuest: line.member == 0, club: line.club, at: line.at)
    keys += 1
    quantities[line.product] += line.quantity
    revenues[line.product] += line.quantity * product.cents
    rows.beginRow()
    rows.id10(UInt8(ascii: "R"), line.receipt)
    rows.int(line.line)
    if line.member == 0 { rows.null() } else { rows.id7(UInt8(ascii: "M"), line.member) }
    rows.text(clubs[line.club].id)
    rows.text(spelled(product.sku))
    rows.text(product.name)
    rows.text(product.category)
    rows.int(line.quantity)
    rows.cents(product.cents)
    rows.utc(line.at, &dates)
    rows.endRow()
  }

  /// `SUP-001`, or by fault `sup001` or `Sup_001` with a space behind it.
  private mutating func spelled(_ sku: String) -> String {
    if lowercase.hits() {
      lowercased += 1
      return sku.lowercased().filter { $0 != "-" }
    }
    if underscore.hits() {
      underscored += 1
      return "\(sku.prefix(1))\(sku.dropFirst().prefix(2).lowercased())_\(sku.suffix(3)) "
    }
    return sku
  }
}

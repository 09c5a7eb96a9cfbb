extension Faker {
  /// A company's name, such as `Cedar Optics LLC`.
  public mutating func company() -> String {
    let stem = word(Things.companyStems)
    let field = word(Things.companyFields)
    let form = word(Things.companyForms)
    return ASCIIText.make(40) { text in
      text.add(stem)
      text.add(0x20)
      text.add(field)
      text.add(0x20)
      text.add(form)
    }
  }

  /// An occupation.
  public mutating func job() -> String { word(Things.jobs) }

  /// A product's name, such as `Sturdy Bamboo Bench`.
  public mutating func product() -> String {
    let adjective = word(Things.productAdjectives)
    let material = word(Things.productMaterials)
    let noun = word(Things.productNouns)
    return ASCIIText.make(40) { text in
      text.add(adjective)
      text.add(0x20)
      text.add(material)
      text.add(0x20)
      text.add(noun)
    }
  }

  /// A price in cents that ends in 49, 95 or 99 cents.
  /// - Parameter dollars: whole dollars before the cents.
  public mutating func priceInCents(dollars: ClosedRange<Int> = 1...199) -> Int {
    let whole = random.int(dollars.clamped(to: 0...1_000_000_000_000))
    return whole * 100 + [49, 95, 99][random.below(3)]
  }

  /// An article number: three capital letters, a hyphen and `digits` digits (1 to 9).
  public mutating func sku(prefix: String? = nil, digits: Int = 4) -> String {
    let digits = min(9, max(1, digits))
    var limit = 1
    for _ in 0..<digits { limit *= 10 }
    let number = random.below(limit)
    let bits = random.next()
    return ASCIIText.make((prefix?.utf8.count ?? 3) + 1 + digits) { text in
      if let prefix {
        text.add(prefix)
      } else {
        for shift in [0, 16, 32] as [UInt64] {
          text.add(0x41 &+ UInt8(truncatingIfNeeded: (bits >> shift & 0xFFFF) % 26))
        }
      }
      text.add(0x2D)
      text.add(number, digits: digits)
    }
  }
}

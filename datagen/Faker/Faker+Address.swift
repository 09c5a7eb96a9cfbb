/// One of the fifty states, or the District of Columbia.
public struct USState: Hashable, Sendable {
  /// Two capital letters, such as `NY`.
  public let code: String
  public let name: String
  /// The time zone most of its people live in, by its IANA name.
  public let timeZone: String
  /// The first three digits that its postal codes begin with.
  public let postalPrefixes: ClosedRange<Int>
  /// Telephone areas, three digits each.
  public let areaCodes: [Int]

  /// All of them, the District of Columbia included.
  public static var all: [USState] { Places.states }

  /// The state of a code such as `NY`; nil where there is none.
  public init?(code: String) {
    guard let state = Places.stateByCode[code] else { return nil }
    self = state
  }

  init(
    code: String, name: String, timeZone: String, postalPrefixes: ClosedRange<Int>,
    areaCodes: [Int]
  ) {
    self.code = code
    self.name = name
    self.timeZone = timeZone
    self.postalPrefixes = postalPrefixes
    self.areaCodes = areaCodes
  }
}

/// A town and the code of its state.
public struct City: Hashable, Sendable {
  public let name: String
  /// Two capital letters, such as `NY`.
  public let state: String

  public init(name: String, state: String) {
    self.name = name
    self.state = state
  }
}

extension Faker {
  /// A state; all are alike often.
  public mutating func state() -> USState { Places.states[random.below(Places.states.count)] }

  /// A town of any state.
  @inline(__always)
  public mutating func city() -> City { Places.cities[random.below(Places.cities.count)] }

  /// A town of one state; nil for an unknown code.
  public mutating func city(in state: String) -> City? {
    Places.citiesByState[state].flatMap { random.pick($0) }
  }

  /// A five-digit postal code that lies in a state; `00000` for an unknown code.
  public mutating func zip(in state: String) -> String {
    zip(Places.stateByCode[state]?.postalPrefixes ?? 0...0)
  }

  mutating func zip(_ prefixes: ClosedRange<Int>) -> String {
    let bits = random.next()
    let prefix = prefixes.lowerBound + Int((bits >> 32) % UInt64(prefixes.count))
    let rest = prefix == 0 ? 0 : Int((bits & 0xFFFF_FFFF) % 100)
    return ASCIIText.make(5) { $0.add(prefix * 100 + rest, digits: 5) }
  }

  /// House number and street, sometimes with a flat: `118 Maple Street, Apt. 4`.
  public mutating func streetAddress() -> String {
    let bits = random.next()
    let number = 1 + Int((bits >> 40) % 9899)
    let street = word(Streets.names)
    let kind = Streets.kinds[Int((bits >> 8) % UInt64(Streets.kinds.count))]
    let hasUnit = bits & 7 == 0
    let unit = hasUnit ? word(Streets.units) : ""
    return ASCIIText.make(48) { text in
      text.add(number, digits: number < 10 ? 1 : number < 100 ? 2 : number < 1000 ? 3 : 4)
      text.add(0x20)
      text.add(street)
      text.add(0x20)
      text.add(kind)
      guard hasUnit else { return }
      text.add(", ")
      text.add(unit)
      text.add(0x20)
      text.add(1 + Int((bits >> 24) % 99), digits: 2)
    }
  }

  /// The time zone most people of a state live in, by its IANA name; nil for an unknown code.
  public func timeZone(ofState code: String) -> String? { Places.stateByCode[code]?.timeZone }
}

import Basics
import Faker

/// What a member is like from birth, drawn from a stream of the member's own.
struct Traits {
  /// The share of members who wear a tracker.
  static let trackerShare = 0.3

  let club: Int
  /// Visits a day, if nothing keeps the member away.
  let visitRate: Double
  /// The share of visits that are for a class; 0 for those who never book one.
  let classShare: Double
  let plan: Plan
  let billing: BillingCycle
  let wearsTracker: Bool
  /// Seconds after midnight, local time, at which the member signed up.
  let signupSecond: Int
  /// Days before the gym's first day on which a member of the first day signed up, at least 8.
  let signedUpBefore: Int

  init(seed: UInt64, member: Int, clubs: Int) {
    var random = SeededRandom(seed: seed, "traits", UInt64(member))
    club = random.below(clubs)
    let weekly = min(6.5, max(0.15, random.lognormal(median: 1.55, sigma: 0.65)))
    visitRate = weekly / 7
    classShare = random.chance(0.6) ? 0.3 + 0.65 * random.unit() : 0
    let age = Person.age(seed: seed, member: member)
    let roll = random.unit()
    if age <= 27, roll < 0.5 {
      plan = .student
    } else {
      plan = roll < 0.45 ? .basic : roll < 0.85 ? .plus : .elite
    }
    let cycle = random.unit()
    billing = cycle < 0.7 ? .monthly : cycle < 0.82 ? .quarterly : .annual
    wearsTracker = random.chance(Traits.trackerShare)
    signupSecond = 9 * 3600 + random.below(11 * 3600)
    // Recent sign-ups are more frequent, since many of the older ones have left.
    let unit = random.unit()
    signedUpBefore = 8 + Int(1080 * unit * (0.4 + 0.6 * unit))
  }
}

/// Who a member is, drawn from streams of the member's own.
struct Person {
  let first: String
  let last: String
  /// `female`, `male`, or `other`.
  let gender: String
  let birthYear: Int

  init(seed: UInt64, member: Int, from: Int) {
    var faker = Faker(seed: seed, "person", UInt64(member))
    let roll = faker.random.unit()
    let drawn: Gender = roll < 0.515 ? .female : .male
    gender = roll > 0.985 ? "other" : drawn.rawValue
    first = faker.firstName(drawn)
    last = faker.lastName()
    birthYear = from - Person.age(seed: seed, member: member)
  }

  /// Years on the gym's first day: 17 to 84, half of the members below 34.
  static func age(seed: UInt64, member: Int) -> Int {
    var random = SeededRandom(seed: seed, "age", UInt64(member))
    return min(84, max(17, Int(random.lognormal(median: 34, sigma: 0.36))))
  }

  /// Each change gives another address; the member's number makes it one of a kind.
  func email(seed: UInt64, member: Int, change: Int) -> String {
    var faker = Faker(seed: seed, "email", UInt64(member) << 8 | UInt64(change))
    let number = change == 0 ? "\(member + 1)" : "\(member + 1).\(change)"
    return faker.email(user: "\(first.lowercased()).\(last.lowercased())\(number)")
  }

  /// Each change gives another number of the state.
  static func phone(seed: UInt64, member: Int, change: Int, state: String) -> String {
    var faker = Faker(seed: seed, "phone", UInt64(member) << 8 | UInt64(change))
    return faker.phone(in: state)
  }

  /// The town a member lives in after so many moves, in the state of the club.
  static func city(seed: UInt64, member: Int, moves: Int, club: Club) -> String {
    var faker = Faker(seed: seed, "town", UInt64(member) << 8 | UInt64(moves))
    if faker.random.chance(0.55) { return club.city }
    return faker.city(in: club.state)?.name ?? club.city
  }

  /// Ten digits that no other member's tracker has.
  ///
  /// The member's number times a constant, modulo the prime 8,999,999,993, so that numbers spread.
  static func device(seed: UInt64, member: Int) -> Int {
    let start = Int(SeededRandom.mix(seed) % 8_999_999_993)
    return 1_000_000_000 + (member * 791_931_713 + start) % 8_999_999_993
  }
}

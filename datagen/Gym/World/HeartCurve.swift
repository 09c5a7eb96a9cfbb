import Basics
import Faker

/// The heart rate of one workout, second by second.
///
/// It rises for eight minutes from a little above rest to a plateau, stays around it, and falls for
/// the last five. The plateau is rest + effort × (maximum − rest), with the maximum of 220 − age.
struct HeartCurve {
  /// Seconds of the rise and of the fall.
  static let rise = 480.0
  static let fall = 300.0
  /// Beats above rest at the beginning.
  static let warm = 15.0
  /// Beats by which women's plateaus are higher.
  static let women = 3.0
  /// The effort of training alone.
  static let freeEffort = 0.62

  private let begin: Double
  private let plateau: Double
  private let end: Double
  private let seconds: Double
  /// Beats that intervals go up and down, for classes that have them.
  private let swing: Double
  private var wander = 0.0
  private var random: SeededRandom

  init(_ workout: Workout, _ wearer: HeartWearer, year: Int, seed: UInt64, day: Int) {
    random = SeededRandom(
      seed: SeededRandom.combine(seed, UInt64(workout.member)), "pulse",
      UInt64(bitPattern: Int64(day)))
    let maximum = Double(220 - (year - wearer.birthYear))
    let usual = workout.classType?.effort ?? HeartCurve.freeEffort
    let effort = usual * wearer.zeal * (0.93 + 0.14 * random.unit())
    begin = wearer.rest + HeartCurve.warm
    plateau =
      wearer.rest + effort * (maximum - wearer.rest) + (wearer.isFemale ? HeartCurve.women : 0)
    end = wearer.rest + 0.35 * (plateau - wearer.rest)
    seconds = Double(workout.stop - workout.start)
    swing = workout.classType == .hiit || workout.classType == .boxing ? 8 : 0
  }

  /// Beats a minute so many seconds after the beginning.
  @inline(__always)
  mutating func rate(at second: Int) -> Int {
    let bits = random.next()
    // The sum of four draws from 0 to 15, around 0.
    let noise = Int(bits & 15) + Int(bits >> 4 & 15) + Int(bits >> 8 & 15) + Int(bits >> 12 & 15)
    wander += (Double(noise - 30) - wander) * 0.08
    let now = Double(second)
    var usual = plateau
    if now < HeartCurve.rise {
      let part = now / HeartCurve.rise
      usual = begin + (plateau - begin) * part * (2 - part)
    } else if swing > 0 {
      usual += second / 90 & 1 == 0 ? swing : -swing
    }
    let left = seconds - now
    if left < HeartCurve.fall { usual = end + (usual - end) * left / HeartCurve.fall }
    return max(40, min(220, Int(usual + wander)))
  }
}

/// What stays the same about somebody whose heart rate is recorded.
struct HeartWearer: Sendable {
  let device: Int
  let birthYear: Int
  let isFemale: Bool
  /// The place of the gender that the profile tells in `HeartWearer.genders`.
  let gender: Int
  /// Beats a minute at rest.
  let rest: Double
  /// How hard the member trains, compared with others.
  let zeal: Double

  static let genders = ["female", "male", "other", "missing"]

  init(seed: UInt64, member: Int, faults: ProfileFaults, firstYear: Int) {
    let person = Person(seed: seed, member: member, from: firstYear)
    var random = SeededRandom(seed: seed, "heart", UInt64(member))
    device = Person.device(seed: seed, member: member)
    birthYear = person.birthYear
    isFemale = person.gender == "female"
    let told = faults.lacksGender(member) ? "missing" : person.gender
    gender = HeartWearer.genders.firstIndex(of: told) ?? 3
    rest = min(82, max(46, random.normal(mean: 63, deviation: 7)))
    zeal = 0.94 + 0.12 * random.unit()
  }

  /// True for a member whose heart rate is recorded, if it is of so many of all members.
  static func isRecorded(seed: UInt64, member: UInt32, share: Double) -> Bool {
    var random = SeededRandom(seed: seed, "recorded", UInt64(member))
    return random.chance(share / Traits.trackerShare)
  }
}

/// Heart rates that were recorded without a fault.
struct HeartSum: Sendable {
  private(set) var rows = 0
  private(set) var sum = 0
  private(set) var least = Int.max
  private(set) var most = 0

  /// The age groups, and the ages at which all but the first begin.
  static let ages = ["under 25", "25-34", "35-44", "45-54", "55-64", "65 and over"]
  static let bounds = [25, 35, 45, 55, 65]

  @inline(__always)
  mutating func add(_ rate: Int) {
    rows &+= 1
    sum &+= rate
    least = min(least, rate)
    most = max(most, rate)
  }

  mutating func add(_ other: HeartSum) {
    rows += other.rows
    sum += other.sum
    least = min(least, other.least)
    most = max(most, other.most)
  }

  var json: JSON {
    guard rows > 0 else { return .object([.init("rows", .int(0))]) }
    let mean = (sum * 100 + rows / 2) / rows
    return .object([
      .init("rows", .int(rows)), .init("sum", .int(sum)), .init("min", .int(least)),
      .init("max", .int(most)), .init("avg", .number(Truth.money(mean))),
    ])
  }
}

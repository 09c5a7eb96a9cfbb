import Basics
import Faker

/// Writes which tracker was registered by whom, and with which network address.
struct RegistrationsWriter: SourceWriter {
  /// Numbers of registrations that were sent twice begin here.
  static let firstDuplicate: UInt32 = 8_000_000

  /// A registration that is to come.
  private struct Registration {
    var member: UInt32
    var isFirst = false
    /// Seconds since 1970.
    var at: Int
  }

  var rows: RowWriter
  private let settings: GymSettings
  private let clubs: [Club]
  private var duplicates: QuirkSampler
  private var calendar: [Int: [Registration]] = [:]
  private var hasLeft = PerMember(false)
  private(set) var keys = 0
  private var number: UInt32 = 0
  private var duplicated: UInt32 = 0
  private var again = 0

  init(_ simulation: Simulation) {
    rows = RowWriter(.registrations, simulation.settings)
    settings = simulation.settings
    clubs = simulation.clubs
    duplicates = QuirkSampler(simulation.settings, .registrations, "duplicates")
  }

  var counts: [(name: String, count: Int)] {
    [("duplicates", Int(duplicated)), ("registered_again", again)]
  }

  var expected: [JSON.Member] {
    [
      .init(
        "registrations",
        .object([
          .init("registrations", .int(number)), .init("devices", .int(Int(number) - again)),
        ]))
    ]
  }

  mutating func write(_ day: DayEvents) {
    for member in day.leavers { hasLeft[member] = true }
    for member in day.newWearers { plan(member, today: day.day) }
    let due = (calendar.removeValue(forKey: day.day) ?? []).filter { !hasLeft[$0.member] }
    for registration in due.sorted(by: { ($0.at, $0.member) < ($1.at, $1.member) }) {
      number += 1
      if !registration.isFirst { again += 1 }
      write(registration, number)
      guard duplicates.hits() else { continue }
      duplicated += 1
      write(registration, RegistrationsWriter.firstDuplicate + duplicated)
    }
  }

  /// Plans the registrations of a member's tracker: soon after signing up, for some again later.
  ///
  /// Months lie between them, as between changes of telephones. Those before the first day stand in
  /// its file.
  private mutating func plan(_ member: UInt32, today: Int) {
    let traits = Traits(seed: settings.seed, member: Int(member), clubs: clubs.count)
    var random = SeededRandom(seed: settings.seed, "registrations", UInt64(member))
    let isFounder = Int(member) < settings.members
    var day = isFounder ? today - traits.signedUpBefore : today
    var second = traits.signupSecond + 900 + random.below(5400)
    if isFounder { day += random.below(5) }
    var isFirst = true
    repeat {
      let offset = clubs[traits.club].zone.offsetMinutes(on: CivilDate(daysSinceEpoch: day))
      calendar[max(today, day), default: []].append(
        Registration(
          member: member, isFirst: isFirst, at: day * 86_400 - offset * 60 + second))
      isFirst = false
      day += 60 + random.below(240)
      second = 8 * 3600 + random.below(13 * 3600)
    } while random.chance(0.18)
  }

  private mutating func write(_ registration: Registration, _ number: UInt32) {
    keys += 1
    let member = Int(registration.member)
    var faker = Faker(seed: settings.seed, "mac", UInt64(member))
    rows.beginRow()
    rows.id7(UInt8(ascii: "G"), number)
    rows.text("\(Person.device(seed: settings.seed, member: member))")
    rows.id7(UInt8(ascii: "M"), registration.member + 1)
    rows.text(faker.mac())
    rows.int(registration.at)
    rows.endRow()
  }
}

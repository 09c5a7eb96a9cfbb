import Basics
import Faker

/// The clean gym: members who join, come, pay and leave, day after day.
///
/// Its rows depend on the settings alone. Every part of a day draws from a stream of its own, and
/// what is written of it changes nothing.
struct Simulation {
  let settings: GymSettings
  let seed: UInt64
  let clubs: [Club]
  let timetable: Timetable
  let table: MemberTable
  /// Days since 1970 of the day that seconds of compact times are counted from.
  let epochDay: Int
  /// Which of the costlier parts somebody wants to read.
  let wantsAttendance: Bool
  /// True if a source tells of bookings, so that figures of classes and habits are wanted.
  let tellsAttendance: Bool
  let wantsVisits: Bool

  var moods: Moods
  var today = DayEvents()
  /// The day that the steps work on, in days since 1970.
  var day = 0
  /// Minutes east of UTC by club, on that day.
  var offsets: [Int16] = []
  /// What the day does to each club's visits and bookings, in 1 ÷ 65,536.
  var factors: [UInt32] = []
  /// Classes and bookings of the next eight days, at `day & 7`.
  var classDays = [ClassDay](repeating: ClassDay(), count: 8)
  var rosters = [[Booking]](repeating: [], count: 8)
  var visitors: [Visitor] = []
  /// What is to happen on a later day.
  var calendar: [Int: [Appointment]] = [:]

  var activeMembers = 0
  var classes: UInt32 = 0
  var attendances: UInt32 = 0
  var memberships: UInt32 = 0
  var cancellations: UInt32 = 0
  var transactions: UInt32 = 0
  var visits = 0
  var figures = Figures()

  /// - Parameter exports: true if exports are to be made of it at the end.
  init(_ settings: GymSettings, exports: Bool = false) {
    self.settings = settings
    seed = settings.seed
    clubs = (0..<settings.clubs).map(Club.init)
    timetable = Timetable(
      clubs: settings.clubs,
      bookings: Double(settings.members) / Double(settings.clubs) * 0.13, seed: settings.seed)
    table = MemberTable(capacity: settings.members + settings.members / 4)
    epochDay = settings.from.daysSinceEpoch - 32
    moods = Moods(clubs: settings.clubs)
    let sources = Set(settings.sources)
    tellsAttendance = !sources.isDisjoint(with: [.classAttendance, .appEvents, .classFeedback])
    wantsAttendance = exports || tellsAttendance
    wantsVisits = !sources.isDisjoint(with: [
      .gymVisits, .facilityUsage, .retail, .dailyActivity, .equipmentUsage, .appEvents, .workouts,
      .heartRate,
    ])
  }

  /// Seconds after the epoch of a day's midnight in a club's time.
  @inline(__always)
  func midnight(_ day: Int, club: Int) -> Int32 {
    Int32(truncatingIfNeeded: (day &- epochDay) &* 86_400)
      &- Int32(offsets[club]) &* 60
  }

  /// Seconds since 1970 of a local time of the day that the steps work on.
  func instant(club: Int, second: Int) -> Int {
    day * 86_400 - Int(offsets[club]) * 60 + second
  }

  /// Makes the day of an index, which must be the one after the day made before.
  mutating func next() -> DayEvents {
    let index = today.day == 0 ? 0 : today.index + 1
    if index > 0, CivilDate(daysSinceEpoch: today.day + 1).components.day == 1 {
      figures.recurring.close(table, today.day)
    }
    today = DayEvents()
    today.index = index
    today.day = settings.from.daysSinceEpoch + index
    if wantsAttendance { today.attendance.reserveCapacity(settings.members / 3) }
    if index == 0 { begin() }
    turn(to: today.day)
    noteMonthBeginning()
    today.offsets = offsets
    today.firstVisit = visits + 1
    keepAppointments()
    publish(day + 7)
    changeSchedule()
    bookDoubledHour()
    walk(lifeGoesOn: true)
    attend()
    today.classes = classDays[today.day & 7].slots
    noteHabits()
    join()
    updateProfiles()
    visits += visitors.count
    figures.active(day, table, visitors)
    figures.close(memberships: activeMembers)
    if wantsVisits { today.visits = visitDetails() }
    visitors.removeAll(keepingCapacity: true)
    return today
  }

  /// Sets the clock and the mood of a day.
  mutating func turn(to day: Int) {
    self.day = day
    let date = CivilDate(daysSinceEpoch: day)
    offsets = clubs.map { Int16($0.zone.offsetMinutes(on: date)) }
    var random = SeededRandom(seed: seed, .moods, day: day)
    let season = Daily.season[date.components.month - 1]
    factors = moods.next(&random).map {
      UInt32(min(4, $0 * season) * 65_536)
    }
  }

  /// The members of the first day, and what they had booked before.
  private mutating func begin() {
    let first = settings.from.daysSinceEpoch
    foundGym()
    figures.recurring.begin(table, on: first)
    for earlier in first - 7..<first {
      publish(earlier + 7)
    }
    for earlier in first - 7..<first {
      turn(to: earlier)
      bookDoubledHour()
      walk(lifeGoesOn: false)
    }
  }
}

import Basics
import Faker

/// Something a member did in the app.
struct AppEvent: Sendable {
  var kind: Funnel.Event
  var member: UInt32
  var session: Int
  /// Milliseconds since 1970.
  var at: Int
  /// What else the properties say, as JSON members.
  var more: String
}

/// What members do in the app, day after day.
struct AppSessions: Sendable {
  private let seed: UInt64
  private let epoch: Int
  private var sessions = 0
  private var goals: [UInt32: Goal] = [:]

  /// - Parameter epoch: the simulation's, in seconds since 1970.
  init(seed: UInt64, epoch: Int) {
    self.seed = seed
    self.epoch = epoch
  }

  /// All events of a day, in no order that matters.
  mutating func events(of day: DayEvents) -> [AppEvent] {
    var random = SeededRandom(seed: seed, "app", UInt64(bitPattern: Int64(day.day)))
    var made = sessions(of: day, &random)
    for visit in day.visits { made += events(of: visit, day.day, &random) }
    goals = goals.filter { $0.value.since + Funnel.goalDays > day.day }
    return made
  }

  /// The sessions that book, and for them as many that stop as the rates of the steps ask for.
  private mutating func sessions(
    of day: DayEvents, _ random: inout SeededRandom
  ) -> [AppEvent] {
    let bookings = day.attendance.filter(\.isBooking)
    var made: [AppEvent] = []
    for booking in bookings where random.chance(Funnel.appShare) {
      let id = padded(Int(booking.number), 9)
      let more =
        #","screen":"class","class_id":"C\#(id)","booking":{"lead_days":\#(booking.lead),"#
        + #""waitlisted":\#(booking.outcome == .waitlisted)}"#
      let at = (epoch + Int(booking.booked)) * 1000 + random.below(1000)
      made += session(booking.member, booking: at, more, class: id, &random)
      let lookers = 1 + random.geometric(Funnel.toBooking)
      for looker in 0..<lookers {
        if looker > 0 { made += session(stopping: bookings, day, looks: true, &random) }
        for _ in 0..<random.geometric(Funnel.toClass) {
          made += session(stopping: bookings, day, looks: false, &random)
        }
      }
    }
    return made
  }

  /// A session that ends with a booking at a time.
  private mutating func session(
    _ member: UInt32, booking at: Int, _ more: String, class id: String,
    _ random: inout SeededRandom
  ) -> [AppEvent] {
    sessions += 1
    let look = at - 5000 - random.below(40_000)
    let calendar = look - 3000 - random.below(90_000)
    return [
      AppEvent(
        kind: .calendarView, member: member, session: sessions, at: calendar,
        more: #","screen":"calendar""#),
      AppEvent(
        kind: .screenView, member: member, session: sessions, at: look,
        more: #","screen":"class","class_id":"C\#(id)""#),
      AppEvent(kind: .booking, member: member, session: sessions, at: at, more: more),
    ]
  }

  /// A session of somebody who books today too, but not this time.
  private mutating func session(
    stopping bookings: [AttendanceEvent], _ day: DayEvents, looks: Bool,
    _ random: inout SeededRandom
  ) -> [AppEvent] {
    let one = bookings[random.below(bookings.count)]
    let midnight = day.day * 86_400 - Int(day.offsets[Int(one.club)]) * 60
    let at = (midnight + 6 * 3600 + random.below(17 * 3600)) * 1000 + random.below(1000)
    sessions += 1
    let calendar = AppEvent(
      kind: .calendarView, member: one.member, session: sessions, at: at,
      more: #","screen":"calendar""#)
    guard looks else { return [calendar] }
    let id = padded(Int(one.number), 9)
    let look = AppEvent(
      kind: .screenView, member: one.member, session: sessions,
      at: at + 3000 + random.below(90_000), more: #","screen":"class","class_id":"C\#(id)""#)
    return [calendar, look]
  }

  /// What somebody who comes today does in the app before and after.
  private mutating func events(
    of visit: VisitEvent, _ day: Int, _ random: inout SeededRandom
  ) -> [AppEvent] {
    var made: [AppEvent] = []
    func note(_ kind: Funnel.Event, _ second: Int, _ more: String) {
      sessions += 1
      made.append(
        AppEvent(
          kind: kind, member: visit.member, session: sessions,
          at: (epoch + second) * 1000 + random.below(1000), more: more))
    }
    if random.chance(Funnel.homeShare) {
      note(.screenView, Int(visit.login) - 300 - random.below(3600), #","screen":"home""#)
    }
    let after = Int(visit.logout) + 180 + random.below(2400)
    if var goal = goals[visit.member], goal.since < day {
      let reached = goal.count(on: day)
      goals[visit.member] = reached ? nil : goal
      if reached { note(.goalReached, after, goalText(goal)) }
    } else if random.chance(Funnel.goalShare), goals[visit.member] == nil {
      let goal = Goal(target: 2 + random.below(3), since: day)
      goals[visit.member] = goal
      note(.goalSet, after, goalText(goal))
    }
    return made
  }

  private func goalText(_ goal: Goal) -> String {
    #","screen":"goals","goal":{"kind":"visits_per_week","target":\#(goal.target)}"#
  }
}

import Basics
import Faker

/// Writes what the app tells of its use: sessions that may end with the booking of a class, looks at
/// the first screen, and goals.
struct AppEventsWriter: SourceWriter {
  /// Something a member did in the app.
  private struct Event {
    var kind: Funnel.Event
    var member: UInt32
    var session: Int
    /// Milliseconds since 1970.
    var at: Int
    /// What else the properties say, as JSON members.
    var more: String
  }

  var rows: RowWriter
  private let seed: UInt64
  private let epoch: Int
  private var dates = DateBytes()
  private var strangers: QuirkSampler
  private var bare: QuirkSampler
  private var sessions = 0
  private var goals: [UInt32: Goal] = [:]
  private(set) var keys = 0
  private var unknown = 0
  private var withoutProperties = 0
  /// By month, the sessions with properties that saw the calendar, looked at a class, booked it.
  private var funnel: [Int: [Int]] = [:]
  private var events = [Int](repeating: 0, count: Funnel.Event.allCases.count)

  init(_ simulation: Simulation) {
    rows = RowWriter(.appEvents, simulation.settings)
    seed = simulation.seed
    epoch = simulation.epochDay * 86_400
    strangers = QuirkSampler(simulation.settings, .appEvents, "unknown_events")
    bare = QuirkSampler(simulation.settings, .appEvents, "missing_properties")
  }

  var counts: [(name: String, count: Int)] {
    [("unknown_events", unknown), ("missing_properties", withoutProperties)]
  }

  var expected: [JSON.Member] {
    let steps = ["calendar_view", "screen_view", "booking"]
    return [
      .init(
        "app_events",
        .object(
          zip(Funnel.Event.allCases, events).map { .init($0.name.description, .int($1)) })),
      .init(
        "app_funnel",
        .object(
          funnel.sorted { $0.key < $1.key }.map { month, sums in
            .init(Truth.monthName(month), .object(zip(steps, sums).map { .init($0, .int($1)) }))
          })),
    ]
  }

  mutating func write(_ day: DayEvents) {
    var random = SeededRandom(seed: seed, "app", UInt64(bitPattern: Int64(day.day)))
    var made = sessions(of: day, &random)
    for visit in day.visits { made += events(of: visit, day.day, &random) }
    goals = goals.filter { $0.value.since + Funnel.goalDays > day.day }
    let order = made.indices.sorted { (made[$0].at, $0) < (made[$1].at, $1) }
    for index in order { write(made[index]) }
  }

  /// The sessions that book, and for them as many that stop as the rates of the steps ask for.
  private mutating func sessions(
    of day: DayEvents, _ random: inout SeededRandom
  ) -> [Event] {
    let bookings = day.attendance.filter(\.isBooking)
    var made: [Event] = []
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
  ) -> [Event] {
    sessions += 1
    let look = at - 5000 - random.below(40_000)
    let calendar = look - 3000 - random.below(90_000)
    return [
      Event(
        kind: .calendarView, member: member, session: sessions, at: calendar,
        more: #","screen":"calendar""#),
      Event(
        kind: .screenView, member: member, session: sessions, at: look,
        more: #","screen":"class","class_id":"C\#(id)""#),
      Event(kind: .booking, member: member, session: sessions, at: at, more: more),
    ]
  }

  /// A session of somebody who books today too, but not this time.
  private mutating func session(
    stopping bookings: [AttendanceEvent], _ day: DayEvents, looks: Bool,
    _ random: inout SeededRandom
  ) -> [Event] {
    let one = bookings[random.below(bookings.count)]
    let midnight = day.day * 86_400 - Int(day.offsets[Int(one.club)]) * 60
    let at = (midnight + 6 * 3600 + random.below(17 * 3600)) * 1000 + random.below(1000)
    sessions += 1
    let calendar = Event(
      kind: .calendarView, member: one.member, session: sessions, at: at,
      more: #","screen":"calendar""#)
    guard looks else { return [calendar] }
    let id = padded(Int(one.number), 9)
    let look = Event(
      kind: .screenView, member: one.member, session: sessions,
      at: at + 3000 + random.below(90_000), more: #","screen":"class","class_id":"C\#(id)""#)
    return [calendar, look]
  }

  /// What somebody who comes today does in the app before and after.
  private mutating func events(
    of visit: VisitEvent, _ day: Int, _ random: inout SeededRandom
  ) -> [Event] {
    var made: [Event] = []
    func note(_ kind: Funnel.Event, _ second: Int, _ more: String) {
      sessions += 1
      made.append(
        Event(
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

  private mutating func write(_ event: Event) {
    let isBare = bare.hits()
    if isBare { withoutProperties += 1 }
    events[Int(event.kind.rawValue)] += 1
    if !isBare { count(event) }
    write(event, event.kind.name, isBare: isBare)
    guard strangers.hits() else { return }
    unknown += 1
    var stranger = event
    let bits = strangers.detail()
    stranger.at += 1 + Int(bits >> 32 % 3000)
    stranger.more = #","screen":"unknown""#
    write(stranger, Funnel.unknown[Int(bits % UInt64(Funnel.unknown.count))], isBare: false)
  }

  private mutating func count(_ event: Event) {
    let isOfClass = event.more.hasPrefix(#","screen":"class""#)
    let step: Int? =
      switch event.kind {
      case .calendarView: 0
      case .screenView: isOfClass ? 1 : nil
      case .booking: 2
      case .goalSet, .goalReached: nil
      }
    guard let step else { return }
    let month = Figures.month(floorDivide(event.at, 86_400_000))
    funnel[month, default: [0, 0, 0]][step] += 1
  }

  private mutating func write(_ event: Event, _ name: StaticString, isBare: Bool) {
    keys += 1
    rows.beginRow()
    rows.id10(UInt8(ascii: "E"), keys)
    rows.id7(UInt8(ascii: "M"), event.member + 1)
    rows.word(name)
    rows.milliseconds(event.at, &dates)
    if isBare {
      rows.null()
    } else {
      rows.object(
        #"{"session_id":"P\#(padded(event.session, 10))","device":"#
          + Funnel.device(seed: seed, member: event.member) + event.more + "}")
    }
    rows.endRow()
  }
}

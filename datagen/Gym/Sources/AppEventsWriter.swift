import Basics
import Faker

/// Writes what the app tells of its use: sessions that may end with the booking of a class, looks at
/// the first screen, and goals.
struct AppEventsWriter: SourceWriter {
  var rows: RowWriter
  private let seed: UInt64
  private var dates = DateBytes()
  private var strangers: QuirkSampler
  private var bare: QuirkSampler
  private var sessions: AppSessions
  private(set) var keys = 0
  private var unknown = 0
  private var withoutProperties = 0
  /// By month, the sessions with properties that saw the calendar, looked at a class, booked it.
  private var funnel: [Int: [Int]] = [:]
  /// The same by the Monday of the week, in days since 1970.
  private var weeks: [Int: [Int]] = [:]
  private var events = [Int](repeating: 0, count: Funnel.Event.allCases.count)

  init(_ simulation: Simulation) {
    rows = RowWriter(.appEvents, simulation.settings)
    seed = simulation.seed
    sessions = AppSessions(seed: simulation.seed, epoch: simulation.epochDay * 86_400)
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
      .init(
        "app_funnel_by_week",
        .object(
          weeks.sorted { $0.key < $1.key }.map { monday, sums in
            .init(
              CivilDate(daysSinceEpoch: monday).description,
              .object(zip(steps, sums).map { .init($0, .int($1)) }))
          })),
    ]
  }

  mutating func write(_ day: DayEvents) {
    let made = sessions.events(of: day)
    let order = made.indices.sorted { (made[$0].at, $0) < (made[$1].at, $1) }
    for index in order { write(made[index]) }
  }

  private mutating func write(_ event: AppEvent) {
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

  private mutating func count(_ event: AppEvent) {
    let isOfClass = event.more.hasPrefix(#","screen":"class""#)
    let step: Int? =
      switch event.kind {
      case .calendarView: 0
      case .screenView: isOfClass ? 1 : nil
      case .booking: 2
      case .goalSet, .goalReached: nil
      }
    guard let step else { return }
    let day = floorDivide(event.at, 86_400_000)
    funnel[Figures.month(day), default: [0, 0, 0]][step] += 1
    weeks[Figures.monday(day), default: [0, 0, 0]][step] += 1
  }

  private mutating func write(_ event: AppEvent, _ name: StaticString, isBare: Bool) {
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

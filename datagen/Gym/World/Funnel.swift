import Faker

/// How members come to book a class in the app, and how many stop on the way.
enum Funnel {
  /// Of all bookings, how many are made in the app.
  static let appShare = 0.4
  /// Of the sessions that see the calendar, how many look at a class.
  static let toClass = 0.7
  /// Of the sessions that look at a class, how many book it.
  static let toBooking = 0.55

  /// Of all visits, how many are preceded by a look at the app's first screen.
  static let homeShare = 0.25
  /// Of the visits of members without a goal, how many are followed by setting one.
  static let goalShare = 0.02
  /// Days after which a goal that was not reached is given up.
  static let goalDays = 28

  /// What the app sends; the last ones are of versions that nobody told of.
  enum Event: UInt8, CaseIterable, Sendable {
    case calendarView, screenView, booking, goalSet, goalReached

    var name: StaticString {
      switch self {
      case .calendarView: "calendar_view"
      case .screenView: "screen_view"
      case .booking: "booking"
      case .goalSet: "goal_set"
      case .goalReached: "goal_reached"
      }
    }
  }

  /// Names of events that are in no list.
  static let unknown: [StaticString] = ["page_ping", "bookng", "screen_view_v2", "debug"]

  /// What a member's telephone runs, from the member's own stream.
  static func device(seed: UInt64, member: UInt32) -> String {
    var random = SeededRandom(seed: seed, "telephone", UInt64(member))
    if random.chance(0.56) {
      return #"{"os":"ios","version":"\#(16 + random.below(3)).\#(random.below(7))"}"#
    }
    return #"{"os":"android","version":"\#(12 + random.below(4))"}"#
  }
}

/// A number of visits a week that a member means to reach.
struct Goal: Sendable {
  let target: Int
  /// The day on which it was set, in days since 1970.
  let since: Int
  /// The Monday of the week that is counted.
  var week = 0
  var visits = 0

  /// Counts a visit.
  /// - Returns: true where it reaches the goal.
  mutating func count(on day: Int) -> Bool {
    let monday = Figures.monday(day)
    if monday != week {
      week = monday
      visits = 0
    }
    visits += 1
    return visits == target
  }
}

import Basics

/// What the simulation remembers of classes that members attended: those of the last 90 days, and who
/// taught members in their first 90 days.
struct Habits: Sendable {
  /// Days that are remembered.
  static let days = 90

  /// A class that a member attended.
  struct Attended: Sendable {
    var member: UInt32
    var instructor: UInt16
    var type: ClassType
  }

  /// By day since 1970, the last 90 of them.
  private(set) var recent: [(day: Int, attended: [Attended])] = []
  /// By member and instructor, classes attended in the first 90 days from signing up.
  private(set) var beginnings: [UInt32: [UInt16: Int]] = [:]

  /// Remembers a day's attended classes.
  /// - Parameter signup: the day on which a member signed up.
  mutating func add(_ day: DayEvents, signup: (UInt32) -> Int) {
    var types: [UInt32: ClassType] = [:]
    for slot in day.classes { types[slot.number] = slot.type }
    var attended: [Attended] = []
    for event in day.attendance where event.outcome == .attended && !event.isBooking {
      guard let type = types[event.number] else { continue }
      attended.append(
        Attended(member: event.member, instructor: event.instructor, type: type))
      let tenure = day.day - signup(event.member)
      guard tenure >= 0, tenure < Habits.days else { continue }
      beginnings[event.member, default: [:]][event.instructor, default: 0] += 1
    }
    recent.append((day.day, attended))
    if recent.count > Habits.days { recent.removeFirst() }
  }

  /// The instructor of most classes, of equals the one with the least number.
  static func main(_ counts: [UInt16: Int]) -> (instructor: UInt16, times: Int)? {
    counts.min { (-$0.value, $0.key) < (-$1.value, $1.key) }.map { ($0.key, $0.value) }
  }
}

/// What the simulation knows of members at the beginning of a month, before anything happens.
struct MonthBeginning: Sendable {
  /// Days since 1970.
  var day: Int
  /// Whoever is a member as far as was told by midnight UTC.
  var members = 0
  var visits7 = 0
  var visits30 = 0
  var visits90 = 0
}

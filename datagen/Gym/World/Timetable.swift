import Faker

/// Who teaches.
struct Instructor: Sendable {
  let name: String
  /// The name as another system spells it: capitals, no middle initial, or family name first.
  let otherName: String
  let email: String
}

/// One class of a club's week.
struct WeeklyClass: Sendable {
  /// From midnight, local time.
  let startMinute: Int
  let type: ClassType
  let title: Int
  let instructor: Int
  let capacity: Int
  /// How many book it, compared with the other classes of the day.
  let weight: Double
}

/// The classes of every club, the same each week.
struct Timetable: Sendable {
  /// By club, then weekday (Monday is 0), in order of start.
  let weeks: [[[WeeklyClass]]]
  /// Numbered across the chain; `I00001` is the first.
  let instructors: [Instructor]

  /// How many of a day's classes begin in the hour, from 5:00 on.
  fileprivate static let hours: [Double] = [
    1, 5, 6, 5, 5, 4, 3, 5, 3, 1, 1, 3, 7, 8, 6, 3,
  ]

  /// Draws the weeks of all clubs.
  /// - Parameter bookings: how many bookings a club can expect on a usual day.
  init(clubs: Int, bookings: Double, seed: UInt64) {
    let wanted = bookings / (18 * 0.75)
    let classes = min(48, max(2, Int(wanted.rounded())))
    let scale = max(1, wanted / Double(classes))
    var weeks: [[[WeeklyClass]]] = []
    var instructors: [Instructor] = []
    for club in 0..<clubs {
      var faker = Faker(seed: seed, "timetable", UInt64(club))
      let first = instructors.count
      let staff = max(3, classes / 3)
      for index in 0..<staff {
        instructors.append(Instructor(&faker, number: first + index))
      }
      let charm = (0..<staff).map { _ in faker.random.lognormal(median: 1, sigma: 0.3) }
      weeks.append(
        (0..<7).map { weekday in
          let count = max(2, weekday < 5 ? classes : classes * 7 / 10)
          return (0..<count).map { _ in
            let teacher = faker.random.below(staff)
            return WeeklyClass(
              &faker.random, instructor: first + teacher, charm: charm[teacher], scale: scale)
          }.sorted { ($0.startMinute, $0.type.rawValue) < ($1.startMinute, $1.type.rawValue) }
        })
    }
    self.weeks = weeks
    self.instructors = instructors
  }

  fileprivate static let hourTable = AliasTable(weights: hours)
}

extension WeeklyClass {
  fileprivate init(
    _ random: inout SeededRandom, instructor: Int, charm: Double, scale: Double
  ) {
    let hour = Timetable.hourTable.draw(&random)
    let type = ClassType.allCases[random.below(ClassType.allCases.count)]
    startMinute = min((5 + hour) * 60 + random.below(4) * 15, 20 * 60 + 45)
    self.type = type
    title = random.below(type.titles.count)
    self.instructor = instructor
    capacity = min(9999, Int((Double(type.capacity) * scale).rounded()))
    weight = type.popularity * charm * (4 + Timetable.hours[hour])
  }
}

extension Instructor {
  fileprivate init(_ faker: inout Faker, number: Int) {
    let first = faker.firstName()
    let last = faker.lastName()
    name = "\(first) \(faker.middleInitial()) \(last)"
    email = "\(first.lowercased()).\(last.lowercased())\(number + 1)@example.org"
    switch number % 3 {
    case 0: otherName = name.uppercased()
    case 1: otherName = "\(first) \(last)"
    default: otherName = "\(last), \(first)"
    }
  }
}

import Basics

/// What the simulation knows of its members at the end of its last day.
struct MemberFigures {
  private struct Attendance {
    var inMonth = 0
    var byInstructor: [UInt16: Int] = [:]
    var byType: [ClassType: Int] = [:]
    var all: Int { byInstructor.values.reduce(0, +) }
  }

  /// One who has a profile.
  private struct Person {
    let number: Int
    var member: Member
    /// The last day of the membership, once it has passed.
    let left: Int?
  }

  private let state: Simulation
  private let last: Int
  /// Days of which there are files.
  private let gymDays: Int
  private let people: [Person]
  private var attendance: [Int: Attendance] = [:]

  init(_ state: Simulation, last: CivilDate) {
    self.state = state
    self.last = last.daysSinceEpoch
    gymDays = self.last - state.settings.from.daysSinceEpoch + 1
    let day = Int32(self.last)
    people = (0..<state.table.count).compactMap { number in
      var member = state.table[number]
      guard member.status != .deleted else { return nil }
      member.look(on: day)
      let left = member.status == .left ? Int(member.until) : nil
      return Person(number: number, member: member, left: left)
    }
    let month = Figures.month(self.last)
    for (day, attended) in state.figures.habits.recent where day > self.last - Habits.days {
      for one in attended {
        var sums = attendance[Int(one.member)] ?? Attendance()
        if Figures.month(day) == month { sums.inMonth += 1 }
        sums.byInstructor[one.instructor, default: 0] += 1
        sums.byType[one.type, default: 0] += 1
        attendance[Int(one.member)] = sums
      }
    }
  }

  /// Days with a visit among those from `first` to `through` days before the last day.
  private func visits(_ member: Member, _ first: Int, through: Int) -> Int {
    (first...max(first, through)).count { ago in
      guard ago < min(gymDays, 128), ago <= through else { return false }
      return (ago < 64 ? member.recent >> UInt64(ago) : member.older >> UInt64(ago - 64)) & 1 == 1
    }
  }
}

extension MemberFigures {
  var expected: [JSON.Member] {
    [
      .init("members_by_visits_30d", histogram { visits($0.member, 0, through: 29) }),
      .init("members_by_visits_90d", histogram { visits($0.member, 0, through: 89) }),
      .init("members_by_favourite_class_type", favourites),
      .init("segments", segments), .init("retention_curve", retention),
      .init("instructor_retention", instructors), .init("features_by_month", features),
    ]
  }

  private func histogram(_ value: (Person) -> Int) -> JSON {
    var counts: [Int: Int] = [:]
    for person in people { counts[value(person), default: 0] += 1 }
    return .object(
      counts.sorted { $0.key < $1.key }.map { .init("\($0.key)", .int($0.value)) })
  }

  private var favourites: JSON {
    var counts: [String: Int] = [:]
    for person in people {
      let types = attendance[person.number]?.byType.map {
        (-$0.value, $0.key.name.description.lowercased())
      }
      guard let favourite = types?.min(by: <) else { continue }
      counts[favourite.1, default: 0] += 1
    }
    return .object(counts.sorted { $0.key < $1.key }.map { .init($0.key, .int($0.value)) })
  }

  private func segment(_ person: Person) -> String {
    let sums = attendance[person.number] ?? Attendance()
    let most = sums.byInstructor.values.max() ?? 0
    if sums.inMonth < 2, sums.all > 0, most * 2 >= sums.all { return "few_visits" }
    if person.member.tenure(on: last) <= 30 { return "new" }
    if visits(person.member, 0, through: 20) == 0, visits(person.member, 21, through: 60) > 0 {
      return "at_risk"
    }
    if let left = person.left, (30...180).contains(last - left) { return "win_back" }
    return isLoyal(person.member) ? "loyal" : "regular"
  }

  /// True with eight visits or more in each of the three months before that of the last day.
  private func isLoyal(_ member: Member) -> Bool {
    let (year, month, _) = CivilDate(daysSinceEpoch: last).components
    return (1...3).allSatisfy { before in
      let first = CivilDate(year: year, month: month - before, day: 1).daysSinceEpoch
      let next = CivilDate(year: year, month: month - before + 1, day: 1).daysSinceEpoch
      return visits(member, last - next + 1, through: last - first) >= 8
    }
  }

  /// By club and segment: members, and those who welcome e-mail.
  private var segments: JSON {
    var counts: [String: [String: (members: Int, reachable: Int)]] = [:]
    for person in people {
      let club = state.clubs[Int(person.member.club)].id
      counts[club, default: [:]][segment(person), default: (0, 0)].members += 1
      if person.member.consents { counts[club]?[segment(person)]?.reachable += 1 }
    }
    return .object(
      counts.sorted { $0.key < $1.key }.map { club, segments in
        .init(
          club,
          .object(
            segments.sorted { $0.key < $1.key }.map { name, counts in
              .init(
                name,
                .object([
                  .init("members", .int(counts.members)),
                  .init("reachable", .int(counts.reachable)),
                ]))
            }))
      })
  }

  /// By months since the month of signing up: members of whom it is known, and those who stayed.
  private var retention: JSON {
    var counts: [(members: Int, retained: Int)] = []
    for person in people {
      let signup = CivilDate(daysSinceEpoch: Int(person.member.signup)).components
      var since = 0
      while true {
        let end = CivilDate(year: signup.year, month: signup.month + since + 1, day: 1) + -1
        guard end.daysSinceEpoch <= last else { break }
        if counts.count == since { counts.append((0, 0)) }
        counts[since].members += 1
        if (person.left ?? .max) > end.daysSinceEpoch { counts[since].retained += 1 }
        since += 1
      }
    }
    return .array(
      counts.map {
        .object([.init("members", .int($0.members)), .init("retained", .int($0.retained))])
      })
  }

  /// By instructor: members after their first 90 days, and those seen 90 and 180 days later.
  private var instructors: JSON {
    var counts: [UInt16: [Int]] = [:]
    for person in people {
      let begin = Int(person.member.signup)
      let stays = { (day: Int) in (person.left ?? .max) >= day }
      guard let main = Habits.main(state.figures.habits.beginnings[UInt32(person.number)] ?? [:]),
        begin + 90 <= last, stays(begin + 90)
      else { continue }
      var sums = counts[main.instructor] ?? [0, 0, 0, 0, 0]
      sums[0] += 1
      for (index, days) in [180, 270].enumerated() where begin + days <= last {
        sums[1 + index * 2] += 1
        if stays(begin + days) { sums[2 + index * 2] += 1 }
      }
      counts[main.instructor] = sums
    }
    let names = ["members", "eligible_90d", "retained_90d", "eligible_180d", "retained_180d"]
    return .object(
      counts.sorted { $0.key < $1.key }.map { instructor, sums in
        .init(
          "I" + padded(Int(instructor) + 1, 5),
          .object(zip(names, sums).map { .init($0, .int($1)) }))
      })
  }

  /// By first day of a month: members, their visits before it, and those who left within 30 days,
  /// once that is certain.
  private var features: JSON {
    let months = state.figures.beginnings
    let lefts = (0..<state.table.count).compactMap { number -> (signup: Int, left: Int)? in
      let member = state.table[number]
      guard member.status == .left || member.status == .deleted else { return nil }
      return (Int(member.signup), Int(member.until))
    }
    return .object(
      months.map { month in
        let churned = lefts.count { one in
          one.signup < month.day && (month.day..<month.day + 30).contains(one.left + 1)
        }
        return .init(
          CivilDate(daysSinceEpoch: month.day).description,
          .object([
            .init("members", .int(month.members)), .init("visits_7d", .int(month.visits7)),
            .init("visits_30d", .int(month.visits30)), .init("visits_90d", .int(month.visits90)),
            .init("churned", month.day + 60 <= last ? .int(churned) : .null),
          ]))
      })
  }
}

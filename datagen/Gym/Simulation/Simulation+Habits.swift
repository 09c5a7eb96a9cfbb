import Basics

extension Simulation {
  /// Notes what is known of members on the first day of a month, before anything happens on it.
  mutating func noteMonthBeginning() {
    let date = CivilDate(daysSinceEpoch: day)
    let gymDays = day - settings.from.daysSinceEpoch
    guard date.components.day == 1, gymDays > 0 else { return }
    var month = MonthBeginning(day: day)
    for index in 0..<table.count {
      var member = table[index]
      guard member.status == .active || member.status == .frozen, isKnown(member, index) else {
        continue
      }
      member.look(on: Int32(truncatingIfNeeded: day))
      month.members += 1
      month.visits7 += member.visits(inLast: min(7, gymDays))
      month.visits30 += member.visits(inLast: min(30, gymDays))
      month.visits90 += member.visits(inLast: min(90, gymDays))
    }
    figures.beginnings.append(month)
  }

  /// True if the member's first membership was told before midnight UTC, at the day's beginning.
  private func isKnown(_ member: Member, _ index: Int) -> Bool {
    guard Int(member.signup) == day - 1 else { return Int(member.signup) < day }
    let traits = Traits(seed: seed, member: index, clubs: clubs.count)
    let yesterday = CivilDate(daysSinceEpoch: day - 1)
    let offset = clubs[traits.club].zone.offsetMinutes(on: yesterday)
    return (day - 1) * 86_400 - offset * 60 + traits.signupSecond + 60 < day * 86_400
  }

  /// Remembers what was attended today.
  mutating func noteHabits() {
    guard tellsAttendance else { return }
    let table = table
    figures.classes.add(today)
    figures.habits.add(today) { Int(table[Int($0)].signup) }
  }
}

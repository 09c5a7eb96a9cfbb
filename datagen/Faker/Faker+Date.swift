import Basics

extension Faker {
  /// A day of a range, both ends included.
  public mutating func date(_ range: ClosedRange<CivilDate>) -> CivilDate {
    CivilDate(
      daysSinceEpoch: random.int(
        range.lowerBound.daysSinceEpoch...range.upperBound.daysSinceEpoch))
  }

  /// The birthday of somebody who is `age` years old on a day.
  ///
  /// The last birthday was on the day itself or less than a year before.
  public mutating func birthday(age: Int, on day: CivilDate) -> CivilDate {
    let years = min(max(0, age), 200)
    return date(anniversary(day, yearsBefore: years + 1) + 1...anniversary(day, yearsBefore: years))
  }

  /// The same day of an earlier year; 28 February where that year has no 29th.
  private func anniversary(_ day: CivilDate, yearsBefore: Int) -> CivilDate {
    let (year, month, dayOfMonth) = day.components
    let same = CivilDate(year: year - yearsBefore, month: month, day: dayOfMonth)
    return same.components.month == month ? same : same + -1
  }

  /// The birthday of somebody whose age on a day lies in a range.
  public mutating func birthday(ages: ClosedRange<Int>, on day: CivilDate) -> CivilDate {
    let age = random.int(ages)
    return birthday(age: age, on: day)
  }
}

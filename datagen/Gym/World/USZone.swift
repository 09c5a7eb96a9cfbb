import Basics

/// A time zone of the United States, with the rule in force since 2007: daylight saving time from
/// the second Sunday of March, 2:00, to the first Sunday of November, 2:00.
///
/// Days before 2007 use the same rule.
struct USZone: Hashable, Sendable {
  /// The IANA name.
  let name: String
  /// Minutes east of UTC in winter; negative.
  let standardMinutes: Int
  let observesDaylightTime: Bool

  private static let known: [String: (minutes: Int, daylight: Bool)] = [
    "America/New_York": (-300, true),
    "America/Detroit": (-300, true),
    "America/Indiana/Indianapolis": (-300, true),
    "America/Chicago": (-360, true),
    "America/Denver": (-420, true),
    "America/Boise": (-420, true),
    "America/Phoenix": (-420, false),
    "America/Los_Angeles": (-480, true),
    "America/Anchorage": (-540, true),
    "Pacific/Honolulu": (-600, false),
  ]

  /// A zone by its IANA name; nil for one that is not among those of the fifty states.
  init?(_ name: String) {
    guard let zone = USZone.known[name] else { return nil }
    self.name = name
    standardMinutes = zone.minutes
    observesDaylightTime = zone.daylight
  }

  /// Minutes east of UTC at noon, and at any time of the day from 2:00 standard time on.
  func offsetMinutes(on day: CivilDate) -> Int {
    guard observesDaylightTime else { return standardMinutes }
    let year = day.components.year
    let inSummer =
      day >= USZone.daylightTimeBegins(year) && day < USZone.daylightTimeEnds(year)
    return standardMinutes + (inSummer ? 60 : 0)
  }

  /// The local day of an instant in seconds since 1970, as days since 1970.
  func localDay(_ instant: Int) -> Int {
    let inWinter = floorDivide(instant + standardMinutes * 60, 86_400)
    let offset = offsetMinutes(on: CivilDate(daysSinceEpoch: inWinter))
    return floorDivide(instant + offset * 60, 86_400)
  }

  /// True for the day on which the hour from 1:00 to 2:00 occurs twice.
  func repeatsAnHour(on day: CivilDate) -> Bool {
    observesDaylightTime && day == USZone.daylightTimeEnds(day.components.year)
  }

  /// The second Sunday of March.
  static func daylightTimeBegins(_ year: Int) -> CivilDate { sunday(2, year, 3) }

  /// The first Sunday of November.
  static func daylightTimeEnds(_ year: Int) -> CivilDate { sunday(1, year, 11) }

  private static func sunday(_ nth: Int, _ year: Int, _ month: Int) -> CivilDate {
    let first = CivilDate(year: year, month: month, day: 1)
    return first + (6 - first.weekday) + 7 * (nth - 1)
  }
}

import Basics

/// A gym with every choice made and checked.
public struct GymSettings: Hashable, Sendable {
  /// Members on the first day.
  public let members: Int
  public let clubs: Int
  /// The first day.
  public let from: CivilDate
  public let seed: UInt64
  /// The share of rows that get each kind of fault.
  public let quirks: Double
  public let format: GymFormat
  /// In the order of `GymSource.allCases`, each once.
  public let sources: [GymSource]
  /// Seconds from one heart rate to the next.
  public let heartRateEvery: Int
  /// The share of members whose heart rate is recorded.
  public let heartRateShare: Double

  /// The most days a gym may have.
  public static let maximumDays = 3660
  /// Days written when none are asked for.
  public static let defaultDays = 60

  /// The first and last day a gym may reach; members may have joined years before, and memberships
  /// end years after, within the years that silver reads.
  public static let calendar =
    CivilDate(year: 1910, month: 1, day: 1)...CivilDate(year: 2089, month: 12, day: 31)

  /// Fills in the defaults and checks every choice.
  /// - Throws: `GymError.outOfRange` with the limits for a value that makes no gym.
  public init(_ options: GymOptions) throws(GymError) {
    members = try GymSettings.check(.members, options.members ?? 5000, 1...2_000_000)
    clubs = try GymSettings.check(.clubs, options.clubs ?? 3, 1...500)
    from = try GymSettings.check(
      .from, options.from ?? CivilDate(year: 2025, month: 1, day: 1), GymSettings.calendar)
    seed = options.seed ?? 42
    quirks = try GymSettings.check(.quirks, options.quirks ?? 0.02, 0...0.5)
    format = options.format ?? .ndjson
    heartRateEvery = try GymSettings.check(
      .heartRateEvery, options.heartRateEvery ?? 5, 1...600)
    heartRateShare = try GymSettings.check(
      .heartRateShare, options.heartRateShare ?? 0.02, 0...Traits.trackerShare)
    let wanted = Set(options.sources ?? GymSource.allCases)
    sources = GymSource.allCases.filter(wanted.contains)
    guard !sources.isEmpty else {
      throw .outOfRange(
        .sources, given: "none", from: "one", to: "all \(GymSource.allCases.count)")
    }
  }

  /// The days to write after `before` days that exist already.
  /// - Throws: `GymError.outOfRange` for no days, too many, or a gym that leaves the calendar.
  func days(_ options: GymOptions, after before: Int) throws(GymError) -> Int {
    let room = min(
      GymSettings.maximumDays, GymSettings.calendar.upperBound - from + 1, daysOfNumbers)
    let days = options.days ?? GymSettings.defaultDays
    guard days >= 1, days <= room - before else {
      throw .outOfRange(.days, given: "\(days)", from: "1", to: "\(max(1, room - before))")
    }
    return days
  }

  /// Days until about 3,000,000 people have been members, so that seven digits tell all apart: a
  /// year brings 38 new members for each 100 of the first day.
  private var daysOfNumbers: Int {
    Int((3_000_000 / Double(members) - 1) * 365 / 0.38)
  }

  private static func check<Value: Comparable>(
    _ option: GymOption, _ value: Value, _ range: ClosedRange<Value>
  ) throws(GymError) -> Value {
    guard range.contains(value) else {
      throw .outOfRange(
        option, given: "\(value)", from: "\(range.lowerBound)", to: "\(range.upperBound)")
    }
    return value
  }
}

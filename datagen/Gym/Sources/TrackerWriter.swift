import Basics
import Faker

/// Writes a day of each fitness tracker, in the columns of Fitbit's daily export.
struct TrackerWriter: SourceWriter {
  /// What stays the same about somebody who wears a tracker.
  private struct Wearer {
    let member: UInt32
    let device: Int
    /// Steps on half of the days without the gym.
    let steps: Double
    /// Kilocalories of a day at rest.
    let rest: Double
    /// The logarithm of how far the last day was from usual.
    var mood = 0.0
  }

  var rows: RowWriter
  private let seed: UInt64
  private var wearers: [Wearer] = []
  private var zeroDays: QuirkSampler
  private(set) var keys = 0
  private var zeros = 0
  private var steps = 0
  private var calories = 0
  private var activeCalories = 0
  /// By Monday, in days since 1970: days with steps, steps and kilocalories.
  private var weeks: [Int: (worn: Int, steps: Int, calories: Int)] = [:]
  private let distances = TrackerWriter.distanceTexts()

  init(_ simulation: Simulation) {
    rows = RowWriter(.dailyActivity, simulation.settings)
    seed = simulation.seed
    zeroDays = QuirkSampler(simulation.settings, .dailyActivity, "zero_step_days")
  }

  var counts: [(name: String, count: Int)] { [("zero_step_days", zeros)] }

  var expected: [JSON.Member] {
    [
      .init("tracker_steps", .int(steps)), .init("tracker_calories", .int(calories)),
      .init("tracker_calories_on_days_with_steps", .int(activeCalories)),
      .init(
        "tracker_weeks",
        .object(
          weeks.sorted { $0.key < $1.key }.map { monday, sum in
            .init(
              CivilDate(daysSinceEpoch: monday).description,
              .object([
                .init("days_worn", .int(sum.worn)), .init("steps", .int(sum.steps)),
                .init("calories", .int(sum.calories)),
              ]))
          })),
    ]
  }

  mutating func write(_ day: DayEvents) {
    if !day.leavers.isEmpty {
      let gone = Set(day.leavers)
      wearers.removeAll { gone.contains($0.member) }
    }
    wearers += day.newWearers.map(wearer)
    let minutesByMember = Dictionary(
      day.visits.map { ($0.member, Int($0.logout - $0.login) / 60) }, uniquingKeysWith: max)
    let date = CivilDate(daysSinceEpoch: day.day).components
    let text = Array("\(date.month)/\(date.day)/\(date.year)".utf8)
    let isWeekend = CivilDate(daysSinceEpoch: day.day).weekday > 4
    var random = SeededRandom(seed: seed, "tracker", UInt64(bitPattern: Int64(day.day)))
    var week = weeks[Figures.monday(day.day)] ?? (0, 0, 0)
    for index in wearers.indices {
      wearers[index].mood = 0.35 * wearers[index].mood + 0.36 * random.normal()
      let wearer = wearers[index]
      let minutes = minutesByMember[wearer.member] ?? 0
      var record = TrackerDay(
        steps: wearer.steps * PortableMath.exp(wearer.mood) * (isWeekend ? 0.93 : 1),
        rest: wearer.rest, gymMinutes: minutes, &random)
      if zeroDays.hits() {
        record = TrackerDay(idle: wearer.rest)
        zeros += 1
      }
      if record.steps > 0 { week.worn += 1 }
      week.steps += record.steps
      week.calories += record.calories
      write(record, device: wearer.device, text)
    }
    weeks[Figures.monday(day.day)] = week
  }

  private func wearer(_ member: UInt32) -> Wearer {
    var random = SeededRandom(seed: seed, "wearer", UInt64(member))
    return Wearer(
      member: member, device: Person.device(seed: seed, member: Int(member)),
      steps: min(16_000, max(1800, random.lognormal(median: 6800, sigma: 0.38))),
      rest: min(2500, max(1250, random.normal(mean: 1720, deviation: 230))))
  }

  private mutating func write(_ record: TrackerDay, device: Int, _ date: [UInt8]) {
    keys += 1
    steps += record.steps
    calories += record.calories
    if record.steps > 0 { activeCalories += record.calories }
    rows.beginRow()
    rows.int(device)
    rows.field()
    rows.cursor.write(date)
    rows.int(record.steps)
    for distance in [
      record.distance, record.distance, record.logged, record.very, record.moderate, record.light,
      record.sedentary,
    ] {
      rows.field()
      rows.cursor.write(distances[min(max(0, distance), distances.count - 1)])
    }
    rows.int(record.veryMinutes)
    rows.int(record.fairMinutes)
    rows.int(record.lightMinutes)
    rows.int(record.sedentaryMinutes)
    rows.int(record.calories)
    rows.endRow()
  }

  /// How the export writes 0.00 to 59.99: a 32-bit float in 15 significant digits, so that 1.88 is
  /// `1.87999999523163`.
  static func distanceTexts() -> [[UInt8]] {
    (0..<6000).map { hundredths in
      let value = Double(Float(hundredths) / 100)
      guard value > 0 else { return Array("0".utf8) }
      var scale = 15
      var limit = 1.0
      while value >= limit {
        limit *= 10
        scale -= 1
      }
      if value < 0.1 { scale += 1 }
      if value < 0.01 { scale += 1 }
      var power = 1.0
      for _ in 0..<scale { power *= 10 }
      let digits = padded(Int((value * power).rounded()), scale + 1)
      var text = Array((digits.dropLast(scale) + "." + digits.suffix(scale)).utf8)
      while text.last == 0x30 { text.removeLast() }
      if text.last == 0x2E { text.removeLast() }
      return text
    }
  }
}

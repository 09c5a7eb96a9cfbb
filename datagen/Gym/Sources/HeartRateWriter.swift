import Basics
import Faker

/// Writes the heart rates of some members while they train.
///
/// This can be the largest source, so its rows are not built field by field: what stays the same in
/// the rows of a workout is copied.
struct HeartRateWriter: SourceWriter {
  var rows: RowWriter
  private let settings: GymSettings
  private let faults: ProfileFaults
  private let firstYear: Int
  private let epoch: Int
  private var dates = DateBytes()
  private var wearers: [UInt32: HeartWearer] = [:]
  private var zeros: QuirkSampler
  private var peaks: QuirkSampler
  private var swaps: QuirkSampler
  private var delays: QuirkSampler
  /// Workouts whose rows come in the next day's file, with the day they were on.
  private var late: [(workout: Workout, isComplete: Bool, day: Int)] = []
  private var workoutFaults: WorkoutFaults
  private(set) var keys = 0
  private var written = Counts()
  private var months: [Int: HeartSum] = [:]
  /// Workouts with start, stop and a rate, and their rates, by the month of the start.
  private var completed: [Int: (workouts: Int, sum: HeartSum)] = [:]
  /// By age group, then gender.
  private var groups = [HeartSum](
    repeating: HeartSum(), count: HeartSum.ages.count * HeartWearer.genders.count)

  private struct Counts {
    var zeros = 0
    var peaks = 0
    var swapped = 0
    var late = 0
    var lateRows = 0
  }

  init(_ simulation: Simulation) {
    let settings = simulation.settings
    rows = RowWriter(.heartRate, settings)
    self.settings = settings
    faults = ProfileFaults(settings)
    workoutFaults = WorkoutFaults(settings)
    firstYear = settings.from.components.year
    epoch = simulation.epochDay * 86_400
    zeros = QuirkSampler(settings, .heartRate, "zero_bpm")
    peaks = QuirkSampler(settings, .heartRate, "bpm_300")
    swaps = QuirkSampler(settings, .heartRate, "out_of_order")
    delays = QuirkSampler(settings, .heartRate, "late")
  }

  var counts: [(name: String, count: Int)] {
    [
      ("zero_bpm", written.zeros), ("bpm_300", written.peaks), ("out_of_order", written.swapped),
      ("late", written.late), ("late_rows", written.lateRows),
    ]
  }

  var expected: [JSON.Member] {
    let byMonth = months.sorted { $0.key < $1.key }.map {
      JSON.Member(Truth.monthName($0.key), $0.value.json)
    }
    let byAge = HeartSum.ages.enumerated().map { age, name in
      let sums = HeartWearer.genders.enumerated().map { gender, name in
        JSON.Member(name, groups[age * HeartWearer.genders.count + gender].json)
      }
      return JSON.Member(name, .object(sums))
    }
    return [
      .init(
        "heart_rate",
        .object([
          .init("by_month", .object(byMonth)), .init("by_age_and_gender", .object(byAge)),
        ])),
      .init(
        "workout_heart_rate",
        .object(
          completed.sorted { $0.key < $1.key }.map { month, sum in
            let figures = sum.sum.json.object ?? []
            return .init(
              Truth.monthName(month), .object([.init("workouts", .int(sum.workouts))] + figures))
          })),
    ]
  }

  mutating func write(_ day: DayEvents) {
    for member in day.newWearers
    where HeartWearer.isRecorded(
      seed: settings.seed, member: member, share: settings.heartRateShare)
    {
      wearers[member] = HeartWearer(
        seed: settings.seed, member: Int(member), faults: faults, firstYear: firstYear)
    }
    let held = late
    late = []
    for (workout, isComplete, before) in held {
      written.late += 1
      written.lateRows += write(workout, isComplete: isComplete, day: before)
    }
    for (workout, lack) in workoutFaults.workouts(of: day) where wearers[workout.member] != nil {
      if delays.hits() {
        late.append((workout, lack == nil, day.day))
      } else {
        _ = write(workout, isComplete: lack == nil, day: day.day)
      }
    }
  }

  /// Writes the rows of a workout.
  /// - Returns: how many they are.
  private mutating func write(_ workout: Workout, isComplete: Bool, day: Int) -> Int {
    guard let wearer = wearers[workout.member] else { return 0 }
    let start = epoch + Int(workout.start)
    let year = CivilDate(daysSinceEpoch: floorDivide(start, 86_400)).components.year
    let age = HeartSum.bounds.count { $0 <= year - wearer.birthYear }
    let group = age * HeartWearer.genders.count + wearer.gender
    var curve = HeartCurve(workout, wearer, year: year, seed: settings.seed, day: day)
    var sum = HeartSum()
    var whole = HeartSum()
    var sumDay = floorDivide(start, 86_400)
    // In a variable, not in the object: each row would check for overlapping accesses otherwise.
    var lines = HeartRateLines(rows, dates, device: wearer.device)
    var count = 0
    /// A row that comes after the one that follows it.
    var held: (rate: Int, at: Int)?
    for second in stride(from: 0, through: Int(workout.stop - workout.start), by: every) {
      let at = start + second
      if at >= (sumDay + 1) * 86_400 {
        whole.add(sum)
        note(&sum, sumDay, group)
        sumDay += 1
      }
      var rate = curve.rate(at: second)
      // Each fault has its own stream; a row can have only one of the two.
      if zeros.hits() {
        rate = 0
        written.zeros += 1
      } else if peaks.hits() {
        rate = 300
        written.peaks += 1
      } else {
        sum.add(rate)
      }
      count += 1
      if swaps.hits(), held == nil {
        held = (rate, at)
        continue
      }
      lines.write(rate, at)
      guard let before = held else { continue }
      lines.write(before.rate, before.at)
      written.swapped += 1
      held = nil
    }
    if let last = held { lines.write(last.rate, last.at) }
    rows = lines.rows
    dates = lines.dates
    whole.add(sum)
    note(&sum, sumDay, group)
    if isComplete, whole.rows > 0 {
      let month = Figures.month(floorDivide(start, 86_400))
      completed[month, default: (0, HeartSum())].workouts += 1
      completed[month, default: (0, HeartSum())].sum.add(whole)
    }
    keys += count
    return count
  }

  private var every: Int { settings.heartRateEvery }

  /// Adds what was recorded on a day to its month and its group.
  private mutating func note(_ sum: inout HeartSum, _ day: Int, _ group: Int) {
    guard sum.rows > 0 else { return }
    months[Figures.month(day), default: HeartSum()].add(sum)
    groups[group].add(sum)
    sum = HeartSum()
  }
}

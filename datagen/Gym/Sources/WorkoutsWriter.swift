import Basics

/// Writes when members with a tracker started and stopped a workout.
struct WorkoutsWriter: SourceWriter {
  /// One of a workout's two rows.
  private struct Mark {
    var number: Int
    var session: UInt32
    var member: UInt32
    var isStop: Bool
    /// Seconds after the simulation's epoch.
    var at: Int32
  }

  var rows: RowWriter
  private let seed: UInt64
  private let epoch: Int
  private var dates = DateBytes()
  private var faults: WorkoutFaults
  private var sessions = PerMember<UInt32>(0)
  private var workouts = 0
  private(set) var keys = 0
  private var withoutStart = 0
  private var withoutStop = 0
  /// Complete workouts and their seconds by the month in which they began.
  private var months: [Int: (count: Int, seconds: Int)] = [:]

  init(_ simulation: Simulation) {
    rows = RowWriter(.workouts, simulation.settings)
    seed = simulation.seed
    epoch = simulation.epochDay * 86_400
    faults = WorkoutFaults(simulation.settings)
  }

  var counts: [(name: String, count: Int)] {
    [("stops_without_start", withoutStart), ("missing_stops", withoutStop)]
  }

  var expected: [JSON.Member] {
    [
      .init(
        "workouts",
        .object(
          months.sorted { $0.key < $1.key }.map { month, sum in
            .init(
              Truth.monthName(month),
              .object([
                .init("completed", .int(sum.count)), .init("seconds", .int(sum.seconds)),
              ]))
          }))
    ]
  }

  mutating func write(_ day: DayEvents) {
    let marks = faults.workouts(of: day).flatMap { self.marks(of: $0.workout, lacking: $0.lack) }
    let order = marks.indices.sorted {
      (marks[$0].at, marks[$0].number) < (marks[$1].at, marks[$1].number)
    }
    for index in order { write(marks[index]) }
  }

  private mutating func marks(of workout: Workout, lacking lack: WorkoutFaults.Lack?) -> [Mark] {
    workouts += 1
    sessions[workout.member] += 1
    let start = Mark(
      number: workouts, session: sessions[workout.member], member: workout.member, isStop: false,
      at: workout.start)
    var stop = start
    stop.isStop = true
    stop.at = workout.stop
    switch lack {
    case .start:
      withoutStart += 1
      return [stop]
    case .stop:
      withoutStop += 1
      return [start]
    case nil: break
    }
    let month = Figures.month(floorDivide(epoch + Int(workout.start), 86_400))
    var sum = months[month] ?? (0, 0)
    sum.count += 1
    sum.seconds += Int(workout.stop - workout.start)
    months[month] = sum
    return [start, stop]
  }

  private mutating func write(_ mark: Mark) {
    keys += 1
    rows.beginRow()
    rows.id10(UInt8(ascii: "W"), mark.number)
    rows.id7(UInt8(ascii: "M"), mark.member + 1)
    rows.text("\(Person.device(seed: seed, member: Int(mark.member)))")
    rows.word(mark.isStop ? "stop" : "start")
    rows.int(Int(mark.session))
    rows.utc(epoch + Int(mark.at), &dates)
    rows.endRow()
  }
}

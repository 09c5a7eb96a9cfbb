/// Which workouts lack their start or their stop; what reads workouts together has to agree on it.
struct WorkoutFaults: Sendable {
  /// The row of a workout that is missing.
  enum Lack: Sendable { case start, stop }

  private let seed: UInt64
  private var lostStarts: QuirkSampler
  private var lostStops: QuirkSampler
  private var wearsTracker = PerMember(false)

  init(_ settings: GymSettings) {
    seed = settings.seed
    lostStarts = QuirkSampler(settings, .workouts, "stops_without_start")
    lostStops = QuirkSampler(settings, .workouts, "missing_stops")
  }

  /// The workouts of a day, in the order of visits.
  ///
  /// Each day is asked for once.
  mutating func workouts(of day: DayEvents) -> [(workout: Workout, lack: Lack?)] {
    for member in day.newWearers { wearsTracker[member] = true }
    var workouts: [(workout: Workout, lack: Lack?)] = []
    for visit in day.visits where wearsTracker[visit.member] {
      guard let workout = Workout(of: visit, day: day.day, seed: seed) else { continue }
      // Each fault has its own stream; a workout can have only one of the two.
      let lack: Lack? = lostStarts.hits() ? .start : lostStops.hits() ? .stop : nil
      workouts.append((workout, lack))
    }
    return workouts
  }
}

import Faker

/// Training that a tracker was started and stopped for, inside a visit.
struct Workout: Sendable {
  let member: UInt32
  /// Seconds after the simulation's epoch.
  let start: Int32
  let stop: Int32
  /// The class that it was; nil for training alone.
  let classType: ClassType?

  /// Of the visits of members with a tracker, how many have a workout.
  static let share = 0.92

  /// The workout of a visit, drawn from a stream of the member's day; nil without one.
  ///
  /// A class is the workout; who comes for none trains most of the visit.
  init?(of visit: VisitEvent, day: Int, seed: UInt64) {
    var random = SeededRandom(
      seed: SeededRandom.combine(seed, UInt64(visit.member)), "workout",
      UInt64(bitPattern: Int64(day)))
    guard random.chance(Workout.share) else { return nil }
    let first = Int32(random.below(420))
    let last = Int32(random.below(420))
    member = visit.member
    classType = visit.classType
    if visit.classType == nil {
      start = visit.login &+ 180 &+ first
      stop = visit.logout &- 180 &- last
    } else {
      start = visit.checkIn &+ 20 &+ first / 4
      stop = visit.classEnds &- last / 8
    }
    guard stop &- start >= 600 else { return nil }
  }
}

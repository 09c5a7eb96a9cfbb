import Faker

/// Chooses the things that get one kind of fault, each with the same probability.
///
/// Only the distance to the next one is drawn, so a thing without a fault costs one subtraction.
/// Each kind has a stream of its own, so one kind does not move another.
struct QuirkSampler {
  private var random: SeededRandom
  private let share: Double
  private var remaining: Int

  init(_ settings: GymSettings, _ source: GymSource, _ quirk: String) {
    self.init(settings, stream: "quirk/\(source.rawValue)/\(quirk)")
  }

  init(_ settings: GymSettings, stream: String) {
    random = SeededRandom(seed: settings.seed, stream)
    share = settings.quirks
    remaining = random.geometric(share)
  }

  /// True where the next thing gets the fault.
  @inline(__always)
  mutating func hits() -> Bool {
    if remaining > 0 {
      remaining &-= 1
      return false
    }
    remaining = random.geometric(share)
    return true
  }

  /// Random bits for what exactly the fault is.
  mutating func detail() -> UInt64 { random.next() }
}

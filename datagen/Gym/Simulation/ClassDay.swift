import Basics
import Faker

/// The classes of all clubs on one day, and how bookings spread over them.
struct ClassDay: Sendable {
  /// Days since 1970.
  var day = 0
  /// By club; those of a club lie together.
  var slots: [ClassSlot] = []
  /// For each club, where its classes begin and how many of them can be booked.
  var clubs: [(first: Int, count: Int)] = []
  /// For each class of a club's bookable ones, the share of draws (of 2³²) that stay with it.
  var thresholds: [UInt32] = []
  /// For each class, the one of the club that gets the rest, counted from the club's first.
  var aliases: [UInt16] = []

  /// Adds a club's classes, with a weight for each; one more class may follow that nobody books.
  mutating func append(_ classes: [ClassSlot], weights: [Double], unlisted: ClassSlot?) {
    clubs.append((slots.count, classes.count))
    let table = AliasTable(weights: weights)
    for (index, slot) in classes.enumerated() {
      slots.append(slot)
      let (threshold, alias) = table.column(index)
      thresholds.append(threshold)
      aliases.append(UInt16(truncatingIfNeeded: alias))
    }
    guard let unlisted else { return }
    slots.append(unlisted)
    thresholds.append(.max)
    aliases.append(0)
  }

  /// A class of a club, chosen by 64 random bits; nil where the club has none.
  @inline(__always)
  func choose(club: Int, _ bits: UInt64) -> Int? {
    let (first, count) = clubs[club]
    guard count > 0 else { return nil }
    let column = Int(truncatingIfNeeded: ((bits >> 32) &* UInt64(count)) >> 32)
    let stays = UInt32(truncatingIfNeeded: bits) <= thresholds[first + column]
    return first + (stays ? column : Int(aliases[first + column]))
  }
}

/// A place taken in a class, or a wait for one.
struct Booking: Sendable {
  /// Index into the day's classes.
  var slot: UInt32
  var member: UInt32
  var attendance: UInt32
  /// Seconds after the simulation's epoch.
  var booked: Int32
  var waits: Bool
}

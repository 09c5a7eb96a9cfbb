import Basics

/// What the simulation keeps of a member from day to day, in one cache line.
struct Member {
  enum Status: UInt8 { case active, frozen, left, deleted }

  /// Bit n is set where the member came n days before `historyDay`.
  var recent: UInt64 = 0
  /// The same for 64 to 127 days before.
  var older: UInt64 = 0
  /// Days since 1970.
  var historyDay: Int32 = 0
  /// Chance of a booking on a usual day, of 2³².
  var bookingChance: UInt32 = 0
  /// Chance of a visit without a class on a usual day, of 2³².
  var visitChance: UInt32 = 0
  /// Days since 1970.
  var signup: Int32 = 0
  /// The first day of the present membership, in days since 1970.
  var since: Int32 = 0
  /// The last day of a membership whose end was asked for; `Int32.max` otherwise.
  var until: Int32 = .max
  var membership: UInt32 = 0
  var club: UInt16 = 0
  var status = Status.active
  /// The day of the month on which the member pays and thinks again, 1 to 28.
  var payday: UInt8 = 1
  var plan = Plan.basic
  var billing = BillingCycle.monthly
  /// Bit `day & 7` is set for a day of this week that a class is booked for.
  var booked: UInt8 = 0
  var moves: UInt8 = 0
  var phones: UInt8 = 0
  var emails: UInt8 = 0
  var consents = true
  var wearsTracker = false
  /// The last week and month with a visit, counted from 1970.
  var week = Int16.min
  var month = Int16.min

  /// Notes a visit; days must not go back.
  @inline(__always)
  mutating func came(on day: Int32) {
    look(on: day)
    recent |= 1
  }

  /// Moves the history on to a day.
  @inline(__always)
  mutating func look(on day: Int32) {
    let days = UInt64(truncatingIfNeeded: max(0, day &- historyDay))
    guard days > 0 else { return }
    historyDay = day
    if days < 64 {
      older = older << days | recent >> (64 - days)
      recent <<= days
    } else {
      older = days < 128 ? recent << (days - 64) : 0
      recent = 0
    }
  }

  /// Days with a visit among the `days` days before the history's day, 1 to 127.
  func visits(inLast days: Int) -> Int {
    let one: UInt64 = 1
    // Bit 0 is the history's own day; a shift by 64 gives 0, hence all bits.
    let near: UInt64 = (one << UInt64(min(days, 63) + 1)) &- 2
    let far: UInt64 = days > 63 ? (one << UInt64(days - 63)) &- 1 : 0
    return (recent & near).nonzeroBitCount + (older & far).nonzeroBitCount
  }

  /// Days since the member signed up.
  func tenure(on day: Int) -> Int { day - Int(signup) }
}

/// The members of a gym, at addresses that stay the same while none is added.
///
/// Only the simulation's own task touches them.
final class MemberTable: @unchecked Sendable {
  private(set) var base: UnsafeMutablePointer<Member>
  private(set) var count = 0
  private var capacity: Int

  init(capacity: Int) {
    self.capacity = max(16, capacity)
    base = .allocate(capacity: self.capacity)
  }

  deinit { base.deallocate() }

  func append(_ member: Member) {
    if count == capacity {
      let moved = UnsafeMutablePointer<Member>.allocate(capacity: capacity * 2)
      moved.moveInitialize(from: base, count: count)
      base.deallocate()
      base = moved
      capacity *= 2
    }
    (base + count).initialize(to: member)
    count += 1
  }

  /// The member of a number that came from this table.
  subscript(_ index: Int) -> Member {
    get { (base + index).pointee }
    set { (base + index).pointee = newValue }
  }
}

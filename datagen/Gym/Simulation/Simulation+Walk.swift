import Basics
import Faker

/// Somebody who comes today.
struct Visitor: Sendable {
  var member: UInt32
  var club: UInt16
  /// What kind of class the member comes for.
  var classType: ClassType?
  /// When the member checks in to a class, in seconds after the epoch; 0 without a class.
  var checkIn: Int32
  /// When the class is over; without a class, the earliest moment to come.
  var ends: Int32
}

extension Simulation {
  /// Asks every active member whether it is payday, whether to book a class and whether to come.
  ///
  /// - Parameter lifeGoesOn: false for the week before the gym's first day, of which only the
  ///   bookings are wanted.
  mutating func walk(lifeGoesOn: Bool) {
    var random = SeededRandom(seed: seed, .walk, day: day)
    var life = SeededRandom(seed: seed, .life, day: day)
    let date = CivilDate(daysSinceEpoch: day)
    let payday = lifeGoesOn ? UInt8(truncatingIfNeeded: date.components.day) : 0
    let weekday = Daily.visits[date.weekday]
    let bookingFactors = factors
    let visitFactors = factors.map { lifeGoesOn ? UInt32(Double($0) * weekday) : 0 }
    let todayBit = UInt8(1) << UInt8(day & 7)
    let base = table.base
    for index in 0..<table.count {
      let member = base + index
      guard member.pointee.status == .active else { continue }
      if member.pointee.payday == payday {
        payAndThink(member, UInt32(truncatingIfNeeded: index), date, &life)
        guard member.pointee.status == .active else { continue }
      }
      let bits = random.next()
      let club = Int(member.pointee.club)
      let bookingChance =
        (UInt64(member.pointee.bookingChance) &* UInt64(bookingFactors[club])) >> 16
      if bits & 0xFFFF_FFFF < bookingChance {
        book(member, UInt32(truncatingIfNeeded: index), club, &random)
      }
      let visitChance = (UInt64(member.pointee.visitChance) &* UInt64(visitFactors[club])) >> 16
      if bits >> 32 < visitChance, member.pointee.booked & todayBit == 0 {
        member.pointee.came(on: Int32(truncatingIfNeeded: day))
        visitors.append(
          Visitor(
            member: UInt32(truncatingIfNeeded: index), club: member.pointee.club, classType: nil,
            checkIn: 0, ends: 0))
      }
    }
  }

  /// Books a class within the next week, if the member likes the day and one is on.
  @inline(__always)
  private mutating func book(
    _ member: UnsafeMutablePointer<Member>, _ index: UInt32, _ club: Int,
    _ random: inout SeededRandom
  ) {
    let bits = random.next()
    let lead = Daily.leads.index(bits)
    let target = day &+ lead
    let ring = target & 7
    // The low bits chose the lead; others decide whether the weekday of the class is liked.
    let liking = Daily.classes[floorRemainder(target &+ 3, 7)]
    guard Double(bits >> 16 & 0xFFFF) < liking * (65_536 / 1.1),
      member.pointee.booked & (1 << UInt8(truncatingIfNeeded: ring)) == 0,
      classDays[ring].day == target, let slot = classDays[ring].choose(club: club, random.next()),
      classDays[ring].slots[slot].status != .cancelled
    else { return }
    let midnight = midnight(day, club: club)
    let time = random.next()
    let seconds: Int32
    if lead == 0 {
      // Between half past midnight and ten minutes before the class.
      let room = classDays[ring].slots[slot].start &- midnight &- 2400
      seconds = 1800 &+ Int32(truncatingIfNeeded: ((time >> 32) &* UInt64(max(1, room))) >> 32)
    } else {
      let hour = Daily.bookingHours.index(time)
      seconds = Int32(truncatingIfNeeded: 21_600 &+ hour &* 3600 &+ Int(time >> 20 & 0xFFF) % 3600)
    }
    take(slot, member, index, target: target, booked: midnight &+ seconds)
  }

  /// Takes a place in a class, or waits for one.
  @inline(__always)
  mutating func take(
    _ slot: Int, _ member: UnsafeMutablePointer<Member>, _ index: UInt32, target: Int,
    booked: Int32
  ) {
    let ring = target & 7
    member.pointee.booked |= 1 << UInt8(truncatingIfNeeded: ring)
    attendances &+= 1
    let found = classDays[ring].slots[slot]
    classDays[ring].slots[slot].booked &+= 1
    let waits = found.booked >= found.capacity
    rosters[ring].append(
      Booking(
        slot: UInt32(truncatingIfNeeded: slot), member: index, attendance: attendances,
        booked: booked, waits: waits))
    guard wantsAttendance else { return }
    today.attendance.append(
      AttendanceEvent(
        attendance: attendances, member: index, number: found.number, booked: booked, checkIn: 0,
        updated: booked, instructor: found.instructor, offset: found.offset, club: found.club,
        lead: UInt8(truncatingIfNeeded: target &- today.day),
        outcome: waits ? .waitlisted : .booked, isBooking: true
      ))
  }
}

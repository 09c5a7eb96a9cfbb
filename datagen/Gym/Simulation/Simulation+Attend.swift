import Basics
import Faker

extension Simulation {
  /// Holds today's classes: who comes, who cancels, who stays away, who gets a place after all.
  mutating func attend() {
    let ring = day & 7
    let roster = rosters[ring]
    let classDay = classDays[ring]
    guard classDay.day == day, !roster.isEmpty else { return }
    var random = SeededRandom(seed: seed, .outcomes, day: day)
    let bit = ~(UInt8(1) << UInt8(ring))
    let order = bySlot(roster, slots: classDay.slots.count)
    var at = 0
    while at < order.count {
      let index = Int(roster[Int(order[at])].slot)
      let slot = classDay.slots[index]
      var end = at
      var freed = 0
      while end < order.count {
        let booking = roster[Int(order[end])]
        guard Int(booking.slot) == index else { break }
        let member = table.base + Int(booking.member)
        member.pointee.booked &= bit
        if !booking.waits, settle(booking, slot, member, mayCome: true, &random) == .cancelled {
          freed += 1
        }
        end += 1
      }
      for position in at..<end {
        let booking = roster[Int(order[position])]
        guard booking.waits else { continue }
        let member = table.base + Int(booking.member)
        if settle(booking, slot, member, mayCome: freed > 0, &random) != .waitlisted { freed -= 1 }
      }
      at = end
    }
  }

  /// The roster's indices ordered by class, bookings of a class in their order (counting sort).
  private func bySlot(_ roster: [Booking], slots: Int) -> [UInt32] {
    var next = [UInt32](repeating: 0, count: slots + 1)
    for booking in roster { next[Int(booking.slot) + 1] &+= 1 }
    for slot in 0..<slots { next[slot + 1] &+= next[slot] }
    var order = [UInt32](repeating: 0, count: roster.count)
    for (index, booking) in roster.enumerated() {
      let slot = Int(booking.slot)
      order[Int(next[slot])] = UInt32(truncatingIfNeeded: index)
      next[slot] &+= 1
    }
    return order
  }

  /// Decides one booking and notes what became of it.
  /// - Parameter mayCome: false for somebody who still waits for a place.
  @inline(__always)
  private mutating func settle(
    _ booking: Booking, _ slot: ClassSlot, _ member: UnsafeMutablePointer<Member>, mayCome: Bool,
    _ random: inout SeededRandom
  ) -> AttendanceEvent.Outcome {
    let bits = random.next()
    let roll = UInt32(truncatingIfNeeded: bits & 1023)
    let spread = bits >> 32
    var outcome = AttendanceEvent.Outcome.attended
    var checkIn: Int32 = 0
    var updated = slot.start
    if slot.status == .cancelled {
      outcome = .cancelled
      updated = max(booking.booked &+ 60, slot.calledOff)
    } else if member.pointee.status != .active || (!booking.waits && roll < 133) {
      // 13 % change their minds, most of them on the day itself.
      outcome = .cancelled
      let earliest = max(
        booking.booked &+ 60, midnight(day, club: Int(slot.club)) &+ 4 * 3600)
      let room = UInt64(max(1, slot.start &- earliest))
      updated = min(slot.start, earliest &+ Int32(truncatingIfNeeded: (spread &* room) >> 32))
      updated = max(updated, booking.booked &+ 1)
    } else if !mayCome {
      outcome = .waitlisted
    } else if roll < 133 + 82 {
      outcome = .noShow
      updated = slot.start &+ 900
    } else {
      // From twelve minutes before to four minutes after the start.
      checkIn = slot.start &- 720 &+ Int32(truncatingIfNeeded: (spread &* 960) >> 32)
      checkIn = max(checkIn, booking.booked &+ 30)
      updated = checkIn
      member.pointee.came(on: Int32(truncatingIfNeeded: day))
      visitors.append(
        Visitor(
          member: booking.member, club: slot.club, classType: slot.type, checkIn: checkIn,
          ends: slot.start &+ Int32(slot.minutes) &* 60))
    }
    figures.settled(slot.type, outcome)
    guard wantsAttendance else { return outcome }
    today.attendance.append(
      AttendanceEvent(
        attendance: booking.attendance, member: booking.member, number: slot.number,
        booked: booking.booked, checkIn: checkIn, updated: updated, instructor: slot.instructor,
        offset: slot.offset, club: slot.club, lead: 0, outcome: outcome, isBooking: false))
    return outcome
  }

  /// When today's visitors come and go; the visits of a class lie around it.
  mutating func visitDetails() -> [VisitEvent] {
    var random = SeededRandom(seed: seed, .visits, day: day)
    let weekday = CivilDate(daysSinceEpoch: day).weekday
    let arrivals = weekday < 5 ? Daily.workdayArrivals : Daily.weekendArrivals
    let stays = Daily.stays
    return visitors.map { visitor in
      let bits = random.next()
      let first = Int32(truncatingIfNeeded: bits >> 48)
      let second = Int32(truncatingIfNeeded: bits >> 32 & 0xFFFF)
      let club = Int(visitor.club)
      let midnight = midnight(day, club: club)
      var login: Int32
      var logout: Int32
      if visitor.checkIn != 0 {
        login = visitor.checkIn &- 100 &- first % 700
        let early = visitor.ends &- midnight < 4 * 3600
        logout = visitor.ends &+ (early ? 60 &+ second % 200 : 300 &+ second % 1500)
      } else {
        let halfHour = Int32(truncatingIfNeeded: arrivals.index(random.next()))
        login = midnight &+ 5 * 3600 &+ halfHour &* 1800 &+ first % 1800
        login = max(login, visitor.ends)
        logout = min(login &+ stays[Int(second) & 4095], midnight &+ 22 * 3600 + 2400)
        logout = max(logout, login &+ 420)
      }
      var offset = offsets[club]
      if clubs[club].zone.repeatsAnHour(on: CivilDate(daysSinceEpoch: day)),
        login &- midnight < 3 * 3600
      {
        offset &+= 60
      }
      return VisitEvent(
        member: visitor.member, login: login, logout: logout, checkIn: visitor.checkIn,
        classEnds: visitor.classType == nil ? 0 : visitor.ends, offset: offset,
        club: visitor.club, classType: visitor.classType)
    }
  }
}

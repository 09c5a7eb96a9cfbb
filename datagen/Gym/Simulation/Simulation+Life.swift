import Basics
import Faker

/// What is to happen on a later day.
enum Appointment {
  case thaw(UInt32)
  case leave(UInt32)
  case delete(UInt32)
  /// A charge that was not paid is tried again.
  case retry(BillingEvent, attempt: Int)
  case refund(BillingEvent)
}

extension Simulation {
  /// Does what earlier days have put into the calendar.
  mutating func keepAppointments() {
    guard let appointments = calendar.removeValue(forKey: day) else { return }
    var random = SeededRandom(seed: seed, .billing, day: day)
    for appointment in appointments {
      switch appointment {
      case .thaw(let index):
        table.base[Int(index)].status = .active
        activeMembers += 1
        noteMembership(index, .active, isNew: false)
      case .leave(let index): leave(index, &random)
      case .delete(let index):
        noteProfile(index, .delete, second: 5 * 3600 + random.below(3600))
        table.base[Int(index)].status = .deleted
      case .retry(let failed, let attempt): retry(failed, attempt: attempt, &random)
      case .refund(let paid): refund(paid, &random)
      }
    }
  }

  mutating func later(_ days: Int, _ appointment: Appointment) {
    calendar[day + days, default: []].append(appointment)
  }

  /// On the day of the month on which a member pays: bill, and perhaps change something.
  mutating func payAndThink(
    _ member: UnsafeMutablePointer<Member>, _ index: UInt32, _ date: CivilDate,
    _ random: inout SeededRandom
  ) {
    let began = CivilDate(daysSinceEpoch: Int(member.pointee.since)).components
    let (year, month, _) = date.components
    let months = (year - began.year) * 12 + month - began.month
    guard months > 0 else { return }
    member.pointee.look(on: Int32(truncatingIfNeeded: day))
    let roll = random.unit()
    if roll < churnHazard(member.pointee) {
      askToLeave(member, index, date, &random)
    } else if random.chance(0.008) {
      freeze(member, index, &random)
      return
    } else if random.chance(0.012) {
      changePlan(member, index, &random)
      return
    } else if random.chance(0.05) {
      scale(member, by: 0.3)
    } else if random.chance(0.03) {
      scale(member, by: 1.8)
    }
    if months % member.pointee.billing.months == 0 { charge(index, &random) }
  }

  /// The chance to ask for the end this month: several times higher for those who seldom come.
  func churnHazard(_ member: Member) -> Double {
    guard member.until == .max else { return 0 }
    let habit = Churn.factor(visits: member.visits(inLast: 30))
    let tenure: Double =
      switch member.tenure(on: day) {
      case ..<100: 1.3
      case ..<400: 1
      default: 0.7
      }
    let tie: Double =
      switch member.billing {
      case .monthly: 1
      case .quarterly: 0.7
      case .annual: 0.35
      }
    return Churn.monthly * habit * tenure * tie * member.plan.churnFactor
  }

  private func scale(_ member: UnsafeMutablePointer<Member>, by factor: Double) {
    func scaled(_ chance: UInt32) -> UInt32 {
      UInt32(min(Double(chance) * factor, 0.9 * 0x1p32))
    }
    member.pointee.bookingChance = scaled(member.pointee.bookingChance)
    member.pointee.visitChance = scaled(member.pointee.visitChance)
  }

  /// Notes the wish; the membership runs on to the day before the next payday.
  private mutating func askToLeave(
    _ member: UnsafeMutablePointer<Member>, _ index: UInt32, _ date: CivilDate,
    _ random: inout SeededRandom
  ) {
    let (year, month, dayOfMonth) = date.components
    let last = CivilDate(year: year, month: month + 1, day: dayOfMonth) + -1
    member.pointee.until = Int32(last.daysSinceEpoch)
    scale(member, by: 0.6)
    later(last.daysSinceEpoch + 1 - day, .leave(index))
    cancellations &+= 1
    let reason =
      LeavingReason(rawValue: UInt8(LeavingReason.table.draw(&random))) ?? LeavingReason.other
    let event = CancellationEvent(
      cancellation: cancellations, membership: member.pointee.membership, reason: reason,
      tenure: Int32(member.pointee.tenure(on: day)),
      visits30: UInt8(member.pointee.visits(inLast: 30)),
      visits90: UInt8(member.pointee.visits(inLast: 90)), effective: member.pointee.until,
      at: instant(
        club: Int(member.pointee.club), second: 8 * 3600 + random.below(12 * 3600)))
    figures.payments.asked(event)
    today.cancellations.append(event)
  }

  private mutating func leave(_ index: UInt32, _ random: inout SeededRandom) {
    let member = table.base + Int(index)
    if member.pointee.status == .active { activeMembers -= 1 }
    member.pointee.status = .left
    noteMembership(index, .cancelled, isNew: false, end: member.pointee.until)
    figures.left(Int(member.pointee.until))
    today.leavers.append(index)
    if random.chance(0.1) { later(2 + random.below(30), .delete(index)) }
  }

  private mutating func freeze(
    _ member: UnsafeMutablePointer<Member>, _ index: UInt32, _ random: inout SeededRandom
  ) {
    guard member.pointee.until == .max else { return }
    member.pointee.status = .frozen
    activeMembers -= 1
    noteMembership(index, .frozen, isNew: false)
    later(28 + random.below(60), .thaw(index))
  }

  /// Ends the membership yesterday and begins one of another plan today.
  private mutating func changePlan(
    _ member: UnsafeMutablePointer<Member>, _ index: UInt32, _ random: inout SeededRandom
  ) {
    guard member.pointee.until == .max else { return }
    noteMembership(index, .cancelled, isNew: false, end: Int32(day - 1))
    let others = [Plan.basic, .plus, .elite].filter { $0 != member.pointee.plan }
    member.pointee.plan = random.pick(others) ?? .plus
    member.pointee.since = Int32(day)
    memberships &+= 1
    member.pointee.membership = memberships
    noteMembership(index, .active, isNew: true)
    charge(index, &random)
  }

  /// Adds a row about a member's membership as it is now.
  mutating func noteMembership(
    _ index: UInt32, _ status: MembershipStatus, isNew: Bool, end: Int32? = nil, at: Int? = nil
  ) {
    let member = table.base[Int(index)]
    today.memberships.append(
      MembershipEvent(
        membership: member.membership, member: index, plan: member.plan, billing: member.billing,
        status: status, isNew: isNew, start: member.since, end: end,
        at: at
          ?? instant(
            club: Int(member.club), second: 4 * 3600 + (isNew ? 1 : 0) + Int(index % 3000))))
  }
}

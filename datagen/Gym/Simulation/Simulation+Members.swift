import Basics
import Faker

extension Simulation {
  /// Brings in the members of the first day, who signed up during the three years before.
  mutating func foundGym() {
    let first = settings.from.daysSinceEpoch
    day = first
    offsets = clubs.map { Int16($0.zone.offsetMinutes(on: settings.from)) }
    for index in 0..<settings.members {
      let traits = Traits(seed: seed, member: index, clubs: clubs.count)
      let signup = first - traits.signedUpBefore
      var member = newMember(traits, signup: signup)
      fillHistory(&member, traits, index: index)
      table.append(member)
      let at = signup * 86_400 - Int(offsets[traits.club]) * 60 + traits.signupSecond
      noteProfile(UInt32(index), .insert, at: at)
      noteMembership(UInt32(index), .active, isNew: true, at: at + 60)
      if traits.wearsTracker { today.newWearers.append(UInt32(index)) }
      figures.joined(signup)
    }
  }

  /// Brings in today's new members; each comes for the first time today.
  mutating func join() {
    var random = SeededRandom(seed: seed, .joins, day: day)
    for _ in 0..<random.poisson(mean: Simulation.meanJoins(settings, on: day)) {
      let index = table.count
      let traits = Traits(seed: seed, member: index, clubs: clubs.count)
      table.append(newMember(traits, signup: day))
      let number = UInt32(truncatingIfNeeded: index)
      let at = instant(club: traits.club, second: traits.signupSecond)
      noteProfile(number, .insert, at: at)
      noteMembership(number, .active, isNew: true, at: at + 60)
      charge(number, &random, at: at + 120)
      if traits.wearsTracker { today.newWearers.append(number) }
      figures.joined(day)
      table.base[index].came(on: Int32(day))
      visitors.append(
        Visitor(
          member: number, club: UInt16(traits.club), classType: nil, checkIn: 0,
          ends: Int32(at - epochDay * 86_400) + 300))
    }
  }

  /// How many join on a day, in the mean.
  static func meanJoins(_ settings: GymSettings, on day: Int) -> Double {
    let month = CivilDate(daysSinceEpoch: day).components.month
    return Double(settings.members) * 0.031 / 30.4 * Daily.joins[month - 1]
  }

  /// How many join on a day, the first draw of its stream; known before the day comes.
  static func joins(_ settings: GymSettings, on day: Int) -> Int {
    var random = SeededRandom(seed: settings.seed, .joins, day: day)
    return random.poisson(mean: meanJoins(settings, on: day))
  }

  private mutating func newMember(_ traits: Traits, signup: Int) -> Member {
    memberships &+= 1
    activeMembers += 1
    var member = Member()
    member.membership = memberships
    member.club = UInt16(traits.club)
    member.signup = Int32(signup)
    member.since = Int32(signup)
    member.historyDay = Int32(signup)
    member.payday = UInt8(min(28, CivilDate(daysSinceEpoch: signup).components.day))
    member.plan = traits.plan
    member.billing = traits.billing
    member.wearsTracker = traits.wearsTracker
    // A booking is more than a visit, since some are cancelled and some days are not liked.
    member.bookingChance = UInt32(
      min(0.9, traits.visitRate * traits.classShare * 1.42) * 0x1p32)
    member.visitChance = UInt32(traits.visitRate * (1 - traits.classShare) * 0x1p32)
    return member
  }

  /// Invents the visits of the 128 days before the gym's first day, so that habits are known.
  private func fillHistory(_ member: inout Member, _ traits: Traits, index: Int) {
    var random = SeededRandom(seed: seed, "history", UInt64(index))
    let chance = UInt64(traits.visitRate * 65_536)
    func days() -> UInt64 {
      var bits: UInt64 = 0
      for place in 0..<16 {
        let coin = random.next()
        bits = chance >> UInt64(place) & 1 == 1 ? bits | coin : bits & coin
      }
      return bits
    }
    member.historyDay = Int32(settings.from.daysSinceEpoch - 1)
    let known = traits.signedUpBefore
    member.recent = days() & (known < 64 ? (1 << UInt64(known)) &- 1 : .max)
    member.older =
      days() & (known < 64 ? 0 : known < 128 ? (1 << UInt64(known - 64)) &- 1 : .max)
  }

  /// Some members move, get another telephone or e-mail address, or think again about e-mails.
  mutating func updateProfiles() {
    var random = SeededRandom(seed: seed, .updates, day: day)
    for _ in 0..<random.poisson(mean: Double(activeMembers) * 0.0025) {
      let index = random.below(table.count)
      let kind = random.unit()
      let second = 6 * 3600 + random.below(15 * 3600)
      let member = table.base + index
      guard member.pointee.status == .active || member.pointee.status == .frozen,
        Int(member.pointee.signup) < day
      else { continue }
      update(member, kind, &random)
      noteProfile(UInt32(index), .update, second: second)
      // A slip of the pen is corrected a few minutes later.
      guard random.chance(0.2) else { continue }
      update(member, kind < 0.35 ? kind : 0.4, &random)
      noteProfile(UInt32(index), .update, second: second + 120 + random.below(1200))
    }
  }

  private func update(
    _ member: UnsafeMutablePointer<Member>, _ kind: Double, _ random: inout SeededRandom
  ) {
    guard member.pointee.phones < 250, member.pointee.emails < 250, member.pointee.moves < 250
    else { return }
    switch kind {
    case ..<0.3: member.pointee.phones += 1
    case ..<0.5: member.pointee.emails += 1
    case ..<0.7: member.pointee.moves += 1
    case ..<0.9: member.pointee.consents.toggle()
    default:
      // To another club, which is perhaps in another state.
      member.pointee.club = UInt16(random.below(clubs.count))
      member.pointee.moves += 1
      member.pointee.phones += 1
    }
  }

  /// Adds a row with a member's profile as it is now.
  mutating func noteProfile(_ index: UInt32, _ kind: ProfileEvent.Kind, second: Int) {
    let club = Int(table.base[Int(index)].club)
    noteProfile(index, kind, at: instant(club: club, second: second))
  }

  private mutating func noteProfile(_ index: UInt32, _ kind: ProfileEvent.Kind, at: Int) {
    let member = table.base[Int(index)]
    today.profiles.append(
      ProfileEvent(
        member: index, kind: kind, consents: member.consents, wearsTracker: member.wearsTracker,
        moves: member.moves, phones: member.phones, emails: member.emails, club: member.club,
        signup: member.signup, at: at))
  }
}

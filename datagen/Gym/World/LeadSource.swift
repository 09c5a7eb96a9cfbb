import Basics
import Faker

/// Where somebody who may become a member comes from.
enum LeadSource: UInt8, CaseIterable, Sendable {
  case referral, walkIn, web, partner

  var name: StaticString {
    switch self {
    case .referral: "referral"
    case .walkIn: "walk-in"
    case .web: "web"
    case .partner: "partner"
    }
  }

  /// Of all leads, how many come this way.
  var share: Double {
    switch self {
    case .referral: 0.18
    case .walkIn: 0.24
    case .web: 0.44
    case .partner: 0.14
    }
  }

  /// How many of these leads become members.
  var conversion: Double {
    switch self {
    case .referral: 0.55
    case .walkIn: 0.38
    case .web: 0.18
    case .partner: 0.3
    }
  }

  /// How many of these leads begin a trial.
  var trialShare: Double {
    switch self {
    case .referral: 0.6
    case .walkIn: 0.5
    case .web: 0.7
    case .partner: 0.65
    }
  }

  /// Of all leads, how many become members by this way: the weight among those who join.
  var converted: Double { share * conversion }

  /// The way of a lead that becomes a member.
  static let ofMembers = AliasTable(weights: allCases.map(\.converted))
  /// Leads that are lost, for each one that becomes a member.
  static let lostPerMember: [Double] = {
    let converted = allCases.reduce(0) { $0 + $1.converted }
    return allCases.map { $0.share * (1 - $0.conversion) / converted }
  }()
}

/// The way of one lead, planned backwards from the day on which it becomes a member or is lost.
struct Lead: Sendable {
  /// Of the members who join, how many were leads before.
  static let shareOfJoins = 0.7
  /// Days that a trial lasts.
  static let trialDays = 14
  /// More days than any lead takes from its first word to its end.
  static let horizon = 32

  let source: LeadSource
  let club: Int
  /// Days since 1970, local; the same for the others.
  let created: Int
  /// Seconds after midnight, local.
  let createdSecond: Int
  let trial: Int?
  let trialSecond: Int
  let end: Int
  /// The number of the member that it becomes, from 1; 0 for one that is lost.
  let member: UInt32

  /// - Parameters:
  ///   - joining: the member's number from 1 and the second of signing up; nil for a lost lead.
  init(
    _ source: LeadSource, club: Int, end: Int, joining: (member: UInt32, second: Int)?,
    _ random: inout SeededRandom
  ) {
    self.source = source
    self.club = club
    self.end = end
    member = joining?.member ?? 0
    let second = 8 * 3600 + random.below(11 * 3600)
    if random.chance(source.trialShare) {
      let trial = end - 3 - random.below(20)
      self.trial = trial
      created = trial - random.below(8)
      createdSecond = second
      // After the first word, also on the same day.
      trialSecond = created == trial ? second + 900 + random.below(3600) : 9 * 3600 + second / 8
    } else {
      trial = nil
      trialSecond = 0
      created = end - random.below(12)
      let latest = created == end ? (joining?.second ?? 86_400) - 1800 : 86_400
      createdSecond = min(second, latest)
    }
  }
}

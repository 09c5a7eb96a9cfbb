import Faker

/// What a member has bought.
enum Plan: UInt8, CaseIterable, Sendable {
  case basic, plus, elite, student

  var name: StaticString {
    switch self {
    case .basic: "basic"
    case .plus: "plus"
    case .elite: "elite"
    case .student: "student"
    }
  }

  /// For a month, before the discount of longer cycles.
  var monthlyCents: Int {
    switch self {
    case .basic: 2900
    case .plus: 4900
    case .elite: 7900
    case .student: 2400
    }
  }

  /// How much likelier than others its members leave.
  var churnFactor: Double {
    switch self {
    case .basic: 1.1
    case .plus: 0.95
    case .elite: 0.75
    case .student: 1.3
    }
  }
}

/// How often a member pays.
enum BillingCycle: UInt8, CaseIterable, Sendable {
  case monthly, quarterly, annual

  var name: StaticString {
    switch self {
    case .monthly: "monthly"
    case .quarterly: "quarterly"
    case .annual: "annual"
    }
  }

  var months: Int {
    switch self {
    case .monthly: 1
    case .quarterly: 3
    case .annual: 12
    }
  }

  /// What one cycle of a plan costs: 5 % less by the quarter, 15 % less by the year.
  func cents(_ plan: Plan) -> Int {
    switch self {
    case .monthly: plan.monthlyCents
    case .quarterly: plan.monthlyCents * 3 * 95 / 100
    case .annual: plan.monthlyCents * 12 * 85 / 100
    }
  }
}

/// How a membership stands.
enum MembershipStatus: UInt8, Sendable {
  case active, frozen, cancelled

  var name: StaticString {
    switch self {
    case .active: "active"
    case .frozen: "frozen"
    case .cancelled: "cancelled"
    }
  }
}

/// Why a member leaves.
enum LeavingReason: UInt8, Sendable {
  case price, moved, injury, tooBusy, dissatisfied, other

  /// How often each is given, in the order of the cases.
  static let table = AliasTable(weights: [26, 17, 9, 24, 14, 10])

  var name: StaticString {
    switch self {
    case .price: "price"
    case .moved: "moved"
    case .injury: "injury"
    case .tooBusy: "too_busy"
    case .dissatisfied: "dissatisfied"
    case .other: "other"
    }
  }
}

/// How a charge is paid.
enum PaymentMethod: UInt8, Sendable {
  case card, ach, cash

  var name: StaticString {
    switch self {
    case .card: "card"
    case .ach: "ach"
    case .cash: "cash"
    }
  }
}

/// What became of a charge.
enum PaymentStatus: UInt8, Sendable {
  case paid, failed, pending

  var name: StaticString {
    switch self {
    case .paid: "paid"
    case .failed: "failed"
    case .pending: "pending"
    }
  }
}

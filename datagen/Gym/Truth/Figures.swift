import Basics

/// What the simulation knows of the clean gym, for checking what others make of its files.
struct Figures: Sendable {
  /// Days since 1970, members who came, and memberships that are active at the day's end.
  var days: [(day: Int, members: Int, memberships: Int)] = []
  /// Members who came at least once, by week (Monday's day since 1970, divided by 7) and month.
  var weeks: [Int: Int] = [:]
  var months: [Int: Int] = [:]
  /// By kind of class: attended, no-show, cancelled, waitlisted.
  var outcomes = [[Int]](repeating: [0, 0, 0, 0], count: ClassType.allCases.count)
  /// Paid charges and paid refunds in cents, by plan.
  var charges = [Int](repeating: 0, count: Plan.allCases.count)
  var refunds = [Int](repeating: 0, count: Plan.allCases.count)
  /// By month, counted from 1970.
  var joins: [Int: Int] = [:]
  var leaves: [Int: Int] = [:]
  /// Paid charges less paid refunds in cents, by month, UTC.
  var received: [Int: Int] = [:]
  var payments = PaymentFigures()
  var recurring = RecurringFigures()
  /// By day since 1970 and club, members who came.
  private(set) var clubs: [(day: Int, members: [Int: Int])] = []
  var classes = ClassFigures()
  var habits = Habits()
  var beginnings: [MonthBeginning] = []

  /// The month of a day, counted from January 1970.
  static func month(_ day: Int) -> Int {
    let (year, month, _) = CivilDate(daysSinceEpoch: day).components
    return (year - 1970) * 12 + month - 1
  }

  /// The Monday on or before a day.
  static func monday(_ day: Int) -> Int { floorDivide(day + 3, 7) * 7 - 3 }

  /// Counts a day's visitors, of whom each comes once.
  mutating func active(_ day: Int, _ table: MemberTable, _ visitors: [Visitor]) {
    let month = Int16(truncatingIfNeeded: Figures.month(day))
    let monday = Figures.monday(day)
    let week = Int16(truncatingIfNeeded: floorDivide(day + 3, 7))
    var newThisWeek = 0
    var newThisMonth = 0
    var byClub: [Int: Int] = [:]
    for visitor in visitors {
      byClub[Int(visitor.club), default: 0] += 1
      let member = table.base + Int(visitor.member)
      if member.pointee.week != week {
        member.pointee.week = week
        newThisWeek += 1
      }
      if member.pointee.month != month {
        member.pointee.month = month
        newThisMonth += 1
      }
    }
    weeks[monday, default: 0] += newThisWeek
    months[Int(month), default: 0] += newThisMonth
    days.append((day, visitors.count, 0))
    clubs.append((day, byClub))
  }

  /// Notes how many memberships are active at the end of the day counted last.
  mutating func close(memberships: Int) {
    if !days.isEmpty { days[days.count - 1].memberships = memberships }
  }

  @inline(__always)
  mutating func settled(_ type: ClassType, _ outcome: AttendanceEvent.Outcome) {
    let column =
      switch outcome {
      case .attended: 0
      case .noShow: 1
      case .cancelled: 2
      case .waitlisted, .booked: 3
      }
    outcomes[Int(type.rawValue)][column] += 1
  }

  mutating func billed(_ event: BillingEvent) {
    payments.billed(event)
    guard event.status == .paid else { return }
    let month = Figures.month(floorDivide(event.at, 86_400))
    received[month, default: 0] += event.isRefund ? -Int(event.cents) : Int(event.cents)
    if event.isRefund {
      refunds[Int(event.plan.rawValue)] += Int(event.cents)
    } else {
      charges[Int(event.plan.rawValue)] += Int(event.cents)
    }
  }

  mutating func joined(_ day: Int) { joins[Figures.month(day), default: 0] += 1 }
  mutating func left(_ day: Int) { leaves[Figures.month(day), default: 0] += 1 }
}

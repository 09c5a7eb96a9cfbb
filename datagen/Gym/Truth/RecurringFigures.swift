import Basics

/// Monthly recurring revenue at the ends of months, from the members' own state.
///
/// It keeps four bytes a member: what each paid by the month at the end of the month before.
struct RecurringFigures: Sendable {
  /// Amounts in cents.
  struct Sums: Sendable {
    var opening = 0
    var new = 0
    var expansion = 0
    var contraction = 0
    var churned = 0
    var closing = 0
    var active = 0
    var frozen = 0
    var members = 0
  }

  /// Who is no member.
  private static let none: Int32 = -1

  private var opening: [Int32] = []
  private var months: [(month: Int, sums: Sums)] = []

  /// Notes the members of the first day who were members at the end of the month before it.
  mutating func begin(_ table: MemberTable, on day: Int) {
    let before = day - CivilDate(daysSinceEpoch: day).components.day
    opening = (0..<table.count).map { index in
      let member = table[index]
      return Int(member.signup) <= before
        ? RecurringFigures.price(member) : RecurringFigures.none
    }
  }

  /// Closes the month whose last day has ended, once the next day has come.
  mutating func close(_ table: MemberTable, _ day: Int) {
    let (sums, closing) = measure(table) { $0.until > day }
    months.append((Figures.month(day), sums))
    opening = closing
  }

  /// All months up to a day that has ended and is the last; an end of that very day is in no file yet.
  func expected(_ table: MemberTable, through day: Int) -> JSON.Member {
    let last = (month: Figures.month(day), sums: measure(table) { _ in true }.sums)
    return .init(
      "mrr_by_month",
      .object((months + [last]).map { .init(Truth.monthName($0.month), json($0.sums)) }))
  }

  /// Compares all members with the end of the month before.
  /// - Parameter stays: false for an active member who leaves at the end of the day.
  private func measure(
    _ table: MemberTable, stays: (Member) -> Bool
  ) -> (sums: Sums, closing: [Int32]) {
    var sums = Sums()
    let closing = (0..<table.count).map { index in
      let member = table[index]
      let before = index < opening.count ? opening[index] : RecurringFigures.none
      let now = RecurringFigures.now(member, stays: stays(member))
      sums.count(before: before, now: now)
      if now != RecurringFigures.none, member.status == .active { sums.active += 1 }
      if now != RecurringFigures.none, member.status == .frozen { sums.frozen += 1 }
      return now
    }
    return (sums, closing)
  }

  private static func now(_ member: Member, stays: Bool) -> Int32 {
    switch member.status {
    case .active: stays ? price(member) : none
    case .frozen: 0
    case .left, .deleted: none
    }
  }

  /// What a member pays by the month, half a cent rounded up.
  private static func price(_ member: Member) -> Int32 {
    let months = member.billing.months
    return Int32(
      truncatingIfNeeded: (2 * member.billing.cents(member.plan) + months) / (2 * months))
  }

  private func json(_ sums: Sums) -> JSON {
    .object([
      .init("mrr_opening", .string(Truth.money(sums.opening))),
      .init("mrr_new", .string(Truth.money(sums.new))),
      .init("mrr_expansion", .string(Truth.money(sums.expansion))),
      .init("mrr_contraction", .string(Truth.money(sums.contraction))),
      .init("mrr_churned", .string(Truth.money(sums.churned))),
      .init("mrr", .string(Truth.money(sums.closing))),
      .init("active_memberships", .int(sums.active)),
      .init("frozen_memberships", .int(sums.frozen)), .init("members", .int(sums.members)),
    ])
  }
}

extension RecurringFigures.Sums {
  /// Counts a member; a negative price is that of nobody.
  fileprivate mutating func count(before: Int32, now: Int32) {
    let (old, new) = (Int(max(before, 0)), Int(max(now, 0)))
    opening += old
    closing += new
    if now >= 0 { members += 1 }
    switch (before >= 0, now >= 0) {
    case (false, true): self.new += new
    case (true, false): churned += old
    case (true, true):
      expansion += max(new - old, 0)
      contraction += max(old - new, 0)
    case (false, false): break
    }
  }
}

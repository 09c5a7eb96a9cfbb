import Faker

extension Simulation {
  /// Asks a member for the price of a billing cycle.
  mutating func charge(_ index: UInt32, _ random: inout SeededRandom, at: Int? = nil) {
    let member = table.base[Int(index)]
    let method = self.method(index)
    let roll = random.unit()
    let failure = method == .card ? 0.035 : method == .ach ? 0.02 : 0
    let status: PaymentStatus =
      roll < failure ? .failed : method == .ach && roll > 0.985 ? .pending : .paid
    settle(
      BillingEvent(
        transaction: 0, retryOf: 0, member: index, membership: member.membership,
        cents: Int32(member.billing.cents(member.plan)), isRefund: false, method: method,
        status: status, plan: member.plan,
        at: at ?? instant(club: Int(member.club), second: 4 * 3600 + random.below(7200))),
      attempt: 1, &random)
  }

  /// Tries a charge again; some are never paid.
  mutating func retry(
    _ failed: BillingEvent, attempt: Int, _ random: inout SeededRandom
  ) {
    var again = failed
    again.retryOf = failed.transaction
    again.status = failed.status == .pending || random.chance(0.62) ? .paid : .failed
    again.at = day * 86_400 + 8 * 3600 + random.below(3600)
    settle(again, attempt: attempt, &random)
  }

  /// Pays back a charge, whole or half.
  mutating func refund(_ paid: BillingEvent, _ random: inout SeededRandom) {
    var refund = paid
    refund.isRefund = true
    refund.retryOf = 0
    if random.chance(0.4) { refund.cents /= 2 }
    refund.at = day * 86_400 + 14 * 3600 + random.below(6 * 3600)
    note(refund)
  }

  private mutating func settle(
    _ event: BillingEvent, attempt: Int, _ random: inout SeededRandom
  ) {
    let noted = note(event)
    switch event.status {
    case .paid:
      if random.chance(0.012) { later(1 + random.below(9), .refund(noted)) }
    case .failed, .pending:
      if attempt < 4 { later(3, .retry(noted, attempt: attempt + 1)) }
    }
  }

  @discardableResult
  private mutating func note(_ event: BillingEvent) -> BillingEvent {
    transactions &+= 1
    var event = event
    event.transaction = transactions
    today.billing.append(event)
    figures.billed(event)
    return event
  }

  /// How a member pays, the same each time.
  private func method(_ index: UInt32) -> PaymentMethod {
    var random = SeededRandom(seed: seed, "method", UInt64(index))
    let roll = random.unit()
    return roll < 0.72 ? .card : roll < 0.95 ? .ach : .cash
  }
}

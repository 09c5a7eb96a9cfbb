import Basics

/// What became of charges and who wanted to leave, from the simulation's own state.
struct PaymentFigures: Sendable {
  /// Charges whose first attempt was in a month, UTC, by one method; amounts in cents.
  private struct Charges {
    var charges = 0
    var failed = 0
    var pending = 0
    var recovered = 0
    var charged = 0
    var notPaidAtFirst = 0
    var recoveredCents = 0
  }

  /// A charge that no attempt has paid so far.
  private struct Open {
    var member: UInt32
    var cents: Int
    var method: PaymentMethod
    /// Seconds since 1970.
    var at: Int
  }

  private struct MonthAndMethod: Hashable {
    var month: Int
    var method: PaymentMethod
  }

  private struct MonthAndReason: Hashable {
    var month: Int
    var reason: LeavingReason
  }

  private var charges: [MonthAndMethod: Charges] = [:]
  /// By the transaction of the last attempt.
  private var open: [UInt32: Open] = [:]
  /// Requests, and sums of tenure and of visits in 30 and 90 days.
  private var requests: [MonthAndReason: [Int]] = [:]

  private static func month(_ at: Int) -> Int { Figures.month(floorDivide(at, 86_400)) }

  mutating func billed(_ event: BillingEvent) {
    guard !event.isRefund else { return }
    if event.retryOf != 0 {
      guard let first = open.removeValue(forKey: event.retryOf) else { return }
      guard event.status == .paid else {
        open[event.transaction] = first
        return
      }
      let key = MonthAndMethod(month: PaymentFigures.month(first.at), method: first.method)
      charges[key, default: Charges()].recovered += 1
      charges[key, default: Charges()].recoveredCents += first.cents
      return
    }
    let key = MonthAndMethod(month: PaymentFigures.month(event.at), method: event.method)
    var sums = charges[key] ?? Charges()
    sums.charges += 1
    sums.charged += Int(event.cents)
    if event.status != .paid {
      if event.status == .failed { sums.failed += 1 } else { sums.pending += 1 }
      sums.notPaidAtFirst += Int(event.cents)
      open[event.transaction] = Open(
        member: event.member, cents: Int(event.cents), method: event.method, at: event.at)
    }
    charges[key] = sums
  }

  mutating func asked(_ event: CancellationEvent) {
    let key = MonthAndReason(month: PaymentFigures.month(event.at), reason: event.reason)
    let values = [1, Int(event.tenure), Int(event.visits30), Int(event.visits90)]
    requests[key] = zip(requests[key] ?? [0, 0, 0, 0], values).map { $0 + $1 }
  }

  /// The figures at the end of a day, in days since 1970, UTC.
  func expected(through day: Int) -> [JSON.Member] {
    [
      .init(
        "charges_by_month",
        byMonth(charges, { $0.month }, { $0.method.name.description }) { sums in
          .object([
            .init("charges", .int(sums.charges)), .init("failed", .int(sums.failed)),
            .init("pending", .int(sums.pending)), .init("recovered", .int(sums.recovered)),
            .init("charged_amount", .string(Truth.money(sums.charged))),
            .init("failed_amount", .string(Truth.money(sums.notPaidAtFirst))),
            .init("recovered_amount", .string(Truth.money(sums.recoveredCents))),
          ])
        }),
      .init("unpaid", unpaid(through: day)),
      .init(
        "cancellations_by_month",
        byMonth(requests, { $0.month }, { $0.reason.name.description }) { sums in
          let names = ["requests", "tenure_days", "visits_30d", "visits_90d"]
          return .object(zip(names, sums).map { .init($0, .int($1)) })
        }),
    ]
  }

  private func unpaid(through day: Int) -> JSON {
    let due = open.values.filter { floorDivide($0.at, 86_400) <= day }
    let oldest = due.map(\.at).min().map {
      JSON.string(CivilDate(daysSinceEpoch: floorDivide($0, 86_400)).description)
    }
    return .object([
      .init("charges", .int(due.count)), .init("members", .int(Set(due.map(\.member)).count)),
      .init("amount", .string(Truth.money(due.reduce(0) { $0 + $1.cents }))),
      .init("oldest", oldest ?? .null),
    ])
  }

  /// An object by month of objects by name, both in order.
  private func byMonth<Key: Hashable, Value>(
    _ values: [Key: Value], _ month: (Key) -> Int, _ name: (Key) -> String,
    _ json: (Value) -> JSON
  ) -> JSON {
    let months = Dictionary(grouping: values) { month($0.key) }.sorted { $0.key < $1.key }
    return .object(
      months.map { month, entries in
        let named = entries.map { JSON.Member(name($0.key), json($0.value)) }
        return .init(Truth.monthName(month), .object(named.sorted { $0.name < $1.name }))
      })
  }
}

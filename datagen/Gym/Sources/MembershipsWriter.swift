import Basics

/// Writes memberships, one row at each change.
struct MembershipsWriter: SourceWriter {
  /// Numbers of memberships sold by mistake begin here.
  static let firstMistake: UInt32 = 8_000_000

  var rows: RowWriter
  private var dates = DateBytes()
  private var overlaps: QuirkSampler
  private(set) var keys = 0
  private var mistakes: UInt32 = 0

  init(_ simulation: Simulation) {
    rows = RowWriter(.memberships, simulation.settings)
    overlaps = QuirkSampler(simulation.settings, .memberships, "overlaps")
  }

  var counts: [(name: String, count: Int)] { [("overlaps", Int(mistakes))] }

  mutating func write(_ day: DayEvents) {
    for event in day.memberships {
      write(event)
      guard event.isNew else { continue }
      keys += 1
      if overlaps.hits() { write(mistake(like: event)) }
    }
  }

  /// A second membership of the same member whose days lie within the first month of the other.
  private mutating func mistake(like event: MembershipEvent) -> MembershipEvent {
    let bits = overlaps.detail()
    mistakes += 1
    keys += 1
    var second = event
    second.membership = MembershipsWriter.firstMistake + mistakes
    second.plan = event.plan == .basic ? .plus : .basic
    second.status = .cancelled
    second.start = event.start + Int32(bits & 7)
    second.end = second.start + Int32(bits >> 8 & 0xFF) % 14
    second.at = event.at + 300
    return second
  }

  private mutating func write(_ event: MembershipEvent) {
    rows.beginRow()
    rows.id7(UInt8(ascii: "S"), event.membership)
    rows.id7(UInt8(ascii: "M"), event.member + 1)
    rows.word(event.plan.name)
    rows.word(event.billing.name)
    rows.cents(event.billing.cents(event.plan))
    rows.word(event.status.name)
    rows.date(Int(event.start), &dates)
    if let end = event.end { rows.date(Int(end), &dates) } else { rows.null() }
    rows.utc(event.at, &dates)
    rows.endRow()
  }
}

/// Writes wishes to leave.
struct CancellationsWriter: SourceWriter {
  var rows: RowWriter
  private var dates = DateBytes()
  private var strangers: QuirkSampler
  private(set) var keys = 0
  private var unknown: UInt32 = 0

  init(_ simulation: Simulation) {
    rows = RowWriter(.cancellations, simulation.settings)
    strangers = QuirkSampler(simulation.settings, .cancellations, "unknown_memberships")
  }

  var counts: [(name: String, count: Int)] { [("unknown_memberships", Int(unknown))] }

  mutating func write(_ day: DayEvents) {
    for event in day.cancellations {
      write(event)
      guard strangers.hits() else { continue }
      unknown += 1
      var stranger = event
      stranger.cancellation = MembershipsWriter.firstMistake + unknown
      stranger.membership = 9_900_000 + UInt32(truncatingIfNeeded: strangers.detail() % 100_000)
      write(stranger)
    }
  }

  private mutating func write(_ event: CancellationEvent) {
    keys += 1
    rows.beginRow()
    rows.id7(UInt8(ascii: "X"), event.cancellation)
    rows.id7(UInt8(ascii: "S"), event.membership)
    rows.utc(event.at, &dates)
    rows.date(Int(event.effective), &dates)
    rows.word(event.reason.name)
    rows.int(Int(event.tenure))
    rows.int(Int(event.visits30))
    rows.int(Int(event.visits90))
    rows.endRow()
  }
}

/// Writes charges and refunds.
struct BillingWriter: SourceWriter {
  var rows: RowWriter
  private var dates = DateBytes()
  private(set) var keys = 0
  private var failed = 0
  private var pending = 0
  private var refunds = 0
  private var retries = 0

  init(_ simulation: Simulation) { rows = RowWriter(.billing, simulation.settings) }

  var counts: [(name: String, count: Int)] {
    [("failed", failed), ("pending", pending), ("refunds", refunds), ("retries", retries)]
  }

  mutating func write(_ day: DayEvents) {
    for event in day.billing {
      keys += 1
      if event.status == .failed { failed += 1 }
      if event.status == .pending { pending += 1 }
      if event.isRefund { refunds += 1 }
      if event.retryOf != 0 { retries += 1 }
      rows.beginRow()
      rows.id10(UInt8(ascii: "T"), Int(event.transaction))
      rows.id7(UInt8(ascii: "M"), event.member + 1)
      rows.id7(UInt8(ascii: "S"), event.membership)
      rows.word(event.isRefund ? "refund" : "charge")
      rows.cents(Int(event.cents))
      rows.word("USD")
      rows.word(event.method.name)
      rows.word(event.status.name)
      rows.utc(event.at, &dates)
      if event.retryOf == 0 {
        rows.null()
      } else {
        rows.id10(UInt8(ascii: "T"), Int(event.retryOf))
      }
      rows.endRow()
    }
  }
}

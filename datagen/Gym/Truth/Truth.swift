import Basics

/// The files that say what is really in the others.
enum Truth {
  static let countsPath = "_truth/truth.json"
  static let expectedPath = "_truth/expected.json"

  /// Cents as text with two decimals.
  static func money(_ cents: Int) -> String {
    "\(cents < 0 ? "-" : "")\(Int(cents.magnitude / 100)).\(padded(Int(cents.magnitude % 100), 2))"
  }

  /// Rows, keys and faults of each source, of all days so far, and the planted effects.
  static func counts(
    _ settings: GymSettings, days: Int, instructors: Int, _ writers: [any SourceWriter]
  ) -> JSON {
    let sources = writers.map { writer in
      let source = writer.rows.source
      return JSON.Member(
        source.rawValue,
        entry(
          rows: writer.rows.rows, key: source.key, keys: writer.keys, counts: writer.counts,
          repeated: writer.rows.repeated))
    }
    return .object(
      span(settings, days) + [
        .init("sources", .object(sources)),
        .init("planted", Planted.json(settings, instructors: instructors)),
      ])
  }

  /// What is in the files of a source, or in an export.
  static func entry(
    rows: Int, key: [String], keys: Int, counts: [(name: String, count: Int)], repeated: Int
  ) -> JSON {
    let quirks = (counts + [("exact_repeats", repeated)]).map { JSON.Member($0.0, .int($0.1)) }
    return .object([
      .init("rows", .int(rows)), .init("key", .array(key.map(JSON.string))),
      .init("distinct_keys", .int(keys)), .init("quirks", .object(quirks)),
    ])
  }

  /// Rows, keys and faults of each export of the last day.
  static func exports(_ settings: GymSettings, days: Int, _ entries: JSON) -> JSON {
    .object(span(settings, days) + [.init("exports", entries)])
  }

  /// What a correct lake should find, of all days so far.
  static func expected(
    _ settings: GymSettings, days: Int, _ simulation: Simulation, _ writers: [any SourceWriter]
  ) -> JSON {
    let figures = simulation.figures
    let last = settings.from.daysSinceEpoch + days - 1
    return .object(
      span(settings, days)
        + [
          .init("active_members_by_day", byDay(figures) { $0.members }),
          .init("active_members_by_week", named(figures.weeks, weekName)),
          .init("active_members_by_month", named(figures.months, monthName)),
          .init("active_memberships_by_day", byDay(figures) { $0.memberships }),
          .init("attendance_by_class_type", attendance(figures)),
          .init("billing", billing(figures)),
          .init("joins_by_month", named(figures.joins, monthName)),
          .init("leaves_by_month", named(figures.leaves, monthName)),
          .init(
            "billing_net_by_month",
            .object(
              figures.received.sorted { $0.key < $1.key }.map {
                .init(monthName($0.key), .string(money($0.value)))
              })),
          figures.recurring.expected(simulation.table, through: last),
          .init("active_members_by_day_and_club", byClub(simulation)),
        ] + people(simulation, through: settings.from + (days - 1))
        + figures.payments.expected(through: last) + writers.flatMap(\.expected))
  }

  private static func span(_ settings: GymSettings, _ days: Int) -> [JSON.Member] {
    [
      .init("from", .string(settings.from.description)),
      .init("through", .string((settings.from + (days - 1)).description)),
      .init("days", .int(days)),
    ]
  }

  private static func byDay(
    _ figures: Figures, _ value: ((day: Int, members: Int, memberships: Int)) -> Int
  ) -> JSON {
    .object(
      figures.days.map {
        .init(CivilDate(daysSinceEpoch: $0.day).description, .int(value($0)))
      })
  }

  private static func byClub(_ state: Simulation) -> JSON {
    .object(
      state.figures.clubs.map { day, members in
        .init(
          CivilDate(daysSinceEpoch: day).description,
          .object(
            members.sorted { $0.key < $1.key }.map { .init(state.clubs[$0.key].id, .int($0.value)) }
          ))
      })
  }

  /// Figures of members and classes; none where nobody asked for what they are told by.
  private static func people(_ state: Simulation, through last: CivilDate) -> [JSON.Member] {
    guard state.tellsAttendance else { return [] }
    return state.figures.classes.expected + MemberFigures(state, last: last).expected
  }

  private static func named(_ counts: [Int: Int], _ name: (Int) -> String) -> JSON {
    .object(counts.sorted { $0.key < $1.key }.map { .init(name($0.key), .int($0.value)) })
  }

  private static func weekName(_ monday: Int) -> String {
    CivilDate(daysSinceEpoch: monday).description
  }

  /// `2025-01` for a month that is counted from January 1970.
  static func monthName(_ month: Int) -> String {
    let year = floorDivide(month, 12)
    return "\(padded(1970 + year, 4))-\(padded(month - year * 12 + 1, 2))"
  }

  private static func attendance(_ figures: Figures) -> JSON {
    .object(
      ClassType.allCases.map { type in
        let counts = figures.outcomes[Int(type.rawValue)]
        let names = ["attended", "no-show", "cancelled", "waitlisted"]
        return .init(
          type.name.description, .object(zip(names, counts).map { .init($0, .int($1)) }))
      })
  }

  private static func billing(_ figures: Figures) -> JSON {
    func sums(_ charges: Int, _ refunds: Int) -> JSON {
      .object([
        .init("paid_charges", .string(money(charges))),
        .init("paid_refunds", .string(money(refunds))),
        .init("net", .string(money(charges - refunds))),
      ])
    }
    let plans = Plan.allCases.map { plan in
      let index = Int(plan.rawValue)
      return JSON.Member(
        plan.name.description, sums(figures.charges[index], figures.refunds[index]))
    }
    return .object([
      .init("total", sums(figures.charges.reduce(0, +), figures.refunds.reduce(0, +))),
      .init("by_plan", .object(plans)),
    ])
  }
}

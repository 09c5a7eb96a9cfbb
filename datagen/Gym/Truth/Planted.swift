import Basics

/// The effects that the simulation puts into a gym, with their numbers, for whoever looks for them.
enum Planted {
  static func json(_ settings: GymSettings, instructors: Int) -> JSON {
    .object([
      .init("churn", churn), .init("joins", joins), .init("leads", leads),
      .init("app_funnel", funnel),
      .init("rating_by_instructor", ratings(settings, instructors: instructors)),
      .init("heart_rate", heartRate),
    ])
  }

  /// The fewer visits, the likelier a member leaves.
  private static var churn: JSON {
    var from = 0
    var factors: [JSON.Member] = []
    for (most, factor) in Churn.byVisits {
      let name =
        most == .max ? "\(from) and more" : from == most ? "\(from)" : "\(from)-\(most)"
      factors.append(.init(name, number(factor)))
      if most < .max { from = most + 1 }
    }
    return .object([
      .init("a_month", number(Churn.monthly)),
      .init("factor_by_visits_in_30_days", .object(factors)),
    ])
  }

  private static var joins: JSON {
    .object([
      .init(
        "factor_by_month",
        .object(Daily.joins.enumerated().map { .init(padded($0 + 1, 2), number($1)) }))
    ])
  }

  private static var leads: JSON {
    func by(_ value: (LeadSource) -> Double) -> JSON {
      .object(LeadSource.allCases.map { .init($0.name.description, number(value($0))) })
    }
    return .object([
      .init("share_of_joins", number(Lead.shareOfJoins)), .init("share", by(\.share)),
      .init("trial", by(\.trialShare)), .init("conversion", by(\.conversion)),
    ])
  }

  private static var funnel: JSON {
    .object([
      .init("share_of_bookings", number(Funnel.appShare)),
      .init("calendar_view_to_screen_view", number(Funnel.toClass)),
      .init("screen_view_to_booking", number(Funnel.toBooking)),
    ])
  }

  /// The mean that an instructor's ratings tend to.
  private static func ratings(_ settings: GymSettings, instructors: Int) -> JSON {
    .object(
      (0..<instructors).map { index in
        let quality = Ratings.quality(seed: settings.seed, instructor: index)
        return .init("I" + padded(index + 1, 5), number(quality))
      })
  }

  private static var heartRate: JSON {
    let efforts = ClassType.allCases.map {
      JSON.Member($0.name.description, number($0.effort))
    }
    return .object([
      .init("plateau", "rest + effort * (220 - age - rest)"),
      .init(
        "effort", .object(efforts + [.init("no class", number(HeartCurve.freeEffort))])),
      .init("more_for_women", number(HeartCurve.women)),
      .init("above_rest_at_the_beginning", number(HeartCurve.warm)),
    ])
  }

  private static func number(_ value: Double) -> JSON { .number("\(value)") }
}

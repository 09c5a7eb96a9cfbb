import Basics

/// Writes who was in the gym and for how long.
struct VisitsWriter: SourceWriter {
  var rows: RowWriter
  private let clubs: [Club]
  private let epoch: Int
  private var dates = DateBytes()
  private var missing: QuirkSampler
  private var late: QuirkSampler
  private(set) var keys = 0
  private var missingLogouts = 0
  private var evenings = 0
  private var overMidnight = 0
  /// By club: visits, those with a logout, and the full minutes of these.
  private var sums: [(visits: Int, ended: Int, minutes: Int)]

  init(_ simulation: Simulation) {
    rows = RowWriter(.gymVisits, simulation.settings)
    clubs = simulation.clubs
    sums = Array(repeating: (0, 0, 0), count: simulation.clubs.count)
    epoch = simulation.epochDay * 86_400
    missing = QuirkSampler(simulation.settings, .gymVisits, "missing_logouts")
    late = QuirkSampler(simulation.settings, .gymVisits, "over_midnight")
  }

  var counts: [(name: String, count: Int)] {
    [
      ("missing_logouts", missingLogouts), ("over_midnight", overMidnight),
      ("evening_visits", evenings),
    ]
  }

  var expected: [JSON.Member] {
    let byClub = zip(clubs, sums).map { club, sum in
      JSON.Member(
        club.id.description,
        .object([
          .init("visits", .int(sum.visits)), .init("visits_with_logout", .int(sum.ended)),
          .init("minutes", .int(sum.minutes)),
        ]))
    }
    return [.init("visits_by_club", .object(byClub))]
  }

  mutating func write(_ day: DayEvents) {
    for (index, visit) in day.visits.enumerated() {
      keys += 1
      let login = epoch + Int(visit.login)
      var logout: Int? = epoch + Int(visit.logout)
      let midnight = day.day * 86_400 - Int(visit.offset) * 60
      let isEvening = login - midnight >= 17 * 3600
      if isEvening { evenings += 1 }
      if missing.hits() {
        logout = nil
        missingLogouts += 1
      } else if isEvening, late.hits() {
        // The member stays until five minutes past midnight or up to 80 minutes longer.
        logout = midnight + 86_400 + 300 + Int(late.detail() % 4800)
        overMidnight += 1
      }
      sums[Int(visit.club)].visits += 1
      if let logout {
        sums[Int(visit.club)].ended += 1
        sums[Int(visit.club)].minutes += (logout - login) / 60
      }
      rows.beginRow()
      rows.id10(UInt8(ascii: "V"), day.firstVisit + index)
      rows.id7(UInt8(ascii: "M"), visit.member + 1)
      rows.text(clubs[Int(visit.club)].id)
      rows.local(login, offset: visit.offset, &dates)
      if let logout {
        rows.local(logout, offset: visit.offset, &dates)
      } else {
        rows.null()
      }
      rows.endRow()
    }
  }
}

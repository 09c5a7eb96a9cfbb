import Basics
import Faker

/// Writes leads, one row at each change: the first word, a trial, a membership.
///
/// Who joins on which day is known before the day comes, so the leads behind them are planned
/// ahead; what lies beyond the last day is in no file.
struct LeadsWriter: SourceWriter {
  /// What is to be written on a day.
  private struct Step {
    enum Kind { case created, trial, converted }

    var kind: Kind
    var lead: Lead
    /// From 1; 0 until the lead is written first.
    var number = 0
    var isSourceMissing = false
    /// Seconds since 1970.
    var at: Int
    var createdAt: Int
  }

  var rows: RowWriter
  private let settings: GymSettings
  private let clubs: [Club]
  private var dates = DateBytes()
  private var missing: QuirkSampler
  /// The first day whose leads are not planned yet, and how many members there are before it.
  private var planned: Int
  private var members: Int
  private var calendar: [Int: [Step]] = [:]
  private(set) var keys = 0
  private var withoutSource = 0
  /// By source, those without one last: leads, trials, members, and their full days until then.
  private var sums = [[Int]](repeating: [0, 0, 0, 0], count: LeadSource.allCases.count + 1)

  init(_ simulation: Simulation) {
    rows = RowWriter(.leads, simulation.settings)
    settings = simulation.settings
    clubs = simulation.clubs
    missing = QuirkSampler(simulation.settings, .leads, "missing_sources")
    planned = simulation.settings.from.daysSinceEpoch
    members = simulation.settings.members
  }

  var counts: [(name: String, count: Int)] { [("missing_sources", withoutSource)] }

  var expected: [JSON.Member] {
    let names = LeadSource.allCases.map(\.name.description) + ["missing"]
    return [
      .init(
        "leads_by_source",
        .object(
          zip(names, sums).map { name, sums in
            .init(
              name,
              .object([
                .init("leads", .int(sums[0])), .init("trials", .int(sums[1])),
                .init("converted", .int(sums[2])), .init("days_to_convert", .int(sums[3])),
              ]))
          }))
    ]
  }

  mutating func write(_ day: DayEvents) {
    while planned <= day.day + Lead.horizon {
      plan(planned, today: day.day)
      planned += 1
    }
    var steps = calendar.removeValue(forKey: day.day) ?? []
    // Numbers follow the time of the first word.
    for index in order(steps) where steps[index].kind == .created { begin(&steps[index], day.day) }
    // On the first day, trials begun before follow.
    steps += calendar.removeValue(forKey: day.day) ?? []
    for index in order(steps) { write(steps[index], day: day.day) }
  }

  private func order(_ steps: [Step]) -> [Int] {
    steps.indices.sorted { (steps[$0].at, $0) < (steps[$1].at, $1) }
  }

  /// Plans the leads that end on a day: those of its new members, and those that are lost.
  private mutating func plan(_ end: Int, today: Int) {
    for _ in 0..<Simulation.joins(settings, on: end) {
      let member = members
      members += 1
      var random = SeededRandom(seed: settings.seed, "lead", UInt64(member))
      guard random.chance(Lead.shareOfJoins) else { continue }
      let traits = Traits(seed: settings.seed, member: member, clubs: clubs.count)
      let way = LeadSource(rawValue: UInt8(LeadSource.ofMembers.draw(&random))) ?? .web
      let joining = (UInt32(truncatingIfNeeded: member + 1), traits.signupSecond)
      note(Lead(way, club: traits.club, end: end, joining: joining, &random), today: today)
    }
    var random = SeededRandom(
      seed: settings.seed, "lost leads", UInt64(bitPattern: Int64(end)))
    let mean = Simulation.meanJoins(settings, on: end) * Lead.shareOfJoins
    for (way, lost) in zip(LeadSource.allCases, LeadSource.lostPerMember) {
      for _ in 0..<random.poisson(mean: mean * lost) {
        let club = random.below(clubs.count)
        note(Lead(way, club: club, end: end, joining: nil, &random), today: today)
      }
    }
  }

  private mutating func note(_ lead: Lead, today: Int) {
    let at = instant(lead.created, lead.createdSecond, lead.club)
    calendar[max(today, lead.created), default: []].append(
      Step(kind: .created, lead: lead, at: at, createdAt: at))
  }

  /// Gives a lead its number, and puts what follows into the calendar.
  private mutating func begin(_ step: inout Step, _ today: Int) {
    keys += 1
    step.number = keys
    step.isSourceMissing = missing.hits()
    if step.isSourceMissing { withoutSource += 1 }
    var next = step
    if let trial = step.lead.trial {
      next.kind = .trial
      next.at = instant(trial, step.lead.trialSecond, step.lead.club)
      calendar[max(today, trial), default: []].append(next)
    }
    guard step.lead.member > 0 else { return }
    let traits = Traits(
      seed: settings.seed, member: Int(step.lead.member) - 1, clubs: clubs.count)
    next.kind = .converted
    next.at = instant(step.lead.end, traits.signupSecond, step.lead.club) + 300
    calendar[step.lead.end, default: []].append(next)
  }

  private func instant(_ day: Int, _ second: Int, _ club: Int) -> Int {
    let offset = clubs[club].zone.offsetMinutes(on: CivilDate(daysSinceEpoch: day))
    return day * 86_400 - offset * 60 + second
  }

  private mutating func write(_ step: Step, day: Int) {
    let lead = step.lead
    let column = step.kind == .created ? 0 : step.kind == .trial ? 1 : 2
    let way = step.isSourceMissing ? LeadSource.allCases.count : Int(lead.source.rawValue)
    sums[way][column] += 1
    if step.kind == .converted { sums[way][3] += (step.at - step.createdAt) / 86_400 }
    rows.beginRow()
    rows.field()
    rows.quote()
    rows.put(UInt8(ascii: "L"))
    rows.cursor.write(Array(padded(step.number, 6).utf8))
    rows.quote()
    if step.isSourceMissing { rows.null() } else { rows.word(lead.source.name) }
    rows.text(clubs[lead.club].id)
    rows.utc(step.createdAt, &dates)
    if step.kind != .created, let trial = lead.trial {
      rows.date(trial, &dates)
      rows.date(trial + Lead.trialDays - 1, &dates)
    } else {
      rows.null()
      rows.null()
    }
    if step.kind == .converted { rows.id7(UInt8(ascii: "M"), lead.member) } else { rows.null() }
    rows.utc(step.at, &dates)
    rows.endRow()
  }
}

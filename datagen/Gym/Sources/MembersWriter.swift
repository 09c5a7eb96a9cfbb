import Basics
import Faker

/// Writes the change feed of member profiles.
struct MembersWriter: SourceWriter {
  /// Numbers of second ids for one person begin here.
  static let firstAlias = 8_000_000

  var rows: RowWriter
  private let seed: UInt64
  private let clubs: [Club]
  private let firstYear: Int
  private var dates = DateBytes()
  private var sequence = 0
  private var aliases = 0
  private var late: [Change] = []

  private var lateUpdates: QuirkSampler
  private var swaps: QuirkSampler
  private var lateProfiles: QuirkSampler
  private var doubles: QuirkSampler
  private let faults: ProfileFaults

  private(set) var keys = 0
  private var written = Counts()

  /// A profile event with its place in the feed.
  private struct Change {
    var event: ProfileEvent
    var sequence = 0
    /// The second number of the same person; 0 for the first.
    var alias = 0
    var isLateUpdate = false
    var isLateProfile = false
  }

  private struct Counts {
    var deletes = 0
    var lateUpdates = 0
    var swapped = 0
    var lateProfiles = 0
    var secondIDs = 0
    var mixedCase = 0
    var noGender = 0
  }

  init(_ simulation: Simulation) {
    rows = RowWriter(.members, simulation.settings)
    seed = simulation.seed
    clubs = simulation.clubs
    firstYear = simulation.settings.from.components.year
    faults = ProfileFaults(simulation.settings)
    lateUpdates = QuirkSampler(simulation.settings, .members, "late_updates")
    swaps = QuirkSampler(simulation.settings, .members, "out_of_order")
    lateProfiles = QuirkSampler(simulation.settings, .members, "late_profiles")
    doubles = QuirkSampler(simulation.settings, .members, "second_ids")
  }

  var counts: [(name: String, count: Int)] {
    [
      ("deletes", written.deletes), ("late_updates", written.lateUpdates),
      ("out_of_order", written.swapped), ("late_profiles", written.lateProfiles),
      ("second_ids", written.secondIDs), ("mixed_case_emails", written.mixedCase),
      ("missing_genders", written.noGender),
    ]
  }

  mutating func write(_ day: DayEvents) {
    let held = late
    late = []
    for change in held { write(change) }
    var changes = number(day)
    disorder(&changes)
    for change in changes {
      if change.isLateUpdate || change.isLateProfile {
        late.append(change)
      } else {
        write(change)
      }
    }
  }

  /// Orders the day's events by time, numbers them, and adds second ids.
  private mutating func number(_ day: DayEvents) -> [Change] {
    var changes = day.profiles.map { Change(event: $0) }
    for event in day.profiles where event.kind == .insert {
      guard doubles.hits() else { continue }
      aliases += 1
      var second = event
      second.at += 600 + Int(doubles.detail() % 86_400)
      second.wearsTracker = false
      changes.append(Change(event: second, alias: MembersWriter.firstAlias + aliases))
    }
    let order = changes.indices.sorted {
      (changes[$0].event.at, $0) < (changes[$1].event.at, $1)
    }
    return order.map { index in
      sequence += 1
      var change = changes[index]
      change.sequence = sequence
      if change.event.kind == .update, lateUpdates.hits() { change.isLateUpdate = true }
      if change.event.kind == .insert, change.alias == 0, Int(change.event.signup) == day.day,
        lateProfiles.hits()
      {
        change.isLateProfile = true
      }
      return change
    }
  }

  /// Puts some updates before the change they follow: the same member's, else their neighbour.
  private mutating func disorder(_ changes: inout [Change]) {
    for index in changes.indices {
      let change = changes[index]
      guard change.event.kind == .update, !change.isLateUpdate, swaps.hits(), index > 0 else {
        continue
      }
      let first = max(0, index - 200)
      let earlier =
        (first..<index).last { changes[$0].event.member == change.event.member } ?? index - 1
      guard !changes[earlier].isLateUpdate, !changes[earlier].isLateProfile else { continue }
      changes.remove(at: index)
      changes.insert(change, at: earlier)
      written.swapped += 1
    }
  }

  private mutating func write(_ change: Change) {
    let event = change.event
    let number = UInt32(truncatingIfNeeded: change.alias > 0 ? change.alias : Int(event.member) + 1)
    rows.beginRow()
    rows.int(change.sequence)
    rows.word(event.kind == .insert ? "insert" : event.kind == .update ? "update" : "delete")
    rows.utc(event.at, &dates)
    rows.id7(UInt8(ascii: "M"), number)
    if event.kind == .delete {
      for _ in 0..<11 { rows.null() }
      written.deletes += 1
    } else {
      writeProfile(event, isAlias: change.alias > 0)
    }
    rows.endRow()
    if event.kind == .insert { keys += 1 }
    if change.alias > 0 { written.secondIDs += 1 }
    if change.isLateUpdate { written.lateUpdates += 1 }
    if change.isLateProfile { written.lateProfiles += 1 }
  }

  private mutating func writeProfile(_ event: ProfileEvent, isAlias: Bool) {
    let member = Int(event.member)
    let club = clubs[Int(event.club)]
    let person = Person(seed: seed, member: member, from: firstYear)
    rows.text(person.first + " " + person.last)
    rows.text(email(person, event, isAlias: isAlias))
    rows.text(
      Person.phone(seed: seed, member: member, change: Int(event.phones), state: club.state))
    rows.text(Person.city(seed: seed, member: member, moves: Int(event.moves), club: club))
    rows.text(club.state)
    rows.int(person.birthYear)
    if faults.lacksGender(member) {
      rows.null()
      written.noGender += 1
    } else {
      rows.text(person.gender)
    }
    rows.text(club.id)
    if event.wearsTracker {
      rows.text("\(Person.device(seed: seed, member: member))")
    } else {
      rows.null()
    }
    rows.date(Int(event.signup), &dates)
    rows.bool(event.consents)
  }

  /// The address; in capitals here and there for some members, and always so for second ids.
  private mutating func email(_ person: Person, _ event: ProfileEvent, isAlias: Bool) -> String {
    let member = Int(event.member)
    let email = person.email(seed: seed, member: member, change: Int(event.emails))
    let isMixed = faults.mixesCase(member)
    if isMixed { written.mixedCase += 1 }
    guard isMixed || isAlias else { return email }
    // A second id is spelled unlike the first one.
    if isMixed && isAlias { return email.uppercased() }
    return ProfileFaults.mixedCase(email)
  }
}

import Basics

/// The rows of one export, faults included.
struct ExportRows {
  /// Numbers of second check-ins begin here; those of the source begin elsewhere.
  static let firstDouble = 6_000_000_000

  private let export: GymExport
  private let simulation: Simulation
  private let faults: ProfileFaults
  private let epoch: Int
  private var rows: RowWriter
  private var dates = DateBytes()
  private var quirk: QuirkSampler
  private var keys = 0
  private var counts: [(name: String, count: Int)]
  private(set) var bytes: [UInt8] = []

  init(_ export: GymExport, _ simulation: Simulation) {
    self.export = export
    self.simulation = simulation
    faults = ProfileFaults(simulation.settings)
    epoch = simulation.epochDay * 86_400
    rows = RowWriter(export: export, simulation.settings)
    let name =
      switch export {
      case .users: "none"
      case .schedule: "instructor_spellings"
      case .attendance: "double_check_ins"
      }
    quirk = QuirkSampler(simulation.settings, stream: "export/\(export.rawValue)/\(name)")
    counts = export == .users ? [("mixed_case_emails", 0), ("missing_genders", 0)] : [(name, 0)]
    rows.beginDay()
  }

  /// Ends the file.
  mutating func finish() {
    bytes = rows.endDay().first ?? rows.emptyFile
  }

  /// What is in the file, as the truth file tells of a source.
  var truth: JSON {
    Truth.entry(
      rows: rows.rows, key: [export.fields[0]], keys: keys, counts: counts,
      repeated: rows.repeated)
  }

  /// Adds a member, unless the profile was deleted.
  mutating func add(_ index: Int, _ member: Member) {
    guard member.status != .deleted else { return }
    let seed = simulation.seed
    let person = Person(
      seed: seed, member: index, from: simulation.settings.from.components.year)
    let email = person.email(seed: seed, member: index, change: Int(member.emails))
    let isMixed = faults.mixesCase(index)
    if isMixed { counts[0].count += 1 }
    keys += 1
    rows.beginRow()
    rows.id7(UInt8(ascii: "M"), UInt32(truncatingIfNeeded: index + 1))
    rows.text(person.first + " " + person.last)
    rows.text(isMixed ? ProfileFaults.mixedCase(email) : email)
    rows.text(
      Person.city(
        seed: seed, member: index, moves: Int(member.moves),
        club: simulation.clubs[Int(member.club)]))
    rows.date(Int(member.signup), &dates)
    rows.int(person.birthYear)
    if faults.lacksGender(index) {
      counts[1].count += 1
      rows.null()
    } else {
      rows.text(person.gender)
    }
    rows.endRow()
  }

  /// Adds a class.
  mutating func add(_ slot: ClassSlot) {
    let club = simulation.clubs[Int(slot.club)]
    let instructor = simulation.timetable.instructors[Int(slot.instructor)]
    let isRespelled = quirk.hits()
    if isRespelled { counts[0].count += 1 }
    let start = epoch + Int(slot.start)
    keys += 1
    rows.beginRow()
    rows.classColumns(slot, instructor, isRespelled: isRespelled, club)
    rows.clock(start, offset: slot.offset, &dates)
    rows.clock(start + Int(slot.minutes) * 60, offset: slot.offset, &dates)
    rows.int(Int(slot.capacity))
    rows.endRow()
  }

  /// Adds what became of a booking, and here and there a second check-in.
  mutating func add(_ event: AttendanceEvent, day: Int) {
    write(event, number: Int(event.attendance), day)
    guard event.outcome == .attended, quirk.hits() else { return }
    counts[0].count += 1
    var second = event
    second.checkIn += Int32(truncatingIfNeeded: quirk.detail() % 121)
    second.booked = second.checkIn
    write(second, number: ExportRows.firstDouble + counts[0].count, day)
  }

  private mutating func write(_ event: AttendanceEvent, number: Int, _ day: Int) {
    keys += 1
    rows.beginRow()
    rows.id10(UInt8(ascii: "A"), number)
    rows.id7(UInt8(ascii: "M"), event.member + 1)
    rows.classID(event.number)
    rows.instructorID(event.instructor)
    rows.utc(epoch + Int(event.booked), &dates)
    if event.outcome == .attended {
      let at = epoch + Int(event.checkIn)
      switch AttendanceWriter.clock(club: Int(event.club), month: Figures.month(day)) {
      case .utc: rows.utc(at, &dates)
      case .offset: rows.local(at, offset: event.offset, &dates)
      case .american: rows.american(at, offset: event.offset, &dates)
      }
    } else {
      rows.null()
    }
    rows.word(event.outcome.name)
    rows.date(day, &dates)
    rows.endRow()
  }
}

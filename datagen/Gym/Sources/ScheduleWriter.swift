import Basics

/// Writes the timetable and its changes.
struct ScheduleWriter: SourceWriter {
  var rows: RowWriter
  private let clubs: [Club]
  private let instructors: [Instructor]
  private let epoch: Int
  private var dates = DateBytes()
  private var spellings: QuirkSampler
  private(set) var keys = 0
  private var respelled = 0
  private var rescheduled = 0
  private var cancelled = 0
  private var doubledHour = 0

  init(_ simulation: Simulation) {
    rows = RowWriter(.schedule, simulation.settings)
    clubs = simulation.clubs
    instructors = simulation.timetable.instructors
    epoch = simulation.epochDay * 86_400
    spellings = QuirkSampler(simulation.settings, .schedule, "instructor_spellings")
  }

  var counts: [(name: String, count: Int)] {
    [
      ("instructor_spellings", respelled), ("rescheduled", rescheduled), ("cancelled", cancelled),
      ("doubled_hour_classes", doubledHour),
    ]
  }

  mutating func write(_ day: DayEvents) {
    for event in day.schedule {
      let slot = event.slot
      let club = clubs[Int(slot.club)]
      let instructor = instructors[Int(slot.instructor)]
      let start = epoch + Int(slot.start)
      if event.isNew { keys += 1 }
      if slot.status == .rescheduled { rescheduled += 1 }
      if slot.status == .cancelled { cancelled += 1 }
      let local = floorRemainder(start + Int(slot.offset) * 60, 86_400)
      if event.isNew, local == 90 * 60 { doubledHour += 1 }
      let isRespelled = spellings.hits()
      if isRespelled { respelled += 1 }
      rows.beginRow()
      rows.classColumns(slot, instructor, isRespelled: isRespelled, club)
      rows.text(club.zone.name)
      rows.clock(start, offset: slot.offset, &dates)
      rows.clock(start + Int(slot.minutes) * 60, offset: slot.offset, &dates)
      rows.int(Int(slot.capacity))
      rows.word(
        slot.status == .scheduled
          ? "scheduled" : slot.status == .rescheduled ? "rescheduled" : "cancelled")
      rows.utc(event.at, &dates)
      rows.endRow()
    }
  }
}

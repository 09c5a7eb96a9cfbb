import Basics

/// Writes bookings and what became of them.
///
/// This is the largest source, so its rows are not built field by field: see `AttendancePattern`.
struct AttendanceWriter: SourceWriter {
  /// Numbers of second check-ins begin here.
  static let firstDouble = 5_000_000_000

  var rows: RowWriter
  private let epochDay: Int
  private var dates = DateBytes()
  /// By outcome; for attended rows, the first of three by clock.
  private let patterns: [AttendancePattern]
  private let clubs: Int
  private var doubles: QuirkSampler
  private(set) var keys = 0
  private var doubled = 0
  private var attendedByClock = [0, 0, 0]

  init(_ simulation: Simulation) {
    let rows = RowWriter(.classAttendance, simulation.settings)
    self.rows = rows
    epochDay = simulation.epochDay
    clubs = simulation.clubs.count
    doubles = QuirkSampler(simulation.settings, .classAttendance, "double_check_ins")
    let fields = GymSource.classAttendance.fields
    let silent = AttendanceEvent.Outcome.allCases.filter { $0 != .attended }
    patterns =
      silent.map { AttendancePattern($0.name, clock: nil, isCSV: rows.isCSV, fields: fields) }
      + AttendancePattern.Clock.allCases.map {
        AttendancePattern(
          AttendanceEvent.Outcome.attended.name, clock: $0, isCSV: rows.isCSV, fields: fields)
      }
  }

  var counts: [(name: String, count: Int)] {
    [
      ("double_check_ins", doubled), ("check_ins_utc", attendedByClock[0]),
      ("check_ins_with_offset", attendedByClock[1]), ("check_ins_local", attendedByClock[2]),
    ]
  }

  /// How a club's check-ins are written in a month: each club changes every month, and a third of
  /// the clubs writes each way at any time.
  static func clock(club: Int, month: Int) -> AttendancePattern.Clock {
    AttendancePattern.Clock(rawValue: floorRemainder(club + month, 3)) ?? .utc
  }

  mutating func write(_ day: DayEvents) {
    let month = Figures.month(day.day)
    let clocks = (0..<clubs).map { AttendanceWriter.clock(club: $0, month: month) }
    // In variables, not in the object: each row would check for overlapping accesses otherwise.
    var dates = self.dates
    var cursor = rows.cursor
    var doubles = self.doubles
    var newKeys = 0
    var attended = attendedByClock
    patterns.withUnsafeBufferPointer { patterns in
      clocks.withUnsafeBufferPointer { clocks in
        for event in day.attendance {
          let isAttended = event.outcome == .attended
          let clock = isAttended ? clocks[Int(event.club)].rawValue : 0
          let pattern = patterns[Int(event.outcome.rawValue) &+ clock]
          let row = Row(event: event, attendance: Int(event.attendance), day: day.day, clock: clock)
          write(row, pattern, &cursor, &dates)
          if event.isBooking { newKeys &+= 1 }
          guard isAttended else { continue }
          attended[clock] &+= 1
          guard doubles.hits() else { continue }
          write(double(of: row, delay: doubles.detail() % 121), pattern, &cursor, &dates)
          attended[clock] &+= 1
        }
      }
    }
    keys += newKeys
    attendedByClock = attended
    self.dates = dates
    rows.cursor = cursor
    self.doubles = doubles
  }

  /// One row to be written.
  private struct Row {
    var event: AttendanceEvent
    var attendance: Int
    /// The file's day.
    let day: Int
    /// Of an attended class.
    let clock: Int
  }

  /// The same person at the same class again, 0 to 120 seconds later.
  private mutating func double(of row: Row, delay: UInt64) -> Row {
    doubled += 1
    keys += 1
    var second = row
    second.attendance = AttendanceWriter.firstDouble + doubled
    second.event.checkIn += Int32(truncatingIfNeeded: delay)
    second.event.booked = second.event.checkIn
    second.event.updated = second.event.checkIn
    return second
  }

  @inline(__always)
  private mutating func write(
    _ row: Row, _ pattern: AttendancePattern, _ cursor: inout RowCursor, _ dates: inout DateBytes
  ) {
    let event = row.event
    cursor.reserve(pattern.count &+ 16)
    let start = cursor.count
    let bytes = cursor.bytes + start
    bytes.update(from: pattern.bytes, count: pattern.count)
    let number = UInt64(truncatingIfNeeded: row.attendance)
    bytes.store(
      Digits.two(UInt16(truncatingIfNeeded: number / 100_000_000)), at: pattern.attendance &+ 1)
    bytes.store(
      Digits.eight(UInt32(truncatingIfNeeded: number % 100_000_000)), at: pattern.attendance &+ 3)
    bytes.store(
      Digits.eight(event.member &+ 1) & ~0xFF | UInt64(UInt8(ascii: "M")), at: pattern.member)
    Digits.nine(event.number, to: bytes + (pattern.number &+ 1))
    Digits.five(
      UInt32(event.instructor) &+ 1, to: bytes + (pattern.instructor &+ 1))
    dates.writeISO(row.day &+ Int(event.lead), to: bytes + pattern.date)
    time(event.booked, to: bytes + pattern.booked, &dates)
    time(event.updated, to: bytes + pattern.updated, &dates)
    if event.outcome == .attended {
      let clock = AttendancePattern.Clock(rawValue: row.clock) ?? .utc
      checkIn(event, clock, bytes + pattern.checkIn, &dates)
    }
    cursor.count = start &+ pattern.count
    guard cursor.endRow() else { return }
    rows.cursor = cursor
    rows.finishRow(from: start)
    cursor = rows.cursor
  }

  /// Writes a time of the simulation as `yyyy-MM-ddTHH:mm:ss`.
  @inline(__always)
  private func time(
    _ seconds: Int32, to bytes: UnsafeMutablePointer<UInt8>, _ dates: inout DateBytes
  ) {
    let days = UInt32(bitPattern: seconds) / 86_400
    dates.writeISO(epochDay &+ Int(days), to: bytes)
    bytes.store(Digits.time(UInt32(bitPattern: seconds) &- days &* 86_400), at: 11)
  }

  @inline(__always)
  private func checkIn(
    _ event: AttendanceEvent, _ clock: AttendancePattern.Clock,
    _ bytes: UnsafeMutablePointer<UInt8>, _ dates: inout DateBytes
  ) {
    switch clock {
    case .utc: time(event.checkIn, to: bytes, &dates)
    case .offset:
      time(event.checkIn &+ Int32(event.offset) &* 60, to: bytes, &dates)
      let minutes = UInt16(event.offset.magnitude)
      bytes[19] = event.offset < 0 ? 0x2D : 0x2B
      bytes.store(Digits.two(minutes / 60), at: 20)
      bytes.store(Digits.two(minutes % 60), at: 23)
    case .american:
      let local = UInt32(bitPattern: event.checkIn &+ Int32(event.offset) &* 60)
      let days = local / 86_400
      dates.writeAmerican(epochDay &+ Int(days), to: bytes)
      let second = local &- days &* 86_400
      bytes.store(Digits.twelveHours(second), at: 11)
      bytes[20] = second < 43_200 ? UInt8(ascii: "A") : UInt8(ascii: "P")
    }
  }
}

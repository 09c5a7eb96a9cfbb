import Basics

/// Writes bookings and what became of them.
///
/// This is the largest source, so its rows are not built field by field: see `AttendancePattern`.
final class AttendanceWriter: SourceWriter, @unchecked Sendable {
  /// Numbers of second check-ins begin here.
  static let firstDouble = 5_000_000_000

  let rows: RowWriter
  private let epochDay: Int
  private var dates = DateBytes()
  /// By outcome; for attended rows, the first of three by clock.
  private let patterns: [AttendancePattern]
  /// By club, for the month of the day that is written.
  private var clocks: [AttendancePattern.Clock] = []
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
    doubles = QuirkSampler(
      seed: simulation.seed, source: .classAttendance, quirk: "double_check_ins",
      share: simulation.settings.quirks)
    let fields = GymSource.classAttendance.fields
    let silent: [StaticString] = ["booked", "waitlisted", "cancelled", "no-show"]
    patterns =
      silent.map { AttendancePattern($0, clock: nil, isCSV: rows.isCSV, fields: fields) }
      + AttendancePattern.Clock.allCases.map {
        AttendancePattern("attended", clock: $0, isCSV: rows.isCSV, fields: fields)
      }
  }

  deinit {
    for pattern in patterns { pattern.bytes.deallocate() }
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

  func write(_ day: DayEvents) {
    let month = Figures.month(day.day)
    clocks = (0..<clubs).map { AttendanceWriter.clock(club: $0, month: month) }
    day.attendance.withUnsafeBufferPointer { events in
      clocks.withUnsafeBufferPointer { clocks in
        for event in events {
          write(event, Int(event.attendance), day.day, clocks)
          if event.outcome.rawValue < 2 {
            keys &+= 1
          } else if event.outcome == .attended, doubles.hits() {
            writeDouble(of: event, day.day, clocks)
          }
        }
      }
    }
  }

  /// The same person at the same class again, 0 to 120 seconds later.
  @inline(never)
  private func writeDouble(
    of event: AttendanceEvent, _ day: Int,
    _ clocks: UnsafeBufferPointer<AttendancePattern.Clock>
  ) {
    var second = event
    second.checkIn += Int32(truncatingIfNeeded: doubles.detail() % 121)
    second.booked = second.checkIn
    second.updated = second.checkIn
    doubled += 1
    keys += 1
    write(second, AttendanceWriter.firstDouble + doubled, day, clocks)
  }

  @inline(__always)
  private func write(
    _ event: AttendanceEvent, _ attendance: Int, _ day: Int,
    _ clocks: UnsafeBufferPointer<AttendancePattern.Clock>
  ) {
    var kind = Int(event.outcome.rawValue)
    if event.outcome == .attended {
      let clock = clocks[Int(event.club)].rawValue
      attendedByClock[clock] &+= 1
      kind &+= clock
    }
    patterns.withUnsafeBufferPointer { patterns in
      let pattern = patterns[kind]
      rows.reserve(pattern.count &+ 16)
      let start = rows.count
      let row = rows.bytes + start
      row.update(from: pattern.bytes, count: pattern.count)
      let number = UInt64(truncatingIfNeeded: attendance)
      row.store(
        Digits.two(UInt16(truncatingIfNeeded: number / 100_000_000)), at: pattern.attendance &+ 1)
      row.store(
        Digits.eight(UInt32(truncatingIfNeeded: number % 100_000_000)), at: pattern.attendance &+ 3)
      row.store(
        Digits.eight(event.member &+ 1) & ~0xFF | UInt64(UInt8(ascii: "M")), at: pattern.member)
      ScheduleWriter.nineDigits(event.number, to: row + (pattern.number &+ 1))
      ScheduleWriter.fiveDigits(
        UInt32(event.instructor) &+ 1, to: row + (pattern.instructor &+ 1))
      dates.writeISO(day &+ Int(event.lead), to: row + pattern.date)
      time(event.booked, to: row + pattern.booked)
      time(event.updated, to: row + pattern.updated)
      if event.outcome == .attended {
        checkIn(event, AttendancePattern.Clock(rawValue: kind &- 4) ?? .utc, row + pattern.checkIn)
      }
      rows.count = start &+ pattern.count
      rows.endRow(from: start)
    }
  }

  /// Writes a time of the simulation as `yyyy-MM-ddTHH:mm:ss`.
  @inline(__always)
  private func time(_ seconds: Int32, to bytes: UnsafeMutablePointer<UInt8>) {
    let days = UInt32(bitPattern: seconds) / 86_400
    dates.writeISO(epochDay &+ Int(days), to: bytes)
    bytes.store(Digits.time(UInt32(bitPattern: seconds) &- days &* 86_400), at: 11)
  }

  @inline(__always)
  private func checkIn(
    _ event: AttendanceEvent, _ clock: AttendancePattern.Clock,
    _ bytes: UnsafeMutablePointer<UInt8>
  ) {
    switch clock {
    case .utc: time(event.checkIn, to: bytes)
    case .offset:
      time(event.checkIn &+ Int32(event.offset) &* 60, to: bytes)
      let minutes = UInt16(event.offset.magnitude)
      bytes[19] = event.offset < 0 ? 0x2D : 0x2B
      bytes.store(Digits.two(minutes / 60), at: 20)
      bytes.store(Digits.two(minutes % 60), at: 23)
    case .american:
      let local = UInt32(bitPattern: event.checkIn &+ Int32(event.offset) &* 60)
      let days = local / 86_400
      dates.writeAmerican(epochDay &+ Int(days), to: bytes)
      let second = local &- days &* 86_400
      let isMorning = second < 43_200
      // 0:30 is 12:30 AM and 13:00 is 01:00 PM.
      let half = isMorning ? second : second &- 43_200
      bytes.store(Digits.time(half < 3600 ? half &+ 43_200 : half), at: 11)
      bytes[20] = isMorning ? UInt8(ascii: "A") : UInt8(ascii: "P")
    }
  }
}

import Basics
import Faker
import Testing

@testable import DataGen

@Suite("The parts of the generator")
struct PartsTests {
  private func writer(_ format: GymFormat, quirks: Double = 0, limit: Int = 200) throws -> RowWriter
  {
    let settings = try GymSettings(GymOptions(quirks: quirks, format: format))
    return RowWriter(.cancellations, settings, partLimit: limit)
  }

  private func writeRow(_ rows: inout RowWriter, _ number: UInt32) {
    var dates = DateBytes()
    rows.beginRow()
    rows.id7(UInt8(ascii: "X"), number)
    rows.id7(UInt8(ascii: "S"), 7)
    rows.utc(-1, &dates)
    rows.date(0, &dates)
    rows.text("a \"b\", c\\d\n")
    rows.int(-40)
    rows.int(.min)
    rows.null()
    rows.endRow()
  }

  @Test("Values are written as each format wants them")
  func values() throws {
    var rows = try writer(.csv)
    rows.beginDay()
    writeRow(&rows, 12)
    #expect(
      rows.endDay().map { String(decoding: $0, as: UTF8.self) } == [
        """
        cancellation_id,membership_id,requested_at,effective_date,reason,tenure_days,visits_30d,visits_90d
        X0000012,S0000007,1969-12-31T23:59:59Z,1970-01-01,"a ""b"", c\\d
        ",-40,-9223372036854775808,

        """
      ])
    rows = try writer(.json)
    rows.beginDay()
    writeRow(&rows, 12)
    #expect(
      rows.endDay().map { String(decoding: $0, as: UTF8.self) } == [
        """
        [
        {"cancellation_id":"X0000012","membership_id":"S0000007","requested_at":"1969-12-31T23:59:59Z",\
        "effective_date":"1970-01-01","reason":"a \\"b\\", c\\\\d\\n","tenure_days":-40,\
        "visits_30d":-9223372036854775808,"visits_90d":null}
        ]

        """
      ])
  }

  @Test("A file that grows too large is split between rows", arguments: GymFormat.allCases)
  func parts(format: GymFormat) throws {
    var rows = try writer(format, limit: 600)
    rows.beginDay()
    for number in 1...10 { writeRow(&rows, UInt32(number)) }
    let parts = rows.endDay()
    #expect(parts.count > 1)
    var ids: [String] = []
    for part in parts {
      #expect(part.count < 900)
      let text = String(decoding: part, as: UTF8.self)
      switch format {
      case .csv: #expect(text.hasPrefix("cancellation_id,"))
      case .json: #expect(try JSON(parsing: part).array?.isEmpty == false)
      case .ndjson, .ndjsonLZ4: #expect(text.hasPrefix("{") && text.hasSuffix("}\n"))
      }
      ids += text.split { !$0.isLetter && !$0.isNumber }.map(String.init)
        .filter { $0.hasPrefix("X0") }
    }
    #expect(ids == (1...10).map { "X" + padded($0, 7) })
    rows.beginDay()
    #expect(rows.endDay().isEmpty)
  }

  @Test("Row by row patterns and field by field rows are the same bytes")
  func patterns() throws {
    for format in [GymFormat.ndjson, .csv] {
      let settings = try GymSettings(GymOptions(members: 3, clubs: 1, quirks: 0, format: format))
      var rows = RowWriter(.classAttendance, settings)
      var dates = DateBytes()
      var writer = AttendanceWriter(Simulation(settings))
      var day = DayEvents()
      day.day = settings.from.daysSinceEpoch
      let epoch = (day.day - 32) * 86_400
      day.attendance = [
        AttendanceEvent(
          attendance: 4_123_456_789, member: 41, number: 123_456_789, booked: 2_764_801,
          checkIn: 0, updated: 2_800_000, instructor: 8, offset: -300, club: 0, lead: 3,
          outcome: .noShow, isBooking: false)
      ]
      writer.rows.beginDay()
      writer.write(day)
      rows.beginDay()
      rows.beginRow()
      rows.id10(UInt8(ascii: "A"), 4_123_456_789)
      rows.id7(UInt8(ascii: "M"), 42)
      rows.text("C123456789")
      rows.text("I00009")
      rows.date(day.day + 3, &dates)
      rows.utc(epoch + 2_764_801, &dates)
      rows.null()
      rows.word("no-show")
      rows.utc(epoch + 2_800_000, &dates)
      rows.endRow()
      #expect(writer.rows.endDay() == rows.endDay())
    }
  }

  @Test("Eight digits, two digits and every second of a day are written right")
  func digits() {
    func text(_ word: UInt64) -> String {
      String(
        decoding: (0..<8).map { UInt8(truncatingIfNeeded: word >> UInt64($0 * 8)) }, as: UTF8.self)
    }
    var random = SeededRandom(seed: 99)
    for value in [0, 9, 10, 99_999_999] + (0..<2000).map({ _ in random.below(100_000_000) }) {
      #expect(text(Digits.eight(UInt32(value))) == padded(value, 8))
    }
    for value in 0..<100 {
      let word = Digits.two(UInt16(value))
      #expect(
        String(decoding: [UInt8(word & 0xFF), UInt8(word >> 8)], as: UTF8.self) == padded(value, 2))
    }
    for second in stride(from: 0, to: 86_400, by: 7) {
      let expected =
        "\(padded(second / 3600, 2)):\(padded(second / 60 % 60, 2)):\(padded(second % 60, 2))"
      #expect(text(Digits.time(UInt32(second))) == expected)
    }
  }

  @Test("Distances look as in Fitbit's export and round back to their hundredths")
  func distances() throws {
    let texts = TrackerWriter.distanceTexts().map { String(decoding: $0, as: UTF8.self) }
    for (hundredths, text) in [
      (0, "0"), (188, "1.87999999523163"), (55, "0.550000011920929"), (850, "8.5"),
      (697, "6.96999979019165"), (606, "6.05999994277954"), (2803, "28.0300006866455"),
      (1, "0.00999999977648258"), (11, "0.109999999403954"), (100, "1"),
    ] {
      #expect(texts[hundredths] == text)
    }
    for (hundredths, text) in texts.enumerated() {
      #expect(try #require(Float(text)) == Float(hundredths) / 100)
    }
  }

  @Test("A member's history counts the same days as a plain list does")
  func history() {
    let seed: UInt64 = 7
    var random = SeededRandom(seed: seed)
    for _ in 0..<200 {
      var member = Member()
      member.historyDay = 100
      var days: Set<Int> = []
      var day = 100
      for _ in 0..<random.below(60) {
        day += random.chance(0.05) ? random.below(150) : random.below(6)
        member.came(on: Int32(day))
        days.insert(day)
      }
      day += random.below(4)
      member.look(on: Int32(day))
      for window in [1, 30, 63, 64, 90, 127] {
        let plain = days.filter { $0 < day && $0 >= day - window }.count
        #expect(member.visits(inLast: window) == plain, "seed \(seed), \(window) days")
      }
    }
  }

  @Test("Members who seldom come are several times likelier to leave")
  func churn() throws {
    var simulation = Simulation(try GymSettings(GymOptions(members: 10, clubs: 1)))
    simulation.day = 20_000
    func hazard(_ visits: UInt64, _ plan: Plan = .plus, tenure: Int = 200) -> Double {
      var member = Member()
      member.historyDay = 20_000
      member.signup = Int32(20_000 - tenure)
      member.recent = (1 << (visits + 1)) - 2
      member.plan = plan
      return simulation.churnHazard(member)
    }
    #expect(hazard(0) > 5 * hazard(12))
    #expect(hazard(2) > 2.5 * hazard(8))
    #expect(hazard(4, .student) > hazard(4, .elite))
    #expect(hazard(4, tenure: 50) > hazard(4, tenure: 800))
  }

  @Test("January brings more new members than any month, and every weekday has its place")
  func seasons() throws {
    let gym = try SampleGym.clean.get()
    let joined = gym.distinct(.members).filter { $0["op"] == "insert" }
      .map { $0["signup_date"].prefix(7) }
    let january = joined.filter { $0 == "2025-01" }.count
    let february = joined.filter { $0 == "2025-02" }.count
    #expect(january > february)
    var weekdays = [Int](repeating: 0, count: 7)
    for row in gym.all(.gymVisits) {
      weekdays[try #require(CivilDate(row["login_at"].prefix(10))).weekday] += 1
    }
    #expect(weekdays[0] > weekdays[4] && weekdays[4] > weekdays[6])
  }
}

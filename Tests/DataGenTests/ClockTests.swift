import Basics
import Testing

@testable import DataGen

@Suite("Local times")
struct ClockTests {
  @Test("Daylight saving time begins and ends on the days the law says")
  func rules() throws {
    let zone = try #require(USZone("America/New_York"))
    let known = [
      (2007, 11, 4), (2015, 8, 1), (2020, 8, 1), (2024, 10, 3), (2025, 9, 2), (2026, 8, 1),
      (2030, 10, 3),
    ]
    for (year, march, november) in known {
      #expect(USZone.daylightTimeBegins(year) == CivilDate(year: year, month: 3, day: march))
      #expect(USZone.daylightTimeEnds(year) == CivilDate(year: year, month: 11, day: november))
    }
    #expect(zone.offsetMinutes(on: CivilDate(year: 2025, month: 3, day: 8)) == -300)
    #expect(zone.offsetMinutes(on: CivilDate(year: 2025, month: 3, day: 9)) == -240)
    #expect(zone.offsetMinutes(on: CivilDate(year: 2025, month: 11, day: 1)) == -240)
    #expect(zone.offsetMinutes(on: CivilDate(year: 2025, month: 11, day: 2)) == -300)
    #expect(zone.repeatsAnHour(on: CivilDate(year: 2025, month: 11, day: 2)))
    let phoenix = try #require(USZone("America/Phoenix"))
    #expect(phoenix.offsetMinutes(on: CivilDate(year: 2025, month: 7, day: 1)) == -420)
    #expect(!phoenix.repeatsAnHour(on: CivilDate(year: 2025, month: 11, day: 2)))
    #expect(USZone("Europe/Paris") == nil)
  }

  @Test("The first three clubs lie in New York, Chicago and Los Angeles, and 500 have own names")
  func clubs() {
    let clubs = (0..<500).map(Club.init)
    #expect(clubs.prefix(3).map(\.city) == ["New York", "Chicago", "Los Angeles"])
    #expect(clubs[2].zone.name == "America/Los_Angeles")
    #expect(clubs[0].id == "L01" && clubs[499].id == "L500")
    #expect(Set(clubs.map(\.name)).count == 500)
    #expect(clubs.allSatisfy { $0.zone.name != "UTC" })
  }

  /// Minutes east of UTC by location and day.
  private func offset(_ gym: ParsedGym, _ location: String, _ day: String) throws -> Int {
    let row = try #require(gym.all(.schedule).first { $0["location_id"] == location })
    let zone = try #require(USZone(row["time_zone"]))
    return zone.offsetMinutes(on: try #require(CivilDate(day)))
  }

  @Test("Offsets in visits are those of the club and the day, on both sides of a change")
  func offsets() throws {
    for gym in [try SampleGym.autumn.get(), try SampleGym.spring.get()] {
      var seen: Set<String> = []
      var known: [String: Int] = [:]
      for row in gym.distinct(.gymVisits) {
        let text = row["login_at"]
        guard text.dropFirst(11) >= "03:00:00" else { continue }
        let key = row["location_id"] + text.prefix(10)
        let minutes = try known[key] ?? offset(gym, row["location_id"], String(text.prefix(10)))
        known[key] = minutes
        #expect(
          text.hasSuffix("-\(padded(-minutes / 60, 2)):\(padded(-minutes % 60, 2))"), "\(text)")
        seen.insert(row["location_id"] + text.suffix(6))
      }
      // Four clubs change their offset, Phoenix does not.
      #expect(seen.count == 9)
    }
  }

  @Test("Check-ins are near the start of their class, however they are written")
  func checkIns() throws {
    for gym in [try SampleGym.autumn.get(), try SampleGym.spring.get()] {
      var classes: [String: ParsedGym.Row] = [:]
      for row in gym.all(.schedule) { classes[row["class_id"]] = row }
      var ways = [0, 0, 0]
      for row in gym.distinct(.classAttendance) where row["status"] == "attended" {
        let held = try #require(classes[row["class_id"]])
        let start = try instant(held["starts_at"].replacing(" ", with: "T") + ":00Z")
        let text = row["check_in_time"]
        var local: Int
        if text.hasSuffix("M") {
          local = try americanClock(text)
          ways[0] += 1
        } else {
          let isNight = held["starts_at"].hasSuffix("01:30")
          let minutes =
            try offset(gym, held["location_id"], row["class_date"]) + (isNight ? 60 : 0)
          local = try instant(text) + minutes * 60
          ways[text.hasSuffix("Z") ? 1 : 2] += 1
        }
        #expect((-720...360).contains(local - start), "\(row.values) \(held.values)")
      }
      #expect(ways.allSatisfy { $0 > 0 })
    }
  }

  @Test("On the day with two hours from one to two, each club that has it holds a class at 1:30")
  func doubledHour() throws {
    let gym = try SampleGym.autumn.get()
    let night = gym.distinct(.schedule).filter { $0["starts_at"].hasSuffix("01:30") }
    #expect(night.count == 4)
    #expect(try gym.count(.schedule, "doubled_hour_classes") == 4)
    #expect(night.allSatisfy { $0["starts_at"] == "2025-11-02 01:30" })
    #expect(night.allSatisfy { $0["ends_at"] == "2025-11-02 01:55" })
    #expect(Set(night.map { $0["location_id"] }) == ["L01", "L02", "L03", "L04"])
    let ids = Set(night.map { $0["class_id"] })
    let attended = gym.distinct(.classAttendance).filter {
      ids.contains($0["class_id"]) && $0["status"] == "attended"
    }
    #expect(!attended.isEmpty)
    // The class takes place the first time, in daylight saving time.
    for row in attended where row["check_in_time"].hasSuffix("Z") {
      let club = night.first { $0["class_id"] == row["class_id"] }?["location_id"] ?? ""
      let winter = try offset(gym, club, "2025-11-02")
      let start = CivilDate(year: 2025, month: 11, day: 2).daysSinceEpoch * 86_400 + 5400
      let begins = start - (winter + 60) * 60
      #expect(try (-720...360).contains(instant(row["check_in_time"]) - begins))
    }
    let visits = gym.distinct(.gymVisits).filter {
      $0["login_at"].hasPrefix("2025-11-02T0") && $0["login_at"].dropFirst(11) < "03"
    }
    #expect(visits.count == Set(attended.map { $0["user_id"] }).count)
    let calm = try SampleGym.spring.get()
    #expect(try calm.count(.schedule, "doubled_hour_classes") == 0)
  }

  @Test("Classes and visits lie within opening hours")
  func openingHours() throws {
    let gym = try SampleGym.spring.get()
    for row in gym.all(.schedule) {
      let time = row["starts_at"].dropFirst(11)
      #expect(time >= "04:30" && time < "22:15", "\(time)")
    }
    let logins = gym.all(.gymVisits).map { $0["login_at"].dropFirst(11).prefix(2) }
    #expect(Set(logins).isSubset(of: Set((4...22).map { Substring(padded($0, 2)) })))
    let counts = [Substring: Int](logins.map { ($0, 1) }, uniquingKeysWith: +)
    #expect(counts["17"] ?? 0 > 2 * (counts["14"] ?? 0))
  }
}

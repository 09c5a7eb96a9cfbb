import Basics
import Testing

@testable import DataGen

@Suite("The truth file, held against the files themselves")
struct TruthTests {
  private func bothGyms() throws -> [ParsedGym] {
    [try SampleGym.faulty.get(), try SampleGym.clean.get()]
  }

  @Test("Rows, distinct keys and exact repeats are those of the files")
  func rowsAndKeys() throws {
    for gym in try bothGyms() {
      for source in GymSource.allCases {
        let rows = gym.all(source)
        let entry = gym.truth["sources"]?[source.rawValue]
        #expect(entry?["rows"]?.int == Int64(rows.count), "\(source)")
        let keys = Set(rows.map { row in source.key.map { row[$0] } })
        #expect(entry?["distinct_keys"]?.int == Int64(keys.count), "\(source)")
        #expect(entry?["key"]?.array?.compactMap(\.string) == source.key)
        let repeats = rows.count - gym.distinct(source).count
        #expect(try gym.count(source, "exact_repeats") == repeats, "\(source)")
      }
    }
  }

  @Test("A gym without quirks has none, and no row twice")
  func cleanGym() throws {
    let gym = try SampleGym.clean.get()
    let natural: Set = [
      "deletes", "failed", "pending", "refunds", "retries", "rescheduled", "cancelled",
      "check_ins_utc", "check_ins_with_offset", "check_ins_local", "evening_visits",
    ]
    for source in GymSource.allCases {
      let quirks = try #require(gym.truth["sources"]?[source.rawValue]?["quirks"]?.object)
      for quirk in quirks where !natural.contains(quirk.name) {
        #expect(quirk.value.int == 0, "\(source) \(quirk.name)")
      }
    }
  }

  @Test("Repeats come in the same file or in the next day's")
  func repeatPlaces() throws {
    let gym = try SampleGym.faulty.get()
    for source in GymSource.allCases {
      var first: [[String: String]: CivilDate] = [:]
      var distances: Set<Int> = []
      for row in gym.all(source) {
        let day = try #require(CivilDate(row.fileDay))
        if let before = first[row.values] { distances.insert(day - before) }
        first[row.values] = first[row.values] ?? day
      }
      #expect(distances.isSubset(of: [0, 1]) && !distances.isEmpty, "\(source)")
    }
  }

  @Test("The faults of members are as many as counted")
  func members() throws {
    for gym in try bothGyms() {
      let rows = gym.distinct(.members)
      let profiles = rows.filter { $0["op"] != "delete" }
      #expect(try gym.count(.members, "deletes") == rows.count - profiles.count)
      let genderless = profiles.filter { $0["gender"].isEmpty }
      #expect(try gym.count(.members, "missing_genders") == genderless.count)
      let aliases = rows.filter { $0["member_id"] >= "M8000001" }
      #expect(try gym.count(.members, "second_ids") == aliases.count)
      let mixed = rows.filter {
        $0["email"] != $0["email"].lowercased() && $0["member_id"] < "M8000001"
      }
      let mixedAliases = aliases.filter { $0["email"] == $0["email"].uppercased() }
      #expect(try gym.count(.members, "mixed_case_emails") == mixed.count + mixedAliases.count)
      for row in rows where row["op"] == "delete" {
        #expect(Set(row.values.keys) == ["sequence", "op", "changed_at", "member_id"])
      }
    }
  }

  @Test("A second id has the name and telephone of another, and the e-mail in another case")
  func secondIDs() throws {
    let inserts = try SampleGym.faulty.get().distinct(.members).filter { $0["op"] == "insert" }
    let byPhone = [String: [ParsedGym.Row]](grouping: inserts) { $0["full_name"] + $0["phone"] }
    let aliases = inserts.filter { $0["member_id"] >= "M8000001" }
    #expect(!aliases.isEmpty)
    for alias in aliases {
      let twins = (byPhone[alias["full_name"] + alias["phone"]] ?? []).filter {
        $0["member_id"] != alias["member_id"]
          && $0["email"].lowercased() == alias["email"].lowercased()
      }
      #expect(twins.count == 1)
      #expect(twins.first?["email"] != alias["email"])
    }
  }

  @Test("Sequences follow the changes' times, and file order differs by the faults alone")
  func memberOrder() throws {
    let clean = try SampleGym.clean.get().all(.members)
    #expect(clean.map { $0.int("sequence") } == Array(1...clean.count))
    for day in Set(clean.map(\.fileDay)) {
      let times = try clean.filter { $0.fileDay == day }.map { try instant($0["changed_at"]) }
      #expect(times == times.sorted())
    }
    let gym = try SampleGym.faulty.get()
    let rows = gym.distinct(.members)
    #expect(Set(rows.map { $0.int("sequence") }).count == rows.count)
    var highest = 0
    var behind = 0
    for row in rows {
      if row.int("sequence") < highest { behind += 1 }
      highest = max(highest, row.int("sequence"))
    }
    let late = try gym.count(.members, "late_updates") + gym.count(.members, "late_profiles")
    let swapped = try gym.count(.members, "out_of_order")
    #expect(late > 0 && swapped > 0)
    // A late row comes after all of the day before; each swap puts one row or more behind.
    #expect(behind >= swapped)
    // A row a day late lies in the file after the one of its change's local day.
    let dayLate = try rows.filter { row in
      guard let file = CivilDate(row.fileDay) else { return false }
      let day = try instant(row["changed_at"]) - 5 * 3600
      return file.daysSinceEpoch * 86_400 - day > 0 && row.fileDay != "2025-01-01"
    }
    #expect(dayLate.count == late)
  }

  @Test("A late profile comes after the member's first visit")
  func lateProfiles() throws {
    let gym = try SampleGym.faulty.get()
    var firstVisit: [String: String] = [:]
    for visit in gym.all(.gymVisits) {
      let member = visit["member_id"]
      firstVisit[member] = min(firstVisit[member] ?? visit.fileDay, visit.fileDay)
    }
    let late = gym.distinct(.members).filter { row in
      row["op"] == "insert" && row["member_id"] < "M8000001"
        && row["signup_date"] >= "2025-01-01" && row.fileDay > row["signup_date"]
    }
    #expect(try gym.count(.members, "late_profiles") == late.count)
    #expect(late.allSatisfy { (firstVisit[$0["member_id"]] ?? "9") < $0.fileDay })
  }

  @Test("The faults of memberships, cancellations and billing are as many as counted")
  func money() throws {
    for gym in try bothGyms() {
      let mistakes = gym.distinct(.memberships).filter { $0["membership_id"] >= "S8000000" }
      #expect(try gym.count(.memberships, "overlaps") == mistakes.count)
      let known = Set(gym.all(.memberships).map { $0["membership_id"] })
      let strangers = gym.distinct(.cancellations).filter { !known.contains($0["membership_id"]) }
      #expect(try gym.count(.cancellations, "unknown_memberships") == strangers.count)
      let billing = gym.distinct(.billing)
      for status in ["failed", "pending"] {
        #expect(
          try gym.count(.billing, status) == billing.filter { $0["status"] == status }.count)
      }
      let refunds = billing.filter { $0["type"] == "refund" }
      #expect(try gym.count(.billing, "refunds") == refunds.count)
      #expect(
        try gym.count(.billing, "retries") == billing.filter { !$0["retry_of"].isEmpty }.count)
      #expect(billing.allSatisfy { $0.cents("amount") > 0 && $0["currency"] == "USD" })
      #expect(refunds.allSatisfy { $0["status"] == "paid" })
    }
  }

  @Test("The faults of the timetable are as many as counted")
  func schedule() throws {
    for gym in try bothGyms() {
      let rows = gym.distinct(.schedule)
      for status in ["rescheduled", "cancelled"] {
        let count = rows.filter { $0["status"] == status }.count
        #expect(try gym.count(.schedule, status) == count)
      }
      var names: [String: [String: Int]] = [:]
      for row in rows {
        names[row["instructor_id"], default: [:]][row["instructor_name"], default: 0] += 1
      }
      // An instructor's usual name is the one most rows have.
      let others = names.values.reduce(0) { $0 + $1.values.reduce(0, +) - ($1.values.max() ?? 0) }
      #expect(try gym.count(.schedule, "instructor_spellings") == others)
      #expect(names.values.allSatisfy { $0.count <= 2 })
    }
  }

  @Test("The faults of visits and facilities are as many as counted")
  func visits() throws {
    for gym in try bothGyms() {
      let visits = gym.distinct(.gymVisits)
      let open = visits.filter { $0["logout_at"].isEmpty }
      #expect(try gym.count(.gymVisits, "missing_logouts") == open.count)
      let overnight = visits.filter {
        !$0["logout_at"].isEmpty && $0["logout_at"].prefix(10) != $0["login_at"].prefix(10)
      }
      #expect(try gym.count(.gymVisits, "over_midnight") == overnight.count)
      let evening = visits.filter { $0["login_at"].dropFirst(11) >= "17:00:00" }
      #expect(try gym.count(.gymVisits, "evening_visits") == evening.count)
      let usage = gym.distinct(.facilityUsage)
      #expect(
        try gym.count(.facilityUsage, "negative_durations")
          == usage.filter { $0.int("duration_minutes") < 0 }.count)
      #expect(
        try gym.count(.facilityUsage, "absurd_durations")
          == usage.filter { $0.int("duration_minutes") > 1440 }.count)
    }
  }

  @Test("The faults of the shop and of trackers are as many as counted")
  func shopAndTrackers() throws {
    for gym in try bothGyms() {
      let lines = gym.distinct(.retail)
      let lower = lines.filter { !$0["sku"].contains("-") && !$0["sku"].contains("_") }
      #expect(try gym.count(.retail, "sku_lowercase") == lower.count)
      let under = lines.filter { $0["sku"].contains("_") }
      #expect(try gym.count(.retail, "sku_underscore") == under.count)
      #expect(under.allSatisfy { $0["sku"].hasSuffix(" ") && $0["sku"].utf8.count == 8 })
      #expect(lower.allSatisfy { $0["sku"] == $0["sku"].lowercased() })
      let returned = lines.filter { $0.int("quantity") < 0 }
      #expect(try gym.count(.retail, "returns") == returned.count)
      let idle = gym.distinct(.dailyActivity).filter { $0.int("TotalSteps") == 0 }
      #expect(try gym.count(.dailyActivity, "zero_step_days") == idle.count)
    }
  }

  @Test("Double check-ins are as many as counted, 0 to 120 seconds after the first")
  func doubleCheckIns() throws {
    for gym in try bothGyms() {
      let attended = gym.distinct(.classAttendance).filter { $0["status"] == "attended" }
      let groups = [String: [ParsedGym.Row]](grouping: attended) { $0["user_id"] + $0["class_id"] }
      var doubles = 0
      for group in groups.values where group.count > 1 {
        #expect(group.count == 2)
        let times = try group.map { try seconds($0["check_in_time"]) }
        #expect((0...120).contains(times[1] - times[0]))
        #expect(group[1]["attendance_id"] > "A5000000000")
        doubles += 1
      }
      #expect(try gym.count(.classAttendance, "double_check_ins") == doubles)
    }
  }

  @Test("Check-ins are written in three ways of a third each, one way for a club and month")
  func checkInFormats() throws {
    for gym in try bothGyms() {
      let clubs = [String: String](
        gym.all(.schedule).map { ($0["class_id"], $0["location_id"]) }, uniquingKeysWith: { $1 })
      var ways: [String: Set<Int>] = [:]
      var counts = [0, 0, 0]
      for row in gym.distinct(.classAttendance) where !row["check_in_time"].isEmpty {
        let text = row["check_in_time"]
        let way = text.hasSuffix("Z") ? 0 : text.hasSuffix("M") ? 2 : 1
        counts[way] += 1
        ways[(clubs[row["class_id"]] ?? "") + row["class_date"].prefix(7), default: []].insert(way)
      }
      #expect(ways.values.allSatisfy { $0.count == 1 })
      let total = counts.reduce(0, +)
      #expect(counts.allSatisfy { $0 * 100 > total * 22 && $0 * 100 < total * 45 }, "\(counts)")
      let names = ["check_ins_utc", "check_ins_with_offset", "check_ins_local"]
      #expect(try names.map { try gym.count(.classAttendance, $0) } == counts)
    }
  }

  private func seconds(_ checkIn: String) throws -> Int {
    try checkIn.hasSuffix("M") ? americanClock(checkIn) : instant(checkIn)
  }

  @Test("Each quirk hits the share of rows asked for, give or take four deviations")
  func shares() throws {
    let gym = try SampleGym.faulty.get()
    func check(_ source: GymSource, _ quirk: String, of units: Int) throws {
      let count = try gym.count(source, quirk)
      let mean = 0.06 * Double(units)
      let deviation = (mean * 0.94).squareRoot()
      #expect(abs(Double(count) - mean) < 4 * deviation + 1, "\(source) \(quirk): \(count)/\(mean)")
      #expect(count > 0, "\(source) \(quirk)")
    }
    for source in GymSource.allCases {
      try check(source, "exact_repeats", of: gym.distinct(source).count)
    }
    let inserts = gym.distinct(.members).filter {
      $0["op"] == "insert" && $0["member_id"] < "M8000001"
    }
    try check(.members, "second_ids", of: inserts.count)
    try check(.members, "missing_genders", of: inserts.count)
    let memberships = gym.distinct(.memberships).filter {
      $0["status"] == "active" && $0["membership_id"] < "S8000001"
    }
    let begun = Set(memberships.map { $0["membership_id"] })
    try check(.memberships, "overlaps", of: begun.count)
    try check(.schedule, "instructor_spellings", of: gym.distinct(.schedule).count)
    let attended = gym.distinct(.classAttendance).filter {
      $0["status"] == "attended" && $0["attendance_id"] < "A5000000000"
    }
    try check(.classAttendance, "double_check_ins", of: attended.count)
    try check(.gymVisits, "missing_logouts", of: gym.distinct(.gymVisits).count)
    try check(.gymVisits, "over_midnight", of: gym.count(.gymVisits, "evening_visits"))
    let usage = gym.distinct(.facilityUsage).count
    try check(.facilityUsage, "negative_durations", of: usage)
    try check(.facilityUsage, "absurd_durations", of: usage)
    try check(.retail, "sku_lowercase", of: gym.distinct(.retail).count)
    try check(.retail, "sku_underscore", of: gym.distinct(.retail).count)
    try check(.dailyActivity, "zero_step_days", of: gym.distinct(.dailyActivity).count)
  }
}

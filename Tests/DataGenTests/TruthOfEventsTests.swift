import Basics
import Testing

@testable import DataGen

@Suite("The truth file, held against memberships, classes, visits and the shop")
struct TruthOfEventsTests {
  private func bothGyms() throws -> [ParsedGym] {
    [try SampleGym.faulty.get(), try SampleGym.clean.get()]
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
    try checkTraining(check)
    let leads = Set(gym.all(.leads).map { $0["lead_id"] }).count
    try check(.leads, "missing_sources", of: leads)
    let events = gym.distinct(.appEvents).count
    let unknown = try gym.count(.appEvents, "unknown_events")
    try check(.appEvents, "unknown_events", of: events - unknown)
    try check(.appEvents, "missing_properties", of: events - unknown)
    try check(.classFeedback, "ratings_out_of_range", of: gym.distinct(.classFeedback).count)
  }

  /// The shares of what trackers and machines send.
  private func checkTraining(
    _ check: (GymSource, String, Int) throws -> Void
  ) throws {
    let gym = try SampleGym.faulty.get()
    let devices = gym.distinct(.registrations).filter { $0["registration_id"] < "G8000001" }
    try check(.registrations, "duplicates", devices.count)
    let lifts = gym.distinct(.equipmentUsage).filter { $0["weight_kg"] != "0.0" }
    try check(.equipmentUsage, "impossible_reps", lifts.count)
    let workouts = Set(gym.distinct(.workouts).map { $0["workout_id"] }).count
    try check(.workouts, "stops_without_start", workouts)
    try check(.workouts, "missing_stops", workouts)
    let rates = gym.distinct(.heartRate).count
    for quirk in ["zero_bpm", "bpm_300", "out_of_order"] { try check(.heartRate, quirk, rates) }
  }
}

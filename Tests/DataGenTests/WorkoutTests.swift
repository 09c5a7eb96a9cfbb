import Basics
import Testing

@testable import DataGen

@Suite("Workouts")
struct WorkoutTests {
  private func bothGyms() throws -> [ParsedGym] {
    [try SampleGym.faulty.get(), try SampleGym.clean.get()]
  }

  @Test(
    "A workout lies inside a visit of a member with that tracker, and sessions are counted from 1")
  func visits() throws {
    let gym = try SampleGym.clean.get()
    var visits: [String: [ParsedGym.Row]] = [:]
    for row in gym.all(.gymVisits) { visits[row["member_id"], default: []].append(row) }
    var devices: [String: String] = [:]
    for row in gym.all(.members) { devices[row["member_id"]] = row["device_id"] }
    let workouts = [String: [ParsedGym.Row]](grouping: gym.all(.workouts)) { $0["workout_id"] }
    var sessions: [String: [(Int, Int)]] = [:]
    for rows in workouts.values {
      #expect(rows.map { $0["action"] } == ["start", "stop"])
      let start = try instant(rows[0]["at"])
      let stop = try instant(rows[1]["at"])
      #expect(stop - start >= 600)
      let member = rows[0]["member_id"]
      #expect(devices[member] == rows[0]["device_id"] && rows[0]["device_id"] != "")
      let inside = try visits[member]?.filter {
        try instant($0["login_at"]) <= start && stop <= instant($0["logout_at"])
      }
      #expect(inside?.count == 1)
      sessions[member, default: []].append((start, rows[0].int("session_number")))
      #expect(rows[0]["session_number"] == rows[1]["session_number"])
    }
    for list in sessions.values {
      let numbers = list.sorted { $0.0 < $1.0 }.map(\.1)
      #expect(numbers == Array(1...numbers.count))
    }
    #expect(workouts.count > 1000)
  }

  @Test("Lost starts and stops, and complete workouts by month, are as counted")
  func figures() throws {
    for gym in try bothGyms() {
      let workouts = [String: [ParsedGym.Row]](
        grouping: gym.distinct(.workouts), by: { $0["workout_id"] })
      let single = workouts.values.filter { $0.count == 1 }
      let stops = single.filter { $0[0]["action"] == "stop" }.count
      #expect(try gym.count(.workouts, "stops_without_start") == stops)
      #expect(try gym.count(.workouts, "missing_stops") == single.count - stops)
      var sums: [String: [Int]] = [:]
      for rows in workouts.values where rows.count == 2 {
        let month = String(rows[0]["at"].prefix(7))
        let sum = sums[month] ?? [0, 0]
        sums[month] = [
          sum[0] + 1, try sum[1] + instant(rows[1]["at"]) - instant(rows[0]["at"]),
        ]
      }
      for month in try #require(gym.expected["workouts"]?.object) {
        #expect(month.value["completed"]?.int == Int64(sums[month.name]?[0] ?? 0))
        #expect(month.value["seconds"]?.int == Int64(sums[month.name]?[1] ?? 0))
      }
      #expect(gym.expected["workouts"]?.object?.count == sums.count)
    }
  }

  @Test("Heart rates lie in workouts of their device, a minute apart")
  func heartRates() throws {
    let gym = try SampleGym.clean.get()
    var spans: [String: [(Int, Int)]] = [:]
    var begun: [String: Int] = [:]
    for row in gym.all(.workouts) {
      let at = try instant(row["at"])
      if row["action"] == "start" {
        begun[row["workout_id"]] = at
      } else if let start = begun[row["workout_id"]] {
        spans[row["device_id"], default: []].append((start, at))
      }
    }
    var counts: [String: Int] = [:]
    for row in gym.all(.heartRate) {
      let at = try instant(row["at"])
      let span = try #require(
        spans[row["device_id"]]?.first { $0.0 <= at && at <= $0.1 }, "\(row.values)")
      #expect((at - span.0) % 60 == 0)
      counts["\(row["device_id"])/\(span.0)", default: 0] += 1
    }
    for (device, list) in spans where counts["\(device)/\(list[0].0)"] != nil {
      for (start, stop) in list {
        #expect(counts["\(device)/\(start)"] == (stop - start) / 60 + 1)
      }
    }
    #expect(gym.all(.heartRate).count > 5000)
  }

  @Test("Rates of 0 and 300, late workouts and their rows are as counted")
  func faults() throws {
    for gym in try bothGyms() {
      let rows = gym.distinct(.heartRate)
      #expect(try gym.count(.heartRate, "zero_bpm") == rows.filter { $0["bpm"] == "0" }.count)
      #expect(try gym.count(.heartRate, "bpm_300") == rows.filter { $0["bpm"] == "300" }.count)
      #expect(rows.allSatisfy { [0, 300].contains($0.int("bpm")) || (40...220) ~= $0.int("bpm") })
      var late: [String: Int] = [:]
      for row in rows {
        // The clubs lie west of Greenwich: nobody trains at three in the morning there.
        let day = try floorDivide(instant(row["at"]) - 9 * 3600, 86_400)
        guard let file = CivilDate(row.fileDay), file.daysSinceEpoch > day else { continue }
        late[row["device_id"] + row.fileDay, default: 0] += 1
      }
      #expect(try gym.count(.heartRate, "late") == late.count)
      #expect(try gym.count(.heartRate, "late_rows") == late.values.reduce(0, +))
      var behind = 0
      var last: [String: String] = [:]
      for row in rows {
        let key = row["device_id"] + row.fileDay
        if let before = last[key], before > row["at"] { behind += 1 }
        last[key] = row["at"]
      }
      let swapped = try gym.count(.heartRate, "out_of_order")
      #expect(behind == swapped)
    }
  }

  @Test("Heart rates by month, age and gender are as expected")
  func sums() throws {
    for gym in try bothGyms() {
      var profiles: [String: ParsedGym.Row] = [:]
      for row in gym.all(.members) where !row["device_id"].isEmpty {
        profiles[row["device_id"]] = row
      }
      var groups: [String: [Int]] = [:]
      for row in gym.distinct(.heartRate) where ![0, 300].contains(row.int("bpm")) {
        let profile = try #require(profiles[row["device_id"]])
        let age = (Int(row["at"].prefix(4)) ?? 0) - profile.int("birth_year")
        let bucket = HeartSum.ages[HeartSum.bounds.count { $0 <= age }]
        let gender = profile["gender"].isEmpty ? "missing" : profile["gender"]
        groups[String(row["at"].prefix(7)), default: []].append(row.int("bpm"))
        groups["\(bucket)/\(gender)", default: []].append(row.int("bpm"))
      }
      let told = try #require(gym.expected["heart_rate"])
      for month in try #require(told["by_month"]?.object) {
        try same(month.value, groups[month.name], month.name)
      }
      for age in try #require(told["by_age_and_gender"]?.object) {
        for gender in try #require(age.value.object) {
          let name = "\(age.name)/\(gender.name)"
          try same(gender.value, groups[name], name)
        }
      }
    }
  }

  private func same(_ told: JSON, _ rates: [Int]?, _ name: String) throws {
    guard let rates else {
      #expect(told == .object([.init("rows", .int(0))]), "\(name)")
      return
    }
    #expect(told["rows"]?.int == Int64(rates.count), "\(name)")
    #expect(told["sum"]?.int == Int64(rates.reduce(0, +)), "\(name)")
    #expect(told["min"]?.int == rates.min().map(Int64.init), "\(name)")
    #expect(told["max"]?.int == rates.max().map(Int64.init), "\(name)")
    let mean = Double(rates.reduce(0, +)) / Double(rates.count)
    #expect(abs(try #require(told["avg"]?.double) - mean) <= 0.0051, "\(name)")
  }

  @Test("Hearts begin near rest and beat faster the harder the class and the younger the member")
  func effort() throws {
    let seed: UInt64 = 3
    let settings = try GymSettings(GymOptions(seed: seed, quirks: 0))
    let faults = ProfileFaults(settings)
    var young: [Double] = []
    var old: [Double] = []
    for member in 0..<400 {
      let wearer = HeartWearer(seed: seed, member: member, faults: faults, firstYear: 2025)
      func rates(_ type: ClassType?) -> [Int] {
        let visit = VisitEvent(
          member: UInt32(member), login: 0, logout: 5000, checkIn: 300, classEnds: 3900,
          offset: 0, club: 0, classType: type)
        var day = 0
        while day < 20 {
          if let workout = Workout(of: visit, day: day, seed: seed) {
            var curve = HeartCurve(workout, wearer, year: 2025, seed: seed, day: day)
            return stride(from: 0, through: Int(workout.stop - workout.start), by: 30)
              .map { curve.rate(at: $0) }
          }
          day += 1
        }
        return []
      }
      func plateau(_ rates: [Int]) -> Double {
        let middle = rates.dropFirst(20).dropLast(14)
        return Double(middle.reduce(0, +)) / Double(middle.count)
      }
      let spin = rates(.spin)
      #expect(spin[0] < Int(wearer.rest) + 30)
      #expect(plateau(spin) > Double(spin[0]) + 20)
      #expect(plateau(spin) > plateau(rates(.stretch)) + 10)
      if 2025 - wearer.birthYear < 30 { young.append(plateau(spin)) }
      if 2025 - wearer.birthYear > 45 { old.append(plateau(spin)) }
    }
    func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(values.count) }
    #expect(young.count > 20 && old.count > 20)
    #expect(mean(young) > mean(old) + 10)
  }
}

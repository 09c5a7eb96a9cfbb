import Basics
import Testing

@testable import DataGen

@Suite("The story the files tell")
struct ConsistencyTests {
  private let gym: ParsedGym

  init() throws { gym = try SampleGym.faulty.get() }

  /// The days a member may come: from the start of a membership to its end, without freezes.
  private func activeDays() throws -> [String: Set<Int>] {
    let last = try #require(gym.expected["through"]?.string.flatMap { CivilDate($0) })
    let first = try #require(gym.expected["from"]?.string.flatMap { CivilDate($0) })
    var days: [String: Set<Int>] = [:]
    let rows = gym.distinct(.memberships).filter { $0["membership_id"] < "S8000000" }
    for (_, history) in [String: [ParsedGym.Row]](grouping: rows, by: { $0["membership_id"] }) {
      for (index, row) in history.enumerated() where row["status"] == "active" {
        let start = try #require(CivilDate(index == 0 ? row["start_date"] : row.fileDay))
        var end = last
        if index + 1 < history.count {
          let next = history[index + 1]
          // A freeze begins on the day of its row; a membership ends on its last day.
          end =
            next["status"] == "frozen"
            ? try #require(CivilDate(next.fileDay)) + -1
            : try #require(CivilDate(next["end_date"]))
        }
        guard start <= end else { continue }
        let range = max(start, first + -1).daysSinceEpoch...max(end, first + -1).daysSinceEpoch
        days[row["member_id"], default: []].formUnion(range)
      }
    }
    return days
  }

  @Test("Whoever comes has an active membership that day")
  func membership() throws {
    let active = try activeDays()
    var checked = 0
    for row in gym.distinct(.gymVisits) {
      let day = try #require(CivilDate(row["login_at"].prefix(10)))
      #expect(active[row["member_id"]]?.contains(day.daysSinceEpoch) == true, "\(row.values)")
      checked += 1
    }
    for row in gym.distinct(.classAttendance) where row["status"] == "attended" {
      let day = try #require(CivilDate(row["class_date"]))
      #expect(active[row["user_id"]]?.contains(day.daysSinceEpoch) == true, "\(row.values)")
      checked += 1
    }
    #expect(checked > 5000)
  }

  @Test("A member visits once a day at most, and a class lies inside a visit")
  func visits() throws {
    var visits: [String: ParsedGym.Row] = [:]
    for row in gym.distinct(.gymVisits) {
      let key = row["member_id"] + row["login_at"].prefix(10)
      #expect(visits.updateValue(row, forKey: key) == nil)
      guard !row["logout_at"].isEmpty else { continue }
      let minutes = try (instant(row["logout_at"]) - instant(row["login_at"])) / 60
      #expect((1...540).contains(minutes), "\(row.values)")
    }
    for row in gym.distinct(.classAttendance) where row["check_in_time"].hasSuffix("Z") {
      let visit = try #require(visits[row["user_id"] + row["class_date"]], "\(row.values)")
      let checkIn = try instant(row["check_in_time"])
      #expect(try instant(visit["login_at"]) < checkIn)
      if !visit["logout_at"].isEmpty { #expect(try instant(visit["logout_at"]) > checkIn) }
    }
  }

  @Test("A booking is followed by one outcome on the class's day, never before it was booked")
  func bookings() throws {
    let through = try #require(gym.expected["through"]?.string)
    let rows = gym.distinct(.classAttendance).filter { $0["attendance_id"] < "A5000000000" }
    for (_, history) in [String: [ParsedGym.Row]](grouping: rows, by: { $0["attendance_id"] }) {
      let first = history[0]
      #expect(["booked", "waitlisted"].contains(first["status"]))
      #expect(first["updated_at"] == first["booked_at"])
      #expect(history.count == (first["class_date"] <= through ? 2 : 1))
      guard history.count == 2 else { continue }
      let last = history[1]
      #expect(last["status"] != "booked")
      #expect(last.fileDay == last["class_date"])
      #expect(last["updated_at"] > first["updated_at"])
      #expect(last["check_in_time"].isEmpty == (last["status"] != "attended"))
      #expect(first["check_in_time"].isEmpty)
    }
    #expect(Set(rows.map { $0["status"] }).count == 5)
  }

  @Test("Classes are known before they are booked, at most full, and held by their instructor")
  func classes() throws {
    var classes: [String: ParsedGym.Row] = [:]
    var places: [String: Int] = [:]
    for row in gym.all(.schedule) { classes[row["class_id"]] = row }
    for row in gym.distinct(.classAttendance) where row["attendance_id"] < "A5000000000" {
      let held = try #require(classes[row["class_id"]])
      #expect(held["instructor_id"] == row["instructor_id"])
      #expect(held["starts_at"].prefix(10) == row["class_date"])
      if row["status"] == "attended" { places[row["class_id"], default: 0] += 1 }
      if held["status"] == "cancelled" { #expect(row["status"] != "attended") }
    }
    for (id, taken) in places {
      #expect(taken <= classes[id]?.int("capacity") ?? 0, "\(id)")
    }
    #expect(Set(classes.values.map { $0["class_type"] }).count == 8)
    for row in gym.all(.schedule) where row["status"] == "scheduled" {
      let day = try #require(CivilDate(row["starts_at"].prefix(10)))
      let known = try #require(CivilDate(row["updated_at"].prefix(10)))
      #expect(day - known == 7, "\(row.values)")
    }
  }

  @Test("Everybody who appears is a member whose profile was sent")
  func profiles() throws {
    let known = Set(gym.all(.members).map { $0["member_id"] })
    for source in [GymSource.memberships, .billing, .gymVisits, .facilityUsage] {
      let unknown = gym.all(source).filter { !known.contains($0["member_id"]) }
      // A profile that is a day late may lie beyond the last file.
      #expect(unknown.allSatisfy { $0.fileDay >= "2025-03-03" }, "\(source)")
    }
    let inserts = gym.distinct(.members).filter { $0["op"] == "insert" }
    #expect(inserts.filter { $0.fileDay == "2025-01-01" }.count > 500)
    let devices = inserts.map { $0["device_id"] }.filter { !$0.isEmpty }
    #expect(Set(devices).count == devices.count)
    #expect(devices.allSatisfy { $0.utf8.count == 10 })
    let share = Double(devices.count) / Double(inserts.count)
    #expect(share > 0.22 && share < 0.38)
    let worn = Set(gym.all(.dailyActivity).map { $0["Id"] })
    #expect(worn.subtracting(devices).count <= 1)
    #expect(inserts.allSatisfy { $0["email"].lowercased().contains("@example.") })
    #expect(inserts.allSatisfy { $0["phone"].contains("555-01") })
  }

  @Test("Failed charges are tried again three days later, and some are never paid")
  func retries() throws {
    let rows = gym.distinct(.billing)
    let byID = [String: ParsedGym.Row](
      uniqueKeysWithValues: rows.map { ($0["transaction_id"], $0) })
    var again: Set<String> = []
    for row in rows where !row["retry_of"].isEmpty {
      let first = try #require(byID[row["retry_of"]])
      #expect(["failed", "pending"].contains(first["status"]))
      #expect(first["amount"] == row["amount"] && first["member_id"] == row["member_id"])
      let before = try #require(CivilDate(first.fileDay))
      #expect(CivilDate(row.fileDay) == before + 3)
      again.insert(row["retry_of"])
    }
    #expect(again.count > 10)
    for row in rows where row["status"] == "failed" && !again.contains(row["transaction_id"]) {
      // Given up after four tries, or the next try lies beyond the last file.
      let isLast = row.fileDay > "2025-02-28"
      #expect(isLast || !row["retry_of"].isEmpty, "\(row.values)")
    }
  }

  @Test("Facilities and the shop are used during a visit")
  func sideVisits() throws {
    var logins: [String: Int] = [:]
    for row in gym.distinct(.gymVisits) {
      logins[row["member_id"] + row["login_at"].prefix(10)] = try instant(row["login_at"])
    }
    for row in gym.distinct(.facilityUsage) {
      let login = try #require(logins[row["member_id"] + row["started_at"].prefix(10)])
      #expect(try instant(row["started_at"]) > login)
    }
    let sold = gym.distinct(.retail)
    let guests = sold.filter { $0["member_id"].isEmpty }
    #expect(!guests.isEmpty && guests.count < sold.count)
    let prices = [String: String](
      Catalogue.products.map { ($0.sku, Truth.money($0.cents)) }, uniquingKeysWith: { $1 })
    for row in sold where row["sku"].contains("-") {
      #expect(prices[row["sku"]] == row["unit_price"])
    }
    #expect(Catalogue.products.count == prices.count && prices.count >= 60)
  }

  @Test("Trackers write exactly the columns of Fitbit's export, and numbers like its numbers")
  func trackers() throws {
    let store = try makeGym(GymOptions(members: 50, clubs: 1, days: 1, format: .ndjsonLZ4))
    let text = String(
      decoding: try store.read("daily_activity/daily_activity_2025-01-01.csv"), as: UTF8.self)
    let lines = text.split(separator: "\n")
    #expect(
      lines.first
        == "Id,ActivityDate,TotalSteps,TotalDistance,TrackerDistance,LoggedActivitiesDistance,VeryActiveDistance,ModeratelyActiveDistance,LightActiveDistance,SedentaryActiveDistance,VeryActiveMinutes,FairlyActiveMinutes,LightlyActiveMinutes,SedentaryMinutes,Calories"
    )
    #expect(lines.dropFirst().allSatisfy { $0.split(separator: ",")[1] == "1/1/2025" })
    let rows = gym.distinct(.dailyActivity)
    let steps = rows.map { $0.int("TotalSteps") }.sorted()
    #expect((5500...9000).contains(steps[steps.count / 2]))
    let calories = rows.map { $0.int("Calories") }.sorted()
    #expect((1900...2700).contains(calories[calories.count / 2]))
    for row in rows {
      let minutes = ["VeryActive", "FairlyActive", "LightlyActive", "Sedentary"]
        .reduce(0) { $0 + row.int($1 + "Minutes") }
      #expect((0...1440).contains(minutes))
    }
  }
}

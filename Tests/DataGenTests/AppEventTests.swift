import Basics
import Testing

@testable import DataGen

@Suite("Events of the app")
struct AppEventTests {
  private static let known: Set = [
    "calendar_view", "screen_view", "booking", "goal_set", "goal_reached",
  ]

  private func bothGyms() throws -> [ParsedGym] {
    [try SampleGym.faulty.get(), try SampleGym.clean.get()]
  }

  /// The properties of a row; nil where they are missing.
  private func properties(_ row: ParsedGym.Row) throws -> JSON? {
    row["properties"].isEmpty ? nil : try JSON(parsing: Array(row["properties"].utf8))
  }

  @Test("Unknown names and missing properties are as many as counted")
  func faults() throws {
    for gym in try bothGyms() {
      let rows = gym.distinct(.appEvents)
      let unknown = rows.filter { !AppEventTests.known.contains($0["event"]) }
      #expect(try gym.count(.appEvents, "unknown_events") == unknown.count)
      let bare = rows.filter { $0["properties"].isEmpty }
      #expect(try gym.count(.appEvents, "missing_properties") == bare.count)
      for name in AppEventTests.known {
        let count = rows.filter { $0["event"] == name }.count
        #expect(gym.expected["app_events"]?[name]?.int == Int64(count), "\(name)")
        #expect(count > 0, "\(name)")
      }
    }
  }

  @Test("Properties are nested and the same in JSON and in CSV")
  func nested() throws {
    for gym in try bothGyms() {
      for row in gym.distinct(.appEvents) where !row["properties"].isEmpty {
        let properties = try #require(try properties(row))
        #expect(properties["session_id"]?.string?.hasPrefix("P") == true)
        #expect(["ios", "android"].contains(properties["device"]?["os"]?.string))
        #expect(properties["device"]?["version"]?.string?.isEmpty == false)
        #expect(row["occurred_at"].utf8.count == 24 && row["occurred_at"].hasSuffix("Z"))
        if row["event"].hasPrefix("goal") {
          #expect(properties["goal"]?["kind"]?.string == "visits_per_week")
        }
      }
    }
  }

  @Test("Sessions by step and month are as expected, and come near the planted rates")
  func funnel() throws {
    for gym in try bothGyms() {
      var sessions: [String: [String: Set<String>]] = [:]
      for row in gym.distinct(.appEvents) {
        guard let properties = try properties(row), AppEventTests.known.contains(row["event"])
        else { continue }
        if row["event"] == "screen_view", properties["screen"]?.string != "class" { continue }
        let session = try #require(properties["session_id"]?.string)
        sessions[String(row["occurred_at"].prefix(7)), default: [:]][row["event"], default: []]
          .insert(session)
      }
      let steps = ["calendar_view", "screen_view", "booking"]
      var totals = [0.0, 0, 0]
      for month in try #require(gym.expected["app_funnel"]?.object) {
        for (index, step) in steps.enumerated() {
          let count = sessions[month.name]?[step]?.count ?? 0
          #expect(month.value[step]?.int == Int64(count), "\(month.name) \(step)")
          totals[index] += Double(count)
        }
      }
      #expect(abs(totals[1] / totals[0] - Funnel.toClass) < 0.03, "\(totals)")
      #expect(abs(totals[2] / totals[1] - Funnel.toBooking) < 0.03, "\(totals)")
    }
  }

  @Test("A booking in the app is one of the bookings, made at that second")
  func bookings() throws {
    let gym = try SampleGym.clean.get()
    var made: Set<String> = []
    for row in gym.all(.classAttendance) {
      made.insert(row["user_id"] + row["class_id"] + row["booked_at"].prefix(19))
    }
    let rows = gym.all(.appEvents).filter { $0["event"] == "booking" }
    for row in rows {
      let properties = try #require(try properties(row))
      let id = try #require(properties["class_id"]?.string)
      #expect(made.contains(row["member_id"] + id + row["occurred_at"].prefix(19)))
      #expect((0...7).contains(properties["booking"]?["lead_days"]?.int ?? -1))
      #expect(properties["booking"]?["waitlisted"]?.bool != nil)
    }
    let booked = Set(gym.all(.classAttendance).map { $0["attendance_id"] }).count
    let share = Double(rows.count) / Double(booked)
    #expect(abs(share - Funnel.appShare) < 0.03, "\(share)")
  }

  @Test("A goal is reached on the day of the visit that makes the week's number full")
  func goals() throws {
    let gym = try SampleGym.clean.get()
    var visits: [String: Set<CivilDate>] = [:]
    for row in gym.all(.gymVisits) {
      let day = try #require(CivilDate(row["login_at"].prefix(10)))
      visits[row["member_id"], default: []].insert(day)
    }
    let reached = gym.all(.appEvents).filter { $0["event"] == "goal_reached" }
    #expect(reached.count > 10)
    for row in reached {
      let target = try #require(try properties(row)?["goal"]?["target"]?.int)
      let day = try #require(CivilDate(row.fileDay))
      let monday = day + -day.weekday
      let count = visits[row["member_id"]]?.count { $0 >= monday && $0 <= day } ?? 0
      // Visits of the week before the goal was set do not count.
      #expect(Int64(count) >= target, "\(row.values)")
      #expect(visits[row["member_id"]]?.contains(day) == true)
    }
  }
}

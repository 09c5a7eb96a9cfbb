import Basics
import Storage
import Testing

@testable import DataGen

@Suite("Ratings of classes")
struct FeedbackTests {
  private func bothGyms() throws -> [ParsedGym] {
    [try SampleGym.faulty.get(), try SampleGym.clean.get()]
  }

  /// Attended bookings by their id.
  private func attended(_ gym: ParsedGym) -> [String: ParsedGym.Row] {
    [String: ParsedGym.Row](
      gym.all(.classAttendance).filter { $0["status"] == "attended" }
        .map { ($0["attendance_id"], $0) }, uniquingKeysWith: { first, _ in first })
  }

  @Test("Who rates a class came to it, rates it once, and after it was over")
  func bookings() throws {
    for gym in try bothGyms() {
      let attended = attended(gym)
      var ends: [String: Int] = [:]
      for row in gym.all(.schedule) {
        let zone = try #require(USZone(row["time_zone"]))
        let day = try #require(CivilDate(row["ends_at"].prefix(10)))
        let local = try instant(row["ends_at"].replacing(" ", with: "T") + ":00Z")
        ends[row["class_id"]] = local - zone.offsetMinutes(on: day) * 60
      }
      var forms: [String: String] = [:]
      for row in gym.all(.classFeedback) {
        let booking = try #require(attended[row["attendance_id"]], "\(row.values)")
        let known = forms.updateValue(row["feedback_id"], forKey: row["attendance_id"])
        #expect(known == nil || known == row["feedback_id"])
        let end = try #require(ends[booking["class_id"]])
        #expect(try instant(row["submitted_at"]) >= end)
        #expect(row["updated_at"] >= row["submitted_at"])
      }
      let firsts = gym.distinct(.classFeedback).filter { $0["updated_at"] == $0["submitted_at"] }
      let share = Double(firsts.count) / Double(attended.count)
      #expect(abs(share - Ratings.share) < 0.02, "\(share)")
      let edits = gym.distinct(.classFeedback).count - firsts.count
      #expect(try gym.count(.classFeedback, "edits") == edits)
      #expect(edits > 20)
    }
  }

  @Test("Ratings and their sum by instructor are as expected, the newest in range counts")
  func figures() throws {
    for gym in try bothGyms() {
      let attended = attended(gym)
      var valid: [String: ParsedGym.Row] = [:]
      var strange = 0
      for row in gym.distinct(.classFeedback) {
        if (1...5).contains(row.int("rating")) {
          let before = valid[row["feedback_id"]]
          if before?["updated_at"] ?? "" < row["updated_at"] { valid[row["feedback_id"]] = row }
        } else {
          #expect([0, 6, 11, -1].contains(row.int("rating")))
          strange += 1
        }
      }
      #expect(try gym.count(.classFeedback, "ratings_out_of_range") == strange)
      var sums: [String: [Int64]] = [:]
      for row in valid.values {
        let instructor = attended[row["attendance_id"]]?["instructor_id"] ?? ""
        let sum = sums[instructor] ?? [0, 0]
        sums[instructor] = [sum[0] + 1, sum[1] + Int64(row.int("rating"))]
      }
      let expected = try #require(gym.expected["rating_by_instructor"]?.object)
      var told: [String: [Int64]] = [:]
      for member in expected {
        told[member.name] = ["ratings", "sum"].compactMap { member.value[$0]?.int }
      }
      #expect(told == sums)
    }
  }

  @Test("Mean ratings follow the instructors' planted qualities")
  func quality() throws {
    let gym = try GymGenerator(
      GymOptions(members: 3000, clubs: 2, days: 90, sources: [.classFeedback])
    ).generate(into: MemoryStore())
    let expected = try #require(gym.expected["rating_by_instructor"]?.object)
    var checked = 0
    for member in expected {
      let count = Double(try #require(member.value["ratings"]?.int))
      guard count >= 30 else { continue }
      let mean = Double(try #require(member.value["sum"]?.int)) / count
      let quality = try #require(
        gym.truth["planted"]?["rating_by_instructor"]?[member.name]?.double)
      // A rating's deviation is below 0.9.
      #expect(abs(mean - quality) < 4 * 0.9 / count.squareRoot(), "\(member.name)")
      checked += 1
    }
    #expect(checked > 5)
  }

  @Test("Some hundred comments are there, and a newcomer's rating may have none")
  func comments() throws {
    let rows = try SampleGym.clean.get().all(.classFeedback)
    let comments = rows.map { $0["comment"] }.filter { !$0.isEmpty }
    #expect(comments.count < rows.count && comments.count * 3 > rows.count)
    #expect(Set(comments).count > 100)
    #expect(comments.contains { $0.contains("\"") } && comments.contains { $0.contains(",") })
  }
}

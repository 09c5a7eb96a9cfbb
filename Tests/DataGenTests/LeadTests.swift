import Basics
import Storage
import Testing

@testable import DataGen

@Suite("Leads")
struct LeadTests {
  private func bothGyms() throws -> [ParsedGym] {
    [try SampleGym.faulty.get(), try SampleGym.clean.get()]
  }

  /// The rows of each lead in order.
  private func histories(_ gym: ParsedGym) -> [[ParsedGym.Row]] {
    let groups = [String: [ParsedGym.Row]](grouping: gym.distinct(.leads)) { $0["lead_id"] }
    return groups.sorted { $0.key < $1.key }.map(\.value)
  }

  @Test("A lead is created, may try for two weeks, and may become a member, in this order")
  func stories() throws {
    for gym in try bothGyms() {
      for rows in histories(gym) {
        let first = rows[0]
        #expect(first["created_at"] == first["updated_at"])
        #expect(first["trial_start"].isEmpty && first["converted_member_id"].isEmpty)
        #expect(rows.count <= 3)
        for (before, row) in zip(rows, rows.dropFirst()) {
          #expect(row["updated_at"] > before["updated_at"], "\(row.values)")
          #expect(row["created_at"] == first["created_at"])
          #expect(row["source"] == first["source"] && row["location_id"] == first["location_id"])
        }
        guard let last = rows.last, !last["trial_start"].isEmpty else { continue }
        let start = try #require(CivilDate(last["trial_start"]))
        #expect(CivilDate(last["trial_end"]) == start + 13)
        let began = try #require(rows.first { !$0["trial_start"].isEmpty })
        #expect(began.fileDay == max(last["trial_start"], "2025-01-01"))
      }
      let ids = histories(gym).map { $0[0]["lead_id"] }
      #expect(ids.first == "L000001" && ids.last == "L" + padded(ids.count, 6))
    }
  }

  @Test("About seven in ten who join were leads before, of the same club and day")
  func joins() throws {
    let gym = try SampleGym.clean.get()
    let joined = [String: ParsedGym.Row](
      gym.all(.members).filter { $0["op"] == "insert" && $0["signup_date"] >= "2025-01-01" }
        .map { ($0["member_id"], $0) }, uniquingKeysWith: { first, _ in first })
    let converted = gym.all(.leads).filter { !$0["converted_member_id"].isEmpty }
    #expect(Set(converted.map { $0["converted_member_id"] }).count == converted.count)
    for row in converted {
      let member = try #require(joined[row["converted_member_id"]])
      #expect(member["signup_date"] == row.fileDay && member["home_club"] == row["location_id"])
      #expect(try instant(row["updated_at"]) == instant(member["changed_at"]) + 300)
    }
    let mean = 0.7 * Double(joined.count)
    #expect(abs(Double(converted.count) - mean) < 4 * (mean * 0.3).squareRoot())
  }

  @Test("Leads, trials and members by source are as expected")
  func figures() throws {
    for gym in try bothGyms() {
      var sums: [String: [Int]] = [:]
      var missing = 0
      for rows in histories(gym) {
        let source = rows[0]["source"].isEmpty ? "missing" : rows[0]["source"]
        if source == "missing" { missing += 1 }
        var sum = sums[source] ?? [0, 0, 0]
        sum[0] += 1
        if rows.contains(where: { !$0["trial_start"].isEmpty }) { sum[1] += 1 }
        if rows.contains(where: { !$0["converted_member_id"].isEmpty }) { sum[2] += 1 }
        sums[source] = sum
      }
      #expect(try gym.count(.leads, "missing_sources") == missing)
      let expected = try #require(gym.expected["leads_by_source"]?.object)
      #expect(expected.map(\.name) == ["referral", "walk-in", "web", "partner", "missing"])
      for (name, value) in expected.map({ ($0.name, $0.value) }) {
        let told = ["leads", "trials", "converted"].map { value[$0]?.int }
        #expect(told == (sums[name] ?? [0, 0, 0]).map(Int64.init), "\(name)")
      }
    }
  }

  @Test("Over a year leads become members as often as planted: referrals most, the web least")
  func conversion() throws {
    let gym = try GymGenerator(
      GymOptions(members: 4000, clubs: 2, days: 365, quirks: 0, sources: [.leads])
    ).generate(into: MemoryStore())
    for source in LeadSource.allCases {
      let name = source.name.description
      let told = gym.expected["leads_by_source"]?[name]
      let leads = Double(try #require(told?["leads"]?.int))
      let rate = Double(try #require(told?["converted"]?.int)) / leads
      let deviation = (source.conversion * (1 - source.conversion) / leads).squareRoot()
      // Of the last weeks some have not decided yet.
      #expect(abs(rate - source.conversion) < 4 * deviation + 0.02, "\(name) \(rate)")
      let planted = gym.truth["planted"]?["leads"]?["conversion"]?[name]?.double
      #expect(planted == source.conversion)
    }
  }
}

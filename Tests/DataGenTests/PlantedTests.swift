import Basics
import Testing

@testable import DataGen

@Suite("The planted effects that the truth file states")
struct PlantedTests {
  private func planted() throws -> JSON {
    try #require(SampleGym.faulty.get().truth["planted"])
  }

  @Test("They are those that the simulation goes by")
  func effects() throws {
    let planted = try planted()
    #expect(
      planted.object?.map(\.name) == [
        "churn", "joins", "leads", "app_funnel", "rating_by_instructor", "heart_rate",
      ])
    let churn = planted["churn"]?["factor_by_visits_in_30_days"]?.object
    #expect(churn?.map(\.name) == ["0", "1-2", "3-5", "6-9", "10 and more"])
    let none = try #require(churn?.first?.value.double)
    let many = try #require(churn?.last?.value.double)
    #expect(none > 10 * many && none < 11 * many)
    let joins = try #require(planted["joins"]?["factor_by_month"]?.object)
    let highest = joins.sorted { ($0.value.double ?? 0) > ($1.value.double ?? 0) }.map(\.name)
    #expect(highest.first == "01" && highest.dropFirst().prefix(2).contains("09"))
    #expect(joins.count == 12)
    let web = try #require(planted["leads"]?["conversion"]?["web"]?.double)
    let referral = try #require(planted["leads"]?["conversion"]?["referral"]?.double)
    #expect(web < referral)
    #expect(planted["app_funnel"]?["screen_view_to_booking"]?.double == Funnel.toBooking)
    #expect(planted["heart_rate"]?["effort"]?["HIIT"]?.double == ClassType.hiit.effort)
    #expect(planted["heart_rate"]?["effort"]?["no class"]?.double == HeartCurve.freeEffort)
  }

  @Test("Every instructor of the timetable has a quality, whichever sources are written")
  func ratings() throws {
    let known = Set(try SampleGym.faulty.get().all(.schedule).map { $0["instructor_id"] })
    let told = try #require(planted()["rating_by_instructor"]?.object)
    #expect(known.isSubset(of: told.map(\.name)))
    #expect(told.allSatisfy { (2.6...4) ~= $0.value.double ?? 0 })
    let alone = try GymSettings(
      GymOptions(members: 500, clubs: 3, seed: 11, quirks: 0.06, sources: [.leads]))
    #expect(Planted.json(alone, instructors: told.count) == (try planted()))
  }
}

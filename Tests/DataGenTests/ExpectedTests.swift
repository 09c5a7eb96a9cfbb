import Basics
import Testing

@testable import DataGen

@Suite("The expected figures, computed again from the files with the faults removed")
struct ExpectedTests {
  private func bothGyms() throws -> [ParsedGym] {
    [try SampleGym.faulty.get(), try SampleGym.clean.get()]
  }

  private func map(_ json: JSON?) throws -> [String: Int] {
    let members = try #require(json?.object)
    return [String: Int](
      uniqueKeysWithValues: members.compactMap { member in
        member.value.int.map { (member.name, Int($0)) }
      })
  }

  @Test("Active members by day, week and month")
  func activeMembers() throws {
    for gym in try bothGyms() {
      var days: [String: Set<String>] = [:]
      for row in gym.all(.gymVisits) {
        days[String(row["login_at"].prefix(10)), default: []].insert(row["member_id"])
      }
      for row in gym.all(.classAttendance) where row["status"] == "attended" {
        days[row["class_date"], default: []].insert(row["user_id"])
      }
      #expect(try map(gym.expected["active_members_by_day"]) == days.mapValues(\.count))
      var byMonth: [String: Set<String>] = [:]
      var byWeek: [String: Set<String>] = [:]
      for (day, members) in days {
        let date = try #require(CivilDate(day))
        byMonth[String(day.prefix(7)), default: []].formUnion(members)
        byWeek[(date + -date.weekday).description, default: []].formUnion(members)
      }
      #expect(try map(gym.expected["active_members_by_month"]) == byMonth.mapValues(\.count))
      #expect(try map(gym.expected["active_members_by_week"]) == byWeek.mapValues(\.count))
    }
  }

  @Test("Attendance by kind of class")
  func attendance() throws {
    for gym in try bothGyms() {
      let types = [String: String](
        gym.all(.schedule).map { ($0["class_id"], $0["class_type"]) }, uniquingKeysWith: { $1 })
      var last: [String: ParsedGym.Row] = [:]
      for row in gym.distinct(.classAttendance) {
        let id = row["attendance_id"]
        if let before = last[id], try instant(before["updated_at"]) > instant(row["updated_at"]) {
          continue
        }
        last[id] = row
      }
      // Of two check-ins of one person in one class, the lower id is the one that counts.
      var counts: [String: [String: Int]] = [:]
      var seen: Set<String> = []
      let lastDay = try #require(gym.expected["through"]?.string)
      for row in last.values.sorted(by: { $0["attendance_id"] < $1["attendance_id"] }) {
        guard row["class_date"] <= lastDay else { continue }
        let pair = row["user_id"] + row["class_id"]
        if row["status"] == "attended", !seen.insert(pair).inserted { continue }
        counts[types[row["class_id"]] ?? "", default: [:]][row["status"], default: 0] += 1
      }
      let expected = try #require(gym.expected["attendance_by_class_type"]?.object)
      #expect(expected.count == 8)
      for member in expected {
        let wanted = try map(member.value).filter { $0.value > 0 }
        #expect(wanted == counts[member.name] ?? [:], "\(member.name)")
      }
    }
  }

  @Test("Paid charges and refunds, in total and by plan")
  func billing() throws {
    for gym in try bothGyms() {
      let plans = [String: String](
        gym.all(.memberships).map { ($0["membership_id"], $0["plan"]) }, uniquingKeysWith: { $1 })
      var sums: [String: [Int]] = [:]
      for row in gym.distinct(.billing) where row["status"] == "paid" {
        let column = row["type"] == "refund" ? 1 : 0
        sums[plans[row["membership_id"]] ?? "", default: [0, 0]][column] += row.cents("amount")
        sums["total", default: [0, 0]][column] += row.cents("amount")
      }
      let billing = gym.expected["billing"]
      for (name, sum) in sums {
        let entry = name == "total" ? billing?["total"] : billing?["by_plan"]?[name]
        #expect(entry?["paid_charges"]?.string == Truth.money(sum[0]), "\(name)")
        #expect(entry?["paid_refunds"]?.string == Truth.money(sum[1]), "\(name)")
        #expect(entry?["net"]?.string == Truth.money(sum[0] - sum[1]), "\(name)")
      }
      #expect(sums.count > 3)
    }
  }

  @Test("Joins and leaves by month, and active memberships by day")
  func memberships() throws {
    for gym in try bothGyms() {
      let rows = gym.distinct(.memberships).filter { $0["membership_id"] < "S8000000" }
      var joins: [String: String] = [:]
      for row in rows {
        joins[row["member_id"]] = min(joins[row["member_id"]] ?? "9", row["start_date"])
      }
      var byMonth: [String: Int] = [:]
      for day in joins.values { byMonth[String(day.prefix(7)), default: 0] += 1 }
      #expect(try map(gym.expected["joins_by_month"]) == byMonth)

      // A member has left when the newest membership has ended.
      var newest: [String: ParsedGym.Row] = [:]
      for row in rows {
        let before = newest[row["member_id"]]
        if let before, before["membership_id"] > row["membership_id"] { continue }
        newest[row["member_id"]] = row
      }
      var leaves: [String: Int] = [:]
      for row in newest.values where row["status"] == "cancelled" {
        leaves[String(row["end_date"].prefix(7)), default: 0] += 1
      }
      #expect(try map(gym.expected["leaves_by_month"]) == leaves)

      // On the last day, active is who was active in the newest row about the membership.
      var state: [String: String] = [:]
      for row in rows { state[row["membership_id"]] = row["status"] }
      let active = state.values.filter { $0 == "active" }.count
      let through = try #require(gym.expected["through"]?.string)
      #expect(try map(gym.expected["active_memberships_by_day"])[through] == active)
    }
  }

  @Test("Quantity and net revenue by product")
  func retail() throws {
    for gym in try bothGyms() {
      var sums: [String: (quantity: Int, cents: Int)] = [:]
      for row in gym.distinct(.retail) {
        let letters = row["sku"].uppercased().filter { $0.isLetter || $0.isNumber }
        let sku = "\(letters.prefix(3))-\(letters.suffix(3))"
        var sum = sums[sku] ?? (0, 0)
        sum.quantity += row.int("quantity")
        sum.cents += row.int("quantity") * row.cents("unit_price")
        sums[sku] = sum
      }
      let products = try #require(gym.expected["retail_by_product"]?.array)
      #expect(products.count == Catalogue.products.count)
      for product in products {
        let sku = try #require(product["sku"]?.string)
        #expect(product["quantity"]?.int == Int64(sums[sku]?.quantity ?? 0), "\(sku)")
        #expect(product["net_revenue"]?.string == Truth.money(sums[sku]?.cents ?? 0), "\(sku)")
      }
      let total = sums.values.reduce(0) { $0 + $1.cents }
      #expect(gym.expected["retail_net_revenue"]?.string == Truth.money(total))
    }
  }

  @Test("Steps and calories of all trackers")
  func trackers() throws {
    for gym in try bothGyms() {
      let rows = gym.distinct(.dailyActivity)
      func sum(_ name: String, _ rows: [ParsedGym.Row]) -> Int64 {
        Int64(rows.reduce(0) { $0 + $1.int(name) })
      }
      #expect(gym.expected["tracker_steps"]?.int == sum("TotalSteps", rows))
      #expect(gym.expected["tracker_calories"]?.int == sum("Calories", rows))
      let active = rows.filter { $0.int("TotalSteps") > 0 }
      #expect(
        gym.expected["tracker_calories_on_days_with_steps"]?.int == sum("Calories", active))
    }
  }
}

import Basics
import Storage
import Testing

@testable import DataGen

@Suite("Machines and trackers that are registered")
struct EquipmentTests {
  private func bothGyms() throws -> [ParsedGym] {
    [try SampleGym.faulty.get(), try SampleGym.clean.get()]
  }

  @Test("Machines are used during a visit to their club, one after the other")
  func visits() throws {
    let gym = try SampleGym.clean.get()
    var visits: [String: ParsedGym.Row] = [:]
    for row in gym.all(.gymVisits) { visits[row["member_id"] + row["login_at"].prefix(10)] = row }
    var busy: [String: Int] = [:]
    for row in gym.all(.equipmentUsage) {
      let key = row["member_id"] + row["used_at"].prefix(10)
      let visit = try #require(visits[key], "\(row.values)")
      let start = try instant(row["used_at"])
      let end = start + row.int("seconds")
      #expect(try start > instant(visit["login_at"]) && end < instant(visit["logout_at"]))
      #expect(row["location_id"] == visit["location_id"])
      #expect(row["machine_id"].hasPrefix(row["location_id"] + "-"))
      #expect(start > busy[key] ?? 0)
      busy[key] = end
    }
    #expect(gym.all(.equipmentUsage).count > visits.count)
  }

  @Test("Repetitions and weights are those of the machine, but for the faults")
  func reps() throws {
    for gym in try bothGyms() {
      let cardio: Set = ["treadmill", "bike", "rower", "elliptical"]
      var impossible = 0
      for row in gym.distinct(.equipmentUsage) {
        let reps = row.int("reps")
        if cardio.contains(row["machine_type"]) {
          #expect(reps == 0 && row["weight_kg"] == "0.0")
        } else if !(1...1000).contains(reps) {
          impossible += 1
        } else {
          #expect((6...16).contains(reps) && row["weight_kg"] != "0.0")
        }
      }
      #expect(try gym.count(.equipmentUsage, "impossible_reps") == impossible)
    }
  }

  @Test("Uses, seconds and machines due for service are as expected")
  func figures() throws {
    for gym in try bothGyms() {
      var sums: [String: [String: [Int]]] = [:]
      for row in gym.distinct(.equipmentUsage) where (0...1000).contains(row.int("reps")) {
        let sum = sums[row["machine_type"]]?[row["machine_id"]] ?? [0, 0]
        sums[row["machine_type"], default: [:]][row["machine_id"]] =
          [sum[0] + 1, sum[1] + row.int("seconds")]
      }
      for type in MachineType.allCases {
        let name = type.name.description
        let machines = sums[name] ?? [:]
        let told = try #require(gym.expected["equipment_by_type"]?[name])
        #expect(told["uses"]?.int == Int64(machines.values.reduce(0) { $0 + $1[0] }), "\(name)")
        #expect(told["seconds"]?.int == Int64(machines.values.reduce(0) { $0 + $1[1] }))
        #expect(told["machines_used"]?.int == Int64(machines.count))
        let due = machines.values.count { $0[1] >= type.serviceHours * 3600 }
        #expect(told["machines_due"]?.int == Int64(due), "\(name)")
      }
      let all = sums.values.flatMap { $0 }.sorted { ($1.value[0], $0.key) < ($0.value[0], $1.key) }
      let most = try #require(gym.expected["equipment_most_used"]?.array)
      #expect(most.compactMap { $0["machine_id"]?.string } == all.prefix(10).map(\.key))
      #expect(most.compactMap { $0["uses"]?.int } == all.prefix(10).map { Int64($0.value[0]) })
    }
  }

  @Test("Some machines are due for service after two months of a large club, and some are not")
  func service() throws {
    let gym = try GymGenerator(
      GymOptions(members: 3000, clubs: 2, days: 60, sources: [.equipmentUsage])
    ).generate(into: MemoryStore())
    let told = try #require(gym.expected["equipment_by_type"]?.object)
    let due = told.reduce(0) { $0 + ($1.value["machines_due"]?.int ?? 0) }
    let used = told.reduce(0) { $0 + ($1.value["machines_used"]?.int ?? 0) }
    #expect(due > 0 && due < used, "\(due) of \(used)")
  }

  @Test("Every tracker of a profile is registered by its member, with one address")
  func registrations() throws {
    for gym in try bothGyms() {
      var owners: [String: String] = [:]
      for row in gym.all(.members) where !row["device_id"].isEmpty {
        owners[row["device_id"]] = row["member_id"]
      }
      var addresses: [String: String] = [:]
      var times: Set<String> = []
      var again = 0
      for row in gym.distinct(.registrations) {
        // A profile that is a day late may lie beyond the last file.
        let owner = owners[row["device_id"]]
        #expect(owner == row["member_id"] || (owner == nil && row.fileDay == "2025-03-03"))
        let known = addresses.updateValue(row["mac_address"], forKey: row["device_id"])
        #expect(known == nil || known == row["mac_address"])
        #expect(row["mac_address"].utf8.count == 17)
        let isNew = times.insert(row["device_id"] + "/" + row["registered_at"]).inserted
        #expect(isNew == (row["registration_id"] < "G8000000"))
        if isNew, known != nil { again += 1 }
        let day = try #require(CivilDate(row.fileDay))
        #expect(row.int("registered_at") < (day.daysSinceEpoch + 2) * 86_400)
      }
      #expect(Set(owners.keys).isSubset(of: addresses.keys))
      #expect(Set(addresses.values).count == addresses.count)
      #expect(try gym.count(.registrations, "registered_again") == again)
      #expect(again > 5)
      let rows = gym.distinct(.registrations).count
      #expect(try gym.count(.registrations, "duplicates") == rows - times.count)
      #expect(gym.expected["registrations"]?["registrations"]?.int == Int64(times.count))
      #expect(gym.expected["registrations"]?["devices"]?.int == Int64(addresses.count))
    }
  }
}

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
      "edits", "registered_again",
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
}

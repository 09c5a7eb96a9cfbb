import Basics
import Storage
import Testing

@testable import DataGen

@Suite("Exports")
struct ExportTests {
  private static let options = GymOptions(
    members: 400, clubs: 3, days: 20, seed: 8, quirks: 0.08, sources: [.members, .schedule])

  /// A gym's exports and its sources.
  private static let made = Result {
    let landing = MemoryStore()
    let exports = MemoryStore()
    _ = try GymGenerator(options).generate(into: landing, exports: exports)
    return (landing: landing, exports: exports)
  }

  private func rows(_ export: GymExport) throws -> [[String: String]] {
    let bytes = try ExportTests.made.get().exports.read(export.rawValue)
    let text = String(decoding: bytes, as: UTF8.self)
    if export == .attendance {
      let objects = try #require(JSON(parsing: bytes).array)
      return try objects.map { object in
        let members = try #require(object.object)
        #expect(members.map(\.name) == export.fields)
        return [String: String](
          uniqueKeysWithValues: members.map { ($0.name, $0.value.string ?? "") })
      }
    }
    let lines = text.split(separator: "\n")
    #expect(lines.first.map(String.init) == export.fields.joined(separator: ","))
    return lines.dropFirst().map { line in
      // Names with a comma stand in quotes.
      let quoted = line.split(separator: "\"", omittingEmptySubsequences: false)
      let plain = quoted.enumerated().map {
        $0.offset % 2 == 1 ? String($0.element.replacing(",", with: ";")) : String($0.element)
      }.joined()
      let values = plain.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
      return [String: String](uniqueKeysWithValues: zip(export.fields, values))
    }
  }

  private func truth(_ export: GymExport) throws -> JSON {
    let json = try JSON(parsing: ExportTests.made.get().landing.read("_truth/exports.json"))
    #expect(json["through"]?.string == "2025-01-20")
    return try #require(json["exports"]?[export.rawValue])
  }

  private func count(_ export: GymExport, _ quirk: String) throws -> Int {
    Int(try #require(truth(export)["quirks"]?[quirk]?.int))
  }

  @Test("Rows, keys and repeats are those of the files")
  func counts() throws {
    for export in GymExport.allCases {
      let rows = try rows(export)
      #expect(try truth(export)["rows"]?.int == Int64(rows.count))
      let keys = Set(rows.map { $0[export.fields[0]] ?? "" })
      #expect(try truth(export)["distinct_keys"]?.int == Int64(keys.count))
      #expect(keys.count > 50)
      #expect(try count(export, "exact_repeats") == rows.count - Set(rows).count)
      #expect(Set(rows).count < rows.count)
    }
  }

  @Test("The snapshot has the newest profile of every member, without deleted ones")
  func users() throws {
    let gym = try JSONLines(ExportTests.made.get().landing, .members)
    var newest: [String: JSON] = [:]
    for row in gym.rows.sorted(by: { ($0["sequence"]?.int ?? 0) < ($1["sequence"]?.int ?? 0) }) {
      guard let id = row["member_id"]?.string, id < "M8000001" else { continue }
      newest[id] = row["op"]?.string == "delete" ? nil : row
    }
    let rows = Set(try rows(.users))
    for row in rows {
      // The feed may send a change of the last day one day late.
      guard let profile = newest[row["user_id"] ?? ""] else { continue }
      for field in ["full_name", "signup_date", "gender"] {
        #expect(row[field] == profile[field]?.string ?? "", "\(field)")
      }
      #expect(row["birth_year"].flatMap(Int64.init) == profile["birth_year"]?.int)
    }
    let known = rows.filter { newest[$0["user_id"] ?? ""] != nil }
    #expect(known.count == newest.count && rows.count - known.count < 3)
    let same = known.filter { $0["email"] == newest[$0["user_id"] ?? ""]?["email"]?.string }
    #expect(same.count >= known.count - 3)
    let mixed = rows.filter { $0["email"] != $0["email"]?.lowercased() }
    #expect(try count(.users, "mixed_case_emails") == mixed.count && mixed.count > 10)
    let bare = rows.filter { $0["gender"] == "" }
    #expect(try count(.users, "missing_genders") == bare.count && bare.count > 10)
  }

  @Test("The timetable has the classes of the last 14 days as they were held")
  func schedule() throws {
    let gym = try JSONLines(ExportTests.made.get().landing, .schedule)
    var held: [String: JSON] = [:]
    for row in gym.rows.sorted(by: { $0.text("updated_at") < $1.text("updated_at") }) {
      guard ("2025-01-07"..."2025-01-20") ~= String(row.text("starts_at").prefix(10)) else {
        continue
      }
      held[row.text("class_id")] = row
    }
    let rows = Set(try rows(.schedule))
    #expect(rows.count == held.count)
    for row in rows {
      let source = try #require(held[row["class_id"] ?? ""])
      #expect(row["start_time"] == source.text("starts_at"))
      #expect(row["end_time"] == source.text("ends_at"))
      for field in ["class_name", "class_type", "instructor_id", "location_id", "location_name"] {
        #expect(row[field] == source.text(field), "\(field)")
      }
    }
    var names: [String: [String: Int]] = [:]
    for row in rows {
      names[row["instructor_id"] ?? "", default: [:]][row["instructor_name"] ?? "", default: 0] += 1
    }
    let others = names.values.reduce(0) { $0 + $1.values.reduce(0, +) - ($1.values.max() ?? 0) }
    #expect(try count(.schedule, "instructor_spellings") == others && others > 0)
  }

  @Test("Bookings are those of these classes, their check-ins written in three ways")
  func attendance() throws {
    let rows = Set(try rows(.attendance))
    let classes = Set(try self.rows(.schedule).map { $0["class_id"] ?? "" })
    #expect(rows.allSatisfy { classes.contains($0["class_id"] ?? "") })
    let users = Set(try self.rows(.users).map { $0["user_id"] ?? "" })
    let strangers = rows.filter { !users.contains($0["user_id"] ?? "") }
    // Somebody may have been deleted since.
    #expect(strangers.count < 10)
    #expect(
      Set(rows.map { $0["status"] ?? "" }).isSuperset(of: ["attended", "no-show", "cancelled"]))
    var ways = [0, 0, 0]
    for row in rows {
      let text = row["check_in_time"] ?? ""
      #expect(text.isEmpty == (row["status"] != "attended"))
      if text.hasSuffix("Z") {
        ways[0] += 1
      } else if text.hasSuffix("M") {
        ways[2] += 1
        let local = CivilDate(daysSinceEpoch: floorDivide(try americanClock(text), 86_400))
        #expect(local.description == row["class_date"])
      } else if !text.isEmpty {
        ways[1] += 1
        #expect(String(text.prefix(10)) == row["class_date"])
      }
    }
    #expect(ways.allSatisfy { $0 > 20 }, "\(ways)")
    let doubles = rows.filter { ($0["attendance_id"] ?? "") > "A6000000000" }
    #expect(try count(.attendance, "double_check_ins") == doubles.count && doubles.count > 5)
  }

  @Test("Exports are the same after one call and after two, and move nothing in the sources")
  func continued() throws {
    let made = try ExportTests.made.get()
    var options = ExportTests.options
    options.days = 11
    let landing = MemoryStore()
    let exports = MemoryStore()
    _ = try GymGenerator(options).generate(into: landing, exports: exports)
    let before = try contents(exports)
    _ = try GymGenerator(GymOptions(days: 9)).generate(
      into: landing, continuing: true, exports: exports)
    #expect(try contents(exports) == contents(made.exports))
    #expect(try contents(exports) != before)
    #expect(try contents(landing) == contents(made.landing))
    let plain = try contents(makeGym(ExportTests.options))
    #expect(try contents(landing).filter { $0.key != "_truth/exports.json" } == plain)
  }

  @Test("A clean gym's exports have no faults, and a tiny one's are files too")
  func clean() throws {
    let landing = MemoryStore()
    let exports = MemoryStore()
    let options = GymOptions(members: 1, clubs: 1, days: 1, quirks: 0, sources: [.leads])
    _ = try GymGenerator(options).generate(into: landing, exports: exports)
    let truth = try JSON(parsing: landing.read("_truth/exports.json"))
    for export in GymExport.allCases {
      let quirks = try #require(truth["exports"]?[export.rawValue]?["quirks"]?.object)
      #expect(quirks.allSatisfy { $0.value.int == 0 })
      #expect(try !exports.read(export.rawValue).isEmpty)
    }
    #expect(try JSON(parsing: exports.read(GymExport.attendance.rawValue)).array != nil)
  }
}

/// The objects of a source's NDJSON files.
private struct JSONLines {
  let rows: [JSON]

  init(_ store: MemoryStore, _ source: GymSource) throws {
    rows = try store.list(source.rawValue + "/").flatMap { file in
      try store.read(file.path).split(separator: 0x0A).map { try JSON(parsing: Array($0)) }
    }
  }
}

extension JSON {
  /// The text of a member; empty for none.
  fileprivate func text(_ name: String) -> String { self[name]?.string ?? "" }
}

import Basics
import CLITestKit
import RunnerTestKit
import Storage
import Testing

@Suite("Torn files")
struct TornTests {
  @Test("Cut and empty compressed files go to quarantine, and whole ones in their place are read")
  func compressed() throws {
    let gym = try Gym.finished.get().copy()
    var whole: [(name: String, bytes: [UInt8])] = []
    for (number, cut) in [0.0, 0.1, 0.5, 0.99].enumerated() {
      let text = MemberFile.header + (0..<20).map { MemberFile.record(100 * number + $0) }.joined()
      for (ending, bytes) in [
        ("gz", try Gzip.compress(Array(text.utf8))),
        ("lz4", try LZ4Frame.compress(Array(text.utf8))),
      ] {
        let name = "members/\(number).csv.\(ending)"
        whole.append((name, bytes))
        try gym.lake.land(name, bytes: Array(bytes.prefix(Int(Double(bytes.count) * cut))))
      }
    }
    let outcome = try gym.run(expecting: 0)
    let refused = try outcome.refused("bronze.members")
    #expect(refused.count == whole.count)
    #expect(
      refused["0.csv.lz4"] == "members/0.csv.lz4: it has 0 bytes, not even an empty lz4 frame, "
        + "near byte 0; upload the file again, whole")
    for (name, reason) in refused where !name.hasPrefix("0.") {
      #expect(reason.contains(" stream ends inside a "), "\(name): \(reason)")
      #expect(reason.hasPrefix("members/\(name): "))
      #expect(reason.hasSuffix("; upload the file again, whole"))
    }
    #expect(try outcome.rows("bronze.members", "inserted") == 0)
    #expect(outcome.errors.contains("warning: bronze.members: 3 more files"))
    for (name, bytes) in whole { try gym.lake.land(name, bytes: bytes) }
    try gym.recover(like: try Gym.finished(with: whole))
  }

  @Test("A JSON line or array that is cut in half takes the whole file to quarantine")
  func json() throws {
    let gym = try Gym.finished.get().copy()
    let line =
      "{\"sequence\":991,\"op\":\"insert\",\"changed_at\":\"2025-01-02T10:00:00Z\","
      + "\"member_id\":\"M991\",\"full_name\":\"\(Personal.name)\",\"email\":\"\(Personal.email)\","
      + "\"phone\":\"\(Personal.phone)\",\"home_club\":\"L01\",\"signup_date\":\"2025-01-02\","
      + "\"email_consent\":true}"
    let other = line.replacing("991", with: "992")
    let lines = Array("\(line)\n\(other)\n".utf8)
    let array = Array("[\n\(line.replacing("991", with: "993")),\n\(other)\n]\n".utf8)
    let half = line.utf8.count + 1 + other.utf8.count / 2
    try gym.lake.land("members/lines.ndjson", bytes: Array(lines.prefix(half)))
    try gym.lake.land("members/array.json", bytes: Array(array.prefix(half)))
    let outcome = try gym.run(expecting: 0)
    let refused = try outcome.refused("bronze.members")
    #expect(refused.count == 2)
    for (name, place) in [("lines.ndjson", ", line 2, byte "), ("array.json", ", line 3, byte ")] {
      #expect(refused[name]?.hasPrefix("members/\(name)\(place)") == true)
      #expect(refused[name]?.contains(": the file ends inside a record; upload the file") == true)
    }
    try gym.lake.land("members/lines.ndjson", bytes: lines)
    try gym.lake.land("members/array.json", bytes: array)
    try gym.recover(
      like: try Gym.finished(with: [
        ("members/lines.ndjson", lines), ("members/array.json", array),
      ]))
  }

  @Test("A file of 0 bytes is told, and what comes into it later is read")
  func empty() throws {
    let gym = try Gym.finished.get().copy()
    let activity = try Activity(day: 3).bytes()
    let visits = Array(
      """
      {"visit_id":"V99","member_id":"M0000003","location_id":"L03",\
      "login_at":"2025-01-02T08:24:30-08:00","logout_at":"2025-01-02T09:10:25-08:00"}

      """.utf8)
    try gym.lake.land("daily_activity/late.csv", bytes: [])
    try gym.lake.land("gym_visits/late.ndjson", bytes: [])
    let outcome = try gym.run(expecting: 0)
    let words = "the file has 0 bytes; what comes into it later is taken"
    #expect(try outcome.notes("bronze.daily_activity") == ["late.csv": words])
    #expect(try outcome.notes("bronze.gym_visits") == ["late.ndjson": words])
    #expect(
      outcome.errors.contains("warning: bronze.gym_visits: gym_visits/late.ndjson: \(words)\n"))
    try gym.lake.land("daily_activity/late.csv", bytes: activity)
    try gym.lake.land("gym_visits/late.ndjson", bytes: visits)
    try gym.recover(
      like: try Gym.finished(with: [
        ("daily_activity/late.csv", activity), ("gym_visits/late.ndjson", visits),
      ]))
  }
}

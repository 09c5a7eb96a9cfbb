import CLITestKit
import RunnerTestKit
import Testing

@Suite("Lines of 10 MB")
struct LongLineTests {
  private static let long = String(repeating: "0123456789", count: 1 << 20)

  @Test("A record of 10 MB is a record like any other")
  func record() throws {
    let gym = try Gym.finished.get().copy()
    let text =
      MemberFile.header + MemberFile.record(1, city: LongLineTests.long) + MemberFile.record(2)
    try gym.lake.land("members/long.csv", text)
    let outcome = try gym.run(expecting: 0)
    #expect(try outcome.rows("silver.members", "inserted") == 2)
    let read = try Program.run([
      "sql", "--json", "--lake", gym.path,
      "SELECT length(city) AS n, count(*) AS r FROM silver.members WHERE member_id LIKE 'M9%' "
        + "GROUP BY 1 ORDER BY 1",
    ])
    #expect(try read.json.text == "[{\"n\":4,\"r\":1},{\"n\":10485760,\"r\":1}]")
    try gym.recover(like: try Gym.finished(with: [("members/long.csv", Array(text.utf8))]))
  }

  @Test("10 MB that are no record are told in a short line, with file and line")
  func noRecord() throws {
    let gym = try Gym.finished.get().copy()
    let open = MemberFile.record(1, name: "\"\(Personal.name)", city: LongLineTests.long)
    try gym.lake.land("members/quote.csv", MemberFile.header + MemberFile.record(2) + open)
    try gym.lake.land("members/garbage.ndjson", "{\"op\":\"insert\"}\n" + LongLineTests.long + "\n")
    let outcome = try gym.run(expecting: 0)
    let refused = try outcome.refused("bronze.members")
    #expect(
      refused["quote.csv"] == "members/quote.csv, line 3, byte 36: a quote that is opened here is "
        + "never closed; upload the file again, whole")
    #expect(
      refused["garbage.ndjson"]?.hasPrefix("members/garbage.ndjson, line 2, byte 1: ") == true)
    #expect(refused.values.allSatisfy { $0.utf8.count < 500 })
    let mended = Array((MemberFile.header + MemberFile.record(1)).utf8)
    try gym.lake.land("members/quote.csv", bytes: mended)
    gym.lake.remove("landing/members/garbage.ndjson")
    try gym.recover(like: try Gym.finished(with: [("members/quote.csv", mended)]))
  }
}

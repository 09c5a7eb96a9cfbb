import CLITestKit
import RunnerTestKit
import Testing

@Suite("CSV files with other columns")
struct ColumnTests {
  @Test("A missing, an extra and a renamed column are told by name, and nothing is lost")
  func otherColumns() throws {
    let gym = try Gym.finished.get().copy()
    let missing = try Activity(day: 3).mapped { line in
      line.split(separator: ",").dropLast().joined(separator: ",")
    }
    let extra = try Activity(day: 4).mapped { "\($0),\($0.hasPrefix("Id") ? "Mood" : "good")" }
    let renamed = try Activity(day: 5).with(line: 1) { $0.replacing("Calories", with: "Kalories") }
    let bad = [
      ("daily_activity/missing.csv", missing.bytes()), ("daily_activity/extra.csv", extra.bytes()),
      ("daily_activity/renamed.csv", renamed.bytes()),
    ]
    for (name, bytes) in bad { try gym.lake.land(name, bytes: bytes) }
    let outcome = try gym.run(expecting: 0)
    #expect(
      try outcome.notes("bronze.daily_activity") == [
        "missing.csv": "there is no column 'Calories'",
        "extra.csv": "column 'Mood' is not declared, \(extra.records) values rescued",
        "renamed.csv": "there is no column 'Calories'; is it 'Kalories'?; column 'Kalories' is "
          + "not declared, \(renamed.records) values rescued. Did you mean 'Calories'?",
      ])
    #expect(
      outcome.errors.contains(
        "warning: bronze.daily_activity: daily_activity/missing.csv: there is no column"))
    let landed = Int64(missing.records + extra.records + renamed.records)
    let without = Int64(missing.records + renamed.records)
    #expect(try outcome.rows("bronze.daily_activity", "inserted") == landed)
    #expect(try outcome.rows("silver.daily_activity", "rowsRead") == landed)
    #expect(try outcome.rows("silver.daily_activity", "inserted") == Int64(extra.records))
    #expect(try outcome.rows("silver.daily_activity", "quarantined") == without)
    #expect(
      outcome.errors.contains("\(without) rows quarantined: 'calories is required' failed"))

    let good = [
      ("daily_activity/missing_2.csv", try Activity(day: 3).bytes()),
      ("daily_activity/renamed_2.csv", try Activity(day: 5).bytes()),
    ]
    for (name, bytes) in good { try gym.lake.land(name, bytes: bytes) }
    try gym.recover(like: try Gym.finished(with: bad + good))
  }

  @Test("A header that is missing or names a column twice sends the file to quarantine whole")
  func badHeaders() throws {
    let gym = try Gym.finished.get().copy()
    let good = try Activity(day: 3)
    var headless = good
    headless.lines.removeFirst()
    let twice = try Activity(day: 4).with(line: 1) { $0.replacing("Calories", with: "Id") }
    try gym.lake.land("daily_activity/a.csv", bytes: headless.bytes())
    try gym.lake.land("daily_activity/b.csv", bytes: twice.bytes())
    // A record in the place of the header is somebody's.
    try gym.lake.land("members/a.csv", MemberFile.record(1) + MemberFile.record(2))
    let outcome = try gym.run(expecting: 0)
    let refused = try outcome.refused("bronze.daily_activity")
    #expect(refused.count == 2)
    #expect(refused["a.csv"]?.hasPrefix("daily_activity/a.csv: no column of the header is") == true)
    #expect(refused["a.csv"]?.hasSuffix("do not look like names; add a header line") == true)
    #expect(
      refused["b.csv"]
        == "daily_activity/b.csv: the header names 'Id' twice, in columns 1 and 15; give every column a "
        + "name of its own")
    let members = try outcome.refused("bronze.members")
    #expect(members["a.csv"]?.hasSuffix("add a header line") == true)
    #expect(try outcome.rows("bronze.daily_activity", "rowsRead") == 0)

    let mended = [
      ("daily_activity/a.csv", good.bytes()),
      ("daily_activity/b.csv", try Activity(day: 4).bytes()),
      (
        "members/a.csv",
        Array((MemberFile.header + MemberFile.record(1) + MemberFile.record(2)).utf8)
      ),
    ]
    for (name, bytes) in mended { try gym.lake.land(name, bytes: bytes) }
    try gym.recover(like: try Gym.finished(with: mended))
  }
}

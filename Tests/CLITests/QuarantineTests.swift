import Basics
import CLITestKit
import RunnerTestKit
import TestKit
import Testing

@Suite("quarantine")
struct QuarantineTests {
  private static let rule = "duration is 1 minute to 24 hours"

  /// A gym with two bad rows and a torn file, taken in.
  private static let spoilt = Result {
    let gym = try Gym.fresh.get().copy()
    try gym.lake.land("facility_usage/torn.ndjson", "{\"usage_id\":")
    try gym.lake.land(
      "facility_usage/bad.ndjson",
      ["X1", "X2"].map { id in
        """
        {"usage_id":"\(id)","member_id":"M1","location_id":"L01","facility":"pool",\
        "started_at":"2025-01-01T18:46:34-05:00","duration_minutes":-5}

        """
      }.joined())
    try gym.lake.land(
      "members/bad.ndjson",
      """
      {"sequence":999999,"op":"rename","member_id":"M9","full_name":"Zelda Quist","home_club":"L01",\
      "signup_date":"2025-01-05","email_consent":true,"changed_at":"2025-01-05T00:00:00Z"}

      """)
    _ = try gym.run()
    return gym
  }

  @Test("list names tables, rules, runs and files within 80 columns, and as JSON")
  func list() throws {
    let gym = try QuarantineTests.spoilt.get()
    let text = try gym.podium("quarantine", "list")
    #expect(text.status == 0)
    #expect(text.output.contains("silver.facility_usage: "))
    #expect(text.output.contains(" rows failed '\(QuarantineTests.rule)'\n"))
    #expect(text.output.contains("bronze.facility_usage: file facility_usage/torn.ndjson: "))
    #expect(
      text.output.split(separator: "\n").allSatisfy {
        // What declarations and files are called stands whole; terminals break the sentence.
        displayWidth(String($0)) <= 80 || $0.contains("file") || $0.contains(" failed '")
      })
    let json = try gym.podium("quarantine", "list", "silver.facility_usage", "--json").json
    #expect(json["rules"]?.array?.compactMap { $0["rule"]?.string } == [QuarantineTests.rule])
    #expect(json["files"]?.array == [])
    let fresh = try Gym.fresh.get().copy()
    #expect(try fresh.podium("quarantine", "list").output == "Nothing is in quarantine.\n")
  }

  @Test("show prints rows of a rule and run; personal values only where they are asked for")
  func show() throws {
    let gym = try QuarantineTests.spoilt.get()
    let rows = try gym.podium(
      "quarantine", "show", "silver.facility_usage", "--rule", "duration", "--format", "csv")
    #expect(rows.output.contains("X1,M1,L01,pool,2025-01-01,"))
    let masked = try gym.podium("quarantine", "show", "silver.member_pii", "--format", "csv")
    #expect(masked.output.contains("M9,***,"))
    #expect(!masked.output.contains("Quist"))
    let open = try gym.podium("quarantine", "show", "quarantine.member_pii", "--personal")
    #expect(open.output.contains("Zelda Quist"))
    let run = try #require(gym.podium("runs", "--json").json.array?.first?["run"]?.string)
    let none = try gym.podium(
      "quarantine", "show", "silver.retail_sales", "--run", String(run.prefix(12)), "--json")
    #expect(none.status == 0)
    #expect(try none.json.array == [])
  }

  @Test("Unknown tables and rules are wrong usage with the one that is meant")
  func badInput() throws {
    let gym = try QuarantineTests.spoilt.get()
    func refused(_ words: String..., says text: String) throws {
      let outcome = try Program.run(["quarantine"] + words + ["--lake", gym.path])
      #expect(outcome.status == 2, "\(words)")
      #expect(outcome.errors.contains(text), "\(outcome.errors)")
      #expect(outcome.output == "")
    }
    try refused("show", "silver.member", says: "Did you mean 'silver.members'?")
    try refused(
      "show", "silver.facility_usage", "--rule", "duration was 1 minute to 24 hours",
      says: "Did you mean '\(QuarantineTests.rule)'?")
    try refused("show", "silver.facility_usage", "--rule", "x", says: "Rows failed '")
    try refused("show", "bronze.members", says: "takes in files and has no rules")
    try refused("replay", "bronze.members", "--rule", "x", says: "leave --rule out")
    try refused("drop", "silver.facility_usage", says: "--rule RULE, --run ID, or --all")
    try refused(
      "drop", "silver.facility_usage", "--all", "--rule", "duration",
      says: "'--all' and '--rule' exclude each other.")
    try refused(
      "drop", "silver.facility_usage", "--all", "--run", "2", says: "exclude each other.")
    for verb in ["show", "drop"] {
      for table in ["silver.facility_usage", "silver.members"] {
        try refused(
          verb, table, "--run", "zzz",
          says: "there is no run 'zzz'. 'podium runs --lake \(gym.path)' lists them.")
      }
    }
    try refused(
      "show", "quarantine.files", says: "'podium quarantine list --lake \(gym.path)' lists them")
    try refused("show", "quarantine.dropped", says: "shows it.")
    try refused("drop", "silver.facility_usage", "--all", says: "add --yes")
    try refused("lsit", says: "Did you mean 'podium quarantine list'?")
    let derived = try gym.podium("quarantine", "drop", "gold.fact_daily", "--all", "--yes")
    #expect(derived.status != 0)
    #expect(derived.errors.contains("are results of its query, not records"))
    let missing = try Program.run(["quarantine", "list", "--lake", "\(gym.path)/none"])
    #expect(missing.status == 2)
  }

  @Test("replay of rows that still fail lets none in; a repaired file is taken in")
  func replay() throws {
    let gym = try QuarantineTests.spoilt.get().copy()
    let same = try gym.podium("quarantine", "replay", "silver.facility_usage", "--json")
    #expect(same.status == 0)
    #expect(try same.json["released"]?.int == 0)
    #expect(try (same.json["judged"]?.int ?? 0) >= 2)
    #expect(try same.json["rebuilt"] == .null)
    try gym.lake.land(
      "facility_usage/torn.ndjson",
      """
      {"usage_id":"X3","member_id":"M1","location_id":"L01","facility":"pool",\
      "started_at":"2025-01-01T18:46:34-05:00","duration_minutes":5}

      """)
    let file = try gym.podium("quarantine", "replay", "bronze.facility_usage")
    #expect(file.output == "1 of 1 file left quarantine\n")
    #expect(try gym.run().status == 0)
    let rows = try gym.podium(
      "sql", "--format", "csv",
      "SELECT count(*) AS n FROM silver.facility_usage WHERE usage_id = 'X3'")
    #expect(rows.output == "n\n1\n")
    let none = try gym.podium("quarantine", "replay", "silver.gym_visits")
    #expect(none.output == "no such row of silver.gym_visits is in quarantine\n")
    #expect(try gym.podium("runs", "--limit", "1", "--json").status == 0)
  }

  @Test("drop takes rows out for good, with a record of who and why")
  func drop() throws {
    let gym = try QuarantineTests.spoilt.get().copy()
    let done = try gym.podium(
      "quarantine", "drop", "silver.facility_usage", "--rule", "duration", "--yes", "--reason",
      "a broken door")
    #expect(done.status == 0)
    #expect(done.output.hasSuffix("given up; quarantine.dropped has the record\n"))
    let record = try gym.podium(
      "sql", "--json",
      "SELECT count(*) AS n, min(reason) AS why, count(dropped_by) AS who FROM quarantine.dropped "
        + "WHERE table_name = 'silver.facility_usage' AND file = 'facility_usage/bad.ndjson'")
    let row = try record.json.array?.first
    #expect(row?["n"]?.int == 2 && row?["why"]?.string == "a broken door" && row?["who"]?.int == 2)
    let again = try gym.podium("quarantine", "list", "silver.facility_usage")
    #expect(again.output == "Nothing is in quarantine.\n")
    let refresh = try gym.run("silver.facility_usage", "--full-refresh", "--json")
    let table = try refresh.json["tables"]?.array?.first
    #expect(table?["quarantined"]?.int == 0)
    #expect((table?["filtered"]?.int ?? 0) >= 2)
    let more = try gym.podium("quarantine", "drop", "silver.facility_usage", "--all", "--yes")
    #expect(
      more.output == "nothing to give up: no such row of silver.facility_usage is in quarantine\n")
  }
}

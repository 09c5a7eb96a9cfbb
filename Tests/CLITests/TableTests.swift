import Basics
import CLITestKit
import RunnerTestKit
import Storage
import TestKit
import Testing

@Suite("table, tables, describe and runs")
struct TableTests {
  private func podium(_ words: String...) throws -> Program.Outcome {
    try Program.run(words + ["--lake", try Gym.finished.get().path])
  }

  @Test("A table is the same by its name and by its path")
  func nameAndPath() throws {
    let path = "\(try Gym.finished.get().path)/silver/locations"
    for command in ["cat", "files", "history"] {
      let named = try podium("table", command, "silver.locations", "--json")
      #expect(named.status == 0)
      #expect(try Program.run(["table", command, path, "--json"]).output == named.output)
      #expect(try Program.run(["table", command, path + "/", "--json"]).output == named.output)
    }
  }

  @Test("An older version is read where it is asked for")
  func versions() throws {
    let gym = try Gym.finished.get().copy()
    try gym.landMember()
    #expect(try gym.run("--json").status == 0)
    func rows(_ options: String...) throws -> Int? {
      let words = ["table", "cat", "silver.members", "--json", "--lake", gym.path] + options
      return try Program.run(words).json.array?.count
    }
    #expect(try rows() == 154)
    #expect(try rows("--version", "2") == 154)
    #expect(try rows("--version=1") == 153)
    #expect(try rows("--version", "0") == 0)
    let files = try gym.podium("table", "files", "silver.members", "--version", "0")
    #expect(files.output == "")
    let history = try gym.podium("table", "history", "silver.members", "--json")
    #expect(
      try history.json.array?.map { $0["operation"]?.string } == [
        "MERGE", "OVERWRITE", "CREATE TABLE",
      ])
    #expect(
      try gym.podium("table", "history", "silver.members", "--limit", "1", "--json").json.array?
        .count == 1)
  }

  @Test("Times are told in one form, and what has no rows has an empty cell")
  func times() throws {
    let gym = try Gym.finished.get()
    func cells(_ words: String...) throws -> [[String]] {
      try Program.run(words + ["--lake", gym.path]).output.split(separator: "\n")
        .filter { $0.hasPrefix("│") }.dropFirst()
        .map { $0.split(separator: "│").map { $0.filter { $0 != " " } } }
    }
    let history = try cells("table", "history", "silver.members")
    let runs = try cells("runs")
    for time in history.map({ $0[1] }) + runs.map({ $0[4] }) {
      #expect(time.wholeMatch(of: /2\d{3}-\d\d-\d\dT\d\d:\d\d:\d\dZ/) != nil, "\(time)")
    }
    #expect(history.map { $0[2] } == ["OVERWRITE", "CREATETABLE"])
    #expect(history.map { $0[3] } == ["153", ""])
  }

  @Test("On a terminal of 80 columns a description tells every meaning whole")
  func wrappedDescription() throws {
    let folder = try Files.makeTemporaryFolder()
    defer { Files.remove(folder) }
    for table in Gym.tables {
      let outcome = try Program.runLine(
        "NO_COLOR=1 COLUMNS=80 script -qec \"$podium describe \(table.name)\" /dev/null", in: folder
      )
      let lines = outcome.output.split(whereSeparator: \.isNewline).map(String.init)
      #expect(lines.allSatisfy { displayWidth($0) <= 80 }, "\(table.name)")
      #expect(!outcome.output.contains("…"), "\(table.name)")
    }
  }

  @Test("A version that is not there is told with those that are")
  func missingVersion() throws {
    let outcome = try podium("table", "cat", "silver.members", "--version", "99")
    #expect(outcome.status == 2)
    #expect(outcome.errors.contains("99"))
    #expect(outcome.errors.contains("0 to 1"), "\(outcome.errors)")
    #expect(try podium("table", "cat", "silver.members", "--version", "-1").status == 2)
  }

  @Test("What is no Delta table is told so", arguments: ["/etc/", "/nowhere/", "/etc/passwd"])
  func noTable(_ path: String) throws {
    let outcome = try podium("table", "cat", path)
    #expect(outcome.status == 2)
    #expect(outcome.errors.contains("is not a Delta table"))
  }

  @Test("A table that is not there yet is told with the reason")
  func notThere() throws {
    let gym = try Gym.fresh.get()
    let fresh = try gym.podium("table", "history", "gold.fact_daily")
    #expect(fresh.status == 2)
    #expect(
      fresh.errors
        == "error: gold.fact_daily has not been made yet; 'podium run --lake \(gym.path)' "
        + "makes it.\n")
    #expect(
      try podium("table", "cat", "quarantine.locations").errors
        == "error: quarantine.locations does not exist, since no row of silver.locations has failed "
        + "a rule so far.\n")
    #expect(
      try podium("table", "cat", "silver.locations", "--limit", "2", "--json").json.array?.count
        == 2)
  }

  @Test("Data files are listed relative to the table, and are there")
  func files() throws {
    let gym = try Gym.finished.get()
    for line in try podium("table", "files", "bronze.members").output.split(separator: "\n") {
      #expect(line.hasPrefix("_ingest_date="))
      #expect(kindOfFile("\(gym.path)/bronze/members/\(line)") == .file)
    }
  }

  @Test("The list of tables has sizes, quarantines, and nothing for tables not made yet")
  func list() throws {
    let tables = try podium("tables", "--json").json["tables"]?.array ?? []
    let members = tables.first { $0["table"]?.string == "silver.members" }
    #expect(members?["rows"]?.int == 153)
    #expect(members?["version"]?.int == 1)
    #expect(tables.contains { $0["table"]?.string == "quarantine.facility_usage" })
    let fresh = try Gym.fresh.get().podium("tables", "--json")
    #expect(try fresh.json["tables"]?.array?.allSatisfy { $0["rows"] == .null } == true)
    #expect(try Gym.fresh.get().podium("tables").errors.contains(" makes them.\n"))
  }

  @Test("A description needs no lake and names columns, key, rules, inputs and the declaration")
  func describe() throws {
    let text = try Program.run(["describe", "silver.cancellations", "--lake", "/nowhere"]).output
    for part in [
      "key: cancellation_id", "needs: bronze.cancellations, silver.memberships",
      "rule: membership_id is known, else quarantine", "declared at: silver/Memberships.swift:",
    ] {
      #expect(text.contains(part))
    }
  }

  @Test("A quarantine is described with its table, its columns and what they mean")
  func describeQuarantine() throws {
    let text = try Program.run(["describe", "quarantine.members", "--lake", "/nowhere"]).output
    #expect(
      text.hasPrefix(
        "quarantine.members: One row per row of silver.members that failed a rule, with the rules' "
          + "names.\n  of: silver.members\n"))
    #expect(text.contains("_failed_rules"))
    let files = try Program.run(["describe", "Quarantine.files", "--json"])
    let columns = try files.json["columns"]?.array ?? []
    #expect(columns.map { $0["name"]?.string }.suffix(2) == ["_quarantined_at", "resolved_at"])
    #expect(columns.allSatisfy { $0["about"]?.string != "" })
    #expect(
      try podium("describe", "quarantine.membrs").errors.hasPrefix(
        "error: there is no table 'quarantine.membrs'. Did you mean 'quarantine.members'?"))
  }

  @Test("Runs are listed, shown by the beginning of their id, and kept with their failures")
  func runs() throws {
    let gym = try Gym.finished.get().copy()
    try Files.write("{", to: "\(gym.path)/gold/fact_daily/_delta_log/00000000000000000002.json")
    #expect(try gym.run("--full-refresh").status == 1)
    let runs = try #require(try gym.podium("runs", "--json").json.array)
    #expect(runs.map { $0["status"]?.string } == ["failed", "succeeded"])
    #expect(runs.first?["fullRefresh"]?.bool == true)
    #expect(try gym.podium("runs", "--limit", "1", "--json").json.array?.count == 1)
    let id = try #require(runs.first?["run"]?.string)
    let shown = try gym.podium("runs", "show", id)
    #expect(shown.output.hasPrefix("run \(id) as of \(Gym.lastDay): failed, started "))
    #expect(shown.output.contains("gold.fact_daily: "))
    let json = try gym.podium("runs", "show", id, "--json").json
    #expect(json["tables"]?.array?.count == Gym.tables.count)
    #expect(try gym.podium("runs", "show", "nope").status == 2)
  }

  @Test("An id that is missing, unknown or the beginning of several is told so")
  func runIDs() throws {
    let gym = try Gym.finished.get().copy()
    #expect(try gym.run().status == 0)
    let ids = try gym.podium("runs", "--json").json.array?.compactMap { $0["run"]?.string } ?? []
    #expect(
      try gym.podium("runs", "show").errors.hasPrefix(
        "error: ID is missing: The run, or the beginning of its id; 'podium runs' lists them.\n"))
    #expect(
      try gym.podium("runs", "show", "nope").errors
        == "error: there is no run 'nope'. 'podium runs --lake \(gym.path)' lists them.\n")
    #expect(
      try gym.podium("runs", "show", "2").errors
        == "error: 2 runs begin with '2': \(ids.joined(separator: ", ")).\n")
    let empty = try Gym.fresh.get()
    let fresh = try empty.podium("runs", "show", "2")
    #expect(fresh.status == 2)
    #expect(
      fresh.errors == "error: there was no run yet: 'podium run --lake \(empty.path)' makes one.\n")
  }
}

import Basics
import CLITestKit
import Glibc
import RunnerTestKit
import Storage
import TestKit
import Testing

@Suite("run and plan")
struct RunTests {
  @Test("A first run commits every table, the next one finds nothing new, both end with 0")
  func twice() throws {
    let gym = try Gym.fresh.get().copy()
    let first = try gym.run("--json")
    #expect(first.status == 0)
    let tables = try #require(try first.json["tables"]?.array)
    #expect(tables.compactMap { $0["table"]?.string }.count == Gym.tables.count)
    #expect(Set(try first.statuses) == ["committed"])
    #expect(try first.json["succeeded"]?.bool == true)
    let second = try gym.run("--json")
    #expect(second.status == 0)
    #expect(Set(try second.statuses) == ["up to date"])
  }

  @Test("What a run, a plan and the list of tables print fits 80 columns")
  func width() throws {
    let gym = try Gym.fresh.get().copy()
    func wide(_ outcome: Program.Outcome) -> [String] {
      (outcome.output + outcome.errors).split(separator: "\n").map(String.init)
        .filter { displayWidth($0) > 80 && !$0.hasPrefix("warning: ") }
    }
    let plan = try gym.podium("plan", "--as-of", Gym.lastDay)
    #expect(plan.status == 0)
    #expect(wide(plan) == [])
    #expect(plan.output.hasSuffix("\(Gym.tables.count) tables to run, 0 up to date.\n"))
    #expect(wide(try gym.run()) == [])
    #expect(wide(try gym.run("--full-refresh")) == [])
    #expect(wide(try gym.podium("tables")) == [])
    let idle = try gym.podium("plan", "--as-of", Gym.lastDay)
    #expect(idle.output == "Nothing is new: \(Gym.tables.count) tables up to date.\n")
  }

  @Test("A run that finds nothing new says so in two lines, and in no more")
  func idle() throws {
    let gym = try Gym.finished.get().copy()
    let outcome = try gym.run()
    #expect(outcome.errors == "")
    let lines = outcome.output.split(separator: "\n").map(String.init)
    #expect(lines.count == 2)
    #expect(lines.first == "Nothing is new: \(Gym.tables.count) tables up to date.")
    #expect(lines.last?.hasPrefix("run 2") == true)
    #expect(lines.last?.contains(" as of \(Gym.lastDay): ") == true)
  }

  @Test("Progress and summary give the same rows out; tables up to date are counted")
  func rowsOut() throws {
    let gym = try Gym.finished.get().copy()
    try gym.landMember()
    let outcome = try gym.run()
    #expect(outcome.errors.contains("\ndone silver.members  1 row out  "))
    #expect(!outcome.errors.contains("up to date"))
    let rows = outcome.output.split(separator: "\n").map(String.init)
    let members = rows.first { $0.contains("silver.members ") }
    let cells = members?.split(separator: "│").map { $0.filter { $0 != " " } }
    #expect(cells?.prefix(4) == ["silver.members", "1", "1", "0"])
    let idle = Gym.tables.count - rows.count { $0.hasPrefix("│") } + 1
    #expect(idle > 20)
    #expect(rows.contains("\(idle) more tables up to date."))
  }

  @Test("On a terminal, what was committed is told in lines of its width")
  func wrappedFailure() throws {
    let gym = try Gym.finished.get().copy()
    try gym.lake.land("members/more.ndjson", "{\"sequence\":999999,\"op\":\"insert\"}\n")
    try Files.write("{", to: "\(gym.path)/gold/fact_daily/_delta_log/00000000000000000002.json")
    let command = "$podium run --full-refresh --as-of \(Gym.lastDay) --lake \(gym.path)"
    let outcome = try Program.runLine(
      "NO_COLOR=1 COLUMNS=80 script -qec \"\(command)\" /dev/null", in: gym.path)
    let lines = outcome.output.split(whereSeparator: \.isNewline).map(String.init)
    let start = try #require(lines.firstIndex { $0.hasPrefix("committed: ") })
    let end = try #require(lines.firstIndex { $0.hasPrefix("not committed: ") })
    #expect(end - start > 5)
    #expect(lines[start..<end].allSatisfy { displayWidth($0) <= 80 })
  }

  @Test("Rows and files in quarantine are warnings, and the run ends with 0")
  func quarantine() throws {
    let gym = try Gym.fresh.get().copy()
    try gym.lake.land("facility_usage/broken.ndjson", "{\"usage_id\":")
    try gym.lake.land(
      "facility_usage/bad.ndjson",
      """
      {"usage_id":"X1","member_id":"M1","location_id":"L01","facility":"pool",\
      "started_at":"2025-01-01T18:46:34-05:00","duration_minutes":-5}

      """)
    let outcome = try gym.run()
    #expect(outcome.status == 0)
    #expect(outcome.errors.contains("warning: bronze.facility_usage: quarantined facility_usage/"))
    #expect(outcome.errors.contains("rows quarantined: 'duration is 1 minute to 24 hours' failed"))
  }

  @Test("A row that fails many rules gives a few warnings and the number of the others")
  func manyRules() throws {
    let gym = try Gym.finished.get().copy()
    try gym.lake.land("retail/more.ndjson", "{\"receipt_id\":\"R1\",\"line\":\"1\"}\n")
    let outcome = try gym.run("--json")
    let table = try outcome.json["tables"]?.array?.first {
      $0["table"]?.string == "silver.retail_sales"
    }
    let rules = table?["rules"]?.array?.count { $0["rows"]?.int ?? 0 > 0 } ?? 0
    #expect(rules > 6)
    let lines = outcome.errors.split(separator: "\n").map(String.init).filter {
      $0.hasPrefix("warning: silver.retail_sales: ")
    }
    #expect(lines.count == 6)
    #expect(lines.prefix(5).allSatisfy { $0.contains(": 1 row quarantined: '") })
    #expect(
      lines.last == "warning: silver.retail_sales: \(rules - 5) more rules that rows failed")
  }

  @Test("A table that does not commit ends the run with 1, and says what stands and what is left")
  func failure() throws {
    let gym = try Gym.finished.get().copy()
    try gym.lake.land("retail/more.ndjson", "{\"receipt_id\":\"R1\",\"line\":\"1\"}\n")
    try Files.write("{", to: "\(gym.path)/silver/retail_sales/_delta_log/00000000000000000002.json")
    let text = try gym.run()
    #expect(text.status == 1)
    #expect(text.errors.contains("error: silver.retail_sales: "))
    #expect(text.errors.contains("committed: bronze.retail@2\n"))
    let left = text.errors.split(separator: "\n").first { $0.hasPrefix("not committed: ") }
    #expect(left?.hasPrefix("not committed: silver.retail_sales, ") == true)
    #expect(left?.contains(" gold.customer_ltv, ") == true)
    #expect(text.errors.contains(" --lake \(gym.path)' goes on from here."))
    #expect(text.errors.contains("'podium runs resume 2"))
    let json = try gym.run("--json")
    #expect(json.status == 1)
    #expect(try json.json["succeeded"]?.bool == false)
    let failed = try json.json["tables"]?.array?.first { $0["status"]?.string == "failed" }
    #expect(failed?["error"]?["code"]?.string == "delta")
  }

  @Test("A run that is gone on with takes in the files of the days it was asked for, and no others")
  func resumedDays() throws {
    let gym = try Gym.finished.get().copy()
    for day in ["2026-01-05", "2026-02-05"] {
      try gym.lake.land("retail/\(day).ndjson", "{\"receipt_id\":\"\(day)\",\"line\":\"1\"}\n")
    }
    let commit = "\(gym.path)/bronze/retail/_delta_log/00000000000000000002.json"
    try Files.write("{", to: commit)
    #expect(try gym.run("--files-from", "2026-01-01", "--files-to", "2026-01-31").status == 1)
    #expect(unlink(commit) == 0)
    #expect(try gym.podium("runs", "resume", "--json").status == 0)
    let receipts = try gym.podium(
      "sql", "SELECT receipt_id FROM bronze.retail WHERE receipt_id LIKE '2026%'", "--format",
      "csv")
    #expect(receipts.output == "receipt_id\n2026-01-05\n")
    #expect(try gym.run().status == 0)
  }

  @Test("A changed file is a warning of every run")
  func changedFile() throws {
    let gym = try Gym.finished.get().copy()
    try gym.lake.land("members/members_2025-01-01.ndjson", "{}\n")
    let outcome = try gym.run()
    #expect(outcome.status == 0)
    #expect(
      outcome.errors.contains("members/members_2025-01-01.ndjson changed after it was taken in"))
    let plan = try gym.podium("plan", "--json")
    #expect(plan.errors == "")
    let members = try plan.json["tables"]?.array?.first { $0["table"]?.string == "bronze.members" }
    #expect(members?["warnings"]?.array?.count == 1)
  }

  @Test("What is in no table's folder is a warning of plan and run, in JSON too")
  func strays() throws {
    let gym = try Gym.finished.get().copy()
    try gym.lake.land("class_atendance/a.ndjson", "{}\n")
    try gym.lake.land("retail.ndjson", "{}\n")
    let warnings = [
      "landing/class_atendance/ is no table's folder: its 1 file was not read. "
        + "Did you mean 'landing/class_attendance/'?",
      "landing/retail.ndjson is in no table's folder and was not read. "
        + "Move it to 'landing/retail/'?",
    ]
    for outcome in [try gym.podium("plan", "--json"), try gym.run("--json")] {
      #expect(outcome.status == 0)
      #expect(try outcome.json["warnings"]?.array?.compactMap(\.string) == warnings)
    }
    for outcome in [try gym.podium("plan", "bronze"), try gym.run()] {
      #expect(outcome.status == 0)
      #expect(outcome.errors.hasSuffix(warnings.map { "warning: \($0)\n" }.joined()))
    }
    for number in 1...5 { try gym.lake.land("other\(number)/a.csv", "x\n") }
    #expect(
      try gym.run().errors.hasSuffix("warning: landing/ holds 2 more paths of no table\n"))
  }

  @Test("--verbose says how the engine is set up")
  func verbose() throws {
    let gym = try Gym.fresh.get().copy()
    let outcome = try gym.podium(
      "run", "bronze.members", "--verbose",
      environment: ["PODIUM_THREADS": "1", "PODIUM_MEMORY_LIMIT": "512MB"])
    #expect(outcome.errors.contains("engine: DuckDB from "))
    #expect(outcome.errors.contains(", 1 threads, at most 537 MB of memory, spilling to "))
  }

  @Test(
    "Settings that make no sense are wrong usage of every command, with what they take",
    arguments: [
      ("PODIUM_THREADS", "none", "a number from 1 to 1024."),
      ("PODIUM_THREADS", "0", "a number from 1 to 1024."),
      ("PODIUM_MEMORY_LIMIT", "much", "a number and KB, MB, GB or TB, such as 4GB."),
      ("PODIUM_DUCKDB", "/nowhere.so", "the path of a libduckdb.so, which must be there."),
      (
        "PODIUM_TIME_ZONE", "Europa/Berlin",
        "a name of the time zone database, such as Europe/Berlin, or UTC. "
          + "Did you mean 'Europe/Berlin'?"
      ),
      (
        "PODIUM_TIME_ZONE", "../zoneinfo/UTC",
        "a name of the time zone database, such as Europe/Berlin, or UTC."
      ),
    ])
  func badSettings(_ name: String, _ value: String, _ takes: String) throws {
    let gym = try Gym.finished.get()
    for command in ["plan", "run", "tables"] {
      let outcome = try gym.podium(command, environment: [name: value])
      #expect(outcome.status == 2)
      #expect(outcome.output == "")
      #expect(outcome.errors == "error: \(name) is '\(value)'; it takes \(takes)\n")
    }
  }

  @Test("The business date is the day in the zone that is set")
  func timeZone() throws {
    let gym = try Gym.fresh.get().copy()
    let zones = ["Pacific/Kiritimati", "Etc/GMT+12"]
    let days = try zones.map { zone -> String? in
      let outcome = try gym.podium(
        "run", "bronze.members", "--json", environment: ["PODIUM_TIME_ZONE": zone])
      return try outcome.json["asOf"]?.string
    }
    // 26 hours lie between the two.
    #expect(try #require(days[0]) > #require(days[1]))
  }

  @Test("Two runs at once: the second waits, then ends with 1 and names the first")
  func twoAtOnce() throws {
    let gym = try Gym.fresh.get().copy()
    let holder = "{\"process\":4711,\"command\":\"podium run\",\"since\":\"2025-01-05T10:00:00Z\"}"
    let path = "\(gym.path)/.podium/lock"
    try Files.write(holder, to: path)
    let descriptor = open(path, O_RDWR | O_CLOEXEC)
    try #require(descriptor >= 0 && flock(descriptor, LOCK_EX | LOCK_NB) == 0)
    let refused = try gym.run("--wait", "1s", "--json")
    #expect(refused.status == 1)
    #expect(
      refused.errors.contains(
        "waiting for process 4711 ('podium run', since 2025-01-05T10:00:00Z)\n"))
    #expect(
      refused.errors.contains(
        "is in use by process 4711 ('podium run', since 2025-01-05T10:00:00Z); waited 1 s. "
          + "Nothing was changed."))
    #expect(try refused.json["error"]?["code"]?.string == "lake")
    #expect(Files.names("\(gym.path)/bronze") == [])

    let patient = try Program.start(
      ["run", "bronze.members", "--wait", "60s", "--lake", gym.path, "--as-of", Gym.lastDay])
    while !patient.errorsSoFar.contains("waiting for") { usleep(5_000) }
    close(descriptor)
    #expect(try patient.wait().status == 0)
    #expect(Files.names("\(gym.path)/bronze") == ["members"])
  }

  @Test("Reading commands do not wait for a run")
  func readersDoNotWait() throws {
    let gym = try Gym.finished.get().copy()
    let descriptor = open("\(gym.path)/.podium/lock", O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    try #require(descriptor >= 0 && flock(descriptor, LOCK_EX | LOCK_NB) == 0)
    defer { close(descriptor) }
    for words in [["plan"], ["tables"], ["runs"], ["sql", "SELECT 1"], ["publish"]] {
      #expect(try Program.run(words + ["--lake", gym.path, "--json"]).status == 0)
    }
  }

  @Test("A lake in a folder with spaces, quotes and an accent is a lake like any other")
  func oddPath() throws {
    let folder = try Files.makeTemporaryFolder("podium it's [a] \"ü\"")
    defer { Files.remove(folder) }
    try Files.copy("\(try Gym.fresh.get().path)/landing/members", to: "\(folder)/landing/members")
    let words = ["--lake", folder, "--json"]
    #expect(try Program.run(["run", "bronze.members+"] + words).status == 0)
    let count = try Program.run(["sql", "SELECT count(*) AS n FROM silver.members"] + words)
    #expect(try count.json.array?.first?["n"]?.int == 153)
  }
}

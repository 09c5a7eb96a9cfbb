import Basics
import CLITestKit
import Glibc
import RunnerTestKit
import Storage
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
    #expect(Set(tables.compactMap { $0["status"]?.string }) == ["committed"])
    #expect(try first.json["succeeded"]?.bool == true)
    let second = try gym.run("--json")
    #expect(second.status == 0)
    #expect(
      Set(try #require(try second.json["tables"]?.array).compactMap { $0["status"]?.string })
        == ["up to date"])
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

  @Test("Rows and files in quarantine are warnings, and the run ends with 0")
  func quarantine() throws {
    let gym = try Gym.fresh.get().copy()
    try gym.lake.land("facility_usage/broken.ndjson", "{\"usage_id\":")
    try gym.lake.land(
      "facility_usage/bad.ndjson",
      "{\"usage_id\":\"X1\",\"member_id\":\"M1\",\"duration_minutes\":-5}\n")
    let outcome = try gym.run()
    #expect(outcome.status == 0)
    #expect(outcome.errors.contains("warning: bronze.facility_usage: quarantined facility_usage/"))
    #expect(outcome.errors.contains("rows quarantined: 'duration is 1 minute to 24 hours' failed"))
  }

  @Test("A table that does not commit ends the run with 1, and says what stands and what is left")
  func failure() throws {
    let gym = try Gym.finished.get().copy()
    try gym.lake.land("retail/more.ndjson", "{\"receipt_id\":\"R1\",\"line\":\"1\"}\n")
    try Files.write(
      Array("{".utf8), to: "\(gym.path)/silver/retail_sales/_delta_log/00000000000000000002.json")
    let text = try gym.run()
    #expect(text.status == 1)
    #expect(text.errors.contains("error: silver.retail_sales: "))
    #expect(text.errors.contains("committed: bronze.retail@2\n"))
    #expect(text.errors.contains("not committed: silver.retail_sales, gold.customer_ltv, "))
    #expect(text.errors.contains("'podium run --lake \(gym.path)' goes on from here."))
    let json = try gym.run("--json")
    #expect(json.status == 1)
    #expect(try json.json["succeeded"]?.bool == false)
    let failed = try json.json["tables"]?.array?.first { $0["status"]?.string == "failed" }
    #expect(failed?["error"]?["code"]?.string == "delta")
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
    "Settings of the engine that make no sense are told",
    arguments: [
      ("PODIUM_THREADS", "none"), ("PODIUM_MEMORY_LIMIT", "much"), ("PODIUM_DUCKDB", "/nowhere.so"),
    ])
  func badSettings(_ name: String, _ value: String) throws {
    let gym = try Gym.fresh.get().copy()
    let outcome = try gym.podium("run", "bronze.members", environment: [name: value])
    #expect(outcome.status == 1)
    #expect(outcome.errors.contains("\(name) "))
    #expect(outcome.errors.contains(value))
  }

  @Test("Two runs at once: the second waits, then ends with 1 and names the first")
  func twoAtOnce() throws {
    let gym = try Gym.fresh.get().copy()
    let holder = "{\"process\":4711,\"command\":\"podium run\",\"since\":\"2025-01-05T10:00:00Z\"}"
    let path = "\(gym.path)/.podium/lock"
    try Files.write(Array(holder.utf8), to: path)
    let descriptor = open(path, O_RDWR | O_CLOEXEC)
    try #require(descriptor >= 0 && flock(descriptor, LOCK_EX | LOCK_NB) == 0)
    let refused = try gym.run("--wait", "1s", "--json")
    #expect(refused.status == 1)
    #expect(refused.errors.contains("waiting for process 4711 ('podium run')\n"))
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

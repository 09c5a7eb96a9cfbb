import Basics
import CLITestKit
import RunnerTestKit
import TestKit
import Testing

@Suite("--json")
struct JSONTests {
  @Test(
    "It puts one JSON value alone on standard output, whatever the command",
    arguments: [
      ["plan"], ["check"], ["tables"], ["describe", "silver.members"],
      ["lineage", "silver.members"], ["runs"],
      ["runs", "show", "2"],
      ["sql", "SELECT * FROM gold.customer_ltv ORDER BY 1"], ["sql", "SELECT 1 WHERE false"],
      ["sql", "DESCRIBE gold.customer_ltv"], ["sql", "EXPLAIN SELECT 1"],
      ["table", "cat", "silver.locations"], ["table", "cat", "silver.locations", "--version", "0"],
      ["table", "files", "silver.members"], ["table", "history", "silver.members"],
      ["run", "--as-of", Gym.lastDay],
      ["run", "silver.locations", "--full-refresh", "--as-of", Gym.lastDay],
      ["publish"],
    ])
  func alone(_ words: [String]) throws {
    let gym = try Gym.finished.get().copy()
    let outcome = try Program.run(words + ["--json", "--lake", gym.path])
    #expect(outcome.status == 0)
    #expect(outcome.errors == "")
    #expect(outcome.output.hasSuffix("\n"))
    _ = try outcome.json
  }

  @Test("Of a generator too, whose rows are those of the files")
  func generate() throws {
    let folder = try Files.makeTemporaryFolder()
    defer { Files.remove(folder) }
    let outcome = try Program.run(
      ["generate", "--members", "20", "--days", "2", "--json", "--lake", folder])
    #expect(outcome.errors == "")
    #expect(try outcome.json["lastDay"]?.string == "2025-01-02")
    let sources = try #require(try outcome.json["sources"]?.array)
    let files = sources.reduce(0) { $0 + ($1["files"]?.int ?? 0) }
    let names = Files.all(below: "\(folder)/landing").filter { !$0.contains("/_") }
    #expect(Int(files) == names.count)
  }

  @Test(
    "Wrong usage is one JSON value too, wherever --json stands",
    arguments: [
      ["rnu", "--json"], ["--json", "run", "--jbos"], ["run", "--json", "--jobs", "x"],
      ["sql", "--json"], ["sql", "SELECT 1", "--json", "--format", "csv"], ["table", "--json"],
    ])
  func usage(_ words: [String]) throws {
    let outcome = try Program.run(words)
    #expect(outcome.status == 2)
    let error = try outcome.json["error"]
    #expect(error?["code"]?.string == "usage")
    #expect(outcome.errors == "error: \(error?["message"]?.string ?? "")\n")
    let text = try Program.run(words.filter { $0 != "--json" } + ["--", "--json"])
    #expect(text.output == "")
  }

  @Test("A setting that makes no sense is one too, and the version")
  func setting() throws {
    let outcome = try Program.run(["tables", "--json"], environment: ["PODIUM_THREADS": "x"])
    #expect(try outcome.json["error"]?["code"]?.string == "setting")
    #expect(
      try Program.run(["--version", "--json"]).output
        == "{\"name\":\"podium\",\"version\":\"0.1.0\"}\n")
    #expect(try Program.run(["--version"]).output == "podium 0.1.0\n")
  }

  @Test(
    "An error is one JSON value as well, beside its words on standard error",
    arguments: [
      (["sql", "SELECT nope"], "sql"), (["sql", "DROP TABLE x"], "sql"),
      (["describe", "silver.x"], "unknown-table"), (["run", "silver.x"], "unknown-table"),
      (["table", "cat", "silver.members", "--version", "99"], "delta"),
      (["table", "cat", "/nowhere/"], "delta"), (["runs", "show", "x"], "usage"),
    ])
  func errors(_ words: [String], _ code: String) throws {
    let gym = try Gym.finished.get()
    let outcome = try Program.run(words + ["--json", "--lake", gym.path])
    #expect(outcome.status == 2)
    let error = try outcome.json["error"]
    #expect(error?["code"]?.string == code)
    #expect(outcome.errors == "error: \(error?["message"]?.string ?? "")\n")
  }
}

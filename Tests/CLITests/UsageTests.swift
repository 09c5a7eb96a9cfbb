import ArgumentParsing
import Basics
import CLITestKit
import Lakehouse
import Podium
import Storage
import TestKit
@testable import PodiumCLI
import RunnerTestKit
import Testing

@Suite("The command line")
struct UsageTests {
  /// The error that a wrong line gives: its status and first line.
  private func error(_ words: String...) throws -> String {
    let outcome = try Program.run(words, environment: ["PODIUM_LAKE": "/nowhere/lake"])
    #expect(outcome.output == "")
    let line = outcome.errors.split(separator: "\n").first { $0.hasPrefix("error:") }
    return "\(outcome.status) \(line ?? "")"
  }

  @Test("Misspelt commands, options, tables and layers are told with what was meant")
  func misspelt() throws {
    #expect(
      try error("rnu") == "2 error: 'podium' has no command 'rnu'. Did you mean 'podium run'?")
    #expect(
      try error("run", "--jbos", "3") == "2 error: Unknown option '--jbos'. Did you mean '--jobs'?")
    #expect(
      try error("describe", "silver.membrs")
        == "2 error: there is no table 'silver.membrs'. Did you mean 'silver.members'?")
    let gym = try Gym.finished.get()
    #expect(
      try error("run", "sliver", "--lake", gym.path)
        == "2 error: 'sliver' is neither a layer nor a table. Did you mean 'silver'?")
    #expect(
      try error("plan", "+gold.custmer_ltv", "--lake", gym.path)
        == "2 error: 'gold.custmer_ltv' is neither a layer nor a table. "
        + "Did you mean 'gold.customer_ltv'?")
    #expect(
      try error("table", "history", "gold.customer_lvt", "--lake", gym.path)
        == "2 error: there is no table 'gold.customer_lvt'. Did you mean 'gold.customer_ltv'?")
    #expect(
      try error("sql", "SELECT * FROM silver.membres", "--lake", gym.path)
        == "2 error: there is no table 'silver.membres'. Did you mean 'silver.members'?")
  }

  @Test("Words of dbt are told with what to type here")
  func dbt() throws {
    func hint(_ words: String...) throws -> String {
      let outcome = try Program.run(words + ["--lake", "/nowhere"])
      #expect(outcome.status == 2)
      return outcome.errors.split(separator: "\n").first.map(String.init) ?? ""
    }
    for word in ["build", "test", "ls", "compile", "debug", "seed"] {
      #expect(try hint(word).hasPrefix("error: 'podium' has no command '\(word)'. "))
      #expect(!(try hint(word).contains("Did you mean")))
    }
    #expect(
      try hint("build").hasSuffix(
        " 'podium run' makes the tables and judges their rules in one go."))
    for option in ["--select", "-s"] {
      #expect(
        try hint("run", option, "silver.members")
          == "error: Unknown option '\(option)'. Name layers and tables without an option: "
          + "'podium run silver gold.x+'.")
    }
    for text in foreignWords.values {
      #expect(text.hasSuffix(".") && displayWidth(text) <= 100)
    }
    let names = Project(name: "podium", version: "1", about: "A.", tables: []).tool.commands
    #expect(Set(names.map(\.syntax.name)).isDisjoint(with: foreignWords.keys))
  }

  @Test("Selectors of dbt are told with what to type here")
  func dbtSelectors() throws {
    let gym = try Gym.finished.get()
    func hint(_ selector: String) throws -> String {
      try error("run", selector, "--lake", gym.path)
    }
    #expect(
      try hint("silver.members,gold.fact_daily+")
        == "2 error: 'silver.members,gold.fact_daily+' is no selector. Separate several with "
        + "blanks: silver.members gold.fact_daily+")
    #expect(
      try hint("tag:nightly")
        == "2 error: 'tag:nightly' is no selector. There are no tags and no methods: name layers "
        + "and tables, such as silver or silver.members+.")
    #expect(try hint("silver.*").contains("There are no patterns"))
    for typed in ["2+silver.members", "silver.members+1", "@silver.members"] {
      #expect(
        try hint(typed)
          == "2 error: '\(typed)' is no selector. Type +silver.members for all that it needs, "
          + "silver.members+ for all that needs it.")
    }
  }

  @Test("A full refresh of bronze alone is told to have no effect", arguments: ["run", "plan"])
  func refreshBronze(_ command: String) throws {
    let gym = try Gym.finished.get().copy()
    func words(_ selector: String) throws -> String {
      let outcome = try gym.podium(
        command, selector, "--full-refresh", "--as-of", Gym.lastDay, "--json")
      #expect(outcome.status == 0)
      return outcome.errors
    }
    let warning =
      "warning: --full-refresh has no effect here: bronze is the record of what arrived and is not "
      + "built anew\n"
    #expect(try words("bronze") == warning)
    #expect(try words("bronze.members") == warning)
    #expect(try words("silver.locations") == "")
    #expect(try words("+silver.locations") == "")
  }

  @Test("Values that make no sense are wrong usage")
  func values() throws {
    #expect(
      try error("run", "--as-of", "2025-02-30").hasPrefix("2 error: '2025-02-30' is no value"))
    #expect(try error("run", "--jobs", "0").hasPrefix("2 error: '0' is out of range for --jobs"))
    #expect(try error("run", "--jobs", "99999999999999999999").hasPrefix("2 error:"))
    #expect(try error("run", "--wait", "soon").hasPrefix("2 error: 'soon' is no value for --wait"))
    #expect(try error("sql").hasPrefix("2 error: QUERY is missing"))
    #expect(try error("generate", "--quirks", "2").hasPrefix("2 error: '2' is out of range"))
    #expect(try error("generate", "--members", "-1").hasPrefix("2 error:"))
  }

  @Test(
    "Without a lake, commands that need one say how to get one",
    arguments: [
      ["run"], ["plan"], ["sql", "SELECT 1"], ["runs"], ["publish"], ["tables"],
      ["table", "cat", "silver.members"],
    ])
  func noLake(_ words: [String]) throws {
    let outcome = try Program.run(words + ["--lake", "/nowhere/lake"])
    #expect(outcome.status == 2)
    #expect(
      outcome.errors
        == "error: there is no lake at /nowhere/lake. Put files into /nowhere/lake/landing or type "
        + "'podium generate --lake /nowhere/lake', then type 'podium run --lake /nowhere/lake'.\n")
  }

  @Test("An empty name is no lake and no file, and nothing is written")
  func emptyNames() throws {
    let folder = try Files.makeTemporaryFolder()
    defer { Files.remove(folder) }
    let run = try Program.run(["run", "--lake", ""], in: folder)
    #expect(run.status == 2)
    #expect(run.errors == "error: --lake names no folder; leave it out, or name one.\n")
    let gym = try Gym.finished.get()
    #expect(try gym.podium("publish", "--to", "").status == 2)
    #expect(Files.all(below: folder) == [])
  }

  @Test(
    "A lake that is a file is told so",
    arguments: [
      ["run"], ["plan"], ["sql", "SELECT 1"], ["tables"], ["runs"], ["publish"],
      ["generate", "--members", "10", "--days", "1"], ["table", "files", "silver.members"],
    ])
  func fileAsLake(_ words: [String]) throws {
    let outcome = try Program.run(words + ["--lake", "/etc/passwd", "--json"])
    #expect(outcome.status == 2)
    #expect(
      outcome.errors
        == "error: the lake /etc/passwd is a file. Name a folder with --lake or PODIUM_LAKE.\n")
    #expect(try outcome.json["error"]?["code"]?.string == "lake")
  }

  @Test("PODIUM_LAKE names the lake, --lake goes before it, ./lake is what is left")
  func whichLake() throws {
    let gym = try Gym.finished.get()
    let named = try Program.run(["runs", "--json"], environment: ["PODIUM_LAKE": gym.path])
    #expect(try named.json.array?.count == 1)
    let both = try Program.run(
      ["runs", "--json", "--lake", gym.path], environment: ["PODIUM_LAKE": "/nowhere"])
    #expect(try both.json.array?.count == 1)
    let none = try Program.run(["runs"], in: gym.path)
    #expect(none.errors.contains("there is no lake at \(gym.path)/lake."))
  }

  @Test("Every command's help fits 80 columns and is declared without mistakes")
  func help() throws {
    let project = Project(
      name: "podium", version: "1", about: "A tool.", tables: Gym.tables, generator: nil)
    #expect(project.tool.problems == [])
    var paths: [[String]] = [[], ["generate"]]
    for command in project.tool.commands {
      paths.append([command.syntax.name])
      paths += command.subcommands.map { [command.syntax.name, $0.syntax.name] }
    }
    #expect(paths.count > 50)
    for path in paths {
      let outcome = try Program.run(["help"] + path)
      #expect(outcome.status == 0)
      let wide = outcome.output.split(separator: "\n").filter { displayWidth(String($0)) > 80 }
      #expect(wide == [], "help \(path)")
    }
  }

  @Test("A sample that is no source is wrong usage, and what it holds is not told")
  func samples() throws {
    let folder = try TemporaryFolder()
    for (name, text) in [
      ("a.tsv", "a\tb\n"), ("b.csv", "a,\0\n"), ("c.csv", "Jane Doe,7,Jane Doe\n"),
    ] {
      try Files.write(text, to: folder.file(name))
      let outcome = try Program.run(
        ["new", "table", "bronze.lockers", "--from", folder.file(name), "--dry-run"],
        in: parentPath(parentPath(parentPath(#filePath))))
      #expect(outcome.status == 2, "\(name)")
      #expect(outcome.errors.hasSuffix("Nothing was written.\n"), "\(outcome.errors)")
      #expect(!outcome.errors.contains("Jane"))
    }
  }

  @Test("Rows that runs compute are not changed by a table's name, but by its folder")
  func byHand() throws {
    let gym = try Gym.finished.get().copy()
    let named = try gym.podium("table", "delete", "silver.members", "--all")
    #expect(named.status == 2)
    #expect(named.errors.contains("names the table's folder, \(gym.path)/silver/members: "))
    let folder = try gym.podium("table", "delete", "\(gym.path)/silver/members", "--all")
    #expect(folder.status == 0, "\(folder.errors)")
    let run = try gym.run()
    #expect(run.status == 0)
    #expect(run.output.contains("silver.members"))
  }

  @Test("What is to be typed next has the environment too, where one was given")
  func hints() throws {
    let gym = try Gym.finished.get().copy()
    #expect(try gym.run("--env", "dev", "silver.members").status == 0)
    let hint = try gym.podium("runs", "show", "nope", "--env", "dev").errors
    #expect(hint.contains("'podium runs --lake \(gym.path) --env dev' lists them."))
    let bare = try Program.run(["runs", "show", "nope"], environment: ["PODIUM_LAKE": gym.path])
    #expect(bare.errors.contains("'podium runs' lists them."))
  }

  @Test("The declarations of the gym have no problems")
  func check() throws {
    let outcome = try Program.run(["check"])
    #expect(outcome.status == 0)
    #expect(outcome.output == "\(Gym.tables.count) tables, no problems.\n")
  }

  @Test("Silver and gold read nothing of a run, and file and line only to pass them on")
  func technicalColumns() {
    for table in Gym.tables {
      guard let query = table.query else { continue }
      let words = Set(sqlTokens(query.text(asOf: "2025-01-01")).map(\.text))
      #expect(
        words.isDisjoint(with: [
          TechnicalColumn.run, TechnicalColumn.ingestedAt, TechnicalColumn.ingestDate,
        ]), "\(table.name)")
      if query.inputs.allSatisfy({ !$0.onlyNew }) {
        #expect(words.isDisjoint(with: ["_file", "_line"]), "\(table.name)")
      }
    }
  }

  @Test("A schedule takes whole minutes")
  func wholeMinutes() throws {
    let run = try Program.run(["schedule", "--as", "cron", "--every", "90s", "--lake", "/nowhere"])
    #expect(run.status == 2)
    #expect(run.errors.contains("--every is 90 seconds; it takes whole minutes, such as 15m."))
    #expect(run.output == "")
  }
}

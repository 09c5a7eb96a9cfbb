import ArgumentParsing
import Testing

/// The error of a line as text; "parsed" where there is none.
private func message(_ line: [String]) -> String {
  do throws(ArgumentError) {
    _ = try sample.parse(line)
    return "parsed"
  } catch {
    return error.description
  }
}

@Suite("Errors")
struct ErrorTests {
  @Test(
    "An error says what is wrong, how the command is used, and how to learn more",
    arguments: [
      (
        ["rnu"],
        """
        'shop' has no command 'rnu'. Did you mean 'shop run'?
        Usage: shop COMMAND
        Type 'shop --help' for more.
        """
      ),
      (
        ["run", "--fulrefresh"],
        """
        Unknown option '--fulrefresh'. Did you mean '--full-refresh'?
        Usage: shop run [TABLE ...] [OPTION ...]
        Type 'shop run --help' for more.
        """
      ),
      (
        ["table", "cat", "--format", "cvs", "t"],
        """
        'cvs' is no value for --format; it takes table, csv or json. Did you mean 'csv'?
        Usage: shop table cat TABLE [--format FORMAT] [--limit N]
        Type 'shop table cat --help' for more.
        """
      ),
      (
        ["generate", "f", "--seed", "1", "--orders", "0"],
        """
        '0' is out of range for --orders; it takes 1 to 10,000,000.
        Usage: shop generate FOLDER [--orders N] [--share SHARE] [--offset N] --seed N
        Type 'shop generate --help' for more.
        """
      ),
    ])
  func whole(line: [String], expected: String) {
    #expect(message(line) == expected)
  }

  @Test(
    "Each mistake has its own first line",
    arguments: [
      (["cat"], "'shop' has no command 'cat'. Did you mean 'shop table cat'?"),
      (["xyzzy"], "'shop' has no command 'xyzzy'."),
      (["xyzzy", "--help"], "'shop' has no command 'xyzzy'."),
      (
        ["help", "table", "cta"],
        "'shop table' has no command 'cta'. Did you mean 'shop table cat'?"
      ),
      (["table"], "'shop table' needs a command: cat or vacuum."),
      (
        ["--json"],
        "'shop' needs a command: run, generate, table, runs, compare, help or completion."
      ),
      (["run", "-json"], "Unknown option '-json'. Did you mean '--json'?"),
      (["run", "--zzz"], "Unknown option '--zzz'."),
      (["run", "-x"], "Unknown option '-x'."),
      (
        ["run", "--orders", "3"],
        "Unknown option '--orders'. '--orders' is an option of 'shop generate'."
      ),
      (
        ["run", "--limit=3"],
        "Unknown option '--limit'. '--limit' is an option of 'shop table cat' and 'shop runs'."
      ),
      (
        ["run", "--ordres", "3"],
        "Unknown option '--ordres'. '--orders' is an option of 'shop generate'."
      ),
      (
        ["runs", "--limit", "3", "show", "4"],
        "'--limit' is an option of 'shop runs', not of the command that follows it."
      ),
      (["run", "--lake", "a", "--lake", "b"], "'--lake' is given twice."),
      (["--lake", "a", "run", "--lake=b"], "'--lake' is given twice."),
      (["generate", "f", "-n", "1", "--orders", "2"], "'--orders' is given twice."),
      (["generate", "f", "--seed"], "'--seed' needs a value: '--seed N'."),
      (["generate", "f", "--seed", "--json"], "'--seed' needs a value: '--seed N'."),
      (["generate", "f", "--seed", "--", "1"], "'--seed' needs a value: '--seed N'."),
      (
        ["run", "--skip", "-abc"],
        "'--skip' needs a value: '--skip TABLE'. A value that begins with a dash is written '--skip=-abc'."
      ),
      (["--json=1", "run"], "'--json' takes no value, so '=1' has no meaning."),
      (["generate"], "FOLDER is missing: Where they go."),
      (["compare", "a"], "FILES is missing, at least 2 are needed: The files."),
      (["generate", "f"], "'--seed' is missing: Where chance begins."),
      (
        ["generate", "f", "g", "--seed", "1"],
        "'g' is one argument too many; put what holds blanks in quotes."
      ),
      (["generate", "f", "--seed", "a"], "'a' is no value for --seed; it takes a whole number."),
      (
        ["generate", "f", "--seed", "1.5"], "'1.5' is no value for --seed; it takes a whole number."
      ),
      (["generate", "f", "--seed="], "'' is no value for --seed; it takes a whole number."),
      (["generate", "f", "--seed", "-1"], "'-1' is out of range for --seed; it takes at least 0."),
      (
        ["generate", "f", "--seed", "99999999999999999999"],
        "'99999999999999999999' is out of range for --seed; it takes 0 to 9,223,372,036,854,775,807."
      ),
      (
        ["generate", "f", "--seed=1", "--share=2"],
        "'2' is out of range for --share; it takes 0 to 1."
      ),
      (
        ["generate", "f", "--seed=1", "--share=nan"],
        "'nan' is no value for --share; it takes a number."
      ),
      (
        ["run", "--as-of", "2023-02-29"],
        "'2023-02-29' is no value for --as-of; it takes a day that exists, as yyyy-MM-dd."
      ),
      (
        ["table", "vacuum", "t", "--keep", "5"],
        "'5' is no value for --keep; it takes a length of time such as 90s, 15m, 2h or 7d."
      ),
      (
        ["table", "vacuum", "t", "--keep", "99999999999999999d"],
        "'99999999999999999d' is no value for --keep; it takes a length of time such as 90s, 15m, 2h or 7d."
      ),
      (
        ["table", "vacuum", "t", "--keep", "90s"],
        "'90s' is out of range for --keep; it takes at least 1h."
      ),
      (["runs", "show", "x"], "'x' is no value for RUN; it takes a whole number."),
      (
        ["completion", "tcsh"],
        "'tcsh' is no value for SHELL; it takes bash, zsh or fish."
      ),
      (["\u{1B}[2J"], #"'shop' has no command '\u{1B}[2J'."#),
    ])
  func first(line: [String], expected: String) {
    #expect(message(line).split(separator: "\n").first.map(String.init) == expected)
  }

  @Test("A command finds more mistakes than the declaration can")
  func later() throws {
    guard case .run(let run) = try sample.parse(["run", "--width", "8", "--full-refresh"]) else {
      return
    }
    let values = run.values
    #expect(throws: values.error(.conflict(["--width", "--full-refresh"]))) {
      try values.refuseTogether(["as-of", "width", "full-refresh"])
    }
    #expect(
      values.error(.conflict(["--width", "--full-refresh"])).problem.description
        == "'--width' and '--full-refresh' exclude each other.")
    #expect(throws: values.error(.undeclared("wdith"))) { try values.int("wdith") }
    #expect(throws: values.error(.undeclared("wdith"))) { try values.flag("wdith") }
    #expect(
      values.error(.undeclared("wdith")).problem.description
        == "The command reads 'wdith', which it does not declare; this is a mistake in the program."
    )
    let expected = values.error(.missingOption("--as-of", about: "The business date."))
    #expect(throws: expected) { try values.date("as-of") }
    #expect(throws: ArgumentError.self) { try values.int("width", in: 1...4) }
    let many = (1...13).map { "gold.t\($0)" }
    let unknown = #expect(throws: ArgumentError.self) {
      try values.check("table", "gold.t33", oneOf: many)
    }
    #expect(
      unknown?.problem.description
        == "'gold.t33' is no value for TABLE; it takes one of 13 names. Did you mean 'gold.t13'?")
    #expect(values.error(.other("The lake is empty.")).problem.description == "The lake is empty.")
  }
}

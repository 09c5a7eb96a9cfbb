import ArgumentParsing
import Basics
import Testing

/// The invocation of a line; an issue where the line only prints something.
private func invocation(_ line: String...) throws -> Invocation<String> {
  guard case .run(let invocation) = try sample.parse(line) else {
    throw OnlyPrints()
  }
  return invocation
}

private struct OnlyPrints: Error {}

/// What a line prints instead of running a command.
private func printed(_ line: String...) throws -> String? {
  if case .print(let text) = try sample.parse(line) { return text }
  return nil
}

@Suite("Parsing")
struct ParsingTests {
  @Test("A nested command is found, with its action and values")
  func nested() throws {
    let run = try invocation("table", "cat", "gold.sales", "--format", "csv", "--limit=3")
    #expect(run.path == ["table", "cat"])
    #expect(run.action == "table cat")
    #expect(try run.values.string("table") == "gold.sales")
    #expect(try run.values.choice("format", of: Format.self) == .csv)
    #expect(try run.values.int("limit") == 3)
  }

  @Test("Shared options stand before, between and after the commands' names")
  func globals() throws {
    for line in [
      ["--lake", "/l", "--json", "table", "cat", "t"],
      ["table", "--lake=/l", "--json", "cat", "t"],
      ["table", "cat", "t", "--json", "--lake", "/l"],
    ] {
      guard case .run(let run) = try sample.parse(line) else { throw OnlyPrints() }
      #expect(run.path == ["table", "cat"])
      #expect(try run.values.string("lake") == "/l")
      #expect(try run.values.flag("json"))
      #expect(try !run.values.flag("verbose"))
    }
  }

  @Test("A command with commands below it runs by itself too")
  func runnableGroup() throws {
    #expect(try invocation("runs").action == "runs")
    #expect(try invocation("runs", "--limit", "5").values.int("limit") == 5)
    let show = try invocation("runs", "show", "12")
    #expect(show.action == "runs show")
    #expect(try show.values.int("run") == 12)
  }

  @Test("What is left out has its default, or nothing")
  func defaults() throws {
    let run = try invocation("run")
    #expect(try run.values.string("lake") == "./lake")
    #expect(try run.values.int("width") == 2)
    #expect(try run.values.strings("table") == [])
    #expect(try run.values.strings("skip") == [])
    #expect(try run.values.dateIfGiven("as-of") == nil)
    #expect(!run.values.isGiven("width"))
    let vacuum = try invocation("table", "vacuum", "t")
    #expect(try vacuum.values.seconds("keep") == 604_800)
    #expect(try vacuum.values.stringIfGiven("folder") == nil)
  }

  @Test("Words after the options' end are values, whatever they look like")
  func optionsEnd() throws {
    let run = try invocation("run", "a", "--", "--json", "-v", "--", "help")
    #expect(try run.values.strings("table") == ["a", "--json", "-v", "--", "help"])
    #expect(try !run.values.flag("json"))
    #expect(try invocation("table", "cat", "--", "--help").values.string("table") == "--help")
  }

  @Test("Negative numbers and a dash alone are values")
  func negative() throws {
    let run = try invocation("generate", "-", "--offset", "-5", "--seed", "1")
    #expect(try run.values.int("offset") == -5)
    #expect(try run.values.string("folder") == "-")
    #expect(try invocation("run", "-12", "-.5").values.strings("table") == ["-12", "-.5"])
  }

  @Test("A text with blanks is a value also where it begins with dashes, unless '=' stands before")
  func blanks() throws {
    let texts = ["-- a comment", "--a\nb", "-x y=1"]
    #expect(try invocation("run", texts[0], texts[1], texts[2]).values.strings("table") == texts)
    #expect(try invocation("run", "--lake", "-- x").values.string("lake") == "-- x")
    #expect(try invocation("run", "--lake=a b").values.string("lake") == "a b")
  }

  @Test("A value after '=' may be empty, begin with a dash or hold another '='")
  func attached() throws {
    #expect(try invocation("run", "--lake=--x=y").values.string("lake") == "--x=y")
    #expect(try invocation("run", "--lake=").values.string("lake") == "")
  }

  @Test("A letter means the same as the whole name")
  func letters() throws {
    let run = try invocation("-v", "generate", "f", "-n", "7", "--seed", "1")
    #expect(try run.values.flag("verbose"))
    #expect(try run.values.int("orders") == 7)
    #expect(try invocation("generate", "f", "-n=8", "--seed=1").values.int("orders") == 8)
  }

  @Test("An option that may be repeated keeps all values in order; a flag may be said twice")
  func repeated() throws {
    let run = try invocation("run", "--skip", "b", "--json", "--skip=a", "--json")
    #expect(try run.values.strings("skip") == ["b", "a"])
    #expect(try run.values.flag("json"))
  }

  @Test("Days, lengths of time and decimal numbers are read")
  func kinds() throws {
    #expect(
      try invocation("run", "--as-of", "2024-02-29").values.date("as-of")
        == CivilDate(year: 2024, month: 2, day: 29))
    #expect(
      try invocation("generate", "f", "--seed", "1", "--share", "1e-1").values.number("share")
        == 0.1)
    for (text, seconds) in [("3600s", 3600), ("90m", 5400), ("2h", 7200), ("1d", 86_400)] {
      #expect(
        try invocation("table", "vacuum", "t", "--keep", text).values.seconds("keep") == seconds)
    }
  }

  @Test("Help is asked for in four ways, and wins over mistakes on the same line")
  func help() throws {
    let expected = sample.help(["table", "cat"])
    #expect(try printed("table", "cat", "--help") == expected)
    #expect(try printed("table", "cat", "-h", "--nonsense") == expected)
    #expect(try printed("--help", "--lake", "cat", "table", "cat") == expected)
    #expect(try printed("help", "table", "cat") == expected)
    #expect(try printed("run", "a", "b", "--help") == sample.help(["run"]))
    #expect(try printed() == sample.help())
    #expect(try printed("help") == sample.help())
    #expect(try printed("--help") == sample.help())
  }

  @Test("A command's own --version is its own, and the tool keeps it elsewhere")
  func ownVersion() throws {
    let tool = Tool<String>(
      name: "t", version: "1", "A tool.",
      commands: [
        Command(
          "cat", "Prints.", arguments: [.required("table", "What.")],
          options: [.option("version", "N", "Which version.", .int(0...Int.max))], action: "cat")
      ])
    #expect(tool.problems == [])
    guard case .run(let invocation) = try tool.parse(["cat", "a", "--version", "3"]) else {
      Issue.record("it printed something")
      return
    }
    #expect(try invocation.values.int("version") == 3)
    guard case .print(let text) = try tool.parse(["--version"]) else { return }
    #expect(text == "t 1\n")
    #expect(tool.help(["cat"]).contains("--version N"))
    #expect(!tool.help(["cat"]).contains("Show the version."))
    #expect(tool.help([]).contains("Show the version."))
  }

  @Test("The version is printed wherever it is asked for")
  func version() throws {
    #expect(try printed("--version") == "shop 1.2.3\n")
    #expect(try printed("run", "--version") == "shop 1.2.3\n")
  }

  @Test("A command of the tool's own takes the place of the library's")
  func ownHelp() throws {
    let tool = Tool<String>(
      name: "t", version: "1", "A tool.",
      commands: [Command("help", "Helps.", action: "mine")])
    guard case .run(let run) = try tool.parse(["help"]) else { throw OnlyPrints() }
    #expect(run.action == "mine")
  }

  @Test("No line of random words does anything but parse or fail")
  func random() throws {
    let words = [
      "run", "table", "cat", "vacuum", "runs", "show", "generate", "compare", "help", "completion",
      "--", "-", "--json", "--json=1", "--limit", "--limit=3", "--keep", "7d", "--as-of",
      "2024-01-01", "-n", "-5", "--seed", "9", "--help", "--format=", "--format=csv", "", "=",
      "--=",
      "---", "-=", "bash", "ü", "--lake", "x", "1e999", "99999999999999999999",
    ]
    let seed = UInt64.random(in: .min ... .max)
    var state = seed
    var ran = 0
    for _ in 0..<5_000 {
      var line: [String] = []
      for _ in 0..<(next(&state) % 7) {
        line.append(words[Int(next(&state) % UInt64(words.count))])
      }
      do throws(ArgumentError) {
        if case .run = try sample.parse(line) { ran += 1 }
      } catch {
        let lines = error.description.split(separator: "\n", omittingEmptySubsequences: false)
        #expect(lines.count == 3, "seed \(seed), line \(line)")
        #expect(lines.last == "Type '\(error.helpLine)' for more.", "seed \(seed), line \(line)")
      }
    }
    #expect(ran > 0, "seed \(seed)")
  }

  /// Marsaglia's xorshift.
  private func next(_ state: inout UInt64) -> UInt64 {
    state ^= state << 13
    state ^= state >> 7
    state ^= state << 17
    return state
  }
}

import ArgumentParsing
import Testing

private let shared = """
    --lake DIR            The folder of the tables. (default: ./lake)
    --json                Print JSON.
    -v, --verbose         Say more.
    --version             Show the version.
    -h, --help            Show this help.

  """

@Suite("Help texts")
struct HelpTests {
  @Test("The tool's own help lists its commands, with discussion and examples")
  func root() {
    #expect(
      sample.help() == """
        OVERVIEW: Keeps the tables of a shop.

        Everything shop knows lies in one folder, the lake. Commands that change tables
        say first what they would do.

          SHOP_LAKE   the lake where '--lake' is left out
          NO_COLOR    no colours

        Exit codes are 0, 1 and 2.

        USAGE: shop COMMAND

        OPTIONS:
        \(shared)
        SUBCOMMANDS:
          run                   Brings tables up to date.
          generate              Writes sample files.
          table                 Looks into one table.
          runs                  Lists runs.
          compare               Compares files.
          help                  Shows the help of a command.
          completion            Prints a script that lets a shell complete commands.

          Type 'shop help COMMAND' to learn more about one of them.

        EXAMPLES:
          Bring everything up to date.
            shop run

        """)
  }

  @Test("A usage that is too long for a line names only what is needed")
  func longUsage() {
    #expect(
      sample.help(["run"]) == """
        OVERVIEW: Brings tables up to date.

        USAGE: shop run [TABLE ...] [OPTION ...]

        ARGUMENTS:
          TABLE                 What to run; everything where none is named.

        OPTIONS:
          --as-of DATE          The business date. (yyyy-MM-dd; default: today in the
                                lake's zone)
          --width N             Tables at the same time. (1 to 64; default: 2)
          --skip TABLE          A table to leave out. (may be repeated)
          --full-refresh        Forget what was done before and compute every table from
                                bronze.
        \(shared)
        EXAMPLES:
          One table, as of a day.
            shop run gold.sales --as-of 2024-01-31
          All but one; only the last line.
            shop run --skip gold.sales | tail -1

        """)
  }

  @Test("Ranges, defaults and what is required stand in brackets")
  func hints() {
    #expect(
      sample.help(["generate"]) == """
        OVERVIEW: Writes sample files.

        USAGE: shop generate FOLDER [--orders N] [--share SHARE] [--offset N] --seed N

        ARGUMENTS:
          FOLDER                Where they go.

        OPTIONS:
          -n, --orders N        How many orders. (1 to 10,000,000; default: 500)
          --share SHARE         Share of bad rows. (0 to 1; default: 0.05)
          --offset N            Added to every id.
          --seed N              Where chance begins. (at least 0; required)
        \(shared)
        """)
  }

  @Test("A group of commands shows only their list")
  func group() {
    #expect(
      sample.help(["table"]) == """
        OVERVIEW: Looks into one table.

        USAGE: shop table COMMAND

        OPTIONS:
        \(shared)
        SUBCOMMANDS:
          cat                   Prints rows.
          vacuum                Deletes files that no version needs.

          Type 'shop help table COMMAND' to learn more about one of them.

        """)
  }

  @Test("A command that runs and has commands below it shows both")
  func runnableGroup() {
    #expect(
      sample.help(["runs"]) == """
        OVERVIEW: Lists runs.

        USAGE: shop runs [COMMAND] [--limit N]

        OPTIONS:
          --limit N             At most so many. (1 to 1,000; default: 20)
        \(shared)
        SUBCOMMANDS:
          show                  Shows one run.

          Type 'shop help runs COMMAND' to learn more about one of them.

        """)
  }

  @Test("A nested command stands with its whole path")
  func nested() {
    #expect(
      sample.help(["table", "vacuum"]) == """
        OVERVIEW: Deletes files that no version needs.

        USAGE: shop table vacuum TABLE [FOLDER] [--keep TIME]

        ARGUMENTS:
          TABLE                 Which one.
          FOLDER                Where.

        OPTIONS:
          --keep TIME           How long versions are kept. (such as 90s, 15m, 2h, 7d;
                                at least 1h; default: 7d)
        \(shared)
        """)
  }

  @Test("The tool's name is filled in where the library's own commands speak of it")
  func ownCommands() {
    #expect(
      sample.help(["completion"]) == """
        OVERVIEW: Prints a script that lets a shell complete commands.

        Write it where the shell looks for such scripts, or load it into the present
        shell with `source`.

        USAGE: shop completion SHELL

        ARGUMENTS:
          SHELL                 The shell. (bash, zsh, fish)

        OPTIONS:
        \(shared)
        EXAMPLES:
          For bash, all users.
            shop completion bash > /etc/bash_completion.d/shop
          For zsh.
            shop completion zsh > /usr/local/share/zsh/site-functions/_shop
          For fish.
            shop completion fish > ~/.config/fish/completions/shop.fish

        """)
  }

  @Test("A label that reaches the sentences' column has a line of its own")
  func longLabel() {
    let tool = Tool<Int>(
      name: "t", version: "1", "A tool.",
      globals: [
        .flag("exactly-twenty-1234", "Ends one column before."),
        .flag("exactly-twenty1-1234", "Ends too far on the right."),
      ], commands: [])
    #expect(
      tool.help() == """
        OVERVIEW: A tool.

        USAGE: t COMMAND

        OPTIONS:
          --exactly-twenty-1234
                                Ends one column before.
          --exactly-twenty1-1234
                                Ends too far on the right.
          --version             Show the version.
          -h, --help            Show this help.

        SUBCOMMANDS:
          help                  Shows the help of a command.
          completion            Prints a script that lets a shell complete commands.

          Type 't help COMMAND' to learn more about one of them.

        """)
  }

  @Test(
    "No line of a help text is wider than 80 columns",
    arguments: [
      [], ["run"], ["generate"], ["table"], ["table", "cat"], ["table", "vacuum"], ["runs"],
      ["runs", "show"], ["compare"], ["help"], ["completion"],
    ])
  func width(path: [String]) {
    let lines = sample.help(path).split(separator: "\n")
    #expect(lines.count > 5)
    #expect(lines.filter { $0.count > 80 } == [])
  }

  @Test("A path that leads nowhere has no help")
  func nowhere() {
    #expect(sample.help(["nowhere"]) == "")
  }
}

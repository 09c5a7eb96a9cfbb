import ArgumentParsing
import Basics
import Glibc
import Podium
import Rendering

/// A command: works in a session and says how it ended.
typealias CommandAction = @Sendable (Session) throws -> ExitStatus

extension Project {
  /// Runs the command line of the process and ends it with the command's status.
  public func main() -> Never {
    // A file that grows beyond the user's limit is then an error of that write, which names it.
    _ = signal(SIGXFSZ, SIG_IGN)
    exit(run(Array(CommandLine.arguments.dropFirst())))
  }

  /// Runs a command line, given without the program's name.
  /// - Returns: 0 done, 1 a table did not commit or the work failed, 2 wrong usage.
  ///   A run that a signal stops ends the process with 128 and the number of the signal.
  public func run(_ words: [String]) -> Int32 {
    do {
      switch try tool.parse(words) {
      case .print(let text):
        let out = OutputStream.standardOutput()
        if words.asksForJSON, text == "\(name) \(version)\n" {
          try out.print(["name": .string(name), "version": .string(version)])
        } else {
          try out.write(text)
          try out.flush()
        }
        return ExitStatus.done.rawValue
      case .run(let invocation):
        let session = try Session(self, invocation.values)
        do {
          return try invocation.action(session).rawValue
        } catch {
          return Report(error, session: session).print()
        }
      }
    } catch {
      return Report(error, name: name, words: words).print()
    }
  }

  /// The tool's commands.
  var tool: Tool<CommandAction> {
    Tool(
      name: name, version: version, abstract,
      globals: [
        .option(
          "lake", "PLACE",
          "The lake: a folder, or s3://bucket/prefix (PODIUM_LAKE, else ./lake).", .folder),
        .option("env", "NAME", "The environment to work in (PODIUM_ENV, else production)."),
        .flag("json", "Print JSON alone on standard output."),
        .flag("verbose", "Say more: how the engine is set up, errors with their causes."),
      ],
      foreign: foreignWords,
      commands: [
        generator.map(generateCommand), runCommand, planCommand, checkCommand, sqlCommand,
        exportCommand, backfillCommand, tablesCommand, describeCommand, lineageCommand, docsCommand,
        newCommand, mappingCommand,
        tableCommand,
        quarantineCommand, runsCommand, logsCommand, alertsCommand, scheduleCommand, publishCommand,
        maintainCommand, rollbackCommand, forgetCommand, backupCommand, restoreLakeCommand,
        environmentCommand, promoteCommand,
      ].compactMap { $0 })
  }
}

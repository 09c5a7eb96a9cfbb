/// A command-line tool: its name and version, its commands, and the options they all share.
///
/// The tool answers `--help`, `-h`, `--version`, `help COMMAND` and `completion SHELL` by itself.
/// In every text of the declaration `{tool}` stands for the tool's name.
public struct Tool<Action: Sendable>: Sendable {
  /// The tool as a command of its own, with the commands it answers by itself.
  public let syntax: ToolSyntax
  /// The commands handed in.
  public let commands: [Command<Action>]

  /// - Parameters:
  ///   - globals: options that stand before or after the commands' names, the same for all.
  ///   - foreign: commands and options (with their dashes) of other tools that users may type, each
  ///     with a sentence that says what to type here.
  public init(
    name: String, version: String, _ abstract: String, discussion: String = "",
    globals: [Option] = [], examples: [Example] = [], foreign: [String: String] = [:],
    commands: [Command<Action>]
  ) {
    self.commands = commands
    let taken = Set(commands.map(\.syntax.name))
    let own = CommandSyntax.builtIn(beside: commands.map(\.syntax.name))
      .filter { !taken.contains($0.name) }
    syntax = ToolSyntax(
      name: name, version: version, globals: globals + [.version, .help], foreign: foreign,
      root: CommandSyntax(
        name: name, abstract: abstract, discussion: discussion, arguments: [], options: [],
        examples: examples, subcommands: commands.map(\.syntax) + own, isRunnable: false))
  }
}

/// What a tool's help, errors and completion scripts are made from.
public struct ToolSyntax: Hashable, Sendable {
  public let name: String
  public let version: String
  /// The options shared by all commands, `--version` and `--help` included.
  public let globals: [Option]
  /// What to type in place of the words of other tools.
  public let foreign: [String: String]
  /// The tool itself as a command.
  public let root: CommandSyntax

  /// The command at a path of names below the tool; nil where there is none.
  public func command(at path: [String]) -> CommandSyntax? {
    var command = root
    for name in path {
      guard let next = command.subcommands.first(where: { $0.name == name }) else { return nil }
      command = next
    }
    return command
  }

  /// The shared options that mean the same for a command: all but a `--version` that it declares
  /// itself.
  func shared(beside command: CommandSyntax) -> [Option] {
    let isOwn = command.options.contains { $0.name == Option.version.name }
    return isOwn ? globals.filter { $0.name != Option.version.name } : globals
  }

  /// A command as it is typed: `podium table cat`.
  public func line(_ path: [String]) -> String {
    ([name] + path).joined(separator: " ")
  }

  /// Every command with its path, the tool itself first, in the order of the help texts.
  func all() -> [(path: [String], command: CommandSyntax)] {
    func walk(_ path: [String], _ command: CommandSyntax) -> [([String], CommandSyntax)] {
      [(path, command)] + command.subcommands.flatMap { walk(path + [$0.name], $0) }
    }
    return walk([], root)
  }

  /// The text with the tool's name in place of `{tool}`.
  func filled(_ text: String) -> String {
    guard text.utf8.contains(UInt8(ascii: "{")) else { return text }
    var out = ""
    var rest = Substring(text)
    while let brace = rest.firstIndex(of: "{") {
      out += rest[..<brace]
      rest = rest[brace...]
      if rest.hasPrefix("{tool}") {
        out += name
        rest = rest.dropFirst(6)
      } else {
        out.append("{")
        rest = rest.dropFirst()
      }
    }
    return out + rest
  }
}

extension Option {
  static let help = Option.flag("help", "Show this help.", letter: "h")
  static let version = Option.flag("version", "Show the version.")
}

extension CommandSyntax {
  /// The commands that every tool answers by itself.
  static func builtIn(beside commands: [String]) -> [CommandSyntax] {
    [help(commands), completion]
  }

  private static func help(_ commands: [String]) -> CommandSyntax {
    let about = "The command's name, in one word or several."
    return CommandSyntax(
      name: "help", abstract: "Shows the help of a command.", discussion: "",
      arguments: [.repeating("command", about, .text(suggestions: commands))],
      options: [], examples: [], subcommands: [], isRunnable: true)
  }

  private static var completion: CommandSyntax {
    CommandSyntax(
      name: "completion", abstract: "Prints a script that lets a shell complete commands.",
      discussion: """
        Write it where the shell looks for such scripts, or load it into the present shell with \
        `source`.
        """,
      arguments: [.required("shell", "The shell.", .choice(of: CompletionShell.self))],
      options: [],
      examples: [
        Example("completion bash > /etc/bash_completion.d/{tool}", "For bash, all users."),
        Example("completion zsh > /usr/local/share/zsh/site-functions/_{tool}", "For zsh."),
        Example("completion fish > ~/.config/fish/completions/{tool}.fish", "For fish."),
      ], subcommands: [], isRunnable: true)
  }
}

/// A command of a tool: what it is called, what it takes, and what the caller does with it.
///
/// `Action` is the caller's own type, usually a closure over `ArgumentValues`; the library only
/// carries it to the `Invocation`.
///
///     extension Command where Action == Run {
///       static let generate = Command(
///         "generate", "Writes the files of a synthetic gym.",
///         options: [.option("members", "N", "How many members.", .int(1...10_000_000),
///                           .default("500"))],
///         examples: [Example("generate --members 100", "A small gym.")],
///         action: { values in try generate(members: values.int("members")) })
///     }
public struct Command<Action: Sendable>: Sendable {
  /// Everything about the command but what it does.
  public let syntax: CommandSyntax
  /// What the command does; nil for one that only groups others.
  public let action: Action?
  /// The commands below this one, such as `cat` below `table`.
  public let subcommands: [Command<Action>]

  /// A command that does something; it may have sub-commands too, as in `runs` and `runs show`.
  public init(
    _ name: String, _ abstract: String, discussion: String = "", arguments: [Argument] = [],
    options: [Option] = [], examples: [Example] = [], subcommands: [Command<Action>] = [],
    action: Action
  ) {
    self.action = action
    self.subcommands = subcommands
    syntax = CommandSyntax(
      name: name, abstract: abstract, discussion: discussion, arguments: arguments,
      options: options, examples: examples, subcommands: subcommands.map(\.syntax),
      isRunnable: true)
  }

  /// A command that only groups others.
  public init(
    group name: String, _ abstract: String, discussion: String = "", examples: [Example] = [],
    subcommands: [Command<Action>]
  ) {
    action = nil
    self.subcommands = subcommands
    syntax = CommandSyntax(
      name: name, abstract: abstract, discussion: discussion, arguments: [], options: [],
      examples: examples, subcommands: subcommands.map(\.syntax), isRunnable: false)
  }
}

/// Everything about a command but what it does; help, errors and completion are made from it.
public struct CommandSyntax: Hashable, Sendable {
  /// The word that calls the command.
  public var name: String
  /// One sentence, shown in lists and first in the help text.
  public var abstract: String
  /// Paragraphs, parted by empty lines; a paragraph that begins with a space keeps its lines.
  public var discussion: String
  /// The words after the command, in order.
  public var arguments: [Argument]
  /// The command's own options and flags, in the order of the help text.
  public var options: [Option]
  public var examples: [Example]
  public var subcommands: [CommandSyntax]
  /// False where only a sub-command can be run.
  public var isRunnable: Bool
}

/// A command line to show in the help text.
public struct Example: Hashable, Sendable {
  /// The line as typed, without the tool's name in front.
  public var line: String
  /// What it does.
  public var about: String

  public init(_ line: String, _ about: String) {
    self.line = line
    self.about = about
  }
}

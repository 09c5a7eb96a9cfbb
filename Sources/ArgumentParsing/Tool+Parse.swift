/// A command line that was understood.
public enum Parsed<Action: Sendable>: Sendable {
  /// A command to run.
  case run(Invocation<Action>)
  /// A text to print, and nothing else to do: help, version, completion script.
  case print(String)
}

/// A command with the values it was given.
public struct Invocation<Action: Sendable>: Sendable {
  /// The command's names below the tool, such as `["table", "cat"]`.
  public let path: [String]
  public let action: Action
  public let values: ArgumentValues
}

extension Tool {
  /// Understands a command line, given without the tool's name in front.
  ///
  /// `--help` anywhere before `--` wins over every error but an unknown command.
  public func parse(_ words: [String]) throws(ArgumentError) -> Parsed<Action> {
    var scanner = Scanner(tool: syntax)
    if let asked = scanner.answer(to: words) { return .print(try asked.get()) }
    guard !words.isEmpty else { return .print(HelpText(tool: syntax, path: []).text) }
    let values = try scanner.scan(words)
    if let action = action(at: values.path) {
      return .run(Invocation(path: values.path, action: action, values: values))
    }
    return .print(try builtIn(values))
  }

  /// The help text of a command, as `--help` prints it; empty for an unknown path.
  public func help(_ path: [String] = []) -> String {
    syntax.command(at: path) == nil ? "" : HelpText(tool: syntax, path: path).text
  }

  private func action(at path: [String]) -> Action? {
    var level = commands
    var found: Action?
    for name in path {
      guard let command = level.first(where: { $0.syntax.name == name }) else { return nil }
      found = command.action
      level = command.subcommands
    }
    return found
  }

  /// The text that a command of the library's own prints.
  private func builtIn(_ values: ArgumentValues) throws(ArgumentError) -> String {
    if values.path == ["completion"] {
      return CompletionScript(tool: syntax).text(for: try values.choice("shell"))
    }
    let path = try values.strings("command")
    for (index, name) in path.enumerated() {
      let parent = Array(path[..<index])
      guard syntax.command(at: parent + [name]) == nil else { continue }
      throw syntax.unknownCommand(name, below: parent)
    }
    return HelpText(tool: syntax, path: path).text
  }
}

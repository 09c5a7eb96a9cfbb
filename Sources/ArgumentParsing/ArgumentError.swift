import Basics

/// Why a command line was not understood, as facts; `description` makes sentences of them.
public struct ArgumentError: Error, Hashable, Sendable {
  /// What was wrong.
  public let problem: ArgumentProblem
  /// The usage of the command, on one line and without a heading.
  public let usage: String
  /// What shows the command's help: `podium run --help`.
  public let helpLine: String

  init(_ problem: ArgumentProblem, usage: String, helpLine: String) {
    self.problem = problem
    self.usage = usage
    self.helpLine = helpLine
  }
}

/// One thing that can be wrong with a command line.
///
/// Options stand with their dashes.
public enum ArgumentProblem: Hashable, Sendable {
  /// `parent` is the line before the word; `near` a whole line that may be meant.
  case unknownCommand(String, parent: String, near: String?)
  /// A command of another tool, with what to type in its place.
  case foreignCommand(String, parent: String, hint: String)
  /// An option of another tool, with what to type in its place.
  case foreignOption(String, hint: String)
  /// A command that only groups others stands alone.
  case missingCommand(parent: String, [String])
  case unknownOption(String, near: NearOption?)
  /// An option before a sub-command that belongs to the command above it.
  case optionOfParent(String, parent: String)
  case repeatedOption(String)
  case missingOption(String, about: String)
  /// `next` is the word that stands where the value should.
  case missingValue(option: String, value: String, next: String?)
  case unexpectedValue(option: String, value: String)
  case missingArgument(String, about: String, least: Int)
  case unexpectedArgument(String)
  /// The value of a parameter, an option or an argument in capitals, is not what it takes.
  case badValue(parameter: String, value: String, BadValue)
  /// Two or more of these stand together.
  case conflict([String])
  /// The command asks for a name that it never declared.
  case undeclared(String)
  /// Something that only the command itself can know, as a sentence.
  case other(String)
}

/// An option that may be meant by an unknown one.
public enum NearOption: Hashable, Sendable {
  /// An option of this command.
  case here(String)
  /// An option of other commands, with their whole lines.
  case elsewhere(String, commands: [String])
}

/// Why a value is not what a parameter takes.
public enum BadValue: Hashable, Sendable {
  case notAWholeNumber
  case notANumber
  case outOfRange(Bounds)
  case notADay
  case notADuration
  case notOneOf([String], near: String?)
}

extension ToolSyntax {
  func error(_ problem: ArgumentProblem, _ path: [String]) -> ArgumentError {
    ArgumentError(
      problem, usage: HelpText(tool: self, path: path).usage, helpLine: line(path) + " --help")
  }

  /// An unknown command; a near name on this level is offered first, then one of any other.
  func unknownCommand(_ name: String, below path: [String]) -> ArgumentError {
    if path.isEmpty, let hint = foreign[name] {
      return error(.foreignCommand(name, parent: line(path), hint: filled(hint)), path)
    }
    let here = command(at: path)?.subcommands.map(\.name) ?? []
    var near = nearest(name, in: here).map { line(path + [$0]) }
    if near == nil {
      let last = all().map(\.path).filter { $0.last == name }
      near = last.first.map { line($0) }
    }
    return error(.unknownCommand(name, parent: line(path), near: near), path)
  }

  /// An unknown option; the same name elsewhere is offered first, then near names here, elsewhere.
  func unknownOption(_ word: String, _ path: [String]) -> ArgumentError {
    if let hint = foreign[word] { return error(.foreignOption(word, hint: filled(hint)), path) }
    let name = String(word.drop { $0 == "-" })
    let own = (command(at: path)?.options ?? []) + globals
    func elsewhere(_ name: String) -> NearOption? {
      let commands = all().filter { $0.command.options.contains { $0.name == name } }
      return commands.isEmpty
        ? nil : .elsewhere("--" + name, commands: commands.map { line($0.path) })
    }
    let near: NearOption? =
      own.contains { $0.name == name }
      ? .here("--" + name)
      : elsewhere(name) ?? nearest(name, in: own.map(\.name)).map { .here("--" + $0) }
        ?? nearest(name, in: all().flatMap { $0.command.options.map(\.name) }).flatMap(elsewhere)
    return error(.unknownOption(word, near: near), path)
  }
}

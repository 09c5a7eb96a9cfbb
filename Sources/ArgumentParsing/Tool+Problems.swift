/// A mistake in a tool's declaration.
public enum DeclarationProblem: Hashable, Sendable {
  /// Two commands, or two parameters of one command, have one name; shared options count.
  case doubleName(String, command: String)
  /// A name that is not made of small letters, digits and dashes.
  case badName(String, command: String)
  /// A default that the option itself would not take.
  case badDefault(option: String, command: String)
  /// An argument that can never be given its words: it follows one that takes all, or a required
  /// one follows one that may be left out.
  case argumentOrder(String, command: String)
  /// An abstract or description that is no sentence: it has to end with a full stop.
  case noSentence(String, command: String)
  /// An example that the tool does not understand.
  case badExample(String, ArgumentProblem)
}

extension Tool {
  /// The mistakes in the declaration; a test should hold the list to be empty.
  public var problems: [DeclarationProblem] {
    var problems: [DeclarationProblem] = []
    for (path, command) in syntax.all() {
      let line = syntax.line(path)
      problems += names(command, line)
      problems += order(command, line)
      problems += sentences(command, line)
      problems += defaults(path, command, line)
      problems += examples(command)
    }
    return problems
  }

  private func names(_ command: CommandSyntax, _ line: String) -> [DeclarationProblem] {
    // Shared options are judged once, with the tool itself.
    let isTool = line == syntax.name
    let own = isTool ? syntax.globals : command.options
    let shared = isTool ? [] : syntax.shared(beside: command)
    let names = command.arguments.map(\.name) + own.map(\.name)
    let letters = own.compactMap { $0.letter.map { "-\($0)" } }
    let commands = command.subcommands.map(\.name)
    let doubles =
      doubled(names, beside: shared.map(\.name))
      + doubled(letters, beside: shared.compactMap { $0.letter.map { "-\($0)" } })
      + doubled(commands, beside: [])
    return doubles.map { .doubleName($0, command: line) }
      + (names + commands).filter { !isName($0) }.map { .badName($0, command: line) }
  }

  /// The names that stand twice, or once here and once in the other list.
  private func doubled(_ names: [String], beside others: [String]) -> [String] {
    Set(names).filter { name in names.count { $0 == name } > 1 || others.contains(name) }.sorted()
  }

  private func isName(_ name: String) -> Bool {
    !name.isEmpty && !name.hasPrefix("-")
      && name.utf8.allSatisfy { byte in
        (0x61...0x7A).contains(byte) || (0x30...0x39).contains(byte) || byte == 0x2D
      }
  }

  private func order(_ command: CommandSyntax, _ line: String) -> [DeclarationProblem] {
    var problems: [DeclarationProblem] = []
    var optionalBefore = false
    var repeatingBefore = false
    for argument in command.arguments {
      if repeatingBefore || (optionalBefore && argument.isRequired) {
        problems.append(.argumentOrder(argument.name, command: line))
      }
      optionalBefore = optionalBefore || !argument.isRequired
      repeatingBefore = repeatingBefore || argument.isRepeating
    }
    return problems
  }

  private func sentences(_ command: CommandSyntax, _ line: String) -> [DeclarationProblem] {
    let texts =
      [command.abstract] + command.arguments.map(\.about)
      + (line == syntax.name ? syntax.globals : command.options).map(\.about)
      + command.examples.map(\.about)
    return texts.filter { !$0.hasSuffix(".") }.map { .noSentence($0, command: line) }
  }

  private func defaults(
    _ path: [String], _ command: CommandSyntax, _ line: String
  ) -> [DeclarationProblem] {
    (command.options + (path.isEmpty ? syntax.globals : [])).compactMap { option in
      guard case .default = option.presence else { return nil }
      var alone = command
      alone.arguments = []
      alone.options = [option]
      let tool = ToolSyntax(
        name: syntax.name, version: syntax.version, globals: [], foreign: [:], root: syntax.root)
      let values = ArgumentValues(tool: tool, path: path, command: alone, given: [:])
      do throws(ArgumentError) {
        try values.check()
        return nil
      } catch {
        return .badDefault(option: option.dashed, command: line)
      }
    }
  }

  private func examples(_ command: CommandSyntax) -> [DeclarationProblem] {
    command.examples.compactMap { example in
      do throws(ArgumentError) {
        _ = try parse(shellWords(syntax.filled(example.line)))
        return nil
      } catch {
        return .badExample(example.line, error.problem)
      }
    }
  }
}

/// The words of the first command of a shell line; knows quotes, and ends at `|`, `>`, `&`, `;`.
func shellWords(_ line: String) -> [String] {
  var words: [String] = []
  var word: String?
  var quote: Character?
  for character in line {
    if let open = quote {
      if character == open { quote = nil } else { word?.append(character) }
    } else if character == "'" || character == "\"" {
      quote = character
      word = word ?? ""
    } else if "|>&;".contains(character) {
      break
    } else if character == " " {
      if let done = word { words.append(done) }
      word = nil
    } else {
      word = (word ?? "") + String(character)
    }
  }
  if let last = word { words.append(last) }
  return words
}

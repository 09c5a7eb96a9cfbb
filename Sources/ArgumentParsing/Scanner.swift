/// Goes over a command line once and sorts its words.
struct Scanner {
  let tool: ToolSyntax
  private var path: [String] = []
  private var command: CommandSyntax
  private var words: [String] = []
  private var given: [String: [String]] = [:]
  /// Options of the present command, in the order given, to refuse them if a sub-command follows.
  private var ownOptions: [String] = []

  init(tool: ToolSyntax) {
    self.tool = tool
    command = tool.root
  }

  /// What `--help` or `--version` prints; nil where neither stands before `--`.
  func answer(to words: [String]) -> Result<String, ArgumentError>? {
    let words = words.prefix { $0 != "--" }
    if words.contains("--help") || words.contains("-h") {
      var scanner = self
      return scanner.helpPath(Array(words)).map { HelpText(tool: tool, path: $0).text }
    }
    guard words.contains("--version") else { return nil }
    // A command may have a `--version` of its own, which then means what the command says.
    var scanner = self
    _ = scanner.helpPath(Array(words))
    let isOwn = scanner.command.options.contains { $0.name == Option.version.name }
    return isOwn ? nil : .success("\(tool.name) \(tool.version)\n")
  }

  /// The command that a line with `--help` asks about; options and their values are passed over.
  private mutating func helpPath(_ words: [String]) -> Result<[String], ArgumentError> {
    var index = 0
    while index < words.count {
      let word = words[index]
      index += 1
      if isOption(word) {
        let takesValue = option(named: split(word).name).map { $0.kind != nil } ?? false
        if takesValue, split(word).value == nil, index < words.count, !isOption(words[index]) {
          index += 1
        }
      } else if let next = command.subcommands.first(where: { $0.name == word }) {
        enter(next)
      } else if command.arguments.isEmpty, !command.subcommands.isEmpty {
        return .failure(tool.unknownCommand(word, below: path))
      } else {
        break
      }
    }
    return .success(path)
  }

  mutating func scan(_ line: [String]) throws(ArgumentError) -> ArgumentValues {
    var index = 0
    var optionsEnded = false
    while index < line.count {
      let word = line[index]
      index += 1
      if !optionsEnded, word == "--" {
        optionsEnded = true
      } else if !optionsEnded, isOption(word) {
        try take(option: word, line, &index)
      } else {
        try take(word: word, mayBeCommand: !optionsEnded)
      }
    }
    guard command.isRunnable else {
      throw tool.error(
        .missingCommand(parent: tool.line(path), command.subcommands.map(\.name)), path)
    }
    let values = ArgumentValues(
      tool: tool, path: path, command: command, given: given.merging(try assigned()) { $1 })
    try values.check()
    return values
  }

  private mutating func take(word: String, mayBeCommand: Bool) throws(ArgumentError) {
    if mayBeCommand, words.isEmpty, !command.subcommands.isEmpty {
      if let next = command.subcommands.first(where: { $0.name == word }) {
        if let option = ownOptions.first {
          throw tool.error(
            .optionOfParent(option, parent: tool.line(path)), path + [next.name])
        }
        return enter(next)
      }
      if command.arguments.isEmpty { throw tool.unknownCommand(word, below: path) }
    }
    words.append(word)
  }

  private mutating func enter(_ next: CommandSyntax) {
    path.append(next.name)
    command = next
    ownOptions = []
  }

  private mutating func take(
    option word: String, _ line: [String], _ index: inout Int
  ) throws(ArgumentError) {
    let (name, attached) = split(word)
    guard let option = option(named: name) else {
      throw tool.unknownOption(name, path)
    }
    guard case .value(let valueName, _, let presence) = option.form else {
      if let attached {
        throw tool.error(.unexpectedValue(option: name, value: attached), path)
      }
      return remember(option, "true")
    }
    if given[option.name] != nil, presence != .repeating {
      throw tool.error(.repeatedOption(option.dashed), path)
    }
    if let attached { return remember(option, attached) }
    guard index < line.count, !isOption(line[index]), line[index] != "--" else {
      let next = index < line.count ? line[index] : "--"
      let isKnown = next == "--" || self.option(named: split(next).name) != nil
      throw tool.error(
        .missingValue(option: name, value: valueName, next: isKnown ? nil : next), path)
    }
    remember(option, line[index])
    index += 1
  }

  private mutating func remember(_ option: Option, _ value: String) {
    given[option.name, default: []].append(value)
    if !tool.globals.contains(option) { ownOptions.append(option.dashed) }
  }

  /// The words that stand for themselves, by the arguments' names.
  private func assigned() throws(ArgumentError) -> [String: [String]] {
    var given: [String: [String]] = [:]
    var rest = words[...]
    for argument in command.arguments {
      let taken = argument.isRepeating ? rest : rest.prefix(1)
      rest = rest.dropFirst(taken.count)
      if !taken.isEmpty { given[argument.name] = Array(taken) }
      let least = if case .many(let least) = argument.count { least } else { 1 }
      if argument.isRequired, taken.count < least {
        throw tool.error(
          .missingArgument(argument.label, about: tool.filled(argument.about), least: least), path)
      }
    }
    if let extra = rest.first { throw tool.error(.unexpectedArgument(extra), path) }
    return given
  }

  // MARK: Words

  /// True for a word that begins with a dash and is neither a negative number nor a dash alone.
  ///
  /// No option's name holds a blank, so a text such as `-- daily\nSELECT 1` is a value.
  private func isOption(_ word: String) -> Bool {
    guard word.hasPrefix("-"), word != "-", word != "--",
      !split(word).name.contains(where: \.isWhitespace)
    else { return false }
    let second = word.utf8.dropFirst().first ?? 0
    if second &- 0x30 < 10 { return false }
    return second != UInt8(ascii: ".") || Double(word) == nil
  }

  /// `--name=value` in two; a word without `=` has no value.
  private func split(_ word: String) -> (name: String, value: String?) {
    guard let equals = word.firstIndex(of: "=") else { return (word, nil) }
    return (String(word[..<equals]), String(word[word.index(after: equals)...]))
  }

  private func option(named word: String) -> Option? {
    (command.options + tool.shared(beside: command)).first {
      word == $0.dashed || ($0.letter.map { word == "-\($0)" } ?? false)
    }
  }
}

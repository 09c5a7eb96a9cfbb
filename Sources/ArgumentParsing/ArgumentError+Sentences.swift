import Basics

extension ArgumentError: CustomStringConvertible {
  /// What was wrong, the usage, and how to learn more: three lines without a newline at the end.
  public var description: String {
    """
    \(problem)
    Usage: \(usage)
    Type '\(helpLine)' for more.
    """
  }
}

extension ArgumentProblem: CustomStringConvertible {
  /// One or two sentences on one line.
  public var description: String {
    switch self {
    case .unknownCommand(let name, let parent, let near):
      "'\(parent)' has no command '\(printable(name))'.\(didYouMean(near))"
    case .foreignCommand(let name, let parent, let hint):
      "'\(parent)' has no command '\(printable(name))'. \(hint)"
    case .foreignOption(let option, let hint): "Unknown option '\(printable(option))'. \(hint)"
    case .missingCommand(let parent, let known):
      "'\(parent)' needs a command: \(listed(known, "or"))."
    case .unknownOption(let option, let near):
      "Unknown option '\(printable(option))'.\(near.map { " \($0)" } ?? "")"
    case .optionOfParent(let option, let parent):
      "'\(option)' is an option of '\(parent)', not of the command that follows it."
    case .repeatedOption(let option): "'\(option)' is given twice."
    case .missingOption(let option, let about): "'\(option)' is missing: \(about)"
    case .missingValue(let option, let value, nil):
      "'\(option)' needs a value: '\(option) \(value)'."
    case .missingValue(let option, let value, let next?):
      "'\(option)' needs a value: '\(option) \(value)'. "
        + "A value that begins with a dash is written '\(option)=\(printable(next))'."
    case .unexpectedValue(let option, let value):
      "'\(option)' takes no value, so '=\(printable(value))' has no meaning."
    case .missingArgument(let name, let about, let least):
      least > 1
        ? "\(name) is missing, at least \(least) are needed: \(about)"
        : "\(name) is missing: \(about)"
    case .unexpectedArgument(let word):
      "'\(printable(word))' is one argument too many; put what holds blanks in quotes."
    case .badValue(let parameter, let value, let reason):
      "'\(printable(value))' is \(reason.isNot) \(parameter); \(reason.takes)"
    case .conflict(let options): "\(listed(options.map { "'\($0)'" }, "and")) exclude each other."
    case .undeclared(let name):
      "The command reads '\(name)', which it does not declare; this is a mistake in the program."
    case .other(let sentence): sentence
    }
  }
}

extension NearOption: CustomStringConvertible {
  public var description: String {
    switch self {
    case .here(let option): "Did you mean '\(option)'?"
    case .elsewhere(let option, let commands):
      commands.count > 3
        ? "'\(option)' is an option of \(commands.count) other commands."
        : "'\(option)' is an option of \(listed(commands.map { "'\($0)'" }, "and"))."
    }
  }
}

extension BadValue {
  /// What stands between the value and the parameter.
  fileprivate var isNot: String {
    if case .outOfRange = self { return "out of range for" }
    return "no value for"
  }

  /// What the parameter takes, as the end of a sentence.
  fileprivate var takes: String {
    switch self {
    case .notAWholeNumber: "it takes a whole number."
    case .notANumber: "it takes a number."
    case .outOfRange(let bounds): "it takes \(bounds.hint ?? "64-bit numbers")."
    case .notADay: "it takes a day that exists, as yyyy-MM-dd."
    case .notADuration: "it takes a length of time such as 90s, 15m, 2h or 7d."
    case .notOneOf(let words, let near):
      "it takes \(words.count > 12 ? "one of \(words.count) names" : listed(words, "or"))."
        + didYouMean(near)
    }
  }
}

/// `a`, `a or b`, `a, b or c`.
private func listed(_ words: [String], _ word: String) -> String {
  guard let last = words.last, words.count > 1 else { return words.first ?? "" }
  return words.dropLast().joined(separator: ", ") + " \(word) " + last
}

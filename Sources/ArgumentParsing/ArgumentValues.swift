import Basics

/// The values of a command line, read by the names of the declaration.
///
/// Everything that the declaration says has been checked before a command sees its values. A name
/// that the command did not declare is an `undeclared` error, never a trap.
public struct ArgumentValues: Hashable, Sendable {
  let tool: ToolSyntax
  /// The command's names below the tool.
  public let path: [String]
  let command: CommandSyntax
  let given: [String: [String]]

  /// True where the option or argument stands on the command line.
  public func isGiven(_ name: String) -> Bool { given[name] != nil }

  /// True where the flag stands on the command line.
  public func flag(_ name: String) throws(ArgumentError) -> Bool {
    guard parameter(name) != nil else { throw error(.undeclared(name)) }
    return given[name] != nil
  }

  /// All texts of a repeating argument or option, in order.
  public func strings(_ name: String) throws(ArgumentError) -> [String] {
    guard let parameter = parameter(name) else { throw error(.undeclared(name)) }
    return given[name] ?? parameter.defaultValue.map { [$0] } ?? []
  }

  /// The text given, or the default; nil where there is neither.
  public func stringIfGiven(_ name: String) throws(ArgumentError) -> String? {
    try strings(name).first
  }

  /// The text given, or the default.
  public func string(_ name: String) throws(ArgumentError) -> String {
    try present(name, stringIfGiven(name))
  }

  /// An error about this command line that only the command can find.
  public func error(_ problem: ArgumentProblem) -> ArgumentError { tool.error(problem, path) }

  /// Refuses options of which at most one may stand on the command line.
  public func refuseTogether(_ names: [String]) throws(ArgumentError) {
    let both = names.filter(isGiven)
    guard both.count > 1 else { return }
    throw error(.conflict(both.map { parameter($0)?.label ?? $0 }))
  }

  func present<T>(_ name: String, _ value: T?) throws(ArgumentError) -> T {
    if let value { return value }
    guard let parameter = parameter(name) else { throw error(.undeclared(name)) }
    throw error(parameter.missing(tool))
  }
}

/// An option or an argument, seen from where its values are read.
struct Parameter {
  /// As errors call it: `--members` or `TABLE`.
  let label: String
  let about: String
  let kind: ValueKind?
  let isRequired: Bool
  let isOption: Bool
  let defaultValue: String?

  func missing(_ tool: ToolSyntax) -> ArgumentProblem {
    isOption
      ? .missingOption(label, about: tool.filled(about))
      : .missingArgument(label, about: tool.filled(about), least: 1)
  }
}

extension Parameter {
  init(_ option: Option) {
    let fallback: String? = if case .default(let text) = option.presence { text } else { nil }
    self.init(
      label: option.dashed, about: option.about, kind: option.kind,
      isRequired: option.presence == .required, isOption: true, defaultValue: fallback)
  }

  init(_ argument: Argument) {
    self.init(
      label: argument.label, about: argument.about, kind: argument.kind,
      isRequired: argument.isRequired, isOption: false, defaultValue: nil)
  }
}

extension ArgumentValues {
  func parameter(_ name: String) -> Parameter? {
    if let argument = command.arguments.first(where: { $0.name == name }) {
      return Parameter(argument)
    }
    return (command.options + tool.globals).first { $0.name == name }.map(Parameter.init)
  }

  /// Checks what the declaration says of each value, defaults included.
  func check() throws(ArgumentError) {
    for option in command.options + tool.globals where option.presence == .required {
      guard given[option.name] != nil else {
        throw error(Parameter(option).missing(tool))
      }
    }
    for name in command.arguments.map(\.name) + (command.options + tool.globals).map(\.name) {
      guard let kind = parameter(name)?.kind else { continue }
      for text in try strings(name) { try check(name, text, kind) }
    }
  }

  private func check(_ name: String, _ text: String, _ kind: ValueKind) throws(ArgumentError) {
    switch kind {
    case .text, .file, .folder: break
    case .int(let range): _ = try int(name, text, in: range)
    case .number(let range): _ = try number(name, text, in: range)
    case .date: _ = try date(name, text)
    case .duration(let range): _ = try duration(name, text, in: range)
    case .choice(let words): try check(name, text, oneOf: words)
    }
  }
}

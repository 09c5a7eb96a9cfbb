import Basics

/// The help text of a command, in sections of a fixed order, at most 80 columns wide.
struct HelpText {
  static let width = 80
  /// Where the sentences of the lists begin.
  private static let column = 24

  let tool: ToolSyntax
  let path: [String]
  private let command: CommandSyntax

  init(tool: ToolSyntax, path: [String]) {
    self.tool = tool
    self.path = path
    command = tool.command(at: path) ?? tool.root
  }

  /// All sections, with a newline at the end.
  var text: String {
    [overview, usageSection, arguments, options, subcommands, examples]
      .compactMap { $0 }.joined(separator: "\n")
  }

  /// The command line on one line; options that may be left out are `[OPTION ...]` if it is long.
  var usage: String {
    var words = [tool.line(path)]
    if !command.subcommands.isEmpty { words.append(command.isRunnable ? "[COMMAND]" : "COMMAND") }
    words += command.arguments.map(\.usage)
    let full = (words + command.options.map(\.usage)).joined(separator: " ")
    if displayWidth("USAGE: " + full) <= HelpText.width { return full }
    let needed = command.options.filter { $0.presence == .required }.map(\.usage)
    return (words + needed + ["[OPTION ...]"]).joined(separator: " ")
  }

  private var overview: String {
    var out = wrapped("OVERVIEW: " + tool.filled(command.abstract), width: HelpText.width)
    for paragraph in tool.filled(command.discussion).split(separator: "\n\n") {
      let text =
        paragraph.hasPrefix(" ") ? paragraph + "\n" : Substring(wrapped(paragraph, width: 80))
      out += "\n" + text
    }
    return out
  }

  private var usageSection: String { "USAGE: \(usage)\n" }

  private var arguments: String? {
    section("ARGUMENTS", command.arguments.map { ($0.label, sentence($0.about, hints($0))) })
  }

  private var options: String? {
    section(
      "OPTIONS",
      (command.options + tool.shared(beside: command)).map { option in
        let letter = option.letter.map { "-\($0), " } ?? ""
        return (letter + option.withValue, sentence(option.about, hints(option)))
      })
  }

  private var subcommands: String? {
    section("SUBCOMMANDS", command.subcommands.map { ($0.name, $0.abstract) }).map {
      $0 + "\n  Type '\(tool.line(["help"] + path)) COMMAND' to learn more about one of them.\n"
    }
  }

  private var examples: String? {
    guard !command.examples.isEmpty else { return nil }
    var out = "EXAMPLES:\n"
    for example in command.examples {
      out += wrapped(tool.filled(example.about), width: HelpText.width, indent: 2)
      out += "    \(tool.name) \(tool.filled(example.line))\n"
    }
    return out
  }

  private func section(_ title: String, _ rows: [(label: String, about: String)]) -> String? {
    guard !rows.isEmpty else { return nil }
    var out = title + ":\n"
    for (label, about) in rows {
      let about = wrapped(tool.filled(about), width: HelpText.width, indent: HelpText.column)
      let room = HelpText.column - 4 - displayWidth(label)
      if room < 0 || about.isEmpty {
        out += "  \(label)\n" + about
      } else {
        out += "  \(label)" + String(about.dropFirst(2 + displayWidth(label)))
      }
    }
    return out
  }

  private func sentence(_ about: String, _ hints: [String]) -> String {
    hints.isEmpty ? about : "\(about) (\(hints.joined(separator: "; ")))"
  }

  private func hints(_ argument: Argument) -> [String] {
    [argument.kind.hint].compactMap { $0 }
  }

  private func hints(_ option: Option) -> [String] {
    var hints = [option.kind?.hint].compactMap { $0 }
    switch option.presence {
    case .default(let text): hints.append("default: \(text)")
    case .otherwise(let meaning): hints.append("default: \(meaning)")
    case .required: hints.append("required")
    case .repeating: hints.append("may be repeated")
    case .optional, nil: break
    }
    return hints
  }
}

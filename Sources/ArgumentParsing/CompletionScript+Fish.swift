import Basics

extension CompletionScript {
  /// For fish 3.
  var fish: String {
    """
    # Completes \(tool.name) in fish; made by '\(tool.name) completion fish'.
    function __\(function)_at
        set -l at \(tool.name)
        set -l skip 0
        set -l words (commandline -opc)
        set -e words[1]
        for word in $words
            if test $skip = 1
                set skip 0
                continue
            end
            test "$word" = --; and break
            switch "$at:$word"
    \(fishSkips)\(fishSteps)        end
        end
        test "$at" = "$argv[1]"
    end
    complete -c \(tool.name) -f
    \(fishCommands)
    """
  }

  private var fishSkips: String {
    let patterns = valued.flatMap(\.patterns).map { $0.hasPrefix("*") ? "'\($0)'" : $0 }
    return patterns.isEmpty
      ? "" : "            case \(patterns.joined(separator: " "))\n                set skip 1\n"
  }

  private var fishSteps: String {
    steps.isEmpty
      ? ""
      : "            case \(steps.joined(separator: " "))\n                set at \"$at $word\"\n"
  }

  private var fishCommands: String {
    var out = tool.globals.map { fishOption($0, condition: "") }.joined()
    for (line, command) in commands {
      let condition = " -n \"__\(function)_at '\(line)'\""
      for next in command.subcommands {
        out += "complete -c \(tool.name)\(condition) -a \(next.name)"
        out += " -d \(Self.fishQuoted(tool.filled(next.abstract)))\n"
      }
      for option in command.options { out += fishOption(option, condition: condition) }
      for argument in command.arguments {
        guard let source = fishSource(argument.kind) else { continue }
        out += "complete -c \(tool.name)\(condition)\(source)\n"
      }
    }
    return out
  }

  private func fishOption(_ option: Option, condition: String) -> String {
    let letter = option.letter.map { " -s \($0)" } ?? ""
    let value =
      option.kind.map { fishSource($0).map { ($0 == " -F" ? " -r" : " -x") + $0 } ?? " -x" } ?? ""
    let about = Self.fishQuoted(tool.filled(option.about))
    return "complete -c \(tool.name)\(condition)\(letter) -l \(option.name)\(value) -d \(about)\n"
  }

  /// Where the words of a value come from; nil where nobody can guess them.
  private func fishSource(_ kind: ValueKind) -> String? {
    switch kind {
    case .file: return " -F"
    case .folder: return " -a '(__fish_complete_directories)'"
    default:
      let words = Self.safe(kind.suggestions)
      return words.isEmpty ? nil : " -a \(Self.fishQuoted(words.joined(separator: " ")))"
    }
  }

  private static func fishQuoted(_ text: String) -> String {
    "'\(text.replacingSigns(["'": #"\'"#, #"\"#: #"\\"#]))'"
  }
}

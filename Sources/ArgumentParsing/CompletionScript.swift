import Basics

/// A shell that completes commands from a script.
public enum CompletionShell: String, CaseIterable, Hashable, Sendable {
  case bash, zsh, fish
}

/// Scripts that complete commands, options and their values, made from the declaration.
struct CompletionScript {
  let tool: ToolSyntax

  func text(for shell: CompletionShell) -> String {
    switch shell {
    case .bash: bash
    case .zsh: zsh
    case .fish: fish
    }
  }

  /// A name that all three shells take for a function.
  var function: String {
    String(tool.name.map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "_" })
  }

  /// All commands with their lines as typed: `podium table cat`.
  var commands: [(line: String, command: CommandSyntax)] {
    tool.all().map { (tool.line($0.path), $0.command) }
  }

  /// Patterns `line:word` of the words that lead from a command to one below it.
  var steps: [String] {
    commands.flatMap { line, command in
      command.subcommands.map { Self.quoted("\(line):\($0.name)") }
    }
  }

  /// The words by which an option is called.
  private static func words(_ option: Option) -> [String] {
    [option.dashed] + (option.letter.map { ["-\($0)"] } ?? [])
  }

  /// Patterns `line:option` of each option with a value; shared options stand for any line.
  var valued: [(patterns: [String], kind: ValueKind)] {
    let shared = tool.globals.compactMap { option in
      option.kind.map { kind in (Self.words(option).map { "*:\($0)" }, kind) }
    }
    let own = commands.flatMap { line, command in
      command.options.compactMap { option in
        option.kind.map { kind in
          (Self.words(option).map { Self.quoted("\(line):\($0)") }, kind)
        }
      }
    }
    return shared + own
  }

  /// The words a shell may offer without expanding anything in them.
  static func safe(_ words: [String]) -> [String] {
    words.filter { word in
      !word.isEmpty
        && word.utf8.allSatisfy { byte in
          switch byte {
          case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
          default: "_.+/@-,%".utf8.contains(byte)
          }
        }
    }
  }

  /// A text in single quotes for bash and zsh.
  static func quoted(_ text: String) -> String {
    "'\(text.replacingSigns(["'": #"'\''"#]))'"
  }
}

extension CompletionScript {
  /// For zsh 5; loaded by `source` or found in `fpath` as `_tool`.
  var zsh: String {
    """
    #compdef \(tool.name)
    # Completes \(tool.name) in zsh; made by '\(tool.name) completion zsh'.
    _\(function)() {
      local at=\(tool.name) word prev=$words[CURRENT-1] files i
      local -a commands values options shared
    \(zshList("shared", tool.globals.map { ($0.dashed, $0.about) }, indent: "  "))\
      for ((i = 2; i < CURRENT; i++)); do
        word=$words[i]
        [[ $word == -- ]] && break
        case "$at:$word" in
    \(zshSkips)\(zshSteps)    esac
      done
      if [[ $PREFIX == --*=* ]]; then
        prev=${PREFIX%%=*}
        compset -P '*='
      fi
      case "$at:$prev" in
    \(zshValues)  esac
      case "$at" in
    \(zshCommands)  esac
      if [[ $PREFIX == -* ]]; then
        _describe -o option options -- shared
        return
      fi
      (($#commands)) && _describe command commands
      (($#values)) && compadd -a values
      [[ -n $files ]] && _files ${=files}
    }
    if [[ $funcstack[1] == _\(function) ]]; then
      _\(function) "$@"
    else
      compdef _\(function) \(tool.name)
    fi

    """
  }

  private var zshSkips: String {
    let patterns = valued.flatMap(\.patterns)
    return patterns.isEmpty ? "" : "      (\(patterns.joined(separator: "|"))) ((i++)) ;;\n"
  }

  private var zshSteps: String {
    steps.isEmpty ? "" : "      (\(steps.joined(separator: "|"))) at=\"$at $word\" ;;\n"
  }

  private var zshValues: String {
    valued.map { patterns, kind in
      let words = Self.safe(kind.suggestions)
      let reply: String
      switch kind {
      case .file: reply = "_files; "
      case .folder: reply = "_files -/; "
      default: reply = words.isEmpty ? "" : "compadd -- \(words.joined(separator: " ")); "
      }
      return "    (\(patterns.joined(separator: "|"))) \(reply)return ;;\n"
    }.joined()
  }

  private var zshCommands: String {
    commands.map { line, command in
      let kinds = command.arguments.map(\.kind)
      var parts: [String] = []
      if !command.subcommands.isEmpty {
        parts.append(zshList("commands", command.subcommands.map { ($0.name, $0.abstract) }))
      }
      let values = Self.safe(kinds.flatMap(\.suggestions))
      if !values.isEmpty { parts.append("      values=(\(values.joined(separator: " ")))\n") }
      if kinds.contains(.file) {
        parts.append("      files='-g *'\n")
      } else if kinds.contains(.folder) {
        parts.append("      files=-/\n")
      }
      if !command.options.isEmpty {
        parts.append(zshList("options", command.options.map { ($0.dashed, $0.about) }))
      }
      return "    (\(Self.quoted(line)))\n" + parts.joined() + "      ;;\n"
    }.joined()
  }

  private func zshList(
    _ name: String, _ rows: [(String, String)], indent: String = "      "
  ) -> String {
    let lines = rows.map { "\(indent)  \(Self.quoted("\($0.0):\(tool.filled($0.1))"))\n" }
    return "\(indent)\(name)=(\n\(lines.joined())\(indent))\n"
  }
}

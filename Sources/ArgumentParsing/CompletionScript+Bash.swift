extension CompletionScript {
  /// For bash 4 and later.
  var bash: String {
    """
    # Completes \(tool.name) in bash; made by '\(tool.name) completion bash'.
    _\(function)() {
      local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]}
      local at=\(tool.name) word words= options= files= i
      local shared=\(Self.quoted(tool.globals.map(\.dashed).joined(separator: " ")))
      # Bash makes three words of --name=value.
      if [[ $cur == = ]]; then
        cur=
      elif [[ $prev == = ]]; then
        prev=${COMP_WORDS[COMP_CWORD-2]}
      fi
      for ((i = 1; i < COMP_CWORD; i++)); do
        word=${COMP_WORDS[i]}
        [[ $word == -- ]] && break
        case "$at:$word" in
    \(bashSkips)\(bashSteps)    esac
      done
      case "$at:$prev" in
    \(bashValues)  esac
      case "$at" in
    \(bashCommands)  esac
      if [[ $cur == -* ]]; then
        words="$options $shared" files=
      fi
      mapfile -t COMPREPLY < <(compgen -W "$words" ${files:+"$files"} -- "$cur")
      if [[ $files ]]; then compopt -o filenames; fi
    }
    complete -F _\(function) \(tool.name)

    """
  }

  private var bashSkips: String {
    let patterns = valued.flatMap(\.patterns)
    guard !patterns.isEmpty else { return "" }
    return """
            \(patterns.joined(separator: "|"))) [[ ${COMP_WORDS[++i]} == = ]] && ((++i)) ;;

      """
  }

  private var bashSteps: String {
    steps.isEmpty ? "" : "      \(steps.joined(separator: "|"))) at=\"$at $word\" ;;\n"
  }

  private var bashValues: String {
    valued.map { patterns, kind in
      let reply = bashReply(kind).map { "\($0); " } ?? ""
      return "    \(patterns.joined(separator: "|"))) \(reply)return ;;\n"
    }.joined()
  }

  private func bashReply(_ kind: ValueKind) -> String? {
    switch kind {
    case .file: #"compopt -o filenames; mapfile -t COMPREPLY < <(compgen -f -- "$cur")"#
    case .folder: #"compopt -o filenames; mapfile -t COMPREPLY < <(compgen -d -- "$cur")"#
    default: bashWords(kind)
    }
  }

  private func bashWords(_ kind: ValueKind) -> String? {
    let words = Self.safe(kind.suggestions)
    guard !words.isEmpty else { return nil }
    let list = Self.quoted(words.joined(separator: " "))
    return "mapfile -t COMPREPLY < <(compgen -W \(list) -- \"$cur\")"
  }

  private var bashCommands: String {
    commands.map { line, command in
      let kinds = command.arguments.map(\.kind)
      let words = command.subcommands.map(\.name) + Self.safe(kinds.flatMap(\.suggestions))
      let options = command.options.map(\.dashed).joined(separator: " ")
      let files = kinds.contains(.file) ? " files=-f" : kinds.contains(.folder) ? " files=-d" : ""
      return """
            \(Self.quoted(line)))
              words=\(Self.quoted(words.joined(separator: " ")))\(files)
              options=\(Self.quoted(options)) ;;

        """
    }.joined()
  }
}

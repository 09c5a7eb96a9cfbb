import ArgumentParsing
import Glibc
import Testing

private let small = Tool<Int>(
  name: "t", version: "1", "A tool.",
  globals: [.option("lake", "DIR", "The lake's folder.", .folder)],
  commands: [
    Command(
      "cat", "Prints.", arguments: [.required("file", "Which.", .file)],
      options: [
        .option("as", "FORMAT", "How.", .choice(["csv", "json"]), letter: "a"),
        .option("n", "N", "How many.", .int()),
      ], action: 1),
    Command(
      group: "table", "Tables.",
      subcommands: [
        Command(
          "run", "Runs.",
          arguments: [
            .repeating("table", "Which.", .text(suggestions: ["gold.a", "$(rm)", "it's", "b c"]))
          ], action: 2)
      ]),
  ])

private func script(_ shell: String, of tool: Tool<some Sendable>) throws -> String {
  guard case .print(let text) = try tool.parse(["completion", shell]) else { return "" }
  return text
}

@Suite("Completion scripts")
struct CompletionTests {
  @Test("The script for bash")
  func bash() throws {
    #expect(
      try script("bash", of: small) == ##"""
        # Completes t in bash; made by 't completion bash'.
        _t() {
          local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]}
          local at=t word words= options= files= i
          local shared='--lake --version --help'
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
              *:--lake|'t cat:--as'|'t cat:-a'|'t cat:--n') [[ ${COMP_WORDS[++i]} == = ]] && ((++i)) ;;
              't:cat'|'t:table'|'t:help'|'t:completion'|'t table:run') at="$at $word" ;;
            esac
          done
          case "$at:$prev" in
            *:--lake) compopt -o filenames; mapfile -t COMPREPLY < <(compgen -d -- "$cur"); return ;;
            't cat:--as'|'t cat:-a') mapfile -t COMPREPLY < <(compgen -W 'csv json' -- "$cur"); return ;;
            't cat:--n') return ;;
          esac
          case "$at" in
            't')
              words='cat table help completion'
              options='' ;;
            't cat')
              words='' files=-f
              options='--as --n' ;;
            't table')
              words='run'
              options='' ;;
            't table run')
              words='gold.a'
              options='' ;;
            't help')
              words='cat table'
              options='' ;;
            't completion')
              words='bash zsh fish'
              options='' ;;
          esac
          if [[ $cur == -* ]]; then
            words="$options $shared" files=
          fi
          mapfile -t COMPREPLY < <(compgen -W "$words" ${files:+"$files"} -- "$cur")
          if [[ $files ]]; then compopt -o filenames; fi
        }
        complete -F _t t

        """##)
  }

  @Test("The script for zsh")
  func zsh() throws {
    #expect(
      try script("zsh", of: small) == ##"""
        #compdef t
        # Completes t in zsh; made by 't completion zsh'.
        _t() {
          local at=t word prev=$words[CURRENT-1] files i
          local -a commands values options shared
          shared=(
            '--lake:The lake'\''s folder.'
            '--version:Show the version.'
            '--help:Show this help.'
          )
          for ((i = 2; i < CURRENT; i++)); do
            word=$words[i]
            [[ $word == -- ]] && break
            case "$at:$word" in
              (*:--lake|'t cat:--as'|'t cat:-a'|'t cat:--n') ((i++)) ;;
              ('t:cat'|'t:table'|'t:help'|'t:completion'|'t table:run') at="$at $word" ;;
            esac
          done
          if [[ $PREFIX == --*=* ]]; then
            prev=${PREFIX%%=*}
            compset -P '*='
          fi
          case "$at:$prev" in
            (*:--lake) _files -/; return ;;
            ('t cat:--as'|'t cat:-a') compadd -- csv json; return ;;
            ('t cat:--n') return ;;
          esac
          case "$at" in
            ('t')
              commands=(
                'cat:Prints.'
                'table:Tables.'
                'help:Shows the help of a command.'
                'completion:Prints a script that lets a shell complete commands.'
              )
              ;;
            ('t cat')
              files='-g *'
              options=(
                '--as:How.'
                '--n:How many.'
              )
              ;;
            ('t table')
              commands=(
                'run:Runs.'
              )
              ;;
            ('t table run')
              values=(gold.a)
              ;;
            ('t help')
              values=(cat table)
              ;;
            ('t completion')
              values=(bash zsh fish)
              ;;
          esac
          if [[ $PREFIX == -* ]]; then
            _describe -o option options -- shared
            return
          fi
          (($#commands)) && _describe command commands
          (($#values)) && compadd -a values
          [[ -n $files ]] && _files ${=files}
        }
        if [[ $funcstack[1] == _t ]]; then
          _t "$@"
        else
          compdef _t t
        fi

        """##)
  }

  @Test("The script for fish")
  func fish() throws {
    #expect(
      try script("fish", of: small) == ##"""
        # Completes t in fish; made by 't completion fish'.
        function __t_at
            set -l at t
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
                    case '*:--lake' 't cat:--as' 't cat:-a' 't cat:--n'
                        set skip 1
                    case 't:cat' 't:table' 't:help' 't:completion' 't table:run'
                        set at "$at $word"
                end
            end
            test "$at" = "$argv[1]"
        end
        complete -c t -f
        complete -c t -l lake -x -a '(__fish_complete_directories)' -d 'The lake\'s folder.'
        complete -c t -l version -d 'Show the version.'
        complete -c t -s h -l help -d 'Show this help.'
        complete -c t -n "__t_at 't'" -a cat -d 'Prints.'
        complete -c t -n "__t_at 't'" -a table -d 'Tables.'
        complete -c t -n "__t_at 't'" -a help -d 'Shows the help of a command.'
        complete -c t -n "__t_at 't'" -a completion -d 'Prints a script that lets a shell complete commands.'
        complete -c t -n "__t_at 't cat'" -s a -l as -x -a 'csv json' -d 'How.'
        complete -c t -n "__t_at 't cat'" -l n -x -d 'How many.'
        complete -c t -n "__t_at 't cat'" -F
        complete -c t -n "__t_at 't table'" -a run -d 'Runs.'
        complete -c t -n "__t_at 't table run'" -a 'gold.a'
        complete -c t -n "__t_at 't help'" -a 'cat table'
        complete -c t -n "__t_at 't completion'" -a 'bash zsh fish'

        """##)
  }

  @Test(
    "Bash offers what fits at the cursor",
    arguments: [
      (["shop", "ta"], ["table"]),
      (["shop", "table", ""], ["cat", "vacuum"]),
      (["shop", "--lake", "table", "ru"], ["run", "runs"]),
      (["shop", "--lake", "=", "table", "ru"], ["run", "runs"]),
      (["shop", "-v", "run", "g"], ["gold.sales"]),
      (["shop", "table", "cat", "--format", ""], ["table", "csv", "json"]),
      (["shop", "table", "cat", "--format", "="], ["table", "csv", "json"]),
      (["shop", "table", "cat", "--format", "=", "c"], ["csv"]),
      (["shop", "table", "cat", "--l"], ["--limit", "--lake"]),
      (["shop", "generate", "-n", ""], []),
      (["shop", "help", "gen"], ["generate"]),
      (["shop", "completion", "z"], ["zsh"]),
      (["shop", "compare", "/proc/self/mountin"], ["/proc/self/mountinfo"]),
      (["shop", "generate", "/proc/se"], ["/proc/self"]),
      (["shop", "--lake", "/proc/se"], ["/proc/self"]),
    ])
  func bashOffers(words: [String], expected: [String]) throws {
    let quoted = words.map { "'\($0)'" }.joined(separator: " ")
    let program = """
      compopt() { :; }
      \(try script("bash", of: sample))
      COMP_WORDS=(\(quoted)); COMP_CWORD=\(words.count - 1)
      _shop
      printf '%s\\n' "${COMPREPLY[@]}"
      """
    #expect(try outputOfBash(program) == expected)
  }

  /// The lines that bash prints when it runs a program.
  private func outputOfBash(_ program: String) throws -> [String] {
    var path = Array("/tmp/completion-XXXXXX".utf8CString)
    let descriptor = mkstemp(&path)
    let name = String(decoding: path.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    defer { unlink(name) }
    let bytes = Array(program.utf8)
    #expect(write(descriptor, bytes, bytes.count) == bytes.count)
    close(descriptor)
    let pipe = try #require(popen("bash --norc --noprofile \(name)", "r"))
    var lines: [String] = []
    var buffer = [CChar](repeating: 0, count: 4096)
    while fgets(&buffer, Int32(buffer.count), pipe) != nil {
      let line = buffer.prefix { $0 != 0 && $0 != 10 }.map { UInt8(bitPattern: $0) }
      if !line.isEmpty { lines.append(String(decoding: line, as: UTF8.self)) }
    }
    #expect(pclose(pipe) == 0)
    return lines
  }
}

import PackageTestKit
import TestKit
import Testing

/// A page of the documentation, taken apart into what its reader does.
struct Guide {
  /// Something that the reader does.
  enum Step {
    /// Writes a file: a block of code, of which the sentence before names the file.
    case file(path: String, text: String)
    /// Types a command, and reads what is shown under it.
    case command(String, shows: String)
    /// Looks at a part of a file that is there, named likewise.
    case excerpt(path: String, text: String)
  }

  let text: String
  let steps: [Step]

  init(_ page: String) throws {
    text = try Files.text("\(PackageCopy.source)/\(page)")
    var steps: [Step] = []
    var path: String?
    var block: (language: Substring, lines: [Substring])?
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      guard line.hasPrefix("```") else {
        if block != nil {
          block?.lines.append(line)
        } else if let named = Guide.path(endingLine: line) {
          path = named
        }
        continue
      }
      guard let ended = block else {
        block = (line.dropFirst(3), [])
        continue
      }
      block = nil
      if ended.language == "console" {
        steps += Guide.commands(ended.lines)
      } else if let named = path {
        let text = ended.lines.joined(separator: "\n") + "\n"
        steps.append(
          ended.language.hasSuffix(" excerpt")
            ? .excerpt(path: named, text: text) : .file(path: named, text: text))
        path = nil
      } else {
        throw TestKitError("\(page): a block of \(ended.language) has no file")
      }
    }
    self.steps = steps
  }

  /// The path with which a line such as "in `silver/Members.swift`:" ends.
  private static func path(endingLine line: Substring) -> String? {
    let parts = line.split(separator: "`", omittingEmptySubsequences: false)
    guard line.hasSuffix(":"), parts.count > 2 else { return nil }
    return parts.dropFirst().last { $0.contains("/") && !$0.contains(" ") }.map(String.init)
  }

  private static func commands(_ lines: [Substring]) -> [Step] {
    var steps: [Step] = []
    for line in lines {
      if line.hasPrefix("$ ") {
        steps.append(.command(String(line.dropFirst(2)), shows: ""))
      } else if case .command(let command, let shown)? = steps.popLast() {
        steps.append(.command(command, shows: shown + line + "\n"))
      }
    }
    return steps
  }

  /// A line of an issue without the mark in front of the first one.
  private static func issueText(_ line: Substring) -> Substring {
    (line.hasPrefix("↳ ") ? line.dropFirst(2) : line).drop { $0 == " " }
  }

  /// Does all steps in a copy of the package.
  func walk(in package: PackageCopy) throws {
    #expect(steps.count > 3)
    for step in steps {
      switch step {
      case .file(let path, let text):
        try Files.write(text, to: "\(package.path)/\(path)")
      case .excerpt(let path, let text):
        #expect(try Files.text("\(PackageCopy.source)/\(path)").contains(text), "\(path)")
      case .command("swift build", _):
        try package.build()
      case .command(let command, let shown):
        let words = command.split(separator: " ")
        // The set-up, and an editor: what it would leave is the next file.
        if words[0] == "export" || words[0] == "nano" { continue }
        let filter = command.firstRange(of: "--filter ").map { range in
          command[range.upperBound...].filter { $0 != "\"" }
        }
        guard let filter else {
          let outcome = try package.line(command)
          #expect(outcome.status == 0, "\(command)\n\(outcome.text)")
          // What a question cost is another time each time.
          let lines = outcome.text.split(separator: "\n", omittingEmptySubsequences: false)
          let told = lines.filter { !($0.hasPrefix("read ") && $0.hasSuffix(" USD")) }
          if !shown.isEmpty { #expect(told.joined(separator: "\n") == shown, "\(command)") }
          continue
        }
        // Tests of which failures are shown fail, and in these words.
        let outcome = try package.test(String(filter))
        #expect((outcome.status == 0) == shown.isEmpty, "\(command)\n\(outcome.text)")
        let printed = Set(outcome.text.split(separator: "\n").map(Guide.issueText))
        for line in shown.split(separator: "\n") {
          #expect(printed.contains(Guide.issueText(line)), "\(line)\n\(outcome.text)")
        }
      }
    }
  }
}

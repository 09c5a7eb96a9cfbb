import Basics
import Engines

/// A table of GitHub-flavoured Markdown, one line a row.
struct MarkdownFormat: RowFormat {
  private let columns: [ResultColumn]
  /// True where control characters are made visible, for a terminal.
  private let escapes: Bool

  init(_ columns: [ResultColumn], escapes: Bool) {
    self.columns = columns
    self.escapes = escapes
  }

  mutating func begin(_ out: inout [UInt8]) {
    guard !columns.isEmpty else { return }
    line(columns.map { escaped($0.name) }, to: &out)
    line(columns.map { $0.kind == .number ? "---:" : "---" }, to: &out)
  }

  mutating func add(_ row: [Value], to out: inout [UInt8]) {
    guard !columns.isEmpty else { return }
    for value in row {
      out.append(contentsOf: "| ".utf8)
      switch value {
      case .null: out.append(contentsOf: "NULL".utf8)
      case .text, .list, .structure, .map: out.append(contentsOf: escaped(value.shown).utf8)
      default: value.writePlain(to: &out)
      }
      out.append(UInt8(ascii: " "))
    }
    out.append(contentsOf: "|\n".utf8)
  }

  mutating func end(_ out: inout [UInt8]) {}

  private func line(_ cells: [String], to out: inout [UInt8]) {
    for cell in cells { out.append(contentsOf: "| \(cell) ".utf8) }
    out.append(contentsOf: "|\n".utf8)
  }

  /// The text so that Markdown shows it as it is.
  private func escaped(_ text: String) -> String {
    let shown = markdownText(text)
    return escapes ? printable(shown) : shown
  }
}

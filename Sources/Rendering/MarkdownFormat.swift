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

  /// The text so that Markdown shows it as it is; a line break becomes `<br>`.
  private func escaped(_ text: String) -> String {
    let needsNothing = text.utf8.allSatisfy { byte in
      byte >= 0x20 && byte < 0x7F && !MarkdownFormat.signs.contains(byte)
    }
    if needsNothing { return text }
    var out = ""
    var before: Character = " "
    for character in text {
      switch character {
      case "\\", "|", "`", "*", "[", "]", "<", ">", "&", "~": out += "\\\(character)"
      case "_": out += isWordPart(before) ? "_" : "\\_"
      case "\n", "\r", "\r\n": out += "<br>"
      default: out.append(character)
      }
      before = character
    }
    return escapes ? printable(out) : out
  }

  private static let signs = Array(#"\|`*[]<>&~_"#.utf8)

  /// An underscore after a letter or digit begins no emphasis.
  private func isWordPart(_ character: Character) -> Bool {
    character.isLetter || character.isNumber || character == "_"
  }
}

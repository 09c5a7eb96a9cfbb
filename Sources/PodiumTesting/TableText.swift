import Basics

/// A table as people write it into a test: a line of column names, then one line a row, columns apart
/// by ` | `.
///
///     id | name  | note
///     1  | Ann   | "a | b"
///     2  | NULL  | "NULL"
///
/// Spaces around a cell do not count, empty lines neither. `NULL` is no value, nothing between two
/// bars the empty text. Quotes (doubled inside a text) keep bars, spaces at the ends, and the word
/// NULL as it is.
struct TableText {
  /// A row: its cells, nil for NULL, and the line of the text on which it stands, from 1.
  struct Row {
    let line: Int
    let cells: [String?]
  }

  let columns: [String]
  let rows: [Row]

  init(_ text: String) throws(TableTextError) {
    var lines: [(line: Int, cells: [String?])] = []
    let split = text.split(separator: "\n", omittingEmptySubsequences: false)
    for (index, line) in split.enumerated() where line.contains(where: { !$0.isWhitespace }) {
      lines.append((index + 1, try TableText.cells(line, line: index + 1)))
    }
    guard let header = lines.first else { throw .noColumns }
    var names: [String] = []
    for cell in header.cells {
      guard let name = cell, !name.isEmpty else { throw .namelessColumn(line: header.line) }
      guard !names.contains(name) else { throw .repeatedColumn(name, line: header.line) }
      names.append(name)
    }
    columns = names
    for row in lines.dropFirst() where row.cells.count != names.count {
      throw .cells(row.cells.count, columns: names.count, line: row.line)
    }
    rows = lines.dropFirst().map { Row(line: $0.line, cells: $0.cells) }
  }

  init(columns: [String], rows: [Row]) {
    self.columns = columns
    self.rows = rows
  }

  /// The same table with some of its rows only.
  func with(_ rows: some Sequence<Row>) -> TableText {
    TableText(columns: columns, rows: Array(rows))
  }

  /// Takes a line apart.
  private static func cells(_ line: Substring, line number: Int) throws(TableTextError) -> [String?]
  {
    var cells: [String?] = []
    var rest = line.drop(while: \.isWhitespace)
    while true {
      if rest.first == "\"" {
        cells.append(try quoted(&rest, line: number))
        rest = rest.drop(while: \.isWhitespace)
        guard rest.isEmpty || rest.first == "|" else { throw .afterQuote(line: number) }
      } else {
        let cell = rest.prefix { $0 != "|" }
        rest = rest[cell.endIndex...]
        let text = cell.trimmed
        cells.append(text == "NULL" ? nil : text)
      }
      guard rest.popFirst() != nil else { return cells }
      rest = rest.drop(while: \.isWhitespace)
    }
  }

  private static func quoted(
    _ rest: inout Substring, line: Int
  ) throws(TableTextError) -> String {
    var text = ""
    rest.removeFirst()
    while let character = rest.popFirst() {
      guard character == "\"" else {
        text.append(character)
        continue
      }
      guard rest.first == "\"" else { return text }
      rest.removeFirst()
      text.append("\"")
    }
    throw .openQuote(line: line)
  }
}

extension Substring {
  /// The text without white space at its ends.
  fileprivate var trimmed: String {
    let start = drop(while: \.isWhitespace)
    guard let last = start.lastIndex(where: { !$0.isWhitespace }) else { return "" }
    return String(start[...last])
  }
}

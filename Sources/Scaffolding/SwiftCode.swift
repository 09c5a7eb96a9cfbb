import Basics

/// A text as a Swift literal.
func swiftText(_ text: String) -> String {
  var literal = "\""
  for character in text.unicodeScalars {
    switch character {
    case "\"": literal += "\\\""
    case "\\": literal += "\\\\"
    case let control where control.value < 0x20:
      literal += "\\u{\(String(control.value, radix: 16))}"
    default: literal.unicodeScalars.append(character)
    }
  }
  return literal + "\""
}

/// Rows of a written table, in columns of equal widths.
struct TestRows {
  let columns: [String]
  let rows: [[String]]

  func text(indent: Int) -> String {
    let lines = [columns] + rows
    let widths = columns.indices.map { column in lines.map { $0[column].count }.max() ?? 0 }
    return lines.map { line in
      let cells = zip(line, widths).enumerated().map { index, cell in
        index == line.count - 1
          ? cell.0 : cell.0 + String(repeating: " ", count: max(0, cell.1 - cell.0.count))
      }
      return String(repeating: " ", count: indent) + cells.joined(separator: " | ")
    }.joined(separator: "\n")
  }
}

/// A call as an element of a list: on one line, or its arguments on lines of their own where they are
/// too many for a hundred characters, as `swift format` writes it.
func swiftCall(_ name: String, _ arguments: [String], indent: Int) -> String {
  let start = String(repeating: " ", count: indent)
  let line = "\(start)\(name)(\(arguments.joined(separator: ", "))),"
  guard line.count > 100 else { return line }
  return "\(start)\(name)(\n\(filled(arguments, indent: indent + 2, end: 2))),"
}

/// `key: ["a", "b"],`, broken where it is too long.
func swiftList(_ label: String, _ elements: [String], indent: Int) -> String {
  let start = String(repeating: " ", count: indent)
  let line = "\(start)\(label): [\(elements.joined(separator: ", "))],"
  guard line.count > 100 else { return line }
  return "\(start)\(label): [\n\(filled(elements, indent: indent + 2, end: 1))\n\(start)],"
}

/// Words apart by commas in lines of at most a hundred characters.
/// - Parameter end: the characters that the last one is followed by.
private func filled(_ words: [String], indent: Int, end: Int) -> String {
  let start = String(repeating: " ", count: indent)
  var lines: [String] = []
  for (index, word) in words.enumerated() {
    let isLast = index == words.count - 1
    let room = 100 - (isLast ? end : 1)
    if let line = lines.last, line.count + 2 + word.count <= room {
      lines[lines.count - 1] = "\(line), \(word)"
    } else {
      if let line = lines.last { lines[lines.count - 1] = line + "," }
      lines.append(start + word)
    }
  }
  return lines.joined(separator: "\n")
}

/// What the rows of a table are, as a sentence that fits one line.
func aboutRows(of key: [String], in words: String) -> String {
  let about = "One row per \(key.map(ColumnName.words).joined(separator: " and ")) of \(words)."
  return about.count < 80 ? about : "One row per key of \(words)."
}

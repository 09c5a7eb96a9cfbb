import Basics
import Podium
import Storage

/// Bronze tables from sample files.
enum BronzeCode {
  static func make(
    _ name: TableName, _ namespace: String, _ request: NewTable.Request
  ) throws -> TableCode {
    let sample = try SampleFile(request.input)
    let value = ColumnName.swift(name.base)
    let words = ColumnName.words(name.base)
    let folder = landingFolder(request.input) ?? name.base
    let columns = sample.columns.map { column in
      var code = ".string(\(swiftText(column.name)), \(swiftText(meaning(column)))"
      if column.isPersonal { code += ", personal: true" }
      if column.source != column.name { code += ", source: \(swiftText(column.source))" }
      return "      \(code)),"
    }.joined(separator: "\n")
    let about = "One row per record of \(words), as the source sent it."
    let declaration = """
      import Podium

      extension \(namespace) {
        /// \(about)
        public static let \(value) = Table(
          \(swiftText(name.description)),
          about: \(swiftText(about)),
          landing: \(swiftText(folder)),
          columns: [
      \(columns)
          ])
      }

      """
    let names = sample.columns.map(\.name)
    let rows = TestRows(
      columns: names, rows: [names.indices.map { "text \($0 + 1)" }, names.map { _ in "NULL" }])
    let test = """
      import \(namespace)
      import PodiumTesting
      import Testing

      @Suite(\(swiftText("Raw \(words)")))
      struct \(namespace)\(ColumnName.swift(name.base, capital: true))Tests {
        @Test("Records are kept as they came, also those without values")
        func records() throws {
          let rows = \"""
      \(rows.text(indent: 6))
            \"""
          try TableTest(\(namespace).\(value)).given(\(namespace).\(value), rows).expect(rows)
        }
      }

      """
    let personal = sample.columns.filter(\.isPersonal).map(\.name)
    return TableCode(
      declaration: declaration, test: test,
      guesses: [
        "the columns are those of \(counted(sample.rows, "row")); say what each means",
        personal.isEmpty
          ? "no column sounds personal; look again"
          : "personal by their names: \(personal.joined(separator: ", ")); look at the others too",
      ])
  }

  private static func meaning(_ column: SampleColumn) -> String {
    let words = ColumnName.words(column.name)
    let sentence = words.prefix(1).uppercased() + words.dropFirst()
    switch column.type {
    case .string: return "\(sentence)."
    default: return "\(sentence); in the sample all are of type \(column.type.sql)."
    }
  }

  /// The folder of the landing zone that a file lies in; nil for a file from elsewhere.
  private static func landingFolder(_ path: String) -> String? {
    let parts = absolutePath(path).split(separator: "/")
    guard let landing = parts.lastIndex(of: "landing"), landing + 2 < parts.count else {
      return nil
    }
    return String(parts[landing + 1])
  }
}

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

import Basics
import Podium

/// One row of each table as an example, whose personal values nobody can read.
///
/// They are kept in a file beside the pages, so that the pages need no lake.
public struct ExampleRows: Hashable, Sendable {
  /// What stands for a personal value.
  public static let mask = "•••"
  /// The most characters of a value that are shown.
  static let longest = 60

  private var rows: [TableName: [String: String]] = [:]

  public init() {}

  /// Adds the row of a table.
  /// - Parameter values: shown values by column; a column without a value is left out.
  public mutating func add(_ table: Table, _ values: [String: String]) {
    let known = Set(table.columns.map(\.name))
    let personal = Set(table.columns.filter(\.personal).map(\.name))
    var row: [String: String] = [:]
    for (column, value) in values where known.contains(column) {
      row[column] = personal.contains(column) ? ExampleRows.mask : ExampleRows.shortened(value)
    }
    rows[table.name] = row
  }

  /// The value of a column; nil where the row has none.
  func value(_ table: TableName, _ column: String) -> String? { rows[table]?[column] }

  func has(_ table: TableName) -> Bool { rows[table] != nil }

  private static func shortened(_ value: String) -> String {
    value.count > longest ? value.prefix(longest - 1) + "…" : value
  }

  // MARK: - The file

  static let path = "examples.json"

  /// Reads the file's text, of which what is no column of a table any more is left out.
  init(_ text: String, _ tables: [Table]) throws(ReferenceError) {
    guard let json = try? JSON(parsing: text), let found = json["tables"]?.object else {
      throw .unreadableExamples(ExampleRows.path)
    }
    let byName = Dictionary(tables.map { ($0.name.description, $0) }) { first, _ in first }
    for member in found {
      guard let table = byName[member.name], let row = member.value.object else { continue }
      var values: [String: String] = [:]
      for cell in row { values[cell.name] = cell.value.string }
      add(table, values)
    }
  }

  /// The file's text: a line for each table, its columns as they are declared.
  func text(_ tables: [Table]) -> String {
    let lines = tables.sorted { $0.name < $1.name }.compactMap { table -> String? in
      guard let row = rows[table.name] else { return nil }
      let cells = table.columns.compactMap { column in
        row[column.name].map { JSON.Member(column.name, .string($0)) }
      }
      return "    \(JSON.string(table.name.description).text): \(JSON.object(cells).text)"
    }
    let about = JSON.string("\(Reference.mark) and a lake with generated data.").text
    return "{\n  \"about\": \(about),\n  \"tables\": {\n"
      + lines.joined(separator: ",\n") + "\n  }\n}\n"
  }
}

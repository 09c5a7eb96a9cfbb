/// Rows as texts, in no order, for comparing what a table holds with what it should.
///
/// A table is written as people write it, columns apart by ` | `:
///
///     id | name
///     1  | Ann
///     2  | NULL
public struct TextRows: Hashable, Sendable {
  /// The columns, in order.
  public let columns: [String]
  /// The rows, sorted.
  public let rows: [[String]]

  public init(columns: [String], rows: [[String]]) {
    self.columns = columns
    self.rows = rows.sorted { $0.lexicographicallyPrecedes($1) }
  }

  /// Takes a written table apart: a line of names, then one line a row.
  public init(_ text: String) {
    let lines = text.split(separator: "\n").map { line in
      line.split(separator: "|", omittingEmptySubsequences: false).map { cell in
        String(cell.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
      }
    }
    self.init(columns: lines.first ?? [], rows: Array(lines.dropFirst()))
  }

  /// What these rows have too few (`-`) and too many (`+`), a line for each row; none where both
  /// are the same.
  public func differences(from expected: TextRows) -> [String] {
    guard columns == expected.columns else {
      return ["columns \(columns) instead of \(expected.columns)"]
    }
    var surplus: [[String]: Int] = [:]
    for row in rows { surplus[row, default: 0] += 1 }
    for row in expected.rows { surplus[row, default: 0] -= 1 }
    return surplus.filter { $0.value != 0 }.sorted { $0.key.lexicographicallyPrecedes($1.key) }
      .map { row, count in
        (count < 0 ? "- " : "+ ") + row.joined(separator: " | ")
          + (abs(count) > 1 ? " (\(abs(count)) times)" : "")
      }
  }
}

/// Compares the rows of a table with those that it should hold, in some columns and in no order.
struct RowComparison {
  let columns: [String]
  /// Columns that tell one row from another; empty where the rows have none in common.
  let key: [String]

  /// What is wrong, a line for each row: `-` for one that is missing, `+` for one too many, `~` for
  /// one whose cells differ, with these cells alone.
  func differences(_ actual: [[Cell]], from expected: [[Cell]]) -> [String] {
    var surplus = actual
    let missing = expected.filter { row in
      guard let index = surplus.firstIndex(where: { isSame($0, row) }) else { return true }
      surplus.remove(at: index)
      return false
    }
    var lines: [String] = []
    for row in missing {
      if let index = partner(of: row, in: surplus, missing) {
        lines.append(cells(surplus.remove(at: index), row))
      } else {
        lines.append("- " + shown(row))
      }
    }
    return lines + surplus.map { "+ " + shown($0) }
  }

  private func isSame(_ a: [Cell], _ b: [Cell]) -> Bool {
    a.count == b.count && zip(a, b).allSatisfy { $0.isSame(as: $1) }
  }

  private func key(of row: [Cell]) -> [Cell] {
    zip(columns, row).filter { key.contains($0.0) }.map(\.1)
  }

  /// The one row with the same key, where exactly one is missing and one too many.
  private func partner(of row: [Cell], in rows: [[Cell]], _ missing: [[Cell]]) -> Int? {
    guard !key.isEmpty else { return nil }
    let wanted = key(of: row)
    let found = rows.indices.filter { isSame(key(of: rows[$0]), wanted) }
    guard found.count == 1, missing.count(where: { isSame(key(of: $0), wanted) }) == 1 else {
      return nil
    }
    return found.first
  }

  private func cells(_ actual: [Cell], _ expected: [Cell]) -> String {
    let name = zip(columns, expected).filter { key.contains($0.0) }
      .map { "\($0.0) \($0.1.shown)" }.joined(separator: ", ")
    let cells = zip(columns, zip(actual, expected)).filter { !$0.1.0.isSame(as: $0.1.1) }
      .map { column, pair in
        "\(column) is \(RowComparison.shown(pair.0, beside: pair.1)), "
          + "expected \(RowComparison.shown(pair.1, beside: pair.0))"
      }
    return "~ \(name): \(cells.joined(separator: "; "))"
  }

  /// A value, with its type where the other one has the same text and another type.
  private static func shown(_ cell: Cell, beside other: Cell) -> String {
    cell.shown == other.shown && cell.type != other.type
      ? "\(cell.shown) (\(cell.type.sql))" : cell.shown
  }

  private func shown(_ row: [Cell]) -> String { row.map(\.shown).joined(separator: " | ") }
}

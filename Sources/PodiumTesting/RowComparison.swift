/// Compares the rows of a table with those that it should hold, in some columns and in no order.
struct RowComparison {
  let columns: [String]
  /// Columns that tell one row from another; empty where the rows have none in common.
  let key: [String]

  /// What is wrong, a line for each row.
  ///
  /// `~` is one whose cells differ, with these cells alone, `-` one that is missing, `+` one too many.
  /// The columns with their types stand above rows that are shown whole.
  func differences(_ actual: [[Cell]], from expected: [[Cell]]) -> [String] {
    var surplus = actual
    let missing = expected.filter { row in
      guard let index = surplus.firstIndex(where: { isSame($0, row) }) else { return true }
      surplus.remove(at: index)
      return false
    }
    var changed: [String] = []
    var whole: [(sign: String, row: [Cell])] = []
    for row in missing {
      if let index = partner(of: row, in: surplus, missing) {
        changed.append(cells(surplus.remove(at: index), row))
      } else {
        whole.append(("-", row))
      }
    }
    whole += surplus.map { ("+", $0) }
    guard let first = whole.first else { return changed }
    let header = zip(columns, first.row).map { "\($0) \($1.type.sql)" }.joined(separator: " | ")
    return changed + ["  " + header] + whole.map { "\($0.sign) \(shown($0.row))" }
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
        let (actual, expected) = pair
        return actual.type == expected.type
          ? "\(column) (\(actual.type.sql)) is \(actual.shown), expected \(expected.shown)"
          : "\(column) is \(actual.shown) (\(actual.type.sql)), "
            + "expected \(expected.shown) (\(expected.type.sql))"
      }
    let line = "~ \(name): \(cells.joined(separator: "; "))"
    return line.count < 78 ? line : "~ \(name):\n    \(cells.joined(separator: "\n    "))"
  }

  private func shown(_ row: [Cell]) -> String { row.map(\.shown).joined(separator: " | ") }
}

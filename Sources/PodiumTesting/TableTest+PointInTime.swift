import Basics
import Lakehouse
import Podium
import Runner
import Testing

extension TableTest {
  /// Expects that the rows of a day use nothing that became known on that day or later.
  ///
  /// For features of a model: a row that knows what came after its day makes a model that is good in
  /// the past alone. For each day that the table has, it is computed once more from inputs without the
  /// rows of that day and of later ones, and must have the same rows of the day. So give rows on both
  /// sides of the days.
  /// - Parameters:
  ///   - column: a column of days of the table.
  ///   - knownOn: for each input that got rows, the column that says when a row became known: a day,
  ///     or an instant, whose day is the one that is written. Rows without a value were always known.
  @discardableResult
  public func expectPointInTime(
    by column: String, knownOn: [Table: String],
    sourceLocation: Testing.SourceLocation = #_sourceLocation
  ) throws -> TableTest {
    try bringUpToDate(sourceLocation)
    try attempt {
      guard let place = table.columns.firstIndex(where: { $0.name == column }) else {
        throw TableTestError.text(
          .unknownColumn(column, known: table.columns.map(\.name)),
          about: "days of \(table.name)", place: sourceLocation.place)
      }
      let rows = try rows(of: lake)
      let days = Set(rows.compactMap { $0[place].text })
      for day in days.sorted() {
        let early = try TestLake()
        for (number, step) in steps.enumerated() {
          guard case .run(let date) = step else {
            try early.take(try step.known(before: day, knownOn, sourceLocation), number: number + 1)
            continue
          }
          expectSuccess(try early.run(path, selectors, asOf: date), sourceLocation: sourceLocation)
        }
        let comparison = RowComparison(columns: table.columns.map(\.name), key: table.key)
        let lines = comparison.differences(
          rows.filter { $0[place].text == day },
          from: try self.rows(of: early).filter { $0[place].text == day })
        report(
          lines, "\(table.name): rows of \(day) (+) are others where no later row is known (-)",
          sourceLocation)
      }
    }
    return self
  }

  private func rows(of lake: TestLake) throws -> [[Cell]] {
    try lake.cells(.of(table), table.columns.map(\.name), table.columns.map(\.type))
  }
}

extension TestStep {
  /// The step with those of its rows that were known before a day.
  fileprivate func known(
    before day: String, _ columns: [Table: String], _ place: Testing.SourceLocation
  ) throws -> TestStep {
    func cut(_ input: Table, _ text: TableText) throws -> TableText {
      guard let name = columns[input] else {
        throw TableTestError.unknownTime(input.name, place: place.place)
      }
      guard let index = text.columns.firstIndex(of: name) else {
        throw TableTestError.text(
          .unknownColumn(name, known: text.columns), about: "rows of \(input.name)",
          place: place.place)
      }
      return text.with(
        try text.rows.filter { row in
          guard let cell = row.cells[index] else { return true }
          let known = String(cell.prefix(10))
          guard CivilDate(known) != nil else {
            throw TableTestError.text(
              .value(cell, column: name, type: .date, line: row.line),
              about: "rows of \(input.name)", place: place.place)
          }
          return known < day
        })
    }
    switch self {
    case .rows(let input, let text): return .rows(input, try cut(input, text))
    case .whole(let input, let text): return .whole(input, try cut(input, text))
    case .run: return self
    }
  }
}

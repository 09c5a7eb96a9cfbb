import Basics
import Lakehouse
import Podium
import Testing

/// Something that happens in a test, in its order.
enum TestStep {
  /// Rows that come to an input; `line` of each is that of the written table.
  case rows(Table, TableText)
  /// Rows that replace those of an input.
  case whole(Table, TableText)
  case run(asOf: String)
}

extension TableTest {
  /// Gives new rows to an input, for the next run.
  ///
  /// Rows for a bronze table are texts and land as a file. Rows for a table with a key replace those
  /// of the same key, unless it is one that only grows.
  @discardableResult
  public func given(
    _ input: Table, _ rows: String, sourceLocation: Testing.SourceLocation = #_sourceLocation
  ) throws -> TableTest {
    try attempt {
      let text = try checked(rows, for: input, sourceLocation)
      if input.landing == nil, input.mergesByKey {
        let missing = input.key.filter { !text.columns.contains($0) }
        guard missing.isEmpty else {
          throw textError(.missingKey(missing, of: input.name), input.name, sourceLocation)
        }
      }
      try checkKeys(text, input, sourceLocation)
      try take(.rows(input, text))
    }
    return self
  }

  /// Gives an input these rows instead of those that it had.
  @discardableResult
  public func given(
    _ input: Table, whole rows: String, sourceLocation: Testing.SourceLocation = #_sourceLocation
  ) throws -> TableTest {
    try attempt {
      guard input.landing == nil else {
        throw TableTestError.bronzeOnlyGrows(input.name, place: sourceLocation.place)
      }
      let text = try checked(rows, for: input, sourceLocation)
      try checkKeys(text, input, sourceLocation)
      try take(.whole(input, text))
    }
    return self
  }

  /// Lets the table hold rows before the first run that no input of the test has.
  ///
  /// For tables that add or upsert rows; they are older than whatever comes. No full refresh is
  /// compared then, since it would not know these rows. Rows given to inputs, and a `run`, are the
  /// better way where they are not too many.
  @discardableResult
  public func before(
    _ rows: String, sourceLocation: Testing.SourceLocation = #_sourceLocation
  ) throws -> TableTest {
    try attempt {
      guard steps.isEmpty else { throw TableTestError.lateBefore(place: sourceLocation.place) }
      switch table.write {
      case .append, .upsert: break
      case .history:
        throw TableTestError.noRowsBefore(
          table.name, write: "a history", place: sourceLocation.place)
      case .deduplicate:
        throw TableTestError.noRowsBefore(
          table.name, write: "deduplicated", place: sourceLocation.place)
      case .derived:
        throw TableTestError.noRowsBefore(table.name, write: "derived", place: sourceLocation.place)
      }
      let text = try TableTest.parse(rows, table.name.description, sourceLocation)
      _ = try read(rows, table.columns, of: table.name.description, sourceLocation)
      // The first run makes the table, without rows.
      try run(sourceLocation: sourceLocation)
      try lake.write(text, to: table, number: 0, replacing: true)
      hasRowsBefore = true
      note(.run(asOf: asOf))
    }
    return self
  }

  private func checked(
    _ rows: String, for input: Table, _ place: Testing.SourceLocation
  ) throws -> TableText {
    let known = graph.ancestors(of: table.name).subtracting(
      table.landing == nil ? [table.name] : [])
    guard known.contains(input.name) else {
      throw TableTestError.notAnInput(
        input.name, of: table.name, known: known.sorted(), place: place.place)
    }
    let text = try TableTest.parse(rows, input.name.description, place)
    _ = try read(rows, input.columns, of: input.name.description, place)
    return text
  }

  /// Refuses two rows with one key for a table that has no such rows.
  private func checkKeys(
    _ text: TableText, _ input: Table, _ place: Testing.SourceLocation
  ) throws {
    let places = input.key.compactMap(text.columns.firstIndex(of:))
    guard input.landing == nil, input.mergesByKey, places.count == input.key.count else { return }
    var lines: [[String?]: Int] = [:]
    for row in text.rows {
      let key = places.map { row.cells[$0] }
      if let first = lines.updateValue(row.line, forKey: key) {
        throw textError(
          .repeatedKey(input.key, line: row.line, first: first), input.name, place)
      }
    }
  }

  private func take(_ step: TestStep) throws {
    note(step)
    if case .rows(let input, _) = step { given.insert(input.name) }
    if case .whole(let input, _) = step { given.insert(input.name) }
    try lake.take(step, number: steps.count)
  }

  /// A written table with its values checked against the columns' types.
  func read(
    _ rows: String, _ columns: [Column], of name: String, _ place: Testing.SourceLocation
  ) throws -> (names: [String], rows: [(line: Int, cells: [Cell])]) {
    let text = try TableTest.parse(rows, name, place)
    do { return (text.columns, try text.typed(by: columns)) } catch {
      throw TableTestError.text(error, about: "rows of \(name)", place: place.place)
    }
  }

  private static func parse(
    _ rows: String, _ name: String, _ place: Testing.SourceLocation
  ) throws -> TableText {
    do { return try TableText(rows) } catch {
      throw TableTestError.text(error, about: "rows of \(name)", place: place.place)
    }
  }

  private func textError(
    _ error: TableTextError, _ name: TableName, _ place: Testing.SourceLocation
  ) -> TableTestError {
    .text(error, about: "rows of \(name)", place: place.place)
  }
}

extension TableText {
  /// The rows as values of the columns' types.
  func typed(by known: [Column]) throws(TableTextError) -> [(line: Int, cells: [Cell])] {
    var types: [ColumnType] = []
    for name in columns {
      guard let column = known.first(where: { $0.name == name }) else {
        throw .unknownColumn(name, known: known.map(\.name))
      }
      types.append(column.type)
    }
    var typed: [(line: Int, cells: [Cell])] = []
    for row in rows {
      var cells: [Cell] = []
      for (index, pair) in zip(row.cells, types).enumerated() {
        guard let cell = Cell(pair.0, pair.1) else {
          throw .value(pair.0 ?? "", column: columns[index], type: pair.1, line: row.line)
        }
        cells.append(cell)
      }
      typed.append((row.line, cells))
    }
    return typed
  }
}

extension Table {
  /// True if rows of a key replace each other, so that rows given to it do too.
  var mergesByKey: Bool { write != .append && !key.isEmpty }

  /// The columns that a test can name: those declared, and where rows came from.
  var comparable: [Column] {
    columns
      + (carriesOrigin
        ? [.string("_file", "Landing file."), .int("_line", "Line.")]
          + (landing == nil ? [] : [.string("_rescued", "Unknown fields.")]) : [])
  }

  /// The same of its quarantine.
  var comparableInQuarantine: [Column] {
    columns.filter { !addedColumns.contains($0.name) } + [
      .string("_failed_rules", "Rules."), .string("_file", "Landing file."),
      .int("_line", "Line."),
    ]
  }
}

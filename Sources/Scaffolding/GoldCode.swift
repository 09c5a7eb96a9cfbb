import Basics
import Podium
import Storage

/// Gold tables from silver or gold ones: rows counted by a column, to begin with.
enum GoldCode {
  static func make(
    _ place: TablePlace, _ request: NewTable.Request, _ tables: [Table], _ project: ProjectFolder
  ) throws -> TableCode {
    let name = place.name
    let input = try NewTable.input(request.input, of: [.silver, .gold], for: name, tables)
    let source = try project.source(of: input)
    guard !input.columns.contains(where: \.personal) else {
      throw ScaffoldError.personalInput(input.name)
    }
    let names = input.columns.map(\.name)
    for column in request.key where !names.contains(column) {
      throw ScaffoldError.unknownColumn(column, of: input.name.description, known: names)
    }
    let key = request.key.isEmpty ? guessedKey(input) : request.key
    let columns = input.columns.filter { key.contains($0.name) }
    return TableCode(
      declaration: declaration(place, source, input, columns),
      test: test(place, source, input, columns),
      guesses: [
        "rows are counted by \(columns.map(\.name).joined(separator: ", ")); --key names other "
          + "columns"
      ])
  }

  /// A column that several rows may share: the first that is an id, but not the key.
  private static func guessedKey(_ input: Table) -> [String] {
    let others = input.columns.filter { !input.key.contains($0.name) && !$0.nullable }
    let column =
      others.first { $0.name.hasSuffix("_id") } ?? others.first { $0.type == .date }
      ?? others.first { $0.type == .string }
    return column.map { [$0.name] } ?? input.key
  }

  private static func count(_ columns: [Column]) -> String {
    columns.contains { $0.name == "row_count" } ? "counted_rows" : "row_count"
  }

  private static func declaration(
    _ place: TablePlace, _ source: Declaration, _ input: Table, _ columns: [Column]
  ) -> String {
    let key = columns.map(\.name)
    let words = ColumnName.words(input.name.base)
    let about = aboutRows(of: key, in: words)
    let declared = columns.map { column -> String in
      var arguments = [swiftText(column.name), swiftText(column.about)]
      if case .decimal(let precision, let scale) = column.type {
        arguments += ["precision: \(precision)", "scale: \(scale)"]
      }
      return swiftCall(column.type.factory, arguments, indent: 6)
    }.joined(separator: "\n")
    let list = key.joined(separator: ", ")
    let required = columns.filter(\.nullable).map { "\($0.name) IS NOT NULL" }
    let filter = required.isEmpty ? "" : "\n      WHERE \(required.joined(separator: " AND "))"
    return """
      \(place.imports([source.module]))

      extension \(place.namespace) {
        /// \(about)
        \(place.access)static let \(place.value) = Table(
          \(swiftText(place.name.description)),
          about: \(swiftText(about)),
          columns: [
      \(declared)
      \(swiftCall(".int", [swiftText(count(columns)), swiftText("Rows of \(words).")], indent: 6))
          ],
      \(swiftList("key", key.map(swiftText), indent: 4))
          write: .derived(by: .key(\(key.map(swiftText).joined(separator: ", ")))),
          query: \"""
            SELECT \(list), COUNT(*) AS \(count(columns))
            FROM \\(\(source.swiftName))\(filter)
            GROUP BY \(list)
            \""")
      }

      """
  }

  private static func test(
    _ place: TablePlace, _ source: Declaration, _ input: Table, _ columns: [Column]
  ) -> String {
    // Rows of the input have keys of their own, and share the columns by which they are counted.
    let key = columns.map(\.name)
    let shown = input.columns.filter { key.contains($0.name) || input.key.contains($0.name) }
    func row(_ number: Int, like group: Int) -> [String] {
      shown.map { key.contains($0.name) ? $0.type.example(group) : $0.type.example(number) }
    }
    let isOwnKey = input.key.allSatisfy(key.contains)
    let rows = [row(1, like: 1), row(2, like: isOwnKey ? 2 : 1)] + [row(3, like: 3)]
    let given = TestRows(columns: shown.map(\.name), rows: rows)
    let counts = isOwnKey ? [(1, 1), (2, 1), (3, 1)] : [(1, 2), (3, 1)]
    let held = TestRows(
      columns: key + [count(columns)],
      rows: counts.map { group, count in
        columns.map { $0.type.example(group) } + ["\(count)"]
      })
    return """
      \(place.testImports([source.module]))

      @Suite(\(swiftText("Table \(ColumnName.words(place.name.base))")))
      struct \(place.testName) {
        @Test("Rows are counted by \(key.map(ColumnName.words).joined(separator: " and "))")
        func counts() throws {
          try TableTest(\(place.swiftName))
            .given(
              \(source.swiftName),
              \"""
      \(given.text(indent: 8))
              \"""
            )
            .expect(
              \"""
      \(held.text(indent: 8))
              \""")
        }
      }

      """
  }
}

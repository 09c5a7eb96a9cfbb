import Basics
import Podium
import Storage

/// Gold tables from silver or gold ones: rows counted by a column, to begin with.
enum GoldCode {
  static func make(
    _ name: TableName, _ namespace: String, _ request: NewTable.Request, _ tables: [Table],
    _ project: ProjectFolder
  ) throws -> TableCode {
    let input = try NewTable.input(request.input, of: [.silver, .gold], for: name, tables)
    let source = try project.swiftName(of: input)
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
      declaration: declaration(name, namespace, source, input, columns),
      test: test(name, namespace, source, input, columns),
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
    _ name: TableName, _ namespace: String, _ source: String, _ input: Table, _ columns: [Column]
  ) -> String {
    let key = columns.map(\.name)
    let words = ColumnName.words(input.name.base)
    let about = "One row per \(key.map(ColumnName.words).joined(separator: " and ")) of \(words)."
    let declared = columns.map { column -> String in
      var code = "\(column.type.factory)(\(swiftText(column.name)), \(swiftText(column.about))"
      if case .decimal(let precision, let scale) = column.type {
        code += ", precision: \(precision), scale: \(scale)"
      }
      return "      \(code)),"
    }.joined(separator: "\n")
    let list = key.joined(separator: ", ")
    let layer = String(source.prefix { $0 != "." })
    let imports = (layer == namespace ? ["Podium"] : ["Podium", layer]).sorted()
      .map { "import \($0)" }.joined(separator: "\n")
    let required = columns.filter(\.nullable).map { "\($0.name) IS NOT NULL" }
    let filter = required.isEmpty ? "" : "\n      WHERE \(required.joined(separator: " AND "))"
    return """
      \(imports)

      extension \(namespace) {
        /// \(about)
        public static let \(ColumnName.swift(name.base)) = Table(
          \(swiftText(name.description)),
          about: \(swiftText(about)),
          columns: [
      \(declared)
            .int(\(swiftText(count(columns))), \(swiftText("Rows of \(words)."))),
          ],
          key: [\(key.map(swiftText).joined(separator: ", "))],
          write: .derived(by: .key(\(key.map(swiftText).joined(separator: ", ")))),
          query: \"""
            SELECT \(list), COUNT(*) AS \(count(columns))
            FROM \\(\(source))\(filter)
            GROUP BY \(list)
            \""")
      }

      """
  }

  private static func test(
    _ name: TableName, _ namespace: String, _ source: String, _ input: Table, _ columns: [Column]
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
    let layer = String(source.prefix { $0 != "." })
    let imports = Set([namespace, layer, "PodiumTesting", "Testing"]).sorted()
      .map { "import \($0)" }.joined(separator: "\n")
    let type = ColumnName.swift(name.base, capital: true)
    return """
      \(imports)

      @Suite(\(swiftText("Table \(ColumnName.words(name.base))")))
      struct \(namespace)\(type)Tests {
        @Test("Rows are counted by \(key.map(ColumnName.words).joined(separator: " and "))")
        func counts() throws {
          try TableTest(\(namespace).\(ColumnName.swift(name.base)))
            .given(
              \(source),
              \"""
      \(given.text(indent: 8))
              \""")
            .expect(
              \"""
      \(held.text(indent: 8))
              \""")
        }
      }

      """
  }
}

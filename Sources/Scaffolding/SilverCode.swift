import Basics
import Podium
import Storage

/// Silver tables from bronze ones.
enum SilverCode {
  /// A column of the new table: its name, its type, and the bronze column it is read from.
  struct Part {
    let column: Column
    let type: ColumnType
    let nullable: Bool

    init(_ column: Column, _ sampled: SampleColumn?) {
      self.column = column
      // Who a value belongs to is told of texts only.
      type = column.personal ? .string : sampled?.type ?? .string
      nullable = sampled?.hasGaps ?? true
    }
  }

  static func make(
    _ name: TableName, _ namespace: String, _ request: NewTable.Request, _ tables: [Table],
    _ project: ProjectFolder
  ) throws -> TableCode {
    let input = try NewTable.input(request.input, of: [.bronze], for: name, tables)
    let source = try project.swiftName(of: input)
    let sample = try request.sample.map(SampleFile.init)
    let carriesPersonal = name.base.hasSuffix("_pii")
    let carried = input.columns.filter { carriesPersonal || !$0.personal }
    let left = input.columns.filter { !carriesPersonal && $0.personal }.map(\.name)
    guard !carried.isEmpty else { throw ScaffoldError.noColumnsLeft(name) }
    let parts = carried.map { column in
      Part(column, sample?.columns.first { $0.source == column.source ?? column.name })
    }
    let names = parts.map(\.column.name)
    for column in request.key where !names.contains(column) {
      throw ScaffoldError.unknownColumn(column, of: input.name.description, known: names)
    }
    let key = request.key.isEmpty ? [guessedKey(parts, name)] : request.key
    let newest = parts.first { part in
      !key.contains(part.column.name) && (part.type == .timestamp || part.type == .date)
    }
    let code = Code(
      name: name, namespace: namespace, source: source, input: input, parts: parts, key: key,
      newest: newest)
    var guesses = ["the key is \(key.joined(separator: ", "))"]
    guesses.append(
      newest.map { "of rows with the same key that with the newest \($0.column.name) counts" }
        ?? "no column tells which row is newer, so rows are only added; name a time with "
        + "write: .upsert(newestBy: …)")
    if sample == nil { guesses.append("all columns are texts; --sample FILE suggests types") }
    if !left.isEmpty {
      guesses.append("personal and left in bronze: \(left.joined(separator: ", "))")
    }
    return TableCode(declaration: code.declaration, test: code.test, guesses: guesses)
  }

  /// The column called id, or by the name of the table's rows, or the first whose name ends with id.
  private static func guessedKey(_ parts: [Part], _ table: TableName) -> String {
    let names = parts.map(\.column.name)
    return names.first { $0 == "id" } ?? names.first { $0.hasSuffix("_id") } ?? names.first ?? "id"
  }
}

extension SilverCode {
  /// Writes declaration and test.
  struct Code {
    let name: TableName
    let namespace: String
    let source: String
    let input: Table
    let parts: [Part]
    let key: [String]
    let newest: Part?

    private var value: String { ColumnName.swift(name.base) }
    private var layer: String { String(source.prefix { $0 != "." }) }

    private func isRequired(_ part: Part) -> Bool {
      key.contains(part.column.name) || part.column.name == newest?.column.name || !part.nullable
    }

    var declaration: String {
      let about =
        "One row per \(key.map(ColumnName.words).joined(separator: " and "))"
        + " of \(ColumnName.words(input.name.base))."
      let columns = parts.map { part -> String in
        var code =
          "\(part.type.factory)(\(swiftText(part.column.name)), \(swiftText(meaning(part)))"
        if case .decimal(_, let scale) = part.type, scale != 2 { code += ", scale: \(scale)" }
        if !isRequired(part) { code += ", nullable: true" }
        if part.column.personal { code += ", personal: true" }
        return "      \(code)),"
      }.joined(separator: "\n")
      let query = parts.map { part in
        "        \(part.type.read(part.column.name)) AS \(part.column.name),"
      }.joined(separator: "\n")
      let write =
        newest.map { ".upsert(newestBy: \(swiftText($0.column.name)))" } ?? ".append"
      return """
        import \(layer)
        import Podium

        extension \(namespace) {
          /// \(about)
          public static let \(value) = Table(
            \(swiftText(name.description)),
            about: \(swiftText(about)),
            columns: [
        \(columns)
            ],
            key: [\(key.map(swiftText).joined(separator: ", "))],
            write: \(write),
            query: \"""
              SELECT
        \(query)
                _file, _line
              FROM \\(new: \(source))
              \""")
        }

        """
    }

    /// The meaning that bronze gives, without what was said of the sample.
    private func meaning(_ part: Part) -> String {
      let sentence = part.column.about.prefix { $0 != ";" }
      return sentence.last == "." ? String(sentence) : sentence + "."
    }

    var test: String {
      let columns = parts.map(\.column.name)
      func row(_ number: Int, _ change: (Part) -> String? = { _ in nil }) -> [String] {
        parts.map { change($0) ?? $0.type.example(number) }
      }
      let first = row(1)
      // A row that lacks its key has no place in the table.
      let bad = row(3) { $0.column.name == key.first ? "NULL" : nil }
      let newer = row(2) { key.contains($0.column.name) ? $0.type.example(1) : nil }
      let second = newest == nil ? row(2) : newer
      let given = TestRows(columns: columns, rows: [first, bad])
      let later = TestRows(columns: columns, rows: [second])
      let held = TestRows(columns: columns, rows: newest == nil ? [first, second] : [second])
      let rule = "\(key.first ?? "") is required"
      let words = ColumnName.words(name.base)
      return """
        import \(layer)
        import PodiumTesting
        import \(namespace)
        import Testing

        @Suite(\(swiftText("Table \(words)")))
        struct \(namespace)\(ColumnName.swift(name.base, capital: true))Tests {
          @Test("\(newest == nil ? "Rows are added" : "The newest row of a key counts"), and one without its key waits in quarantine")
          func rows() throws {
            try TableTest(\(namespace).\(value))
              .given(
                \(source),
                \"""
        \(given.text(indent: 8))
                \""")
              .run()
              .given(
                \(source),
                \"""
        \(later.text(indent: 8))
                \""")
              .expect(
                \"""
        \(held.text(indent: 8))
                \""")
              .expectQuarantine("_failed_rules\\n\(rule)")
          }
        }

        """
    }
  }
}

extension ColumnType {
  /// What makes a column of this type.
  var factory: String {
    switch self {
    case .string: ".string"
    case .int: ".int"
    case .double: ".double"
    case .decimal: ".decimal"
    case .bool: ".bool"
    case .date: ".date"
    case .timestamp: ".timestamp"
    }
  }

  /// How a text column is read as this type.
  func read(_ column: String) -> String {
    let text = swiftText(column)
    return switch self {
    case .string: "\\(.text(\(text)))"
    case .int: "\\(.integer(\(text)))"
    case .double: "\\(.double(\(text)))"
    case .decimal(_, let scale):
      scale == 2 ? "\\(.decimal(\(text)))" : "\\(.decimal(\(text), scale: \(scale)))"
    case .bool: "TRY_CAST(\(column) AS BOOLEAN)"
    case .date: "\\(.date(\(text)))"
    case .timestamp: "\\(.timestamp(\(text)))"
    }
  }

  /// A value of this type for a test, another one for each number from 1 to 9.
  func example(_ number: Int) -> String {
    switch self {
    case .string: "text \(number)"
    case .int: "\(number)"
    case .double, .decimal: "\(number).5"
    case .bool: number % 2 == 1 ? "true" : "false"
    case .date: "2025-01-0\(number)"
    case .timestamp: "2025-01-0\(number)T12:00:00Z"
    }
  }
}

import Basics
import Podium
import Storage

/// Silver tables from bronze ones.
enum SilverCode {
  /// A column of the new table: its name, its type, and the bronze column it is read from.
  struct Part {
    let column: Column
    /// What it is called in the new table.
    let name: String
    let type: ColumnType
    let nullable: Bool

    init(_ column: Column, named name: String, _ sampled: SampleColumn?) {
      self.column = column
      self.name = name
      // Who a value belongs to is told of texts only.
      type = column.personal ? .string : sampled?.type ?? .string
      nullable = sampled?.hasGaps ?? true
    }
  }

  static func make(
    _ place: TablePlace, _ request: NewTable.Request, _ tables: [Table], _ project: ProjectFolder
  ) throws -> TableCode {
    let name = place.name
    let input = try NewTable.input(request.input, of: [.bronze], for: name, tables)
    let source = try project.source(of: input)
    let sample = try request.sample.map(SampleFile.init)
    let carriesPersonal = name.base.hasSuffix("_pii")
    let carried = input.columns.filter { carriesPersonal || !$0.personal }
    let left = input.columns.filter { !carriesPersonal && $0.personal }.map(\.name)
    guard !carried.isEmpty else { throw ScaffoldError.noColumnsLeft(name) }
    let parts = zip(carried, ColumnName.plain(carried.map(\.name))).map { column, name in
      Part(
        column, named: name,
        sample?.columns.first { $0.source == column.source ?? column.name })
    }
    let names = parts.map(\.name)
    let asked = try request.key.map { column in
      let part = parts.first {
        [$0.name, $0.column.name, $0.column.source].contains(column)
      }
      guard let part else {
        throw ScaffoldError.unknownColumn(column, of: input.name.description, known: names)
      }
      return part.name
    }
    let key = asked.isEmpty ? [guessedKey(names)] : asked
    let newest = parts.first { part in
      !key.contains(part.name) && (part.type == .timestamp || part.type == .date)
    }
    let code = Code(
      place: place, source: source, input: input, parts: parts, key: key, newest: newest)
    var guesses = ["the key is \(key.joined(separator: ", "))"]
    guesses.append(
      newest.map { "of rows with the same key that with the newest \($0.name) counts" }
        ?? "no column tells which row is newer, so rows are only added; name a time with "
        + "write: .upsert(newestBy: …)")
    if sample == nil { guesses.append("all columns are texts; --sample FILE suggests types") }
    if !left.isEmpty {
      guesses.append("personal and left in bronze: \(left.joined(separator: ", "))")
    }
    return TableCode(declaration: code.declaration, test: code.test, guesses: guesses)
  }

  /// The column called id, or the first whose name ends with id, or the first.
  private static func guessedKey(_ names: [String]) -> String {
    names.first { $0 == "id" } ?? names.first { $0.hasSuffix("_id") } ?? names.first ?? "id"
  }
}

extension SilverCode {
  /// Writes declaration and test.
  struct Code {
    let place: TablePlace
    let source: Declaration
    let input: Table
    let parts: [Part]
    let key: [String]
    let newest: Part?

    private func isRequired(_ part: Part) -> Bool {
      key.contains(part.name) || part.name == newest?.name || !part.nullable
    }

    var declaration: String {
      let about = aboutRows(of: key, in: ColumnName.words(input.name.base))
      let columns = parts.map { part -> String in
        var arguments = [swiftText(part.name), swiftText(meaning(part))]
        if case .decimal(_, let scale) = part.type, scale != 2 {
          arguments.append("scale: \(scale)")
        }
        if !isRequired(part) { arguments.append("nullable: true") }
        if part.column.personal { arguments.append("personal: true") }
        return swiftCall(part.type.factory, arguments, indent: 6)
      }.joined(separator: "\n")
      let query = parts.map { part in
        "        \(part.type.read(part.column.name)) AS \(part.name),"
      }.joined(separator: "\n")
      let write =
        newest.map { ".upsert(newestBy: \(swiftText($0.name)))" } ?? ".append"
      return """
        \(place.imports([source.module]))

        extension \(place.namespace) {
          /// \(about)
          \(place.access)static let \(place.value) = Table(
            \(swiftText(place.name.description)),
            about: \(swiftText(about)),
            columns: [
        \(columns)
            ],
        \(swiftList("key", key.map(swiftText), indent: 4))
            write: \(write),
            query: \"""
              SELECT
        \(query)
                _file, _line
              FROM \\(new: \(source.swiftName))
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
      let written = parts.map(\.name)
      func row(_ number: Int, _ change: (Part) -> String? = { _ in nil }) -> [String] {
        parts.map { change($0) ?? $0.type.example(number) }
      }
      let first = row(1)
      // A row that lacks its key has no place in the table.
      let bad = row(3) { $0.name == key.first ? "NULL" : nil }
      let newer = row(2) { key.contains($0.name) ? $0.type.example(1) : nil }
      let second = newest == nil ? row(2) : newer
      let given = TestRows(columns: columns, rows: [first, bad])
      let later = TestRows(columns: columns, rows: [second])
      let held = TestRows(columns: written, rows: newest == nil ? [first, second] : [second])
      let rule = "\(key.first ?? "") is required"
      let words = ColumnName.words(place.name.base)
      return """
        \(place.testImports([source.module]))

        @Suite(\(swiftText("Table \(words)")))
        struct \(place.testName) {
          @Test("\(newest == nil ? "Rows are added" : "The newest row of a key counts"), and one without its key waits in quarantine")
          func rows() throws {
            try TableTest(\(place.swiftName))
              .given(
                \(source.swiftName),
                \"""
        \(given.text(indent: 8))
                \"""
              )
              .run()
              .given(
                \(source.swiftName),
                \"""
        \(later.text(indent: 8))
                \"""
              )
              .expect(
                \"""
        \(held.text(indent: 8))
                \"""
              )
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

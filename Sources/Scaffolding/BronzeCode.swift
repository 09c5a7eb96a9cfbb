import Basics
import Podium
import Storage

/// Bronze tables from sample files.
enum BronzeCode {
  static func make(_ place: TablePlace, _ request: NewTable.Request) throws -> TableCode {
    let name = place.name
    let sample = try SampleFile(request.input)
    let words = ColumnName.words(name.base)
    let folder = landingFolder(request.input) ?? name.base
    let person = sample.columns.first { ColumnName.soundsIdentifying($0.name) }?.name
    let columns = sample.columns.map { column in
      var arguments = [swiftText(column.name), swiftText(meaning(column))]
      if column.name == person { arguments.append("identifies: .person") }
      if column.isPersonal { arguments.append("personal: true") }
      if column.source != column.name { arguments.append("source: \(swiftText(column.source))") }
      return swiftCall(".string", arguments, indent: 6)
    }.joined(separator: "\n")
    let about = "One row per record of \(words), as the source sent it."
    let declaration = """
      \(place.imports())

      extension \(place.namespace) {
        /// \(about)
        \(place.access)static let \(place.value) = Table(
          \(swiftText(name.description)),
          about: \(swiftText(about)),
          landing: \(swiftText(folder)),
          columns: [
      \(columns)
          ])
      }

      """
    let names = sample.columns.map(\.name)
    let rows = TestRows(
      columns: names, rows: [names.indices.map { "text \($0 + 1)" }, names.map { _ in "NULL" }])
    let test = """
      \(place.testImports())

      @Suite(\(swiftText("Raw \(words)")))
      struct \(place.testName) {
        @Test("Records are kept as they came, also those without values")
        func records() throws {
          let rows = \"""
      \(rows.text(indent: 6))
            \"""
          try TableTest(\(place.swiftName)).given(\(place.swiftName), rows).expect(rows)
        }
      }

      """
    let personal = sample.columns.filter(\.isPersonal).map(\.name)
    return TableCode(
      declaration: declaration, test: test,
      guesses: [
        "the columns are those of \(counted(sample.rows, "row")); say what each means",
        personal.isEmpty
          ? "no column sounds personal; look again"
          : "personal by their names: \(personal.joined(separator: ", ")); look at the others too",
        person.map { "whose a row is, by its name: \($0)" }
          ?? "no column sounds like the id of a person; mark one with 'identifies:' if it is",
      ])
  }

  private static func meaning(_ column: SampleColumn) -> String {
    let words = ColumnName.words(column.name)
    let sentence = words.prefix(1).uppercased() + words.dropFirst()
    switch column.type {
    case .string: return "\(sentence)."
    default: return "\(sentence); in the sample all are of type \(column.type.sql)."
    }
  }

  /// The folder of the landing zone that a file lies in; nil for a file from elsewhere.
  private static func landingFolder(_ path: String) -> String? {
    let parts = absolutePath(path).split(separator: "/")
    guard let landing = parts.lastIndex(of: "landing"), landing + 2 < parts.count else {
      return nil
    }
    return String(parts[landing + 1])
  }
}

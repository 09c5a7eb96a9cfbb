import Podium

/// Tables that are declared in one file.
struct Subject: Sendable {
  /// The file's name in words: `Instructor retention`.
  let title: String
  let tables: [Table]

  /// The subjects of a layer, in the order of their titles.
  static func all(_ tables: [Table], of layer: Layer) -> [Subject] {
    Dictionary(grouping: tables.filter { $0.name.layer == layer }) { title($0.declaredAt.file) }
      .sorted { $0.key < $1.key }
      .map { Subject(title: $0.key, tables: $0.value.sorted { $0.name < $1.name }) }
  }

  /// The name of a file in words; what stands behind a `+` is a part of the same subject.
  static func title(_ file: String) -> String {
    let name = file.split(separator: "/").last.map(String.init) ?? file
    let base = name.prefix { $0 != "." && $0 != "+" }
    var words = ""
    var before: Character?
    for character in base {
      let begins = character.isUppercase && before?.isLowercase == true
      words += begins ? " \(character.lowercased())" : "\(character)"
      before = character
    }
    return words
  }
}

import Engines
import Podium

/// By what a person is told in the tables: ids of the person, and of what belongs to nobody else.
package struct PersonKeys: Hashable, Sendable {
  /// Values without blanks around them, by what they identify.
  package var values: [Identity: Set<String>]

  package init(_ values: [Identity: Set<String>] = [:]) { self.values = values }

  package subscript(identity: Identity) -> Set<String> { values[identity] ?? [] }

  /// All values, whatever they identify.
  package var all: Set<String> { values.values.reduce(into: []) { $0.formUnion($1) } }

  /// A condition that a row of a bronze table is the person's; nil where the table identifies nothing.
  ///
  /// Ids of persons decide alone. A row that names none is the person's if it names something that
  /// only this person has.
  package func owns(_ table: Table, _ alias: String? = nil) -> String? {
    let columns = table.identifying
    guard !columns.isEmpty else { return nil }
    func text(_ column: Column) -> String {
      "trim(\(alias.map { "\($0)." } ?? "")\(sqlName(column.name)))"
    }
    func matches(_ kind: (Identity) -> Bool) -> String {
      let parts = columns.filter { kind($0.identity) && !self[$0.identity].isEmpty }.map {
        "\(text($0.column)) IN (\(self[$0.identity].sorted().map(sqlLiteral).joined(separator: ", ")))"
      }
      return parts.isEmpty ? "false" : "(\(parts.joined(separator: " OR ")))"
    }
    let named = table.namingPersons.map { "coalesce(\(text($0)), '') <> ''" }
    let isNamed = named.isEmpty ? "false" : "(\(named.joined(separator: " OR ")))"
    return "(coalesce(\(matches { $0 == .person }), false) "
      + "OR NOT \(isNamed) AND coalesce(\(matches { $0 != .person }), false))"
  }

  /// The same of a record's values, in the order of the table's columns.
  package func own(_ values: [String?], of table: Table) -> Bool {
    var isNamed = false
    var belongs = false
    for (column, value) in zip(table.columns, values) {
      guard let identity = column.identifies else { continue }
      let text = PersonKeys.trimmed(value ?? "")
      guard !text.isEmpty else { continue }
      let isMeant = self[identity].contains(text)
      if identity == .person {
        if isMeant { return true }
        isNamed = true
      } else if isMeant {
        belongs = true
      }
    }
    return belongs && !isNamed
  }

  /// A text without the blanks around it, as SQL's `trim` leaves it.
  package static func trimmed(_ text: String) -> String {
    let bytes = Array(text.utf8)
    guard let first = bytes.firstIndex(where: { $0 != 0x20 }),
      let last = bytes.lastIndex(where: { $0 != 0x20 })
    else { return "" }
    return String(decoding: bytes[first...last], as: UTF8.self)
  }
}

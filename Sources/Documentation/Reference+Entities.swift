import Podium

extension Reference {
  /// The page of entities and their relations.
  var entities: String {
    var text = head("Entities and relations")
    text += """
      Tables with their keys (`PK`), and with the columns (`FK`) that name rows of other tables. A whole line \
      is a rule that the values exist there; a dotted one is a column called like the other table's key. \
      Tables of personal values are left out; the pages of the tables have all columns.


      """
    let silver = tables.filter { $0.name.layer == .silver }
    text += "## Silver\n\n" + diagram(silver) + "\n"
    for subject in Subject.all(tables, of: .gold) {
      text += "## Gold: \(subject.title)\n\n" + diagram(subject.tables) + "\n"
    }
    return text
  }

  /// An entity-relationship diagram of some tables and those that they name; a sentence where there is
  /// nothing to draw.
  private func diagram(_ shown: [Table]) -> String {
    let names = Set(shown.map(\.name))
    let drawn = relations.filter { names.contains($0.from) }
    let ends = Set(drawn.flatMap { [$0.from, $0.to] })
    // A table of the layer without any relation stands for itself only among few.
    let few = shown.count <= 12 ? names : []
    let tables = self.tables.filter {
      (ends.contains($0.name) || few.contains($0.name)) && !$0.name.base.hasSuffix("_pii")
    }
    guard !tables.isEmpty else { return "No table names rows of another one.\n" }
    var text = "```mermaid\nerDiagram\n"
    for table in tables {
      let foreign = Set(drawn.filter { $0.from == table.name }.flatMap(\.columns))
      let attributes = table.columns.filter {
        table.key.contains($0.name) || foreign.contains($0.name)
      }
      guard !attributes.isEmpty else {
        text += "  \(node(table.name))[\"\(table.name)\"]\n"
        continue
      }
      text += "  \(node(table.name))[\"\(table.name)\"] {\n"
      for column in attributes {
        let marks =
          (table.key.contains(column.name) ? ["PK"] : [])
          + (foreign.contains(column.name) ? ["FK"] : [])
        text += "    \(column.type.word) \(column.name) \(marks.joined(separator: ", "))\n"
      }
      text += "  }\n"
    }
    for relation in drawn {
      let many = relation.isUnique ? "|o" : "}o"
      let line = relation.reason == .rule ? "--" : ".."
      let one = relation.isOptional || relation.reason == .name ? "o|" : "||"
      text +=
        "  \(node(relation.from)) \(many)\(line)\(one) \(node(relation.to)) : "
        + "\"\(relation.columns.joined(separator: ", "))\"\n"
    }
    return text + "```\n"
  }

  /// A table's name as diagrams take it.
  func node(_ name: TableName) -> String { "\(name.layer?.rawValue ?? "other")_\(name.base)" }
}

extension ColumnType {
  /// The type in one word of lower-case letters.
  fileprivate var word: String { String(sql.lowercased().prefix { $0 != "(" }) }
}

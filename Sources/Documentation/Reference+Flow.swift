import Podium

extension Reference {
  /// The page that shows which tables each subject of gold is made of.
  var flow: String {
    var text = head("Lineage")
    text += """
      What each subject of gold is made of, from bronze on. Whole lines are tables that a query reads, dotted \
      ones those that only rules read. The pages of the tables tell it column by column, and \
      `\(tool) lineage` answers questions about it.


      """
    for subject in Subject.all(tables, of: .gold) {
      text += "## \(subject.title)\n\n" + flowchart(subject.tables) + "\n"
    }
    return text
  }

  private func flowchart(_ ends: [Table]) -> String {
    let names = ends.reduce(into: Set<TableName>()) { $0.formUnion(graph.ancestors(of: $1.name)) }
    let shown = tables.filter { names.contains($0.name) }
    var text = "```mermaid\nflowchart LR\n"
    for layer in Layer.allCases {
      let inside = shown.filter { $0.name.layer == layer }
      guard !inside.isEmpty else { continue }
      text += "  subgraph \(layer.rawValue)\n"
      for table in inside { text += "    \(node(table.name))[\"\(table.name.base)\"]\n" }
      text += "  end\n"
    }
    for table in shown {
      let read = Set(table.query?.inputs.map(\.table.name) ?? [])
      for input in graph.inputs(of: table.name).sorted() {
        text +=
          "  \(node(input)) \(read.contains(input) ? "-->" : "-.->") \(node(table.name))\n"
      }
    }
    return text + "```\n"
  }
}

import Basics
import Lineage
import Podium

extension Reference {
  /// Where the columns of a table come from, and what decides on its rows.
  func origins(_ table: Table) -> String {
    guard let traced = lineage.tables[table.name] else { return "" }
    let declared = Set(table.columns.map(\.name))
    var list = MarkdownTable("column", "how", "from")
    for column in traced.columns where declared.contains(column.name) {
      let direct = column.edges.filter(\.subtype.isDirect)
      let deciding = column.edges.filter { !$0.subtype.isDirect }
      let how =
        column.expression.flatMap(shownExpression)
        ?? words(column, direct, deciding, isAdded: table.addedColumns.contains(column.name))
      let from = sources(direct, table)
      let by = sources(deciding, table)
      list.add(
        code(column.name), how,
        [from, by.isEmpty ? "" : "decided by \(by)"].filter { !$0.isEmpty }
          .joined(separator: "; "))
    }
    var text = "\n## Where values come from\n\n" + list.text
    let ways = Dictionary(grouping: traced.rows, by: \.subtype).sorted { $0.key < $1.key }
    if !ways.isEmpty {
      text += "\nWhich rows there are depends on\n\n"
      for (subtype, edges) in ways { text += "- \(subtype.words): \(sources(edges, table))\n" }
    }
    return text
  }

  /// How a value comes about, where no expression says it in short.
  private func words(
    _ column: TableLineage.Column, _ direct: [LineageEdge], _ deciding: [LineageEdge],
    isAdded: Bool
  ) -> String {
    if !direct.isEmpty {
      return Set(direct.map(\.subtype)).sorted().map(\.words).joined(separator: ", ")
    }
    if isAdded { return "Podium adds it" }
    if column.expression == nil { return "counted or constant" }
    return deciding.isEmpty ? "computed" : "one of several values"
  }

  /// An expression as somebody would write it, in code; nil for one that is too long to be read.
  private func shownExpression(_ text: String) -> String? {
    var parts = text.split(separator: "\"", omittingEmptySubsequences: false).map(String.init)
    // The engine's parser quotes names of functions, and says where they are defined.
    if parts.count % 2 == 1 {
      for index in parts.indices where index % 2 == 0 && parts[index].hasSuffix("main.") {
        parts[index] = String(parts[index].dropLast(5))
      }
    }
    let plain = parts.joined()
    if plain == Reference.businessDate { return "the business date" }
    let dated = plain.replacing(Reference.businessDate, with: "as_of")
      .replacing("count_star()", with: "count(*)")
    return dated.count > 90 ? nil : code(dated)
  }

  /// How an expression that was traced calls the business date.
  private static let businessDate = "CAST('2000-01-01' AS DATE)"

  /// Columns by the tables that they are of, each table with a link.
  private func sources(_ edges: [LineageEdge], _ table: Table) -> String {
    let fields = Set(edges.map(\.source))
    return Dictionary(grouping: fields, by: \.dataset).sorted { $0.key < $1.key }.map {
      dataset, fields in
      let names = codes(fields.map(\.name).sorted())
      switch dataset {
      case .landing(let folder): return "\(code("landing/\(folder)/")): \(names)"
      case .table(let name) where name == table.name: return "its own \(names)"
      case .table(let name): return "\(link(name, from: table.name.layer)): \(names)"
      }
    }.joined(separator: "; ")
  }
}

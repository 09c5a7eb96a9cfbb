import Basics
import Lineage
import Podium

extension Reference {
  /// The page of one table.
  func page(_ table: Table) -> String {
    var text = head(table.name.description)
    text += markdownText(table.about) + "\n\n" + facts(table) + "\n## Columns\n\n"
    var columns = MarkdownTable("column", "type", "", "meaning")
    for column in table.columns {
      let marks =
        (table.key.contains(column.name) ? ["key"] : [])
        + (column.nullable && table.landing == nil ? ["nullable"] : [])
        + (column.personal ? ["personal"] : [])
      columns.add(
        code(column.name), column.type.sql.lowercased(), marks.joined(separator: ", "),
        markdownText(column.about))
    }
    text += columns.text
    if table.landing != nil {
      text +=
        "\nAll are texts as the source wrote them. Podium adds file, line, run and the time of taking in.\n"
    }
    text += example(table) + rules(table) + origins(table)
    return text
  }

  private func facts(_ table: Table) -> String {
    var lines = ["- **Grain:** \(table.grain)"]
    lines.append("- **Refresh:** \(table.refreshing.joined(separator: " "))")
    if !table.partitionedBy.isEmpty {
      lines.append("- **Partitions:** \(codes(table.partitionedBy))")
    }
    if !table.clusteredBy.isEmpty {
      lines.append("- **Clustered by:** \(codes(table.clusteredBy))")
    }
    lines.append("- **Rows are kept:** \(table.keeping)")
    func add(_ label: String, _ names: [TableName]) {
      guard !names.isEmpty else { return }
      lines.append("- **\(label):** \(links(names.sorted(), from: table.name.layer))")
    }
    add("Reads the new rows of", table.newInputs.map(\.name))
    add("Reads", table.wholeInputs.map(\.name))
    let read = Set(table.query?.inputs.map(\.table.name) ?? [])
    add("Read by rules", graph.inputs(of: table.name).filter { !read.contains($0) })
    add("Read by", graph.dependents(of: table.name))
    lines.append("- **Declared in:** \(code(table.declaredAt.file))")
    return lines.joined(separator: "\n") + "\n"
  }

  private func example(_ table: Table) -> String {
    guard examples.has(table.name) else { return "" }
    var list = MarkdownTable("column", "value")
    for column in table.columns {
      list.add(
        code(column.name), examples.value(table.name, column.name).map(markdownText) ?? "*none*")
    }
    return "\n## A row, as an example\n\n" + list.text
  }

  private func rules(_ table: Table) -> String {
    guard table.landing == nil else { return "" }
    var lines = table.expectations.map { rule in
      let condition = rule.condition.map { ", \(code($0))" } ?? ""
      return "- **\(markdownText(rule.name))**\(condition). \(rule.consequence(in: table))"
    }
    let judged = Set(
      table.expectations.compactMap { rule in
        if case .required(let column) = rule.test { column } else { nil }
      })
    let required = table.columns.filter {
      !$0.nullable && !table.addedColumns.contains($0.name) && !judged.contains($0.name)
    }
    if !required.isEmpty {
      lines.append(
        "- **Required:** \(codes(required.map(\.name))). A row without one of them waits in "
          + "`quarantine.\(table.name.base)`.")
    }
    if table.share.atLeast > 0 {
      lines.append(
        "- **Share:** A run of \(counted(table.share.ofAtLeast, "row")) or more of which fewer than "
          + "\(percentText(table.share.atLeast)) pass commits nothing.")
    }
    return "\n## Rules\n\n" + lines.joined(separator: "\n") + "\n"
  }
}

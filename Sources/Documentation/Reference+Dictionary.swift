import Basics
import Podium

extension Reference {
  /// The first page: what there is, by layer and subject.
  var index: String {
    var text = head("The tables")
    let columns = tables.reduce(0) { $0 + $1.columns.count }
    text += """
      \(counted(tables.count, "table")) with \(counted(columns, "column")). These pages are written by \
      `\(tool) docs` from the declarations, so that they cannot go stale: a change of a table changes its page.

      - [Dictionary](\(Reference.dictionary)): every table and every column
      - [Entities and relations](\(Reference.entities)): keys, and which column names rows of which table
      - [Lineage](\(Reference.flow)): what gold is made of


      """
    for layer in Layer.allCases.reversed() {
      let inside = tables.filter { $0.name.layer == layer }
      guard !inside.isEmpty else { continue }
      text += "## \(layer.rawValue.capitalizedFirst)\n\n"
      if layer == .bronze {
        var list = MarkdownTable("table", "files", "a row")
        for table in inside {
          list.add(
            link(table.name, from: nil), table.landing.map { code("landing/\($0.folder)/") } ?? "",
            markdownText(table.about))
        }
        text += list.text + "\n"
        continue
      }
      var list = MarkdownTable("subject", "table", "what it holds")
      for subject in Subject.all(tables, of: layer) {
        for (index, table) in subject.tables.enumerated() {
          list.add(
            index == 0 ? subject.title : "", link(table.name, from: nil), markdownText(table.about))
        }
      }
      text += list.text + "\n"
    }
    return text
  }

  /// The page of all tables and all columns.
  var dictionary: String {
    var text = head("Data dictionary")
    text += "## Tables\n\n"
    var list = MarkdownTable(
      "table", "key", "written", "partitions", "clustered by", "rows are kept")
    for table in tables {
      list.add(
        link(table.name, from: nil), codes(table.key), markdownText(table.writing),
        codes(table.partitionedBy), codes(table.clusteredBy), table.keeping)
    }
    text += list.text + "\n## Columns\n\n"
    text += """
      In the order of their names. Times are UTC unless a meaning says otherwise; personal columns exist in \
      bronze and in tables called `…_pii` alone.


      """
    var columns = MarkdownTable("column", "table", "type", "null", "personal", "meaning")
    let all = tables.flatMap { table in table.columns.map { (table, $0) } }
      .sorted { ($0.1.name, $0.0.name) < ($1.1.name, $1.0.name) }
    for (table, column) in all {
      columns.add(
        code(column.name), link(table.name, from: nil), column.type.sql.lowercased(),
        table.mayBeNull(column) ? "yes" : "", column.personal ? "yes" : "",
        markdownText(column.about))
    }
    return text + columns.text
  }
}

extension Table {
  /// True if a stored row may lack a value in a column: what sources send may lack any.
  func mayBeNull(_ column: Column) -> Bool { landing != nil || column.nullable }
}

extension String {
  /// The text with a capital at its beginning.
  fileprivate var capitalizedFirst: String { prefix(1).uppercased() + dropFirst() }
}

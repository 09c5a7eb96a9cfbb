import Basics
import Engines
import Lineage
import Podium
import Rendering

extension Session {
  /// Prints what was asked for in the form that was asked for.
  func answer(_ question: LineageQuestion, _ view: LineageView) throws {
    if json { return try print(view.json) }
    if question.format == "mermaid" {
      try out.write(view.mermaid)
      return try out.flush()
    }
    for line in view.heading { try print(sentence: line) }
    if question.columns {
      try print(
        [
          ResultColumn("column", .fixed), ResultColumn("from", .text), ResultColumn("how", .prose),
        ], view.columnRows)
      return try out.flush()
    }
    // Read by people also where it goes into a file.
    let terminal = Terminal.detect(descriptor: 1)
    for direction in question.directions {
      try out.write("\(direction.rawValue)\n")
      let nodes = view.tree(direction)
      let lines =
        nodes.isEmpty
        ? ["  nothing"]
        : LineageView.lines(nodes, width: terminal.width ?? 80, unicode: terminal.unicode)
      for line in lines { try out.write(line + "\n") }
    }
    try out.flush()
  }
}

extension LineageView {
  /// What is asked for, its place and how it is computed.
  var heading: [String] {
    let table = lineage.tables[question.table.name]
    guard let column = question.column.flatMap({ table?.column($0) }) else {
      return ["\(question.table.name), declared at \(question.table.declaredAt)"]
    }
    let name = question.name + (column.isPersonal ? ", personal" : "")
    let line = "\(name), declared at \(column.location)"
    // A long name has the place below it, so that places can be followed whole.
    var lines = displayWidth(line) <= 80 ? [line] : ["\(name),", "declared at \(column.location)"]
    if let expression = column.expression { lines.append("computed as \(expression)") }
    return lines
  }

  /// Lines of a tree, none wider than asked for if words allow.
  static func lines(_ nodes: [Node], width: Int, unicode: Bool, margin: String = "") -> [String] {
    let (branch, end, bar) = unicode ? ("├─ ", "└─ ", "│  ") : ("|- ", "`- ", "|  ")
    var lines: [String] = []
    for (index, node) in nodes.enumerated() {
      let isLast = index == nodes.count - 1
      let below = margin + (isLast ? "   " : bar)
      // Lines that follow stand in a little, beside the line down to the children.
      let further = below + (node.children.isEmpty ? "  " : bar)
      let room = max(20, width - displayWidth(further))
      for (row, text) in wrapped(node.label, width: room).split(separator: "\n").enumerated() {
        lines.append((row == 0 ? margin + (isLast ? end : branch) : further) + text)
      }
      lines += LineageView.lines(node.children, width: width, unicode: unicode, margin: below)
    }
    return lines
  }

  /// A row for each edge to a column, and for each that decides on rows.
  var columnRows: [[Value]] {
    guard let table = lineage.tables[question.table.name] else { return [] }
    func row(_ name: String, _ edge: LineageEdge) -> [Value] {
      var how = edge.subtype.words
      switch edge.cause {
      case .query: break
      case .write: how += " (writing)"
      case .rule(let name): how += " (rule '\(name)')"
      case .retention: how += " (retention)"
      }
      return [
        .text(name), .text(edge.source.description),
        .text(how + (edge.isCertain ? "" : ", not certain")),
      ]
    }
    return table.columns.flatMap { column in
      let name = column.name + (column.isPersonal ? " (personal)" : "")
      return column.edges.isEmpty
        ? [[.text(name), .text(""), .text("no column")]] : column.edges.map { row(name, $0) }
    } + table.rows.map { row("all rows", $0) }
  }
}

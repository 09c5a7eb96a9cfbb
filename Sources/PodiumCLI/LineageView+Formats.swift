import Basics
import Lineage
import Podium

extension LineageView {
  private func links(_ direction: ColumnLineage.Direction) -> [ColumnLineage.Link] {
    lineage.links(direction, of: fields, depth: question.columns ? 1 : question.depth)
  }

  // MARK: - JSON

  var json: JSON {
    var members: [JSON.Member] = [
      .init("table", .string(question.table.name.description)),
      .init("column", .optional(question.column)),
      .init("declaredAt", .string(question.table.declaredAt.description)),
    ]
    if let name = question.column, let column = lineage.tables[question.table.name]?.column(name) {
      members += [
        .init("location", .string(column.location.description)),
        .init("expression", .optional(column.expression)),
        .init("personal", .bool(column.isPersonal)),
      ]
    }
    for direction in question.directions {
      members.append(.init(direction.rawValue, .array(links(direction).map(json))))
      if question.column == nil {
        let datasets = JSON.array(datasetLinks(direction).map(json))
        members.append(.init(direction.rawValue + "Tables", datasets))
      }
    }
    return .object(members)
  }

  private func json(_ link: DatasetLink) -> JSON {
    [
      "from": .string(link.from.description), "to": .string(link.to.description),
      "kinds": .string(link.kinds),
    ]
  }

  private func json(_ link: ColumnLineage.Link) -> JSON {
    let edge = link.edge
    var members: [JSON.Member] = [
      .init(
        "from",
        [
          "dataset": .string(edge.source.dataset.description), "field": .string(edge.source.name),
          "personal": .bool(lineage.isPersonal(edge.source)),
        ]),
      .init(
        "to",
        [
          "dataset": .string(link.target.table.description),
          "field": .optional(link.target.column),
          "personal": .bool(link.target.field.map(lineage.isPersonal) ?? false),
        ]),
      .init("type", edge.subtype.isDirect ? "DIRECT" : "INDIRECT"),
      .init("subtype", .string(edge.subtype.rawValue)), .init("certain", .bool(edge.isCertain)),
    ]
    switch edge.cause {
    case .query: members.append(.init("cause", "query"))
    case .write: members.append(.init("cause", "write"))
    case .retention: members.append(.init("cause", "retention"))
    case .rule(let name): members += [.init("cause", "rule"), .init("rule", .string(name))]
    }
    return .object(members)
  }

  // MARK: - Mermaid

  /// Two datasets of which one reads the other.
  struct DatasetLink: Hashable {
    let from: LineageDataset
    let to: LineageDataset
    let kinds: String
  }

  func datasetLinks(_ direction: ColumnLineage.Direction) -> [DatasetLink] {
    let start = LineageDataset.table(question.table.name)
    var found: [DatasetLink] = []
    var visited: Set<LineageDataset> = [start]
    var next = [start]
    var steps = 0
    while !next.isEmpty, steps < question.depth ?? .max {
      steps += 1
      let now = next
      next = []
      for dataset in now {
        for (other, edges) in neighbours(direction, dataset) {
          let (from, to) = direction == .upstream ? (other, dataset) : (dataset, other)
          found.append(DatasetLink(from: from, to: to, kinds: LineageView.kinds(edges)))
          if visited.insert(other).inserted { next.append(other) }
        }
      }
    }
    return found
  }

  /// A flowchart of Mermaid: whole lines for values, dotted ones for what decides on rows.
  var mermaid: String {
    var names: [String: Int] = [:]
    var nodes: [String] = []
    var arrows: [String] = []
    func node(_ text: String) -> String {
      if let number = names[text] { return "n\(number)" }
      names[text] = nodes.count
      let number = nodes.count
      nodes.append("  n\(number)[\"\(text.replacingSigns(["\"": "#quot;"]))\"]")
      return "n\(number)"
    }
    func arrow(_ from: String, _ to: String, isValue: Bool, _ words: String) {
      let line = isValue ? "-->" : "-.->"
      let text = "  \(node(from)) \(line)|\(words)| \(node(to))"
      if !arrows.contains(text) { arrows.append(text) }
    }
    for direction in question.directions {
      if question.column == nil, !question.columns {
        for link in datasetLinks(direction) {
          arrow(
            link.from.description, link.to.description,
            isValue: link.kinds.hasPrefix("values"), link.kinds)
        }
        continue
      }
      for link in links(direction) {
        let target = link.target.field.map(mermaidName) ?? "rows of \(link.target.table)"
        arrow(
          mermaidName(link.edge.source), target, isValue: link.edge.subtype.isDirect,
          link.edge.subtype.words + (link.edge.isCertain ? "" : ", not certain"))
      }
    }
    if nodes.isEmpty { _ = node(question.name) }
    return (["flowchart LR"] + nodes + arrows).joined(separator: "\n") + "\n"
  }

  private func mermaidName(_ field: LineageField) -> String {
    field.description + (lineage.isPersonal(field) ? " (personal)" : "")
  }
}

import Basics
import Lakehouse
import Lineage
import Podium

/// The words and trees in which lineage is shown.
struct LineageView {
  /// A line of a tree and what hangs below it.
  struct Node {
    let label: String
    var children: [Node] = []
  }

  let question: LineageQuestion
  let graph: Graph
  let lineage: ColumnLineage

  init(_ question: LineageQuestion, _ graph: Graph, _ lineage: ColumnLineage) {
    self.question = question
    self.graph = graph
    self.lineage = lineage
  }

  /// The fields that are asked for.
  var fields: [LineageField] {
    let table = LineageDataset.table(question.table.name)
    let names = question.column.map { [$0] } ?? question.table.storedSchema.names
    return names.map { LineageField(table, $0) }
  }

  func tree(_ direction: ColumnLineage.Direction) -> [Node] {
    var seen: Set<String> = []
    guard question.column != nil, let field = fields.first else {
      return tables(direction, .table(question.table.name), 0, &seen)
    }
    return columns(direction, field, 0, &seen)
  }

  private func isDeep(_ steps: Int) -> Bool { steps >= question.depth ?? .max }

  // MARK: - Columns

  private func columns(
    _ direction: ColumnLineage.Direction, _ field: LineageField, _ steps: Int,
    _ seen: inout Set<String>
  ) -> [Node] {
    guard !isDeep(steps) else { return [] }
    let links = lineage.links(direction, of: field)
    var nodes: [Node] = []
    let direct = Dictionary(grouping: links.filter { $0.edge.subtype.isDirect }) {
      direction == .upstream ? $0.edge.source : $0.target.field ?? $0.edge.source
    }
    for (other, links) in direct.sorted(by: { $0.key < $1.key }) {
      var node = Node(label: label(other, links.map(\.edge)))
      if seen.insert(other.description).inserted {
        node.children = columns(direction, other, steps + 1, &seen)
      } else if !lineage.links(direction, of: other).isEmpty {
        node = Node(label: node.label + ", see above")
      }
      nodes.append(node)
    }
    return nodes + indirect(direction, links.filter { !$0.edge.subtype.isDirect }, &seen)
  }

  /// What decides on a value or on rows: a line for each way.
  private func indirect(
    _ direction: ColumnLineage.Direction, _ links: [ColumnLineage.Link], _ seen: inout Set<String>
  ) -> [Node] {
    struct Way: Hashable, Comparable {
      /// The table whose rows it decides on; empty for those of one value.
      let rows: String
      let subtype: LineageSubtype
      let rule: Bool
      static func < (a: Way, b: Way) -> Bool {
        (a.rows, a.rule ? 1 : 0, a.subtype) < (b.rows, b.rule ? 1 : 0, b.subtype)
      }
    }
    let ways = Dictionary(grouping: links) { link in
      var rule = false
      if case .rule = link.edge.cause { rule = true }
      return Way(
        rows: link.target.column == nil ? link.target.table.description : "",
        subtype: link.edge.subtype, rule: rule)
    }
    return ways.sorted { $0.key < $1.key }.compactMap { way, links in
      let how = way.rule ? "rules" : way.subtype.words
      let doubt = links.contains { $0.edge.isCertain } ? "" : ", not certain"
      if direction == .upstream {
        // The rows of a table are told once.
        let place = "\(way.rows) \(how)"
        guard way.rows.isEmpty || seen.insert(place).inserted else { return nil }
        let names = Set(links.map(\.edge.source)).sorted().map { marked($0) }
        let what = way.rows.isEmpty ? "its value" : "rows of \(way.rows)"
        return Node(label: "\(what), by \(how)\(doubt): \(names.joined(separator: ", "))")
      }
      guard way.rows.isEmpty else { return Node(label: "rows of \(way.rows), by \(how)\(doubt)") }
      let names = Set(links.compactMap(\.target.field)).sorted().map { marked($0) }
      return Node(label: "values, by \(how)\(doubt): \(names.joined(separator: ", "))")
    }
  }

  private func marked(_ field: LineageField) -> String {
    field.description + (lineage.isPersonal(field) ? " (personal)" : "")
  }

  private func label(_ field: LineageField, _ edges: [LineageEdge]) -> String {
    let how = Set(edges.map(\.subtype)).sorted().map(\.words).joined(separator: ", ")
    let doubt = edges.contains(where: \.isCertain) ? "" : ", not certain"
    return "\(marked(field)) — \(how)\(doubt)"
  }

  // MARK: - Tables

  /// The datasets one step away, with the subtypes of the edges between.
  func neighbours(
    _ direction: ColumnLineage.Direction, _ dataset: LineageDataset
  ) -> [(dataset: LineageDataset, edges: [LineageEdge])] {
    let name: TableName
    switch dataset {
    case .table(let table): name = table
    case .landing: return []
    }
    func edges(_ from: LineageDataset, _ to: TableName) -> [LineageEdge] {
      guard let table = lineage.tables[to] else { return [] }
      return (table.rows + table.columns.flatMap(\.edges)).filter { $0.source.dataset == from }
    }
    if direction == .downstream {
      return graph.dependents(of: name).map { (.table($0), edges(dataset, $0)) }
    }
    if let folder = graph[name]?.landing?.folder {
      return [(.landing(folder: folder), edges(.landing(folder: folder), name))]
    }
    return graph.inputs(of: name).sorted().map { (.table($0), edges(.table($0), name)) }
  }

  private func tables(
    _ direction: ColumnLineage.Direction, _ dataset: LineageDataset, _ steps: Int,
    _ seen: inout Set<String>
  ) -> [Node] {
    guard !isDeep(steps) else { return [] }
    var nodes: [Node] = []
    for (other, edges) in neighbours(direction, dataset) {
      var node = Node(label: "\(other) — \(LineageView.kinds(edges))")
      if seen.insert(other.description).inserted {
        node.children = tables(direction, other, steps + 1, &seen)
      } else if !neighbours(direction, other).isEmpty {
        node = Node(label: node.label + ", see above")
      }
      nodes.append(node)
    }
    return nodes
  }

  /// `values, filter, join`; `rows` where no column is named.
  static func kinds(_ edges: [LineageEdge]) -> String {
    let subtypes = Set(edges.map(\.subtype))
    let values = subtypes.contains(where: \.isDirect) ? ["values"] : []
    let words = values + subtypes.filter { !$0.isDirect }.sorted().map(\.words)
    return words.isEmpty ? "rows" : words.joined(separator: ", ")
  }
}

import Basics
import Lakehouse
import Lineage
import Podium

extension LineageEvents {
  /// Where a table's columns come from, as the column lineage facet 1-2-0 spells it.
  ///
  /// What decides on rows stands in `dataset`, once for all columns.
  func columnLineage(_ table: Table, _ lineage: TableLineage) -> JSON.Member {
    var paths: [LineageDataset: String] = [:]
    for input in table.upstream { paths[.table(input.name)] = folder(path(input)) }
    if let source = table.landing?.folder {
      paths[.landing(folder: source)] = folder(lake.landing.address(source))
    }
    let fields = lineage.columns.filter { !$0.edges.isEmpty }.map { column in
      JSON.Member(column.name, ["inputFields": inputFields(column.edges, paths)])
    }
    var members: [JSON.Member] = [.init("fields", .object(fields))]
    if !lineage.rows.isEmpty { members.append(.init("dataset", inputFields(lineage.rows, paths))) }
    return facet("columnLineage", "1-2-0", "ColumnLineageDatasetFacet", members)
  }

  /// The fields that edges come from, each once with all its ways.
  private func inputFields(
    _ edges: [LineageEdge], _ paths: [LineageDataset: String]
  ) -> JSON {
    let bySource = Dictionary(grouping: edges, by: \.source).sorted { $0.key < $1.key }
    return .array(
      bySource.map { source, edges in
        let subtypes = Set(edges.map(\.subtype)).sorted()
        let (namespace, name) =
          paths[source.dataset].map(LineageEvents.names) ?? ("file", source.dataset.description)
        return [
          "namespace": .string(namespace), "name": .string(name), "field": .string(source.name),
          "transformations": .array(
            subtypes.map { subtype in
              [
                "type": subtype.isDirect ? "DIRECT" : "INDIRECT",
                "subtype": .string(subtype.rawValue),
              ]
            }),
        ]
      })
  }

  private func folder(_ address: String) -> String {
    address.hasSuffix("/") ? String(address.dropLast()) : address
  }
}

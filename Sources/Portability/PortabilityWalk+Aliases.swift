import Basics

extension PortabilityWalk {
  /// Finds aliases of a SELECT that its own expressions or its WHERE use; those of its FROM come first
  /// in every engine, so a name that may be one of those is none.
  mutating func aliases(_ items: [JSON], _ node: JSON) {
    guard let columns = node["from_table"].flatMap(self.columns) else { return }
    var seen: Set<String> = []
    for item in items {
      find(seen.subtracting(columns), in: item)
      if let alias = item["alias"]?.string?.lowercased(), !alias.isEmpty { seen.insert(alias) }
    }
    if let condition = node["where_clause"] { find(seen.subtracting(columns), in: condition) }
  }

  private mutating func find(_ aliases: Set<String>, in node: JSON) {
    guard !aliases.isEmpty else { return }
    // What stands in a subquery has a scope of its own.
    if node["class"]?.string == "SUBQUERY" { return }
    if node["class"]?.string == "COLUMN_REF" {
      let names = node["column_names"]?.array?.compactMap(\.string) ?? []
      if names.count == 1, aliases.contains(names[0].lowercased()) {
        add(.lateralAlias, node, names[0])
      }
      return
    }
    for child in node.array ?? node.object?.map(\.value) ?? [] { find(aliases, in: child) }
  }

  /// The columns that a FROM gives; nil where that is not known.
  private func columns(_ from: JSON) -> Set<String>? {
    let names = (from["column_name_alias"]?.array ?? []).compactMap { $0.string?.lowercased() }
    if !names.isEmpty { return Set(names) }
    switch from["type"]?.string {
    case "EMPTY": return []
    case "BASE_TABLE":
      let name = from["table_name"]?.string?.lowercased() ?? ""
      if let known = named[name] { return known }
      return tables[name].map { Set($0.map { $0.lowercased() }) }
    case "SUBQUERY": return from["subquery"]?["node"].flatMap(outputs)
    case "JOIN":
      guard let left = from["left"].flatMap(columns), let right = from["right"].flatMap(columns)
      else { return nil }
      return left.union(right)
    default: return nil
    }
  }

  /// The output columns of a query; nil where they are not known.
  func outputs(_ node: JSON) -> Set<String>? {
    switch node["type"]?.string {
    case "SELECT_NODE":
      var names: Set<String> = []
      for item in node["select_list"]?.array ?? [] {
        if item["class"]?.string == "STAR" {
          guard let all = node["from_table"].flatMap(columns) else { return nil }
          names.formUnion(all)
        } else if let alias = item["alias"]?.string, !alias.isEmpty {
          names.insert(alias.lowercased())
        } else if let name = item["column_names"]?.array?.last?.string {
          names.insert(name.lowercased())
        }
      }
      return names
    case "SET_OPERATION_NODE":
      return (node["children"]?.array?.first ?? node["left"]).flatMap(outputs)
    default: return nil
    }
  }
}

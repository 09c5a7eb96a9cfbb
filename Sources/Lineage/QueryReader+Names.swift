import Basics

extension QueryReader {
  /// On what the column of a name depends.
  func named(_ tree: JSON, _ scope: Scope) -> Dependencies {
    let names = (tree["column_names"]?.array ?? []).compactMap { $0.string?.lowercased() }
    guard let first = names.first, let last = names.last else { return unknown().all }
    if names.count > 1 {
      let table = names[names.count - 2]
      if let found = qualified(last, of: table, scope) { return found }
      // A field of a column, which the engine also spells with a dot.
      for end in names.indices.reversed().dropLast() {
        if let found = qualified(names[end], of: names[end - 1], scope) {
          return found.through(.transformation, keepingValue: true)
        }
      }
      if let found = bare(first, scope) {
        return found.through(.transformation, keepingValue: true)
      }
    } else if let found = bare(last, scope) {
      return found
    }
    if scope.parameters.contains(first) { return [] }
    if let open = scope.relations.first(where: { !$0.open.isEmpty }) {
      return open.open.reduce(into: []) { $0.formUnion($1.columns) }
    }
    if let row = scope.relations.lazy.compactMap({ QueryReader.row(first, $0) }).first {
      return row.through(.transformation, keepingValue: true)
    }
    // Something that is not known here: all columns may be meant.
    return scope.relations.reduce(into: Dependencies()) { $0.formUnion($1.all) }.uncertain
  }

  private func qualified(_ name: String, of table: String, _ scope: Scope) -> Dependencies? {
    for relation in scope.relations {
      let found = relation.columns.filter { $0.source == table && $0.name == name }
      if !found.isEmpty { return found.reduce(into: []) { $0.formUnion($1.dependencies) } }
      let open = relation.open.filter { $0.source == table }
      if !open.isEmpty { return open.reduce(into: []) { $0.formUnion($1.columns) } }
    }
    return nil
  }

  private func bare(_ name: String, _ scope: Scope) -> Dependencies? {
    for (index, relation) in scope.relations.enumerated() {
      let found = relation.columns.filter { $0.name == name && !$0.isMerged }
      if !found.isEmpty {
        return found.reduce(into: []) { $0.formUnion($1.unqualified ?? $1.dependencies) }
      }
      if index == 0, let alias = scope.aliases[name] { return alias }
    }
    return scope.relations.isEmpty ? scope.aliases[name] : nil
  }

  /// A whole row, by the name of its table.
  private static func row(_ name: String, _ relation: Relation) -> Dependencies? {
    let columns = relation.columns.filter { $0.source == name }
    return columns.isEmpty ? nil : columns.reduce(into: []) { $0.formUnion($1.dependencies) }
  }
}

import Basics

extension QueryReader {
  /// What a FROM clause gives.
  func source(_ table: JSON?, _ known: Known, _ outer: [Relation]) -> Relation {
    guard let table, !table.isNull else { return Relation() }
    let alias = table["alias"]?.string?.lowercased() ?? ""
    func named(_ relation: Relation, _ name: String) -> Relation {
      let source = alias.isEmpty ? name : alias
      var relation = relation
      for index in relation.open.indices { relation.open[index].source = source }
      relation = renamed(relation, table["column_name_alias"])
      for index in relation.columns.indices { relation.columns[index].source = source }
      return relation
    }
    switch table["type"]?.string {
    case "EMPTY": return Relation()
    case "BASE_TABLE":
      let name = table["table_name"]?.string?.lowercased() ?? ""
      return named(known[name] ?? base(name), name)
    case "SUBQUERY":
      let query = table["subquery"]?["node"].map { relation($0, known, outer) }
      return named(query ?? unknown(), "")
    case "JOIN":
      let joined = join(table, known, outer)
      return alias.isEmpty ? joined : named(joined, alias)
    case "TABLE_FUNCTION":
      let scope = Scope(relations: outer, known: known)
      let values = (table["function"].map(QueryReader.parts) ?? []).reduce(into: Dependencies()) {
        $0.formUnion(expression($1, scope).through(.transformation))
      }
      let name = table["function"]?["function_name"]?.string?.lowercased() ?? ""
      let result = Relation(
        rows: values.through(.filter), open: [Open(source: "", columns: values)])
      return named(result, name)
    case "EXPRESSION_LIST":
      let scope = Scope(relations: outer, known: known)
      var result = Relation()
      for row in table["values"]?.array ?? [] {
        for (index, value) in (row.array ?? []).enumerated() {
          if index == result.columns.count {
            result.columns.append(Column(source: "", spelled: "col\(index)"))
          }
          result.columns[index].dependencies.formUnion(expression(value, scope))
        }
      }
      return named(result, "")
    default: return unknown()
    }
  }

  private func base(_ name: String) -> Relation {
    guard let columns = tables[name] else { return unknown() }
    return Relation(
      columns: columns.map {
        let own = Dependency(input: name, column: $0, subtype: .identity)
        return Column(source: name, spelled: $0, dependencies: [own])
      })
  }

  // MARK: - Joins

  private func join(_ table: JSON, _ known: Known, _ outer: [Relation]) -> Relation {
    var left = source(table["left"], known, outer)
    // The right side may read the left one's columns, with LATERAL or without.
    var right = source(table["right"], known, [left] + outer)
    var by = Dependencies()
    var using = (table["using_columns"]?.array ?? []).compactMap { $0.string?.lowercased() }
    if table["ref_type"]?.string == "NATURAL" {
      let names = Set(right.columns.map(\.name))
      using = left.columns.filter { !$0.isMerged && names.contains($0.name) }.map(\.name)
    }
    for name in using { by.formUnion(merge(name, &left, &right, table["join_type"]?.string)) }
    let isFilter = ["SEMI", "ANTI"].contains(table["join_type"]?.string ?? "")
    var joined = Relation(
      columns: left.columns + right.columns, rows: left.rows.union(right.rows),
      open: left.open + right.open)
    if let condition = table["condition"], !condition.isNull {
      by.formUnion(expression(condition, Scope(relations: [joined] + outer, known: known)))
    }
    if table["ref_type"]?.string == "NATURAL", !joined.open.isEmpty {
      // Which names they share is not known.
      by.formUnion(joined.all.uncertain)
    }
    joined.rows.formUnion(by.through(.join))
    if isFilter {
      joined.columns.removeLast(right.columns.count)
      joined.open = left.open
    }
    return joined
  }

  /// Makes one column of those by which USING joins.
  /// - Returns: on what they depend.
  private func merge(
    _ name: String, _ left: inout Relation, _ right: inout Relation, _ type: String?
  ) -> Dependencies {
    let a = left.columns.firstIndex { $0.name == name && !$0.isMerged }
    let b = right.columns.firstIndex { $0.name == name && !$0.isMerged }
    guard let a, let b else {
      // One of them is among columns whose names are not known.
      return left.all.union(right.all).uncertain
    }
    let own = left.columns[a].unqualified ?? left.columns[a].dependencies
    let other = right.columns[b].unqualified ?? right.columns[b].dependencies
    switch type {
    case "RIGHT": left.columns[a].unqualified = other
    case "FULL", "OUTER":
      left.columns[a].unqualified = own.union(other).through(.transformation, keepingValue: true)
    default: left.columns[a].unqualified = own
    }
    right.columns[b].isMerged = true
    return own.union(other)
  }
}

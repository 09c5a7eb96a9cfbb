import Basics

extension QueryReader {
  /// On what an expression's value depends.
  func expression(_ tree: JSON, _ scope: Scope) -> Dependencies {
    func all(_ trees: [JSON?]) -> Dependencies {
      trees.reduce(into: []) { found, tree in
        if let tree, !tree.isNull { found.formUnion(expression(tree, scope)) }
      }
    }
    let children = tree["children"]?.array ?? []
    switch tree["class"]?.string {
    case "CONSTANT", "PARAMETER", "DEFAULT": return []
    case "COLUMN_REF": return named(tree, scope)
    case "CAST": return all([tree["child"]]).through(.transformation, keepingValue: true)
    case "CASE":
      let checks = tree["case_checks"]?.array ?? []
      let values = all(checks.map { $0["then_expr"] } + [tree["else_expr"]])
      return values.through(.transformation, keepingValue: true)
        .union(all(checks.map { $0["when_expr"] }).through(.conditional))
    case "OPERATOR":
      let keeps = ["OPERATOR_COALESCE", "OPERATOR_TRY", "OPERATOR_NULLIF"]
      return all(children).through(
        .transformation, keepingValue: keeps.contains(tree["type"]?.string ?? ""))
    case "FUNCTION", "WINDOW": return function(tree, scope)
    case "SUBQUERY": return subquery(tree, scope)
    case "STAR": return (scope.relations.first?.all ?? []).through(.transformation).uncertain
    case "LAMBDA": return lambda(tree, scope)
    case "POSITIONAL_REFERENCE":
      guard let columns = scope.relations.first?.columns, let number = tree["index"]?.int,
        number >= 1, number <= columns.count
      else { return unknown().all }
      return columns[Int(number) - 1].dependencies
    default: return all(QueryReader.parts(tree)).through(.transformation)
    }
  }

  // MARK: - Functions

  private func function(_ tree: JSON, _ scope: Scope) -> Dependencies {
    let name = tree["function_name"]?.string?.lowercased() ?? ""
    let isAggregate = aggregates.contains(name)
    let subtype: LineageSubtype = isAggregate ? .aggregation : .transformation
    func part(_ trees: [JSON], _ subtype: LineageSubtype) -> Dependencies {
      trees.reduce(into: []) { $0.formUnion(expression($1, scope).through(subtype)) }
    }
    var found = Dependencies()
    for (index, child) in (tree["children"]?.array ?? []).enumerated() {
      let keeps =
        QueryReader.keepsAll.contains(name) || (index == 0 && QueryReader.keepsFirst.contains(name))
      let orders = index == 1 && QueryReader.ordersBySecond.contains(name)
      found.formUnion(
        expression(child, scope).through(orders ? .sort : subtype, keepingValue: keeps))
    }
    for list in [tree["order_bys"]?["orders"], tree["arg_orders"]] {
      let orders = (list?.array ?? []).compactMap { $0["expression"] }
      // WITHIN GROUP (ORDER BY x): the value is one of x.
      found.formUnion(
        part(orders, QueryReader.takesOrdered.contains(name) ? .aggregation : .sort))
    }
    found.formUnion(part([tree["default_expr"]].compactMap { $0?.value }, subtype))
    for name in ["filter", "filter_expr"] {
      found.formUnion(part([tree[name]].compactMap { $0?.value }, .filter))
    }
    let orders = (tree["orders"]?.array ?? []).compactMap { $0["expression"] }
    let frame = [tree["start_expr"], tree["end_expr"], tree["offset_expr"]]
    found.formUnion(
      part((tree["partitions"]?.array ?? []) + orders + frame.compactMap { $0?.value }, .window))
    return found
  }

  private func subquery(_ tree: JSON, _ scope: Scope) -> Dependencies {
    let query =
      tree["subquery"]?["node"].map { relation($0, scope.known, scope.relations) } ?? unknown()
    let values = query.columns.first?.dependencies ?? query.all
    switch tree["subquery_type"]?.string {
    case "EXISTS", "NOT_EXISTS": return query.rows
    case "SCALAR": return values.through(.transformation, keepingValue: true).union(query.rows)
    default:
      let child = tree["child"].flatMap { $0.isNull ? nil : expression($0, scope) } ?? []
      return query.all.union(child).through(.transformation).union(query.rows)
    }
  }

  /// A lambda, or the arrow that takes a member of a JSON text: the engine parses them alike.
  private func lambda(_ tree: JSON, _ scope: Scope) -> Dependencies {
    var inner = scope
    func parameters(_ tree: JSON) {
      if tree["class"]?.string == "COLUMN_REF", let name = tree["column_names"]?.array?.last?.string
      {
        inner.parameters.insert(name.lowercased())
      }
      QueryReader.parts(tree).forEach(parameters)
    }
    let left = tree["lhs"]
    if let left { parameters(left) }
    return [left, tree["expr"]].compactMap(\.self).reduce(into: Dependencies()) {
      $0.formUnion(expression($1, inner))
    }.through(.transformation)
  }

  /// What decides how many rows `unnest` makes of one.
  func unnested(_ tree: JSON, _ scope: Scope) -> Dependencies {
    switch tree["class"]?.string {
    case "SUBQUERY": return []
    case "FUNCTION" where ["unnest", "unlist"].contains(tree["function_name"]?.string ?? ""):
      return expression(tree, scope).through(.filter)
    default:
      return QueryReader.parts(tree).reduce(into: []) { $0.formUnion(unnested($1, scope)) }
    }
  }
}

extension JSON {
  /// The value; nil for JSON's null.
  fileprivate var value: JSON? { isNull ? nil : self }
}
